# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure's rules of an identity PATCH, as recorded, for the tests of the pure core and of the engine."""

from __future__ import annotations

from typing import Any

from ansible_collections.managed_identity.azure.plugins.module_utils.core._resource_id import ResourceId
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._identity import (
    Identity,
    SystemIdentity,
    UserIdentity,
)


def azure(current: Identity, patch: dict[str, Any], principal: str) -> Identity:
    """Azure's rules as recorded: type says what remains, the map is merged, null removes; what it refuses fails."""
    kinds = patch["type"].split(", ")
    assert patch["type"] in ("None", "SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned")
    assert set(patch) <= {"type", "userAssignedIdentities"}
    users = {item.id: item for item in current.user}
    if "userAssignedIdentities" in patch:
        delta = patch["userAssignedIdentities"]
        assert "UserAssigned" in kinds, "a map with a type that does not allow it"
        assert delta, "an empty map"
        assert len(delta) <= 150, "User Assigned Identities Number Assign exceed limit '150' in one request."
        for key, value in delta.items():
            assert value in (None, {})
            if value is None:
                assert ResourceId.parse(key) in users, "null for what is not there"
                del users[ResourceId.parse(key)]
            else:
                assert ResourceId.parse(key) not in users, "an identity that is there is sent again"
                users[ResourceId.parse(key)] = UserIdentity(ResourceId.parse(key), principal, "c-new")
    if "UserAssigned" not in kinds:
        users = {}
    else:
        assert users, "the last identity removed while type keeps UserAssigned"
    system = (current.system or SystemIdentity("sp-new", "t")) if "SystemAssigned" in kinds else None
    return Identity.of(system, users.values())
