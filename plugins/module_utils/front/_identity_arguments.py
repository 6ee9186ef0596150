# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The options that name a user-assigned identity as a resource."""

from __future__ import annotations

from typing import Any

from ..core._errors import InvalidInput
from ..core._resource_id import IDENTITY, ResourceId
from ._naming import named
from ._operation import Call

__all__ = ["IDENTITY_ARGUMENTS", "IDENTITY_CONSTRAINTS", "named_identity"]

IDENTITY_ARGUMENTS: dict[str, Any] = {
    "resource_group": {"type": "str"},
    "name": {"type": "str"},
    "identity_id": {"type": "str"},
}

IDENTITY_CONSTRAINTS: dict[str, Any] = {
    "mutually_exclusive": [("identity_id", "resource_group"), ("identity_id", "name")],
    "required_one_of": [("identity_id", "name")],
    "required_together": [("resource_group", "name")],
}


async def named_identity(call: Call) -> ResourceId:
    """The ID of the identity that the options name; a full ID brings its own subscription.

    :raises InvalidInput: the options cannot name an identity; before any call
    :raises AccessError: no subscription is known
    """
    if call.params["identity_id"] is not None:
        return ResourceId.parse(call.params["identity_id"], IDENTITY)
    group, name = call.params["resource_group"], call.params["name"]
    if group is None or name is None:
        raise InvalidInput("A user-assigned identity is named by resource_group and name, or by identity_id.")
    IDENTITY.check_name(name)
    return await named(call, name, IDENTITY, group)
