# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. A VM's end: the one DELETE."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from ..arm._deadline import Deadline
from ..arm._gateway import Gateway, Reading
from ..arm._machines import Machine, Machines
from ..core._errors import ArmError, ConnectionFailed, ManagedIdentityError
from ..core._resource_id import ResourceId
from ._operation import finish
from ._outcome import Options
from ._tries import Tries

__all__ = ["Removal", "remove"]


@dataclass
class Removal:
    """What became of a VM that shall not be there.

    :param before: the VM as it was first read; None if it was not there
    :param changed: whether we deleted it, or in check mode would
    :param running: URL of the operation that was not waited for
    :param error: why it failed; None if it did not
    """

    before: Machine | None = None
    changed: bool = False
    running: str | None = None
    error: ManagedIdentityError | None = None


async def remove(machines: Machines, gateway: Gateway, vm: ResourceId, options: Options, deadline: Deadline) -> Removal:
    """Delete a VM, unless it is gone; with it goes what its description says."""
    removal = Removal()
    try:
        removal.before = await machines.read(vm, deadline)
        if removal.before is None:
            return removal
        if options.check:
            removal.changed = not _is_going(removal.before)
        else:
            await _delete(machines, gateway, removal, options, deadline)
    except ManagedIdentityError as error:
        removal.error = error
    return removal


async def _delete(machines: Machines, gateway: Gateway, removal: Removal, options: Options, deadline: Deadline) -> None:
    there, tries = removal.before, Tries(deadline)
    while there is not None:
        vm, seen = there.reading.id, there.reading
        if not _is_going(there):
            # A cancellation that came meanwhile takes effect here, before anything is written.
            await asyncio.sleep(0)
            try:
                accepted = await machines.delete(vm, deadline)
            except (ArmError, ConnectionFailed) as error:
                await tries.before_another(error)
                there = await machines.read(vm, deadline)
                removal.changed |= tries.in_doubt and (there is None or _is_going(there))
                continue
            removal.changed |= accepted is not None
            if accepted is None:
                return
            seen = accepted
        if options.wait:
            await _until_gone(gateway, seen, options, deadline)
        else:
            removal.running = seen.operation_url
        return


def _is_going(there: Machine) -> bool:
    """Whether it is being deleted already: another DELETE would only be told of the same operation."""
    return (there.reading.provisioning_state or "").lower() == "deleting"


async def _until_gone(gateway: Gateway, seen: Reading, options: Options, deadline: Deadline) -> None:
    try:
        await finish(gateway, seen.id, seen, options.schedule, deadline, call="DELETE")
    except ArmError as error:
        # Without an operation to ask, the VM itself is asked, until it is gone.
        if error.code != "ResourceNotFound":
            raise
