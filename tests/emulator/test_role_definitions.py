# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Role definitions: built-in and custom."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from tests.emulator.access import AUTHORIZATION, MANAGEMENT, PERSON, READER, ROLES, V, assign, name_of, seeded
from tests.emulator.cloud import GROUP, SECOND, SUBSCRIPTION, VM, Cloud

HERE = f"/subscriptions/{SUBSCRIPTION}"
CUSTOM = name_of("custom")


def roles(cloud: Cloud, scope: str, text: str = "") -> list[str]:
    """Return the names that a filter finds."""
    query = f"?api-version={V}" + (f"&$filter={text}" if text else "")
    answer = cloud.send("GET", f"{scope}/{AUTHORIZATION}/roleDefinitions{query}")
    return [item["properties"]["roleName"] for item in answer.json["value"]]


def put(cloud: Cloud, name: str = CUSTOM, scope: str = HERE, **changes: t.Any) -> t.Any:
    """PUT a custom role."""
    properties = {
        "roleName": "Identity reader",
        "description": "Reads identities",
        "type": "CustomRole",
        "assignableScopes": [scope],
        "permissions": [{"actions": ["Microsoft.ManagedIdentity/*/read"], "notActions": []}],
        **changes,
    }
    path = f"{scope}/{AUTHORIZATION}/roleDefinitions/{name}"
    return cloud.send("PUT", path, {"properties": properties}, version=V)


@pytest.mark.parametrize(("name", "role"), ROLES.items())
def test_built_in_roles(cloud: Cloud, name: str, role: str) -> None:
    found = cloud.send("GET", f"{GROUP}/{AUTHORIZATION}/roleDefinitions/{role.upper()}", version=V).json
    assert (found["properties"]["roleName"], found["properties"]["type"]) == (name, "BuiltInRole")
    assert found["id"] == f"{HERE}/{AUTHORIZATION}/roleDefinitions/{role}"
    assert set(found["properties"]["permissions"][0]) == {"actions", "notActions", "dataActions", "notDataActions"}
    tenant = cloud.send("GET", f"/{AUTHORIZATION}/roleDefinitions/{role}", version=V).json
    assert tenant["id"] == f"/{AUTHORIZATION}/roleDefinitions/{role}"
    assert roles(cloud, VM, f"roleName eq '{name.lower()}'") == [name]


def test_lists(cloud: Cloud) -> None:
    assert set(roles(cloud, GROUP)) == set(ROLES)
    assert roles(cloud, GROUP, "type eq 'CustomRole'") == []
    assert put(cloud).status == 201
    assert roles(cloud, GROUP, "type eq 'CustomRole'") == ["Identity reader"]
    assert roles(cloud, GROUP, "atScopeAndBelow() and roleName eq 'reader'") == ["Reader"]
    assert put(cloud, name_of("deep"), GROUP, roleName="Deep").status == 201
    assert "Deep" not in roles(cloud, HERE)
    assert "Deep" in roles(cloud, HERE, "atScopeAndBelow()")
    assert "Deep" not in roles(cloud, f"/subscriptions/{SECOND}", "atScopeAndBelow()")


@pytest.mark.parametrize(
    "text", ["name eq 'x'", "roleName gt 'x'", "near()", "'", "roleName eq 'Reader' or type eq 'x'"]
)
def test_filters_that_are_not_known(cloud: Cloud, text: str) -> None:
    answer = cloud.send("GET", f"{GROUP}/{AUTHORIZATION}/roleDefinitions?api-version={V}&$filter={text}")
    assert (answer.status, answer.code) == (400, "BadRequest")


def test_a_custom_role_grants(tmp_path: Path) -> None:
    callers = [
        {"name": "main", "secret": "s"},
        {"name": "limited", "object_id": PERSON, "secret": "l", "roles": []},
    ]
    cloud = seeded(tmp_path, callers=callers)
    assert put(cloud).json["properties"]["type"] == "CustomRole"
    assert assign(cloud, PERSON, CUSTOM).status == 201
    listing = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
    assert len(cloud.send("GET", listing, caller="limited", version="2023-01-31").json["value"]) == 3
    path = f"{HERE}/{AUTHORIZATION}/roleDefinitions/{CUSTOM}"
    assert cloud.send("DELETE", path, version=V).code == "RoleDefinitionHasAssignments"
    assert put(cloud, permissions=[{"actions": []}]).status == 201
    assert cloud.send("GET", listing, caller="limited", version="2023-01-31").code == "AuthorizationFailed"


def test_deletion(cloud: Cloud) -> None:
    path = f"{HERE}/{AUTHORIZATION}/roleDefinitions/{CUSTOM}"
    created = put(cloud).json
    assert cloud.send("GET", path, version=V).json == created
    assert (cloud.send("DELETE", path, version=V).json, cloud.send("DELETE", path, version=V).status) == (created, 204)
    answer = cloud.send("GET", path, version=V)
    text = f"The specified role definition with ID '{CUSTOM.replace('-', '')}' does not exist."
    assert (answer.status, answer.code, answer.message) == (404, "RoleDefinitionDoesNotExist", text)


@pytest.mark.parametrize(
    ("name", "changes", "status", "code"),
    [
        ("mine", {}, 400, "InvalidRoleDefinitionId"),
        (READER, {}, 400, "BadRequestFormat"),
        (CUSTOM, {"roleName": ""}, 400, "BadRequestFormat"),
        (CUSTOM, {"assignableScopes": []}, 400, "BadRequestFormat"),
        (CUSTOM, {"permissions": ["x"]}, 400, "BadRequestFormat"),
        (CUSTOM, {"permissions": [{"actions": [1]}]}, 400, "BadRequestFormat"),
        (CUSTOM, {"roleName": "reader"}, 409, "RoleDefinitionWithSameNameExists"),
    ],
)
def test_refusals(cloud: Cloud, name: str, changes: dict[str, t.Any], status: int, code: str) -> None:
    answer = put(cloud, name, **changes)
    assert (answer.status, answer.code) == (status, code)


def test_seeded_roles(tmp_path: Path) -> None:
    cloud = seeded(
        tmp_path,
        management_groups=[{"name": "platform"}],
        role_definitions=[{"name": "Mine", "actions": ["*/read"], "scopes": [MANAGEMENT]}],
        subscriptions=[{"id": SUBSCRIPTION, "management_group": "platform"}, {"id": SECOND, "name": "Second"}],
        callers=[{"name": "main", "secret": "s"}],
    )
    assert "Mine" in roles(cloud, GROUP)
    assert "Mine" in roles(cloud, MANAGEMENT)
    assert "Mine" not in roles(cloud, f"/subscriptions/{SECOND}")
