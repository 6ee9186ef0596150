# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The options that name a virtual machine, and those of a change."""

from __future__ import annotations

from typing import Any

from ..core._errors import InvalidInput
from ..core._resource_id import VIRTUAL_MACHINE, ResourceId, check_resource_group
from ._operation import Call

__all__ = ["CHANGE_ARGUMENTS", "VM_ARGUMENTS", "VM_CONSTRAINTS", "named_vm"]

VM_ARGUMENTS: dict[str, Any] = {
    "resource_group": {"type": "str"},
    "name": {"type": "str"},
    "vm_id": {"type": "str"},
}

CHANGE_ARGUMENTS: dict[str, Any] = {
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 600},
}

VM_CONSTRAINTS: dict[str, Any] = {
    "mutually_exclusive": [("vm_id", "resource_group"), ("vm_id", "name")],
    "required_one_of": [("vm_id", "name")],
    "required_together": [("resource_group", "name")],
}


async def named_vm(call: Call) -> ResourceId:
    """The ID of the VM that the options name; a full ID brings its own subscription.

    :raises InvalidInput: the options cannot name a VM; before any call
    :raises AccessError: no subscription is known
    """
    if call.params["vm_id"] is not None:
        return ResourceId.parse(call.params["vm_id"], VIRTUAL_MACHINE)
    group, name = call.params["resource_group"], call.params["name"]
    if group is None or name is None:
        raise InvalidInput("A virtual machine is named by resource_group and name, or by vm_id.")
    check_resource_group(group)
    VIRTUAL_MACHINE.check_name(name)
    return ResourceId.build(await call.subscription_id(), group, VIRTUAL_MACHINE, name)
