# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Role assignments over REST: what they look like, what is refused, what lists find."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from tests.emulator.access import (
    AUTHORIZATION,
    CONTRIBUTOR,
    MANAGEMENT,
    PERSON,
    READER,
    V,
    assign,
    assignment_id,
    listed,
    name_of,
    principal_of,
    seeded,
)
from tests.emulator.cloud import FOREIGN, GROUP, SECOND, SUBSCRIPTION, TENANT, VM, A, Cloud, uai

HERE = f"/subscriptions/{SUBSCRIPTION}"
GROUPS = [{"name": "root-child"}, {"name": "platform", "parent": "root-child"}]


@pytest.mark.parametrize("scope", ["", HERE, GROUP, VM, A, f"{GROUP}/providers/Microsoft.Storage/storageAccounts/s"])
def test_create_read_delete(cloud: Cloud, scope: str) -> None:
    created = assign(cloud, PERSON, scope=scope, principalType="User", description="why")
    assert created.status == 201
    properties = created.json["properties"]
    assert (properties["scope"], properties["principalType"], properties["description"]) == (
        scope or "/",
        "User",
        "why",
    )
    assert (properties["createdBy"], properties["updatedBy"]) == (None, "main-object")
    assert created.json["id"] == assignment_id(scope, created.json["name"])
    found = cloud.send("GET", created.json["id"].upper(), version=V).json
    assert found == {**created.json, "properties": {**properties, "createdBy": "main-object"}}
    deleted = cloud.send("DELETE", created.json["id"], version=V)
    assert (deleted.status, deleted.json) == (200, found)
    assert cloud.send("DELETE", created.json["id"], version=V).status == 204
    missing = cloud.send("GET", created.json["id"], version=V)
    assert (missing.status, missing.code) == (404, "RoleAssignmentNotFound")
    assert missing.message == f"The role assignment '{created.json['name']}' is not found."


def test_what_may_change(cloud: Cloud) -> None:
    first = assign(cloud, PERSON, name=name_of("x"), principalType="User")
    assert assign(cloud, PERSON, name=name_of("x"), principalType="User").status == 200
    condition = {"condition": "@Resource[a:b] stringEquals 'c'", "conditionVersion": "2.0"}
    second = assign(cloud, PERSON, name=name_of("x"), principalType="User", **condition)
    assert (second.status, second.json["properties"]["createdBy"]) == (201, None)
    found = cloud.send("GET", first.json["id"], version=V).json["properties"]
    assert (found["condition"], found["conditionVersion"]) == (condition["condition"], "2.0")
    assert found["createdBy"] == "main-object"
    assert len(listed(cloud, GROUP)) == len(listed(cloud, GROUP, f"principalId eq '{PERSON}'")) + 1


@pytest.mark.parametrize(
    ("change", "status", "code", "message"),
    [
        (
            {"principal": name_of("other")},
            400,
            "RoleAssignmentUpdateNotPermitted",
            "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
        ),
        (
            {"scope": VM},
            400,
            "RoleAssignmentUpdateNotPermitted",
            "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
        ),
        (
            {"role": CONTRIBUTOR},
            400,
            "RoleAssignmentUpdateNotPermitted",
            "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
        ),
        ({"name": name_of("y")}, 409, "RoleAssignmentExists", "The role assignment already exists."),
        (
            {"name": "y"},
            400,
            "InvalidRoleAssignmentId",
            "The role assignment ID 'y' is not valid. The role assignment ID must be a GUID.",
        ),
        (
            {"role": "deadbeef-0000-4000-8000-000000000000"},
            400,
            "RoleDefinitionDoesNotExist",
            "The specified role definition with ID 'deadbeef000040008000000000000000' does not exist.",
        ),
        (
            {"principal": "nobody"},
            400,
            "InvalidPrincipalId",
            "The Principal ID 'nobody' is not valid. Principal ID must be a GUID.",
        ),
        ({"principal": 7}, 400, "BadRequestFormat", "The request was incorrectly formatted."),
        (
            {"scope": uai("gone")},
            404,
            "ResourceNotFound",
            "The Resource 'Microsoft.ManagedIdentity/userAssignedIdentities/gone' under resource group 'rg' was not "
            "found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
        ),
    ],
)
def test_refusals(cloud: Cloud, change: dict[str, t.Any], status: int, code: str, message: str) -> None:
    first: dict[str, t.Any] = {"principal": PERSON, "name": name_of("x"), "principalType": "User"}
    assert assign(cloud, **first).status == 201
    answer = assign(cloud, **{**first, **change})
    assert (answer.status, answer.code, answer.message) == (status, code, message)


@pytest.mark.parametrize("bad", [{"principalType": "Robot"}, {"condition": 1}, {"description": []}])
def test_bodies_that_cannot_be_read(cloud: Cloud, bad: dict[str, t.Any]) -> None:
    assert assign(cloud, PERSON, **{"principalType": "User", **bad}).code == "InvalidRequestContent"


def not_found(principal: str) -> str:
    """Return the recorded text."""
    return (
        f"Principal {principal.replace('-', '')} does not exist in the directory {TENANT}. Check that you have the "
        "correct principal ID. If you are creating this principal and then immediately assigning a role, this error "
        "might be related to a replication delay. In this case, set the role assignment principalType property to a "
        "value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype"
    )


def test_an_unknown_principal(cloud: Cloud) -> None:
    answer = assign(cloud, PERSON)
    assert (answer.status, answer.code, answer.message) == (400, "PrincipalNotFound", not_found(PERSON))


@pytest.mark.parametrize(
    ("version", "status"),
    [("2015-07-01", 400), ("2018-01-01-preview", 400), ("2018-07-01", 400), ("2018-09-01-preview", 201)],
)
def test_api_versions_that_do_not_know_types_of_principals(cloud: Cloud, version: str, status: int) -> None:
    role = f"{HERE}/{AUTHORIZATION}/roleDefinitions/{READER}"
    properties = {"roleDefinitionId": role, "principalId": PERSON, "principalType": "User"}
    path = assignment_id(GROUP, name_of(version))
    answer = cloud.send("PUT", path, {"properties": properties}, version=version)
    assert answer.status == status
    assert status == 201 or answer.message == not_found(PERSON)


@pytest.mark.parametrize("system", [False, True])
def test_a_new_principal_replicates(tmp_path: Path, system: bool) -> None:
    cloud = seeded(tmp_path, settings={"replication_seconds": 30.0})
    if system:
        cloud.patch({"type": "SystemAssigned"})
        principal = (cloud.identity() or {})["principalId"]
    else:
        new = uai("new")
        cloud.send("PUT", new, {"location": "westeurope"}, version="2023-01-31")
        principal = principal_of(cloud, new)
    assert assign(cloud, principal).message == not_found(principal)
    early = assign(cloud, principal, scope=VM, principalType="ServicePrincipal")
    assert early.status == 201
    cloud.now += 31
    late = assign(cloud, principal)
    assert (late.status, late.json["properties"]["principalType"]) == (201, "ServicePrincipal")
    assert assign(cloud, principal_of(cloud, A)).status == 201


def test_a_principal_of_another_type(cloud: Cloud) -> None:
    principal = principal_of(cloud, A)
    answer = assign(cloud, principal, principalType="User")
    assert (answer.status, answer.code) == (400, "UnmatchedPrincipalType")
    assert answer.message == (
        f"The PrincipalId '{principal.replace('-', '')}' has type 'ServicePrincipal' , which is different from "
        "specified PrinciaplType 'User'."
    )


def test_assignments_outlive_their_principal_and_not_their_scope(cloud: Cloud) -> None:
    identity = uai("fleeting")
    cloud.send("PUT", identity, {"location": "westeurope"}, version="2023-01-31")
    principal = principal_of(cloud, identity)
    created = assign(cloud, principal, scope=GROUP)
    cloud.send("DELETE", identity, version="2023-01-31")
    assert cloud.send("GET", created.json["id"], version=V).status == 200
    cloud.send("PUT", identity, {"location": "westeurope"}, version="2023-01-31")
    again = assign(cloud, principal_of(cloud, identity))
    assert (again.status, again.json["name"] != created.json["name"]) == (201, True)
    cloud.send("DELETE", GROUP, version="2022-09-01")
    assert listed(cloud, HERE, f"principalId eq '{principal}'") == []


def test_lists(tmp_path: Path) -> None:
    subscriptions = [
        {"id": SUBSCRIPTION, "name": "First", "management_group": "platform"},
        {"id": SECOND, "name": "Second"},
    ]
    callers = [{"name": "main", "object_id": "main-object", "secret": "s"}]
    cloud = seeded(tmp_path, management_groups=GROUPS, subscriptions=subscriptions, callers=callers)
    scopes = ["", MANAGEMENT, HERE, GROUP, VM]
    for scope in scopes:
        assert assign(cloud, PERSON, scope=scope, principalType="User").status == 201
    assert assign(cloud, name_of("else"), scope=GROUP, principalType="Group").status == 201
    assert assign(cloud, PERSON, scope=f"/subscriptions/{SECOND}", principalType="User").status == 201
    mine = f"principalId eq '{PERSON}'"
    assert set(listed(cloud, GROUP, f"atScope() and {mine}")) == {"/", MANAGEMENT, HERE, GROUP}
    assert set(listed(cloud, GROUP, mine)) == {"/", MANAGEMENT, HERE, GROUP, VM}
    assert set(listed(cloud, GROUP, f"assignedTo('{PERSON}')")) == {"/", MANAGEMENT, HERE, GROUP, VM}
    assert sorted(listed(cloud, GROUP)) == sorted(["/", MANAGEMENT, HERE, GROUP, GROUP, VM])
    assert set(listed(cloud, MANAGEMENT, f"{mine} and atScope()")) == {"/", MANAGEMENT}
    parent = MANAGEMENT.replace("platform", "root-child")
    assert set(listed(cloud, parent, mine)) == {"/", MANAGEMENT, HERE, GROUP, VM}
    assert set(listed(cloud, f"/subscriptions/{SECOND}", mine)) == {"/", f"/subscriptions/{SECOND}"}


def test_pages(tmp_path: Path) -> None:
    cloud = seeded(tmp_path, settings={"page_size": 2})
    for number in range(5):
        assign(cloud, name_of(str(number)), principalType="Group")
    path = f"{GROUP}/{AUTHORIZATION}/roleAssignments?api-version={V}&$filter=atScope() and principalId eq '{PERSON}'"
    assert cloud.send("GET", path).json == {"value": []}
    path, seen = f"{GROUP}/{AUTHORIZATION}/roleAssignments?api-version={V}&$filter=atScope()", []
    while path:
        answer = cloud.send("GET", path).json
        assert len(answer["value"]) <= 2
        assert " " not in answer.get("nextLink", "")
        seen += [item["name"] for item in answer["value"]]
        path = answer.get("nextLink", "")
    assert len(seen) == len(set(seen)) == 6


@pytest.mark.parametrize("text", ["near()", "scope eq 'x'", "assignedTo()", "atScope('x')", "principalId ne 'x'"])
def test_filters_that_are_not_known(cloud: Cloud, text: str) -> None:
    answer = cloud.send("GET", f"{GROUP}/{AUTHORIZATION}/roleAssignments?api-version={V}&$filter={text}")
    assert (answer.status, answer.code) == (400, "BadRequest")


@pytest.mark.parametrize("name", ["nowhere", TENANT.replace("5a1d", "c0ff")])
def test_a_management_group_that_is_not_there(cloud: Cloud, name: str) -> None:
    scope = f"/providers/Microsoft.Management/managementGroups/{name}"
    answer = assign(cloud, PERSON, scope=scope, principalType="User")
    assert (answer.status, answer.code) == (403, "AuthorizationFailed")
    assert "or the scope is invalid" in answer.message


def test_the_root_group_and_other_tenants(cloud: Cloud) -> None:
    root = f"/providers/Microsoft.Management/managementGroups/{TENANT}"
    assert assign(cloud, PERSON, scope=root, principalType="User").status == 201
    assert listed(cloud, GROUP, f"principalId eq '{PERSON}'") == [root]
    foreign = assign(cloud, PERSON, scope=f"/subscriptions/{FOREIGN}", principalType="User")
    assert foreign.code == "InvalidAuthenticationTokenTenant"


def test_a_lock_blocks_assignments(cloud: Cloud) -> None:
    created = assign(cloud, PERSON, principalType="User").json
    lock = f"{GROUP}/{AUTHORIZATION}/locks/keep"
    cloud.send("PUT", lock, {"properties": {"level": "CanNotDelete"}}, version="2020-05-01")
    answer = cloud.send("DELETE", created["id"], version=V)
    assert (answer.status, answer.code) == (409, "ScopeLocked")
    assert answer.message.endswith(f"following scope(s) are locked: '{GROUP}'. Please remove the lock and try again.")
    assert assign(cloud, PERSON, CONTRIBUTOR, principalType="User").status == 201
    cloud.send("PUT", lock, {"properties": {"level": "ReadOnly"}}, version="2020-05-01")
    assert assign(cloud, PERSON, READER, VM, principalType="User").code == "ScopeLocked"
