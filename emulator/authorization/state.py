# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Role assignments, custom roles and federated credentials for the control API's `GET state`."""

from __future__ import annotations

from typing import Any

from ..cloud.store import Store

__all__ = ["access_state"]


def access_state(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Return JSON-ready lists."""
    assignments = [
        {
            "id": item.id,
            "name": item.name,
            "scope": item.scope,
            "role": item.role,
            "principal_id": item.principal,
            "principal_type": item.kind,
            "condition": item.condition,
            "description": item.description,
        }
        for item in store.assignments
    ]
    roles = [
        {"id": role.id, "name": role.name, "actions": list(role.actions), "not_actions": list(role.not_actions)}
        for role in store.roles.values()
    ]
    credentials = [
        {
            "id": item.id,
            "name": item.name,
            "issuer": item.issuer,
            "subject": item.subject,
            "audiences": list(item.audiences),
        }
        for item in store.credentials.values()
    ]
    return {"role_assignments": assignments, "role_definitions": roles, "federated_credentials": credentials}
