# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The operation of user_assigned_identity_info."""

from __future__ import annotations

from typing import Any

from ...core._resource_id import check_resource_group
from ...core.identities._user_assigned import UserAssigned
from .._operation import Call, Operation
from .._resource_options import IDENTITIES

__all__ = ["OPERATION"]


async def _run(call: Call) -> dict[str, Any]:
    deadline = call.deadline
    if call.params["identity_id"] is not None or call.params["name"] is not None:
        found = await _one(call)
    else:
        found = await _all(call)
    items = [identity.to_result() for identity in found]
    if call.params["associated_resources"]:
        identities = (await call.connect()).user_assigned
        # One after the other: a whole tenant is allowed one such request a second.
        for identity, item in zip(found, items, strict=True):
            item["associated_resources"] = [user.to_result() async for user in identities.users(identity.id, deadline)]
    return {"changed": False, "user_assigned_identities": items}


async def _one(call: Call) -> list[UserAssigned]:
    """The one identity; none if it is not there."""
    identity = await IDENTITIES.named(call)
    found = await (await call.connect()).user_assigned.read(identity, call.deadline)
    return [found] if found else []


async def _all(call: Call) -> list[UserAssigned]:
    """Those of the resource group, or of the subscription."""
    group = call.params["resource_group"]
    if group is not None:
        check_resource_group(group)
    identities = (await call.connect()).user_assigned
    listed = identities.list_all(await call.subscription_id(), group, call.deadline)
    return [identity async for identity in listed]


OPERATION = Operation(
    run=_run,
    arguments={
        **IDENTITIES.arguments,
        "associated_resources": {"type": "bool", "default": False},
        "wait_timeout": {"type": "int", "default": 600},
    },
    constraints={**IDENTITIES.exclusions, "required_by": {"name": "resource_group"}},
)
