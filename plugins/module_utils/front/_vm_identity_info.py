# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The operation of vm_identity_info."""

from __future__ import annotations

import asyncio
from typing import Any

from ..arm._deadline import Deadline
from ..arm._gateway import Gateway, Reading
from ..core._errors import ArmError
from ..core._resource_id import ResourceId
from ._operation import Call, Operation
from ._vm_arguments import VM_ARGUMENTS, VM_CONSTRAINTS, named_vm

__all__ = ["OPERATION"]

_AT_ONCE = 8


async def _run(call: Call) -> dict[str, Any]:
    params = call.params
    one = named_vm(call) if params["vm_id"] is not None or params["name"] is not None else None
    subscription_id = one.subscription_id if one else call.subscription_id
    deadline = call.deadline()
    gateway = await call.connect()
    if one:
        found = await _read(gateway, one, deadline)
    else:
        listing = gateway.list_vms(subscription_id, params["resource_group"], deadline)
        found = [reading async for reading in listing]
    items = [{**reading.to_result(), "identity": reading.identity.to_result()} for reading in found]
    if params["client_ids"]:
        await _add_client_ids(gateway, found, items, deadline)
    return {"changed": False, "vms": items}


async def _read(gateway: Gateway, vm: ResourceId, deadline: Deadline) -> list[Reading]:
    """The one VM; none if it is not there."""
    try:
        return [await gateway.read(vm, deadline)]
    except ArmError as error:
        if error.code == "ResourceNotFound":
            return []
        raise


async def _add_client_ids(
    gateway: Gateway, found: list[Reading], items: list[dict[str, Any]], deadline: Deadline
) -> None:
    """Add each system-assigned identity's client ID, some at once."""
    waiting = iter(zip(found, items, strict=True))

    async def worker() -> None:
        for reading, item in waiting:
            known = reading.identity.system and await gateway.system_client_id(reading.id, deadline)
            item["identity"]["client_id"] = known or None

    await asyncio.gather(*(worker() for _unused in range(_AT_ONCE)))


OPERATION = Operation(
    run=_run,
    arguments={
        **VM_ARGUMENTS,
        "client_ids": {"type": "bool", "default": False},
        "wait_timeout": {"type": "int", "default": 600},
    },
    constraints={"mutually_exclusive": VM_CONSTRAINTS["mutually_exclusive"], "required_by": {"name": "resource_group"}},
)
