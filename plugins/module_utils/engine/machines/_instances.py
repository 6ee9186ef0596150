# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The instances of a scale set: which have its model, and which shall get it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...arm.gateways._machine_identities import MachineIdentities
from ...arm.gateways._reading import Reading
from ...arm.net._deadline import Deadline
from ...core._errors import ManagedIdentityError
from ...core._resource_id import ResourceId
from ._outcome import Outcome

__all__ = ["Chosen", "behind_after", "behind_before", "old_model_of"]


@dataclass(frozen=True)
class Chosen:
    """The instances that shall get the latest model: none, some by their IDs, or all."""

    ids: tuple[str, ...] = ()
    all: bool = False

    def __bool__(self) -> bool:
        """Whether any is."""
        return self.all or bool(self.ids)

    def of(self, instances: Iterable[str]) -> list[str]:
        """Those of some instances that are chosen."""
        return [one for one in instances if self.all or one in self.ids]


async def old_model_of(machines: MachineIdentities, reading: Reading, deadline: Deadline) -> list[str]:
    """The IDs of the instances that do not have the latest model; a flexible scale set has none."""
    if reading.flexible:
        return []
    return [one.instance_id for one in await machines.instances(reading.id, deadline) if not one.current]


async def behind_before(
    machines: MachineIdentities, scale_set: ResourceId, chosen: Chosen, deadline: Deadline
) -> list[str]:
    """See before a change that the chosen instances can get the latest model; returns those that lack it already.

    :raises ManagedIdentityError: they cannot
    """
    if not chosen:
        return []
    machines.require_package()
    reading = await machines.read(scale_set, deadline)
    if reading.flexible:
        raise ManagedIdentityError(
            "A flexible scale set has no model to roll out: each of its VMs has identities of its own.",
            target=str(scale_set),
            remedy="Leave roll_out out, and use vm_system_identity and vm_user_identity for its VMs.",
        )
    instances = await machines.instances(scale_set, deadline)
    known = [one.instance_id for one in instances]
    unknown = [instance for instance in chosen.ids if instance not in known]
    if unknown:
        raise ManagedIdentityError(
            f"roll_out names instances that the scale set does not have: {', '.join(unknown)}.",
            target=str(scale_set),
            remedy=f"It has {', '.join(known) or 'none'}.",
        )
    return [one.instance_id for one in instances if not one.current]


async def behind_after(machines: MachineIdentities, outcome: Outcome, deadline: Deadline) -> list[str]:
    """In check mode: the instances that would have an old model after the change."""
    last = outcome.last
    if last is None or last.flexible:
        return []
    instances = await machines.instances(last.id, deadline)
    stay = not (last.manual and outcome.changed)
    return [one.instance_id for one in instances if not (one.current and stay)]
