# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ARM's front door: tokens, api-versions, rights, locks, policies, what is not there."""

from __future__ import annotations

import time
import typing as t
from pathlib import Path

import pytest

from tests.emulator.cloud import BASE, FOREIGN, GROUP, SUBSCRIPTION, TENANT, VM, Cloud, uai

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
