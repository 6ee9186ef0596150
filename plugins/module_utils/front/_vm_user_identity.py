# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The operation of vm_user_identity."""

from __future__ import annotations

from typing import Any

from ..core._errors import InvalidInput
from ..core._plan import Desired, Wanted
from ..core._resource_id import IDENTITY, ResourceId
from ._change import change_identity
from ._operation import Call, Operation
from ._vm_arguments import CHANGE_ARGUMENTS, VM_ARGUMENTS, VM_CONSTRAINTS, named_vm

__all__ = ["OPERATION"]


async def _run(call: Call) -> dict[str, Any]:
    vm = named_vm(call)
    return await change_identity(call, vm, _desired(call, vm))


def _desired(call: Call, vm: ResourceId) -> Desired:
    params = call.params
    group = params["identity_resource_group"] or vm.resource_group
    named = tuple(_identity_id(text, vm.subscription_id, group) for text in params["identities"])
    if params["purge_keep"] and not params["purge"]:
        raise InvalidInput("purge_keep says what a purge keeps; it needs purge: true.")
    if params["state"] == "absent":
        if params["purge"]:
            raise InvalidInput(
                "purge goes with state: present only.",
                remedy="To remove all identities, use state: present with purge: true and identities: [].",
            )
        return Desired(absent=named)
    return Desired(present=tuple(map(Wanted, named)), exact=params["purge"], keep=tuple(params["purge_keep"]))


def _identity_id(text: str, subscription_id: str, resource_group: str) -> ResourceId:
    """A full resource ID is one; a bare name makes one."""
    if "/" in text:
        return ResourceId.parse(text, IDENTITY)
    return ResourceId.build(subscription_id, resource_group, IDENTITY, text.strip())


OPERATION = Operation(
    run=_run,
    arguments={
        **VM_ARGUMENTS,
        "identities": {"type": "list", "elements": "str", "required": True},
        "identity_resource_group": {"type": "str"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "purge": {"type": "bool", "default": False},
        "purge_keep": {"type": "list", "elements": "str", "default": []},
        **CHANGE_ARGUMENTS,
    },
    constraints=VM_CONSTRAINTS,
)
