# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The operation of vm_user_identity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..arm._deadline import Deadline
from ..core._errors import InvalidInput, ManagedIdentityError
from ..core._plan import Desired, Wanted
from ..core._resource_id import IDENTITY, ResourceId, check_resource_group
from ._change import change_identity, warn_of_missing
from ._naming import full_or_bare
from ._operation import Call, Operation
from ._vm_arguments import CHANGE_ARGUMENTS, VM_ARGUMENTS, VM_CONSTRAINTS, named_vm

__all__ = ["OPERATION"]


async def _run(call: Call) -> dict[str, Any]:
    _check(call.params)
    deadline = call.deadline
    vm = await named_vm(call)
    desired = _desired(call.params, vm)
    if call.params["repair"]:
        desired = replace(desired, present=await _looked_up(call, desired.present, deadline))
    return await change_identity(call, vm, desired)


def _check(params: Mapping[str, Any]) -> None:
    """Whatever can be seen to be wrong without a call is told before any."""
    for text in params["identities"]:
        full_or_bare(text, IDENTITY)
    if params["identity_resource_group"] is not None:
        check_resource_group(params["identity_resource_group"])
    if params["purge_keep"] and not params["purge"]:
        raise InvalidInput("purge_keep says what a purge keeps; it needs purge: true.")
    if params["repair"] and params["state"] == "absent":
        raise InvalidInput("repair is about identities that shall be there; it goes with state: present only.")
    if params["purge"] and params["state"] == "absent":
        raise InvalidInput(
            "purge goes with state: present only.",
            remedy="To remove all identities, use state: present with purge: true and identities: [].",
        )


def _desired(params: Mapping[str, Any], vm: ResourceId) -> Desired:
    group = params["identity_resource_group"] or vm.resource_group
    named = tuple(
        one if isinstance(one, ResourceId) else ResourceId.build(vm.subscription_id, group, IDENTITY, one)
        for one in (full_or_bare(text, IDENTITY) for text in params["identities"])
    )
    if params["state"] == "absent":
        return Desired(absent=named)
    return Desired(present=tuple(map(Wanted, named)), exact=params["purge"], keep=tuple(params["purge_keep"]))


async def _looked_up(call: Call, wanted: tuple[Wanted, ...], deadline: Deadline) -> tuple[Wanted, ...]:
    """The identities with the principals that they have now.

    :raises ManagedIdentityError: one does not exist; in check mode it may be made before the real run
    """
    identities = (await call.connect()).identities
    found = {one.id: await identities.look_up(one.id, deadline) for one in wanted}
    missing = [identity for identity, there in found.items() if there is None]
    if call.check_mode:
        for identity in missing:
            warn_of_missing(call, identity)
    elif missing:
        raise ManagedIdentityError(
            f"These identities do not exist: {', '.join(map(str, missing))}.",
            remedy="Create them first, or correct their names or IDs. Nothing was changed.",
        )
    return tuple(Wanted(identity, there and there.principal_id) for identity, there in found.items())


OPERATION = Operation(
    run=_run,
    arguments={
        **VM_ARGUMENTS,
        "identities": {"type": "list", "elements": "str", "required": True},
        "identity_resource_group": {"type": "str"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "purge": {"type": "bool", "default": False},
        "repair": {"type": "bool", "default": False},
        "purge_keep": {"type": "list", "elements": "str", "default": []},
        **CHANGE_ARGUMENTS,
    },
    constraints=VM_CONSTRAINTS,
)
