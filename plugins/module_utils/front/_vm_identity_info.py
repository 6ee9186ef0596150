# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The operation of vm_identity_info."""

from __future__ import annotations

import asyncio
from typing import Any

from ..arm._deadline import Deadline
from ..arm._gateway import Reading
from ..arm._identities import Identities
from ..core._errors import ArmError
from ..core._resource_id import VIRTUAL_MACHINE, ResourceId, check_resource_group
from ._operation import Call, Operation
from ._vm_arguments import VM_ARGUMENTS, VM_CONSTRAINTS, named_vm

__all__ = ["OPERATION"]

_AT_ONCE = 8


async def _run(call: Call) -> dict[str, Any]:
    if call.params["vm_id"] is not None or call.params["name"] is not None:
        found = await _one(call, await named_vm(call))
    else:
        found = await _all(call)
    items = [{**reading.to_result(), "identity": reading.identity.to_result()} for reading in found]
    if call.params["client_ids"]:
        await _add_client_ids((await call.connect()).identities, found, items, call.deadline)
    return {"changed": False, "vms": items}


async def _one(call: Call, vm: ResourceId) -> list[Reading]:
    """The one VM; none if it is not there."""
    try:
        return [await (await call.connect()).gateway.read(vm, call.deadline)]
    except ArmError as error:
        if error.code == "ResourceNotFound":
            return []
        raise


async def _all(call: Call) -> list[Reading]:
    """Those of the resource group, or of the subscription."""
    group = call.params["resource_group"]
    if group is not None:
        check_resource_group(group)
    gateway = (await call.connect()).gateway
    subscription = await call.subscription_id()
    return [reading async for reading in gateway.list_all(VIRTUAL_MACHINE, subscription, group, call.deadline)]


async def _add_client_ids(
    identities: Identities, found: list[Reading], items: list[dict[str, Any]], deadline: Deadline
) -> None:
    """Add each system-assigned identity's client ID, some at once."""
    waiting = iter(zip(found, items, strict=True))

    async def worker() -> None:
        for reading, item in waiting:
            known = reading.identity.system and await identities.system_client_id(reading.id, deadline)
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
