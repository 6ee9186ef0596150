# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The instances of a uniform scale set that shall have its latest model."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ...arm.gateways._machine_identities import MachineIdentities
from ...arm.gateways._reading import Reading
from ...arm.net._deadline import Deadline
from ...core._errors import ManagedIdentityError
from ...core._resource_id import ResourceId
from ...core._schedule import Schedule, single_schedule
from .._converge import converge
from .._subject import Subject, Wrote
from .._tries import Pauses, Tries
from ._instances import Chosen
from ._polling import finish

__all__ = ["RollOut", "roll_out"]

# An upgrade of instances takes longer than a change of a machine's identities.
_PAUSES = Pauses(first=5.0, longest=5.0)
# The IDs of the instances that do not have the latest model, and of those that are to get it.
Behind = tuple[str, ...]


@dataclass
class RollOut:
    """What became of the instances, by their IDs.

    :param updated: those that have the latest model, and had not
    :param behind: those that do not have it
    :param error: why it ended early; None if it did not
    """

    updated: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    error: ManagedIdentityError | None = None


async def roll_out(
    machines: MachineIdentities,
    scale_set: ResourceId,
    chosen: Chosen,
    deadline: Deadline,
    schedule: Schedule = single_schedule,
) -> RollOut:
    """Bring instances up to date that are not, in one request, and say which are and which are not.

    :returns: the outcome; a failure is in its ``error``
    """
    progress = await converge(_Instances(machines, scale_set, chosen, schedule), Tries(deadline, _PAUSES))
    first, last = progress.first or (), progress.last or ()
    return RollOut([one for one in first if one not in last], list(last), progress.error)


class _Instances(Subject[Behind, Behind]):
    """The instances of a scale set that are behind its model."""

    call = "POST"
    rereads = True

    def __init__(self, machines: MachineIdentities, scale_set: ResourceId, chosen: Chosen, schedule: Schedule) -> None:
        self.target = str(scale_set)
        self._machines, self._id = machines, scale_set
        self._chosen, self._schedule = chosen, schedule
        self._answer = Reading.begun(scale_set)

    async def read(self, deadline: Deadline) -> Behind:
        return tuple(one.instance_id for one in await self._machines.instances(self._id, deadline) if not one.current)

    async def plan(self, seen: Behind, deadline: Deadline) -> Behind | None:
        return tuple(self._chosen.of(seen)) or None

    async def write(self, seen: Behind, step: Behind, deadline: Deadline) -> Wrote[Behind]:
        self._answer = await self._machines.upgrade(self._id, list(step), deadline)
        return Wrote(seen, told=False)

    async def finish(self, before: Behind, step: Behind, wrote: Wrote[Behind], deadline: Deadline) -> Wrote[Behind]:
        await finish(self._machines, self._id, self._answer, self._schedule, deadline, call="POST")
        return replace(wrote, sure=self._answer.operation_url is not None)

    def took(self, step: Behind, seen: Behind) -> bool:
        return not set(step) & set(seen)
