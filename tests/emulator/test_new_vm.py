# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A VM that is made with disks: what Compute names and numbers, and what of it goes with the VM."""

from __future__ import annotations

import typing as t

import pytest

from .cloud import GROUP, Cloud

NEW = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/new"
DISKS = f"{GROUP}/providers/Microsoft.Compute/disks"
EMPTY = {"createOption": "Empty", "diskSizeGB": 8}


def create(cloud: Cloud, disks: list[dict[str, t.Any]], **more: t.Any) -> dict[str, t.Any]:
    """PUT a VM with data disks and return it."""
    storage = {"osDisk": {"createOption": "FromImage", "deleteOption": "Delete"}, "dataDisks": disks, **more}
    answer = cloud.send("PUT", NEW, {"location": "westeurope", "properties": {"storageProfile": storage}})
    assert answer.status == 201, answer.text
    return t.cast("dict[str, t.Any]", answer.json["properties"]["storageProfile"])


def names(cloud: Cloud) -> list[str]:
    """The disks of the new VM that there are."""
    listed = cloud.send("GET", DISKS, version="2023-10-02").json["value"]
    return sorted(item["name"] for item in listed if item["name"].startswith("new"))


def test_data_disks_are_resources_with_names(cloud: Cloud) -> None:
    shown = create(cloud, [{**EMPTY, "lun": 0}, {**EMPTY, "lun": 3, "name": "new-data", "caching": "ReadOnly"}])
    first, second = shown["dataDisks"]
    assert first["name"].startswith("new_disk2_")
    assert first["managedDisk"]["id"] == f"{DISKS}/{first['name']}"
    assert (first["lun"], first["caching"], first["deleteOption"]) == (0, "None", "Detach")
    assert (second["name"], second["lun"], second["caching"]) == ("new-data", 3, "ReadOnly")
    assert names(cloud) == sorted([shown["osDisk"]["name"], first["name"], "new-data"])
    disk = cloud.send("GET", f"{DISKS}/new-data", version="2023-10-02").json
    assert disk["managedBy"].lower() == NEW.lower()
    assert (disk["properties"]["diskSizeGB"], disk["properties"]["creationData"]) == (8, {"createOption": "Empty"})
    assert "osType" not in disk["properties"]


@pytest.mark.parametrize("disk", ["x", f"{GROUP}/x", "/"])
def test_a_disk_that_is_named_by_no_id_is_refused(cloud: Cloud, disk: str) -> None:
    storage = {"osDisk": {"createOption": "FromImage"}, "dataDisks": [{**EMPTY, "lun": 0, "managedDisk": {"id": disk}}]}
    reply = cloud.send("PUT", NEW, {"location": "westeurope", "properties": {"storageProfile": storage}})
    assert (reply.status, reply.code) == (400, "LinkedInvalidPropertyId")
    assert "at path 'properties.storageProfile.dataDisks[0].managedDisk.id'" in reply.message
    assert cloud.send("GET", NEW).status == 404


def test_only_what_is_to_goes_with_the_vm(cloud: Cloud) -> None:
    kept = {**EMPTY, "lun": 0, "name": "new-kept"}
    create(cloud, [kept, {**EMPTY, "lun": 1, "deleteOption": "Delete"}])
    assert cloud.send("DELETE", NEW).status == 202
    assert cloud.send("GET", NEW).status == 404
    assert names(cloud) == ["new-kept"]
    assert "managedBy" not in cloud.send("GET", f"{DISKS}/new-kept", version="2023-10-02").json


@pytest.mark.parametrize(
    ("publisher", "offer", "sku", "system"),
    [
        ("MicrosoftWindowsServer", "WindowsServer", "2019-datacenter", "Windows"),
        ("Debian", "debian-12", "12", "Linux"),
    ],
)
def test_the_image_tells_the_system(cloud: Cloud, publisher: str, offer: str, sku: str, system: str) -> None:
    image = {"publisher": publisher, "offer": offer, "sku": sku, "version": "latest"}
    assert create(cloud, [], imageReference=image)["osDisk"]["osType"] == system
