# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. A VM's end: the one DELETE."""

from __future__ import annotations

from typing import TypeAlias

from ...arm.gateways._machine_identities import MachineIdentities
from ...arm.gateways._vms import Vm, Vms
from ...arm.net._deadline import Deadline
from ...core._errors import ArmError
from ...core._resource_id import ResourceId
from .._converge import converge
from .._subject import Progress, Subject, Wrote
from .._tries import Tries
from ._outcome import Options
from ._polling import finish

__all__ = ["remove"]

Seen: TypeAlias = "Vm | None"


async def remove(
    vms: Vms, machines: MachineIdentities, vm: ResourceId, options: Options, deadline: Deadline
) -> Progress[Seen, ResourceId]:
    """Delete a VM, unless it is gone; with it goes what its description says.

    :returns: what became of it; a failure is in its ``error``
    """
    return await converge(_DoomedVm(vms, machines, vm, options), Tries(deadline), check=options.check)


class _DoomedVm(Subject[Seen, ResourceId]):
    """A VM that shall be gone; a step is its ID."""

    call = "DELETE"

    def __init__(self, vms: Vms, machines: MachineIdentities, vm: ResourceId, options: Options) -> None:
        self.target = str(vm)
        self._vms = vms
        self._machines = machines
        self._id = vm
        self._options = options

    async def read(self, deadline: Deadline) -> Seen:
        return await self._vms.read(self._id, deadline)

    async def plan(self, seen: Seen, deadline: Deadline) -> ResourceId | None:
        return None if seen is None or _is_going(seen) else self._id

    def foresee(self, seen: Seen, step: ResourceId) -> Seen:
        return None

    async def write(self, seen: Seen, step: ResourceId, deadline: Deadline) -> Wrote[Seen]:
        accepted = await self._vms.delete(step, deadline)
        if accepted is None:
            return Wrote(None, told=False, ours=False)
        return Wrote(Vm(accepted, {}))

    async def finish(self, before: Seen, step: ResourceId, wrote: Wrote[Seen], deadline: Deadline) -> Wrote[Seen]:
        if wrote.seen is None:
            return wrote
        if not self._options.wait:
            return Wrote(wrote.seen, running=wrote.seen.reading.operation_url)
        gone = await self._until_gone(wrote.seen, deadline)
        return Wrote(None, told=gone, sure=gone)

    def took(self, step: ResourceId, seen: Seen) -> bool:
        return seen is None or _is_going(seen)

    async def settle(self, seen: Seen, deadline: Deadline, *, unheard: bool) -> bool:
        if self._options.wait and seen is not None and _is_going(seen):
            await self._until_gone(seen, deadline)
        return False

    async def _until_gone(self, seen: Vm, deadline: Deadline) -> bool:
        """Wait for the end of a deletion; returns whether Azure has said that it is done."""
        try:
            await finish(self._machines, self._id, seen.reading, self._options.schedule, deadline, call="DELETE")
        except ArmError as error:
            # Without an operation to ask, the VM itself is asked, until it is gone.
            if not error.not_there:
                raise
            return True
        return seen.reading.operation_url is not None


def _is_going(there: Vm) -> bool:
    """Whether it is being deleted already: another DELETE would only be told of the same operation."""
    return there.reading.state == "deleting"
