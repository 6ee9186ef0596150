# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The operation of user_assigned_identity_info."""

from __future__ import annotations

from typing import Any

from ...core.identities._user_assigned import UserAssigned
from ...engine.identities._look import all_identities, holders, one_identity
from .._operation import Call, Operation
from .._resource_options import IDENTITIES

__all__ = ["OPERATION"]


async def _run(call: Call) -> dict[str, Any]:
    found = await _found(call)
    items = [identity.to_result() for identity in found]
    if call.params["associated_resources"]:
        users = await holders((await call.connect()).user_assigned, found, call.deadline)
        for item, using in zip(items, users, strict=True):
            item["associated_resources"] = [user.to_result() for user in using]
    return {"changed": False, "user_assigned_identities": items}


async def _found(call: Call) -> list[UserAssigned]:
    """The one that is named, or those of the resource group, or of the subscription."""
    if call.params["identity_id"] is not None or call.params["name"] is not None:
        identity = await IDENTITIES.named(call)
        return await one_identity((await call.connect()).user_assigned, identity, call.deadline)
    subscription, group = await IDENTITIES.listed_in(call)
    return await all_identities((await call.connect()).user_assigned, subscription, group, call.deadline)


OPERATION = Operation(
    run=_run,
    arguments={
        **IDENTITIES.arguments,
        "associated_resources": {"type": "bool", "default": False},
        "wait_timeout": {"type": "int", "default": 600},
    },
    constraints={**IDENTITIES.exclusions, "required_by": {"name": "resource_group"}},
)
