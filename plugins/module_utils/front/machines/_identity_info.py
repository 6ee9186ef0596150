# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The operations of vm_identity_info and vmss_identity_info."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from ...arm.gateways._reading import Reading
from ...core._errors import ArmError
from ...core._resource_id import ResourceId, check_resource_group
from ...engine._each import each
from .._operation import Call, Operation
from .._resource_options import SCALE_SETS, VMS, ResourceOptions
from ._instances import described, old_model_of

__all__ = ["OF_SCALE_SET", "OF_VM"]


async def _run(machine: ResourceOptions, call: Call) -> dict[str, Any]:
    if call.params[machine.id_option] is not None or call.params["name"] is not None:
        found = await _one(call, await machine.named(call))
    else:
        found = [reading async for reading in _all(machine, call)]
    items = [_item(machine, reading) for reading in found]
    session = await call.connect()
    if call.params["client_ids"]:

        async def client_id(reading: Reading) -> str | None:
            known = reading.identity.system and await session.user_assigned.system_client_id(reading.id, call.deadline)
            return known or None

        for item, known in zip(items, await each(found, client_id), strict=True):
            item["identity"]["client_id"] = known
    if call.params.get("instances"):

        async def old_model(reading: Reading) -> list[str]:
            return await old_model_of(session.machines, reading, call.deadline)

        for item, old in zip(items, await each(found, old_model), strict=True):
            item["old_model"] = old
    return {"changed": False, machine.plural: items}


def _item(machine: ResourceOptions, reading: Reading) -> dict[str, Any]:
    more = described(reading) if machine is SCALE_SETS else {}
    return {**reading.to_result(), **more, "identity": reading.identity.to_result()}


async def _one(call: Call, target: ResourceId) -> list[Reading]:
    """The one resource; none if it is not there."""
    try:
        return [await (await call.connect()).machines.read(target, call.deadline)]
    except ArmError as error:
        if error.code == "ResourceNotFound":
            return []
        raise


async def _all(machine: ResourceOptions, call: Call) -> AsyncIterator[Reading]:
    """Those of the resource group, or of the subscription."""
    group = call.params["resource_group"]
    if group is not None:
        check_resource_group(group)
    machines = (await call.connect()).machines
    async for reading in machines.list_all(machine.kind, await call.subscription_id(), group, call.deadline):
        yield reading


def _operation(machine: ResourceOptions, **more: Any) -> Operation:
    return Operation(
        run=partial(_run, machine),
        arguments={
            **machine.arguments,
            "client_ids": {"type": "bool", "default": False},
            **more,
            "wait_timeout": {"type": "int", "default": 600},
        },
        constraints={**machine.exclusions, "required_by": {"name": "resource_group"}},
    )


OF_VM = _operation(VMS)
OF_SCALE_SET = _operation(SCALE_SETS, instances={"type": "bool", "default": False})
