# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`/metadata/endpoints` in the shapes that clients read."""

from __future__ import annotations

import typing as t

import pytest

from tests.emulator.cloud import BASE, Cloud

NESTED = ("authentication", "suffixes")


def metadata(cloud: Cloud, version: str) -> t.Any:
    """Ask without a token, as clients do."""
    reply = cloud.raw("GET", f"/metadata/endpoints?api-version={version}")
    assert reply.status == 200
    return reply.json


def test_the_short_form(cloud: Cloud) -> None:
    body = metadata(cloud, "2015-01-01")
    assert body["authentication"]["loginEndpoint"] == BASE
    assert body["authentication"]["audiences"]


@pytest.mark.parametrize("version", ["2019-05-01", "2020-06-01"])
def test_a_list_of_clouds(cloud: Cloud, version: str) -> None:
    (found,) = metadata(cloud, version)
    assert (found["resourceManager"], found["authentication"]["loginEndpoint"]) == (BASE, BASE)


@pytest.mark.parametrize("version", ["2022-09-01", "2023-11-01"])
def test_one_cloud(cloud: Cloud, version: str) -> None:
    found = metadata(cloud, version)
    assert found["name"] == "AzureEmulator"
    assert {"resourceManager", "authentication", "suffixes", "graphAudience", "portal"} <= set(found)
    assert {"loginEndpoint", "audiences", "tenant", "identityProvider"} == set(found["authentication"])


def test_what_terraform_reads(cloud: Cloud) -> None:
    """The provider azurerm takes its endpoints from these fields, and stops without a name or one of these services."""
    found = metadata(cloud, "2022-09-01")
    assert found["name"]
    assert (found["resourceManager"], found["microsoftGraphResourceId"]) == (BASE, f"{BASE}/")
    authentication = found["authentication"]
    assert authentication["loginEndpoint"] == BASE
    assert "https://management.azure.com/" in authentication["audiences"]
    assert (authentication["tenant"], authentication["identityProvider"]) == ("common", "AAD")
    # In Go a field of another type is an error, an absent one is empty.
    words = [*found["suffixes"].values(), *(value for name, value in found.items() if name not in NESTED)]
    assert all(isinstance(word, str) and word for word in words)
    assert {"keyVaultDns", "storage", "sqlServerHostname"} <= set(found["suffixes"])
