# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ARM's front door: tokens, api-versions, rights, locks, policies, what is not there."""

from __future__ import annotations

import copy
import time
import typing as t
from pathlib import Path

import pytest

from tests.emulator.cloud import BASE, FOREIGN, GROUP, SEED, SUBSCRIPTION, TENANT, VM, A, Cloud, uai

RESOURCE_NOT_FOUND = (
    "The Resource 'Microsoft.Compute/virtualMachines/d1' under resource group 'rg' was not found. "
    "For more details please go to https://aka.ms/ARMResourceNotFoundFix"
)


def seeded(tmp_path: Path, **parts: t.Any) -> Cloud:
    """Return a cloud whose seed has more parts."""
    return Cloud(tmp_path, {**copy.deepcopy(SEED), **parts})


@pytest.mark.parametrize(
    ("path", "status", "code", "message"),
    [
        (f"{GROUP}/providers/Microsoft.Compute/virtualMachines/d1", 404, "ResourceNotFound", RESOURCE_NOT_FOUND),
        (
            uai("no"),
            404,
            "ResourceNotFound",
            "The Resource 'Microsoft.ManagedIdentity/userAssignedIdentities/no' under resource group 'rg' was not "
            "found. "
            "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
        ),
        (VM.replace("/rg/", "/x/"), 404, "ResourceGroupNotFound", "Resource group 'x' could not be found."),
        (VM.replace(SUBSCRIPTION, "x"), 404, "SubscriptionNotFound", "The subscription 'x' could not be found."),
        (VM.replace("Microsoft.Compute", "Nobody.Knows"), 404, "InvalidResourceNamespace", None),
        (VM.replace("virtualMachines", "gadgets"), 404, "InvalidResourceType", None),
        ("/", 404, "InvalidRequestUri", None),
        ("/some/thing/else", 404, "InvalidRequestUri", None),
    ],
)
def test_not_found(cloud: Cloud, path: str, status: int, code: str, message: str | None) -> None:
    version = "2023-01-31" if "userAssigned" in path else "2024-07-01"
    reply = cloud.send("GET", path, version=version)
    assert (reply.status, reply.code) == (status, code)
    assert reply.headers["x-ms-failure-cause"] == "gateway"
    if message:
        assert reply.message == message


def test_a_method_that_is_not_served(cloud: Cloud) -> None:
    assert cloud.send("POST", VM).status == 405


@pytest.mark.parametrize(
    ("query", "code", "start"),
    [
        (
            "",
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        ),
        ("?api-version=", "MissingApiVersionParameter", "The api-version query parameter"),
        (
            "?api-version=soon",
            "InvalidApiVersionParameter",
            "The api-version 'soon' is invalid. The supported versions are '",
        ),
        (
            "?api-version=2013-01-01",
            "NoRegisteredProviderFound",
            "No registered resource provider found for location 'westeurope' and API version '2013-01-01' for type "
            "'virtualMachines'. The supported api-versions are '2015-06-15, ",
        ),
    ],
)
def test_api_version(cloud: Cloud, query: str, code: str, start: str) -> None:
    reply = cloud.raw("GET", VM + query, headers={"Authorization": f"Bearer {cloud.token()}"})
    assert (reply.status, reply.code) == (400, code)
    assert reply.message.startswith(start)


def test_an_old_cloud_knows_no_new_versions_and_no_etag(tmp_path: Path) -> None:
    cloud = Cloud(tmp_path, vm_api_versions=["2020-06-01", "2022-11-01"])
    assert cloud.send("GET", VM, version="2024-07-01").code == "NoRegisteredProviderFound"
    reply = cloud.send("GET", VM, version="2022-11-01")
    assert reply.status == 200
    assert "etag" not in reply.headers
    assert "etag" not in reply.json


def test_no_token(cloud: Cloud) -> None:
    reply = cloud.raw("GET", f"{VM}?api-version=2024-07-01")
    assert (reply.status, reply.code) == (401, "AuthenticationFailed")
    assert reply.message == "Authentication failed. The 'Authorization' header is missing."
    assert reply.headers["WWW-Authenticate"].startswith(f'Bearer authorization_uri="{BASE}/", error="invalid_token"')


def test_a_token_of_someone_else(cloud: Cloud) -> None:
    reply = cloud.raw("GET", f"{VM}?api-version=2024-07-01", headers={"Authorization": "Bearer a.b.c"})
    assert (reply.status, reply.code, reply.message) == (
        401,
        "InvalidAuthenticationToken",
        "The access token is invalid.",
    )
    assert "WWW-Authenticate" in reply.headers


def claims(**other: t.Any) -> dict[str, t.Any]:
    """Return the claims of the main caller's token."""
    ours = {"aud": "https://management.azure.com", "oid": "main-object", "tid": TENANT, "appid": "main-client"}
    return {**ours, **other}


def test_an_expired_token(cloud: Cloud) -> None:
    token = cloud.world.tokens.issue(claims(), -10)
    reply = cloud.raw("GET", f"{VM}?api-version=2024-07-01", headers={"Authorization": f"Bearer {token}"})
    assert (reply.status, reply.code) == (401, "ExpiredAuthenticationToken")
    assert reply.message.startswith("The access token expiry UTC time '")
    assert str(time.gmtime().tm_year) in reply.message


def test_a_token_for_another_audience(cloud: Cloud) -> None:
    token = cloud.world.tokens.issue(claims(aud="https://graph.microsoft.com"), 100)
    reply = cloud.raw("GET", f"{VM}?api-version=2024-07-01", headers={"Authorization": f"Bearer {token}"})
    assert (reply.status, reply.code) == (401, "InvalidAuthenticationTokenAudience")


def test_a_token_of_another_tenant(cloud: Cloud) -> None:
    reply = cloud.send("GET", VM, caller="foreigner")
    assert (reply.status, reply.code) == (401, "InvalidAuthenticationTokenTenant")
    assert "WWW-Authenticate" in reply.headers
    assert cloud.send("GET", f"/subscriptions/{FOREIGN}", caller="foreigner", version="2022-12-01").status == 200


def test_tokens_outlive_a_reset(cloud: Cloud) -> None:
    token = cloud.token()
    cloud.world.reset()
    assert cloud.raw("GET", f"{VM}?api-version=2024-07-01", headers={"Authorization": f"Bearer {token}"}).status == 200


def test_a_right_that_the_caller_lacks(tmp_path: Path) -> None:
    roles = [{"role": "reader", "scope": f"/subscriptions/{SUBSCRIPTION}"}]
    callers = [{"name": "main", "client_id": "id", "object_id": "oid", "secret": "s", "roles": roles}]
    cloud = seeded(tmp_path, callers=callers)
    assert cloud.send("GET", VM).status == 200
    reply = cloud.patch({"type": "SystemAssigned"})
    message = (
        "The client 'id' with object id 'oid' does not have authorization to perform action "
        f"'Microsoft.Compute/virtualMachines/write' over scope '{VM}' or the scope is invalid. If access was recently "
        "granted, please refresh your credentials."
    )
    assert (reply.status, reply.code, reply.message) == (403, "AuthorizationFailed", message)
    assert reply.headers["x-ms-failure-cause"] == "gateway"


@pytest.mark.parametrize("scope", [A, GROUP.upper(), f"/subscriptions/{SUBSCRIPTION}"])
def test_managed_identity_operator_may_assign(tmp_path: Path, scope: str) -> None:
    roles = [
        {"role": "Virtual Machine Contributor", "scope": GROUP},
        {"role": "f1a07417-d97a-45cb-824c-7a7467783830", "scope": scope},
    ]
    cloud = seeded(tmp_path, callers=[{"name": "main", "secret": "s", "roles": roles}])
    assert cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {A: {}}}).status == 200


def test_managed_identity_contributor_may_not_assign(tmp_path: Path) -> None:
    roles = [
        {"role": "Virtual Machine Contributor", "scope": GROUP},
        {"role": "Managed Identity Contributor", "scope": GROUP},
    ]
    cloud = seeded(tmp_path, callers=[{"name": "main", "secret": "s", "roles": roles}])
    reply = cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {A: {}}})
    assert reply.code == "LinkedAuthorizationFailed"
    assert cloud.send("DELETE", A, version="2023-01-31").status == 200


def test_a_list_shows_what_one_may_read(tmp_path: Path) -> None:
    vms = [{"name": "vm", "group": "rg"}, {"name": "hidden", "group": "rg"}]
    callers = [{"name": "main", "secret": "s", "roles": [{"role": "Reader", "scope": VM}]}]
    cloud = seeded(tmp_path, vms=vms, callers=callers)
    listing = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute/virtualMachines"
    assert [vm["name"] for vm in cloud.send("GET", listing).json["value"]] == ["vm"]


def test_a_list_of_what_one_may_not_read_at_all(cloud: Cloud) -> None:
    listing = uai("x").rpartition("/")[0]
    assert cloud.send("GET", listing, caller="limited", version="2023-01-31").code == "AuthorizationFailed"


@pytest.mark.parametrize("scope", [VM, GROUP, f"/subscriptions/{SUBSCRIPTION}"])
def test_a_read_only_lock(tmp_path: Path, scope: str) -> None:
    cloud = seeded(tmp_path, locks=[{"name": "keep", "scope": scope, "level": "ReadOnly"}])
    reply = cloud.patch({"type": "SystemAssigned"})
    message = (
        f"The scope '{VM}' cannot perform write operation because following scope(s) are locked: '{scope}'. Please "
        "remove "
        "the lock and try again."
    )
    assert (reply.status, reply.code, reply.message) == (409, "ScopeLocked", message)
    assert cloud.send("GET", VM).json["etag"] == '"1"'


def test_a_lock_against_deletion_blocks_deletion_only(tmp_path: Path) -> None:
    cloud = seeded(tmp_path, locks=[{"name": "keep", "scope": VM, "level": "CanNotDelete"}])
    assert cloud.patch({"type": "SystemAssigned"}).status == 200
    reply = cloud.send("DELETE", VM)
    assert (reply.status, reply.code) == (409, "ScopeLocked")
    assert "cannot perform delete operation" in reply.message
    assert cloud.send("DELETE", GROUP, version="2022-09-01").code == "ScopeLocked"


def test_locks_over_rest(cloud: Cloud) -> None:
    lock = f"{GROUP}/providers/Microsoft.Authorization/locks/keep"
    body = {"properties": {"level": "ReadOnly"}}
    assert cloud.send("PUT", lock, body, version="2016-09-01").status == 201
    assert cloud.send("PUT", lock, body, version="2016-09-01").status == 200
    assert cloud.send("GET", lock, version="2016-09-01").json["properties"] == {"level": "ReadOnly"}
    assert cloud.patch({"type": "SystemAssigned"}).code == "ScopeLocked"
    listing = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/locks"
    assert len(cloud.send("GET", listing, version="2016-09-01").json["value"]) == 1
    assert cloud.send("DELETE", lock, version="2016-09-01").status == 200
    assert cloud.send("DELETE", lock, version="2016-09-01").status == 204
    assert cloud.patch({"type": "SystemAssigned"}).status == 200


def test_a_policy_that_denies(tmp_path: Path) -> None:
    cloud = seeded(tmp_path, policies=[{"name": "no-change", "definition": "deny-all", "scope": GROUP}])
    reply = cloud.patch({"type": "SystemAssigned"})
    assert (reply.status, reply.code) == (403, "RequestDisallowedByPolicy")
    assert reply.message.startswith("Resource 'vm' was disallowed by policy. Policy identifiers: '[{")
    assert reply.json["error"]["additionalInfo"][0]["type"] == "PolicyViolation"


def test_a_provider_that_is_not_registered(tmp_path: Path) -> None:
    subscriptions = [{**item, "unregistered": ["Microsoft.Compute"]} for item in SEED["subscriptions"]]
    cloud = seeded(tmp_path, subscriptions=subscriptions)
    reply = cloud.patch({"type": "SystemAssigned"})
    assert (reply.status, reply.code) == (409, "MissingSubscriptionRegistration")
    assert reply.message.startswith(
        "The subscription is not registered to use namespace 'Microsoft.Compute'. See https://aka.ms/rps"
    )
    register = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute/register"
    assert cloud.send("POST", register, version="2021-04-01").json["registrationState"] == "Registered"
    assert cloud.patch({"type": "SystemAssigned"}).status == 200
