# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""User-assigned identities as resources, and the system identity of a VM as one."""

from __future__ import annotations

import pytest

from tests.emulator.cloud import GROUP, SUBSCRIPTION, TENANT, VM, A, Cloud, uai

NEW = uai("new")
V = "2023-01-31"


def test_create_update_delete(cloud: Cloud) -> None:
    created = cloud.send("PUT", NEW, {"location": "westeurope", "tags": {"a": "b"}}, version=V)
    assert created.status == 201
    lower = NEW.replace("resourceGroups", "resourcegroups")
    assert (created.json["id"], created.headers["Location"]) == (lower, lower)
    assert list(created.json) == ["id", "name", "type", "location", "tags", "properties"]
    assert list(created.json["properties"]) == ["tenantId", "principalId", "clientId"]
    assert created.json["properties"]["tenantId"] == TENANT
    assert cloud.send("GET", NEW.upper(), version=V).json == created.json
    updated = cloud.send("PUT", NEW, {"location": "West Europe"}, version=V)
    assert (updated.status, updated.json["tags"]) == (200, {})
    assert updated.json["properties"] == created.json["properties"]
    assert cloud.send("PATCH", NEW, {"tags": {"c": "d"}}, version=V).json["tags"] == {"c": "d"}
    assert (cloud.send("DELETE", NEW, version=V).status, cloud.send("DELETE", NEW, version=V).status) == (200, 204)
    again = cloud.send("PUT", NEW, {"location": "westeurope"}, version=V)
    assert again.json["properties"]["principalId"] != created.json["properties"]["principalId"]
    assert again.json["properties"]["clientId"] != created.json["properties"]["clientId"]


@pytest.mark.parametrize(
    ("version", "extra"),
    [
        ("2018-11-30", set()),
        ("2024-11-30", {"isolationScope"}),
        ("2026-05-31", {"isolationScope", "assignmentRestrictions"}),
    ],
)
def test_newer_versions_show_more(cloud: Cloud, version: str, extra: set[str]) -> None:
    properties = cloud.send("GET", A, version=version).json["properties"]
    assert set(properties) == {"tenantId", "principalId", "clientId"} | extra


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [("new", {}, 400), ("_x", {"location": "westeurope"}, 400), ("a", {"location": "eastus"}, 409)],
)
def test_refusals(cloud: Cloud, name: str, body: dict[str, str], status: int) -> None:
    assert cloud.send("PUT", uai(name), body, version=V).status == status


@pytest.mark.parametrize(
    ("scope", "names"), [(GROUP, ["a", "b", "c"]), (f"/subscriptions/{SUBSCRIPTION}", ["a", "b", "c"])]
)
def test_lists(cloud: Cloud, scope: str, names: list[str]) -> None:
    listing = cloud.send("GET", f"{scope}/providers/Microsoft.ManagedIdentity/userAssignedIdentities", version=V).json
    assert [item["name"] for item in listing["value"]] == names
    assert "nextLink" not in listing


def test_associated_resources(cloud: Cloud) -> None:
    cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {A.lower(): {}}})
    reply = cloud.send("POST", f"{A}/listAssociatedResources", version="2022-01-31-preview")
    assert reply.json["totalCount"] == 1
    assert reply.json["value"][0]["id"] == VM
    assert reply.json["value"][0]["type"] == "microsoft.compute/virtualmachines"


def test_the_system_identity_has_a_client_id(cloud: Cloud) -> None:
    path = f"{VM}/providers/Microsoft.ManagedIdentity/identities/default"
    assert cloud.send("GET", path, version=V).status == 404
    cloud.patch({"type": "SystemAssigned"})
    properties = cloud.send("GET", path, version=V).json["properties"]
    assert properties["principalId"] == (cloud.identity() or {})["principalId"]
    assert set(properties) == {"tenantId", "principalId", "clientId", "clientSecretUrl"}


def test_groups(cloud: Cloud) -> None:
    group = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/fresh"
    assert cloud.send("HEAD", group, version="2022-09-01").status == 404
    assert cloud.send("PUT", group, {"location": "westeurope"}, version="2022-09-01").status == 201
    assert cloud.send("PUT", group, {"location": "westeurope"}, version="2022-09-01").status == 200
    assert cloud.send("HEAD", group, version="2022-09-01").status == 204
    assert cloud.send("GET", group, version="2022-09-01").json["properties"] == {"provisioningState": "Succeeded"}
    listing = cloud.send("GET", f"/subscriptions/{SUBSCRIPTION}/resourcegroups", version="2022-09-01").json
    assert [item["name"] for item in listing["value"]] == ["fresh", "rg"]
    deleted = cloud.send("DELETE", GROUP, version="2022-09-01")
    assert (deleted.status, cloud.send("GET", deleted.headers["Location"]).status) == (202, 200)
    assert cloud.send("GET", VM).code == "ResourceGroupNotFound"


def test_what_a_client_lists_first(cloud: Cloud) -> None:
    version = "2022-12-01"
    subscriptions = cloud.send("GET", "/subscriptions", version=version).json["value"]
    assert [item["displayName"] for item in subscriptions] == ["First", "Second"]
    assert cloud.send("GET", "/tenants", version=version).json["value"][0]["tenantId"] == TENANT
    assert len(cloud.send("GET", "/subscriptions", version=version, caller="limited").json["value"]) == 1
    providers = cloud.send("GET", f"/subscriptions/{SUBSCRIPTION}/providers", version="2021-04-01").json["value"]
    assert "Microsoft.Compute" in [item["namespace"] for item in providers]
    assert cloud.send("GET", f"/subscriptions/{SUBSCRIPTION}/locations", version=version).json["value"]
