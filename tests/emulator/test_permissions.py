# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rights come from role assignments, whoever made them: the seed or a request."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from emulator.cloud.model import Caller
from emulator.dispatch import Request, who
from emulator.rights.rbac import allowed
from tests.emulator.access import (
    AUTHORIZATION,
    CONTRIBUTOR,
    MANAGEMENT,
    OPERATOR,
    PERSON,
    READER,
    ROLES,
    VM_CONTRIBUTOR,
    V,
    assign,
    principal_of,
    seeded,
)
from tests.emulator.cloud import BASE, GROUP, SECOND, SUBSCRIPTION, VM, A, B, Cloud

HERE = f"/subscriptions/{SUBSCRIPTION}"
GUEST = {"name": "guest", "client_id": "guest-client", "object_id": PERSON, "secret": "g"}
MAIN = {"name": "main", "object_id": "main-object", "secret": "s"}
ANY_UAI = "Microsoft.ManagedIdentity/userAssignedIdentities"


def guest(tmp_path: Path, roles: list[dict[str, str]] | None = None, **parts: t.Any) -> Cloud:
    """Return a cloud with a caller who has only the given roles."""
    return seeded(tmp_path, callers=[MAIN, {**GUEST, "roles": roles or []}], **parts)


def status(cloud: Cloud, method: str = "GET", path: str = VM, **options: t.Any) -> int:
    """Return what the guest gets."""
    return cloud.send(method, path, caller="guest", **options).status


def test_an_assignment_takes_effect_and_ends(tmp_path: Path) -> None:
    cloud = guest(tmp_path)
    assert status(cloud) == 403
    created = assign(cloud, PERSON, scope=GROUP).json
    assert status(cloud) == 200
    assert cloud.patch({"type": "SystemAssigned"}, caller="guest").code == "AuthorizationFailed"
    assert assign(cloud, PERSON, VM_CONTRIBUTOR, scope=VM).status == 201
    assert cloud.patch({"type": "SystemAssigned"}, caller="guest").status == 200
    cloud.send("DELETE", created["id"], version=V)
    assert status(cloud) == 200
    assert status(cloud, path=GROUP, version="2022-09-01") == 403


def test_an_assignment_takes_its_time(tmp_path: Path) -> None:
    cloud = guest(tmp_path, settings={"propagation_seconds": 120.0})
    assert assign(cloud, PERSON, scope=GROUP).status == 201
    assert status(cloud) == 403
    cloud.now += 121
    assert status(cloud) == 200


def test_seeded_roles_are_assignments(tmp_path: Path) -> None:
    cloud = guest(tmp_path, [{"role": "reader", "scope": GROUP}])
    path = f"{GROUP}/{AUTHORIZATION}/roleAssignments?api-version={V}&$filter=principalId eq '{PERSON}'"
    found = cloud.send("GET", path).json["value"]
    assert [item["properties"]["scope"] for item in found] == [GROUP]
    assert found[0]["properties"]["principalType"] == "ServicePrincipal"
    assert assign(cloud, PERSON, READER).code == "RoleAssignmentExists"
    assert status(cloud) == 200
    assert cloud.send("DELETE", found[0]["id"], version=V).status == 200
    assert status(cloud) == 403


def test_management_groups_pass_on(tmp_path: Path) -> None:
    subscriptions = [
        {"id": SUBSCRIPTION, "name": "First", "management_group": "platform"},
        {"id": SECOND, "name": "Second"},
    ]
    groups = [{"name": "all"}, {"name": "platform", "parent": "all"}]
    cloud = guest(tmp_path, subscriptions=subscriptions, management_groups=groups)
    second = f"/subscriptions/{SECOND}/resourceGroups/rg2"
    first = assign(cloud, PERSON, scope=MANAGEMENT).json
    assert (status(cloud), status(cloud, path=second, version="2022-09-01")) == (200, 403)
    cloud.send("DELETE", first["id"], version=V)
    assert status(cloud) == 403
    assert assign(cloud, PERSON, scope=MANAGEMENT.replace("platform", "all")).status == 201
    assert (status(cloud), status(cloud, path=second, version="2022-09-01")) == (200, 403)
    assert assign(cloud, PERSON, scope="").status == 201
    assert status(cloud, path=second, version="2022-09-01") == 200


def test_all_missing_linked_ids_are_listed(tmp_path: Path) -> None:
    cloud = guest(tmp_path, [{"role": "Virtual Machine Contributor", "scope": GROUP}])
    body = {"type": "UserAssigned", "userAssignedIdentities": {A: {}, B: {}}}
    refused = cloud.patch(body, caller="guest")
    assert (refused.status, refused.code) == (403, "LinkedAuthorizationFailed")
    assert refused.message == (
        f"The client 'guest-client' with object id '{PERSON}' has permission to perform action "
        f"'Microsoft.Compute/virtualMachines/write' on scope '{VM}'; however, it does not have permission to perform "
        f"action '{ANY_UAI}/assign/action' on the linked scope(s) '{A},{B}' or the linked scope(s) are invalid."
    )
    assert assign(cloud, PERSON, OPERATOR, scope=A).status == 201
    assert f"linked scope(s) '{B}' or" in cloud.patch(body, caller="guest").message
    assert assign(cloud, PERSON, OPERATOR, scope=B).status == 201
    assert cloud.patch(body, caller="guest").status == 200


def test_who_may_assign_roles(tmp_path: Path) -> None:
    cloud = guest(tmp_path, [{"role": "Contributor", "scope": GROUP}])
    refused = assign(cloud, PERSON, scope=VM, caller="guest")
    assert (refused.status, refused.code) == (403, "AuthorizationFailed")
    assert "'Microsoft.Authorization/roleAssignments/write' over scope" in refused.message
    assert f"over scope '{VM}/{AUTHORIZATION}/roleAssignments/" in refused.message
    role = ROLES["Role Based Access Control Administrator"]
    assert assign(cloud, PERSON, role, scope=GROUP).status == 201
    assert assign(cloud, PERSON, scope=VM, caller="guest").status == 201
    lock = f"{GROUP}/{AUTHORIZATION}/locks/l"
    body = {"properties": {"level": "ReadOnly"}}
    assert cloud.send("PUT", lock, body, caller="guest", version="2020-05-01").code == "AuthorizationFailed"


@pytest.mark.parametrize(
    ("role", "action", "granted"),
    [
        (OPERATOR, f"{ANY_UAI}/assign/action", True),
        (OPERATOR, f"{ANY_UAI}/read", True),
        (OPERATOR, f"{ANY_UAI}/federatedIdentityCredentials/read", True),
        (OPERATOR, f"{ANY_UAI}/write", False),
        (OPERATOR, "Microsoft.ManagedIdentity/userAssignedIdentitiesX/assign/action", False),
        (ROLES["Managed Identity Contributor"], f"{ANY_UAI}/assign/action", False),
        (ROLES["Managed Identity Contributor"], f"{ANY_UAI}/federatedIdentityCredentials/write", True),
        (VM_CONTRIBUTOR, "Microsoft.Compute/virtualMachines/write", True),
        (VM_CONTRIBUTOR, "Microsoft.Compute/virtualMachineScaleSets/manualUpgrade/action", True),
        (VM_CONTRIBUTOR, "Microsoft.Authorization/roleAssignments/write", False),
        (VM_CONTRIBUTOR, "Microsoft.Authorization/roleAssignments/read", True),
        (CONTRIBUTOR, f"{ANY_UAI}/assign/action", True),
        (CONTRIBUTOR, "Microsoft.Authorization/locks/delete", False),
        (READER, f"{ANY_UAI}/listAssociatedResources/action", False),
        (ROLES["User Access Administrator"], "Microsoft.Authorization/locks/write", True),
        (ROLES["Owner"], "Microsoft.Authorization/locks/write", True),
    ],
)
def test_what_roles_grant(tmp_path: Path, role: str, action: str, granted: bool) -> None:
    cloud = guest(tmp_path, [{"role": role, "scope": GROUP}])
    headers = {"Authorization": f"Bearer {cloud.token('guest')}"}
    caller = who(cloud.world, Request("GET", VM, {}, headers, b"", BASE))
    assert isinstance(caller, Caller)
    assert allowed(caller, action, A) == granted


def permissions(cloud: Cloud, scope: str, caller: str = "guest") -> t.Any:
    """Return what a caller may do."""
    return cloud.send("GET", f"{scope}/{AUTHORIZATION}/permissions", caller=caller, version=V)


def test_permissions(tmp_path: Path) -> None:
    cloud = guest(tmp_path, [{"role": "Reader", "scope": HERE}, {"role": "Managed Identity Operator", "scope": A}])
    reader = {"actions": ["*/read"], "notActions": [], "dataActions": [], "notDataActions": []}
    assert permissions(cloud, GROUP).json == {"value": [reader]}
    assert permissions(cloud, VM).json == {"value": [reader]}
    value = permissions(cloud, A).json["value"]
    assert len(value) == 2
    assert f"{ANY_UAI}/*/assign/action" in [action for item in value for action in item["actions"]]
    assert permissions(cloud, GROUP, "main").json["value"][0]["actions"] == ["*"]
    refused = permissions(cloud, f"/subscriptions/{SECOND}/resourceGroups/rg2")
    assert (refused.status, refused.code) == (403, "AuthorizationFailed")


def identity_token(cloud: Cloud, query: str = "") -> str:
    """Return the token that a program on the VM gets."""
    path = f"/imds/{SUBSCRIPTION}/rg/vm/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://management.azure.com/"
    return t.cast("str", cloud.raw("GET", path + query, headers={"Metadata": "true"}).json["access_token"])


@pytest.mark.parametrize("system", [True, False])
def test_managed_identities_are_callers(cloud: Cloud, system: bool) -> None:
    if system:
        cloud.patch({"type": "SystemAssigned"})
        principal = (cloud.identity() or {})["principalId"]
    else:
        cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {A: {}}})
        principal = principal_of(cloud, A)
    headers = {"Authorization": f"Bearer {identity_token(cloud)}"}

    def read() -> int:
        return cloud.raw("GET", f"{VM}?api-version=2024-07-01", headers=headers).status

    assert read() == 403
    assert assign(cloud, principal, scope=VM).status == 201
    assert read() == 200
