# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Virtual machines beside their identity: PUT, DELETE, lists, instance view."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from tests.emulator.cloud import GROUP, SEED, VM, A, B, Cloud

ENABLE = {"type": "SystemAssigned"}


def status(cloud: Cloud, reply: t.Any) -> t.Any:
    """Poll the operation of a write."""
    return cloud.send("GET", reply.headers["Azure-AsyncOperation"]).json


def test_delete(cloud: Cloud) -> None:
    cloud.world.settings = cloud.world.settings.updated({"operation_seconds": 6})
    reply = cloud.send("DELETE", VM)
    assert (reply.status, reply.text) == (202, "")
    assert "&monitor=true" in reply.headers["Location"]
    refused = cloud.patch(ENABLE)
    assert (refused.status, refused.code) == (409, "OperationNotAllowed")
    assert refused.message == (
        "Operation 'Update VM' is not allowed on VM 'vm' since the VM is marked for deletion. You can only retry "
        "the Delete "
        "operation (or wait for an ongoing one to complete)."
    )
    assert (
        cloud.send("DELETE", VM).headers["Azure-AsyncOperation"].partition("?")[0]
        in reply.headers["Azure-AsyncOperation"]
    )
    assert cloud.send("GET", reply.headers["Location"]).status == 202
    cloud.now += 6
    assert cloud.send("GET", reply.headers["Location"]).status == 200
    assert status(cloud, reply)["status"] == "Succeeded"
    assert cloud.send("GET", VM).status == 404
    assert cloud.send("DELETE", VM).status == 204


def test_put_creates_and_replaces(cloud: Cloud) -> None:
    vm = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/new"
    users = {"type": "UserAssigned", "userAssignedIdentities": {A: {}}}
    body = {"location": "West Europe", "identity": users, "properties": {"osProfile": {"adminPassword": "Hidden-1"}}}
    created = cloud.send("PUT", vm, body)
    assert (created.status, created.json["properties"]["provisioningState"]) == (201, "Creating")
    assert created.json["location"] == "westeurope"
    assert created.headers["etag"] == '"1"'
    assert "Hidden" not in cloud.send("GET", vm).text
    users = {"type": "UserAssigned", "userAssignedIdentities": {B: {}}}
    updated = cloud.send("PUT", vm, {"location": "westeurope", "identity": users})
    assert (updated.status, updated.json["properties"]["provisioningState"]) == (200, "Updating")
    assert list((cloud.identity(vm) or {})["userAssignedIdentities"]) == [B]
    assert cloud.send("PUT", vm, {"location": "westeurope"}).status == 200
    assert list((cloud.identity(vm) or {})["userAssignedIdentities"]) == [B]


def test_patch_of_tags_leaves_the_identity(cloud: Cloud) -> None:
    cloud.patch(ENABLE)
    before = cloud.identity()
    assert cloud.send("PATCH", VM, {"tags": {"a": "b"}}).json["tags"] == {"a": "b"}
    assert cloud.identity() == before


def test_instance_view(cloud: Cloud) -> None:
    assert "instanceView" not in cloud.send("GET", VM).json["properties"]
    view = cloud.send("GET", f"{VM}?$expand=instanceView").json["properties"]["instanceView"]
    assert [item["code"] for item in view["statuses"]] == ["ProvisioningState/succeeded", "PowerState/running"]
    assert cloud.send("GET", f"{VM}/instanceView").json == view


@pytest.mark.parametrize("scope", [GROUP, GROUP.rpartition("/resourceGroups")[0]])
def test_lists_come_in_pages(tmp_path: Path, scope: str) -> None:
    seed = {**SEED, "fleets": [{"prefix": "f", "count": 24, "group": "rg"}]}
    cloud = Cloud(tmp_path, seed, page_size=10)
    url: str | None = f"{scope}/providers/Microsoft.Compute/virtualMachines"
    names: list[str] = []
    pages = 0
    while url:
        body = cloud.send("GET", url).json
        names += [vm["name"] for vm in body["value"]]
        url, pages = body.get("nextLink"), pages + 1
    assert (pages, len(names), len(set(names))) == (3, 25, 25)


def test_a_broken_skip_token(cloud: Cloud) -> None:
    listing = f"{GROUP}/providers/Microsoft.Compute/virtualMachines?$skiptoken=zz"
    assert cloud.send("GET", listing).status == 400
