# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The operations of vm_identity_info and vmss_identity_info."""

from __future__ import annotations

from functools import partial
from typing import Any

from ...arm.gateways._reading import Reading
from ...engine.machines._look import all_machines, client_ids, old_models, one_machine
from .._operation import Call, Operation
from .._resource_options import SCALE_SETS, VMS, ResourceOptions
from ._instances import described

__all__ = ["OF_SCALE_SET", "OF_VM"]


async def _run(machine: ResourceOptions, call: Call) -> dict[str, Any]:
    found = await _found(machine, call)
    items = [_item(machine, reading) for reading in found]
    session = await call.connect()
    if call.params["client_ids"]:
        for item, known in zip(items, await client_ids(session.user_assigned, found, call.deadline), strict=True):
            item["identity"]["client_id"] = known
    if call.params.get("instances"):
        for item, old in zip(items, await old_models(session.machines, found, call.deadline), strict=True):
            item["old_model"] = old
    return {"changed": False, machine.plural: items}


async def _found(machine: ResourceOptions, call: Call) -> list[Reading]:
    """The one that is named, or those of the resource group, or of the subscription."""
    if call.params[machine.id_option] is not None or call.params["name"] is not None:
        target = await machine.named(call)
        return await one_machine((await call.connect()).machines, target, call.deadline)
    subscription, group = await machine.listed_in(call)
    return await all_machines((await call.connect()).machines, machine.kind, subscription, group, call.deadline)


def _item(machine: ResourceOptions, reading: Reading) -> dict[str, Any]:
    more = described(reading) if machine is SCALE_SETS else {}
    return {**reading.to_result(), **more, "identity": reading.identity.to_result()}


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
