# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The operation of vm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...arm._session import Session
from ...core._errors import InvalidInput
from ...core._resource_id import VIRTUAL_MACHINE, ResourceId
from ...core.identities._identity import Identity
from ...core.identities._plan import MOST_AT_ONCE, Desired, Wanted, make_plan
from ...core.vm._new_vm import check_complete, new_vm
from ...core.vm._options import check_vm_options
from ...engine.machines._birth import bring_about
from ...engine.machines._deletion import remove
from ...engine.machines._look import group_location
from ...engine.machines._outcome import Options, Target
from .._operation import Call, Operation
from .._resource_options import CHANGE_ARGUMENTS, VMS
from ._change import predicted
from ._named_identities import check_named_identities, named_identities
from ._new_vm_arguments import NEW_VM_ARGUMENTS, NEW_VM_CONSTRAINTS
from ._vm_results import birth_result, removal_result

__all__ = ["OPERATION"]


async def _run(call: Call) -> dict[str, Any]:
    if call.params["state"] == "absent":
        return await _absent(call)
    _check_identities(call.params)
    given = call.params["vm_id"]
    check_vm_options(call.params, ResourceId.parse(given, VIRTUAL_MACHINE).name if given else call.params["name"] or "")
    return await _present(call, await VMS.named(call))


def _check_identities(params: Mapping[str, Any]) -> None:
    check_named_identities(params)
    if params["purge"] and params["identities"] is None:
        raise InvalidInput("purge makes identities the exact set; it needs identities, which may be [].")


def _desired(params: Mapping[str, Any], vm: ResourceId) -> Desired:
    present = tuple(map(Wanted, named_identities(params, vm)))
    keep = tuple(params["purge_keep"])
    return Desired(system=params["system_assigned"], present=present, exact=params["purge"], keep=keep)


def _check_number(desired: Desired, vm: ResourceId) -> None:
    """One write makes the VM, and cannot be split."""
    number = len({wanted.id for wanted in desired.present})
    if number > MOST_AT_ONCE:
        raise InvalidInput(
            f"{vm} does not exist, and Azure creates no VM with {number} user-assigned identities: it takes "
            f"{MOST_AT_ONCE} in one request.",
            remedy=f"Create it with {MOST_AT_ONCE} of them at most; then the same task with all assigns the others.",
            target=str(vm),
        )


async def _present(call: Call, vm: ResourceId) -> dict[str, Any]:
    deadline = call.deadline
    session = await call.connect()
    desired = _desired(call.params, vm)

    async def make_body() -> dict[str, Any]:
        check_complete(call.params, vm)
        _check_number(desired, vm)
        location = await _location(call, session, vm)
        return new_vm(call.params, vm, location or "", make_plan(Identity(), desired).patch)

    options = Options(check=call.check_mode, wait=call.params["wait"])
    birth = await bring_about(session.vms, session.machines, Target(vm, desired), make_body, options, deadline)
    after = birth.outcome.after
    if call.check_mode and not birth.outcome.error:
        after = await predicted(call, session, birth.outcome.before, after)
    return birth_result(call, vm, birth, after)


async def _location(call: Call, session: Session, vm: ResourceId) -> str | None:
    """Where the VM shall be; in check mode None if only its resource group could tell, and that is not there."""
    said: str | None = call.params["location"]
    if said and not call.check_mode:
        return said
    found = await group_location(session.machines, vm, call.deadline, needed=not call.check_mode)
    if found is None:
        missing = f"The resource group {vm.resource_group} does not exist"
        call.warnings.append(f"{vm}: {missing}: this would fail unless it is created first.")
    return said or found


async def _absent(call: Call) -> dict[str, Any]:
    vm = await VMS.named(call)
    deadline = call.deadline
    session = await call.connect()
    options = Options(check=call.check_mode, wait=call.params["wait"])
    return removal_result(call, vm, await remove(session.vms, session.machines, vm, options, deadline))


OPERATION = Operation(
    run=_run,
    arguments={
        **VMS.arguments,
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "system_assigned": {"type": "bool"},
        "identities": {"type": "list", "elements": "str"},
        "identity_resource_group": {"type": "str"},
        "purge": {"type": "bool", "default": False},
        "purge_keep": {"type": "list", "elements": "str", "default": []},
        **NEW_VM_ARGUMENTS,
        **CHANGE_ARGUMENTS,
    },
    constraints={
        **VMS.constraints,
        **NEW_VM_CONSTRAINTS,
        "mutually_exclusive": [*VMS.constraints["mutually_exclusive"], *NEW_VM_CONSTRAINTS["mutually_exclusive"]],
    },
)
