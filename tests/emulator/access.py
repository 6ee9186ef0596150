# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shorthands for tests of Microsoft.Authorization."""

from __future__ import annotations

import copy
import typing as t
import uuid
from pathlib import Path

from tests.emulator.cloud import GROUP, SEED, SUBSCRIPTION, Cloud, Reply

V = "2022-04-01"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
OPERATOR = "f1a07417-d97a-45cb-824c-7a7467783830"
VM_CONTRIBUTOR = "9980e02c-c2be-4d73-94e8-173b1dc7cf3c"
ROLES = {
    "Owner": "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    "Contributor": CONTRIBUTOR,
    "Reader": READER,
    "Virtual Machine Contributor": VM_CONTRIBUTOR,
    "Managed Identity Operator": OPERATOR,
    "Managed Identity Contributor": "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59",
    "User Access Administrator": "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
    "Role Based Access Control Administrator": "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
}
PERSON = "3f2e8d0c-5b7a-4c61-9d0e-6f1a2b3c4d5e"
MANAGEMENT = "/providers/Microsoft.Management/managementGroups/platform"
AUTHORIZATION = "providers/Microsoft.Authorization"


def seeded(tmp_path: Path, **parts: t.Any) -> Cloud:
    """Return a cloud whose seed has more parts."""
    settings = parts.pop("settings", {})
    return Cloud(tmp_path, {**copy.deepcopy(SEED), **parts}, **settings)


def name_of(*parts: str) -> str:
    """Return the GUID of some texts."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, " ".join(parts)))


def assignment_id(scope: str, name: str) -> str:
    """Return the ID of a role assignment."""
    return f"{scope}/{AUTHORIZATION}/roleAssignments/{name}"


def assign(
    cloud: Cloud,
    principal: str,
    role: str = READER,
    scope: str = GROUP,
    *,
    name: str = "",
    caller: str = "main",
    **more: t.Any,
) -> Reply:
    """PUT a role assignment; `more` are further properties."""
    definition = f"/subscriptions/{SUBSCRIPTION}/{AUTHORIZATION}/roleDefinitions/{role}"
    body = {"properties": {"roleDefinitionId": definition, "principalId": principal, **more}}
    path = assignment_id(scope, name or name_of(scope, principal, role))
    return cloud.send("PUT", path, body, version=V, caller=caller)


def listed(cloud: Cloud, scope: str, text: str = "", **options: t.Any) -> list[str]:
    """Return the scopes of the role assignments that a filter finds."""
    path = f"{scope}/{AUTHORIZATION}/roleAssignments"
    query = f"?api-version={V}" + (f"&$filter={text}" if text else "")
    return [item["properties"]["scope"] for item in cloud.send("GET", path + query, **options).json["value"]]


def principal_of(cloud: Cloud, identity: str) -> str:
    """Return the principal of a user-assigned identity."""
    return t.cast("str", cloud.send("GET", identity, version="2023-01-31").json["properties"]["principalId"])
