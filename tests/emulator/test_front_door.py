# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ARM's front door: tokens, api-versions, rights, locks, policies, what is not there."""

from __future__ import annotations

import time
import typing as t
from pathlib import Path

import pytest

from tests.emulator.cloud import BASE, FOREIGN, GROUP, SUBSCRIPTION, TENANT, VM, A, Cloud, uai

RESOURCE_NOT_FOUND = (
    "The Resource 'Microsoft.Compute/virtualMachines/d1' under resource group 'rg' was not found. "
    "For more details please go to https://aka.ms/ARMResourceNotFoundFix"
)


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


@pytest.mark.parametrize(
    ("path", "version"),
    [
        (VM, "2015-06-15"),
        (VM, "2026-11-01"),
        (VM, "2027-02-28-PREVIEW"),
        (VM, "2017-05-01"),
        (f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Network/networkInterfaces", "2026-05-01"),
        (f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute/disks", "2026-03-02"),
        (f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute/skus", "2026-03-02"),
        (f"{GROUP}/providers/Microsoft.Resources/deployments", "2026-03-01"),
        (GROUP, "2026-03-01"),
        (A, "2026-12-31"),
        (f"{A}/federatedIdentityCredentials", "2026-12-31"),
        (f"{VM}/providers/Microsoft.Authorization/roleAssignments", "2026-12-31"),
        (f"{GROUP}/providers/Microsoft.Authorization/locks", "2026-12-31-preview"),
        ("/providers/Microsoft.Authorization/roleDefinitions", "2026-12-31"),
    ],
)
def test_versions_between_and_after_those_that_are_known(cloud: Cloud, path: str, version: str) -> None:
    reply = cloud.send("GET", path, version=version)
    assert reply.status == 200, reply.text


@pytest.mark.parametrize(
    ("path", "version", "code"),
    [
        (VM, "2015-06-14", "NoRegisteredProviderFound"),
        (VM, "2100-01-01", "NoRegisteredProviderFound"),
        (VM, "2024-13-01", "NoRegisteredProviderFound"),
        (VM, "2024-07-01-draft", "NoRegisteredProviderFound"),
        (VM, "2024-7-1", "InvalidApiVersionParameter"),
        (VM, "2024-07-01-", "InvalidApiVersionParameter"),
        (GROUP, "2014-03-31", "InvalidApiVersionParameter"),
        (f"{A}/federatedIdentityCredentials", "2021-09-30-preview", "NoRegisteredProviderFound"),
        (f"{GROUP}/providers/Microsoft.Resources/deployments", "2013-01-01", "NoRegisteredProviderFound"),
    ],
)
def test_versions_that_cannot_be(cloud: Cloud, path: str, version: str, code: str) -> None:
    reply = cloud.send("GET", path, version=version)
    assert (reply.status, reply.code) == (400, code)


@pytest.mark.parametrize("version", ["2021-12-01-preview", "2023-01-31", "2026-03-01"])
def test_associated_resources_were_in_two_previews_only(cloud: Cloud, version: str) -> None:
    path = f"{A}/listAssociatedResources"
    assert cloud.send("POST", path, version=version).code == "NoRegisteredProviderFound"
    assert cloud.send("POST", path, version="2022-01-31-preview").status == 200


def test_the_newest_version_can_be_set_for_all_and_for_one_kind(tmp_path: Path) -> None:
    cloud = Cloud(tmp_path, newest_api_version="2025-01-01", newest_api_versions={"disks": "2023-04-02"})
    disks = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute/disks"
    assert cloud.send("GET", VM, version="2025-01-01").status == 200
    reply = cloud.send("GET", VM, version="2025-04-01")
    assert reply.code == "NoRegisteredProviderFound"
    assert "2024-11-01'. The supported locations" in reply.message
    assert cloud.send("GET", disks, version="2023-04-02").status == 200
    assert cloud.send("GET", disks, version="2023-10-02").code == "NoRegisteredProviderFound"
    provider = cloud.send("GET", f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute", version="2021-04-01")
    newest = {item["resourceType"]: item["apiVersions"][0] for item in provider.json["resourceTypes"]}
    assert newest == {"virtualMachines": "2024-11-01", "virtualMachineScaleSets": "2024-11-01", "disks": "2023-04-02"}


@pytest.mark.parametrize(
    ("version", "etag", "isolation"),
    [("2023-11-30", False, False), ("2024-12-01", True, True), ("2027-01-01", True, True)],
)
def test_answers_in_versions_of_no_list_have_the_fields_of_their_date(
    cloud: Cloud, version: str, etag: bool, isolation: bool
) -> None:
    assert ("etag" in cloud.send("GET", VM, version=version).json) is etag
    assert ("isolationScope" in cloud.send("GET", A, version=version).json["properties"]) is isolation


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
