# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ARM reads in the body of a resource: nothing of it is passed over."""

from __future__ import annotations

import typing as t

import pytest

from tests.emulator.cloud import GROUP, VM, A, Cloud

SET = f"{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/uniform"
DISK = f"{GROUP}/providers/Microsoft.Compute/disks/data"
ADDRESS = f"{GROUP}/providers/Microsoft.Network/publicIPAddresses/ip"
VERSIONS = {VM: "2024-07-01", SET: "2024-07-01", DISK: "2024-03-02", ADDRESS: "2024-05-01", A: "2024-11-30"}
BODIES: dict[str, dict[str, t.Any]] = {
    SET: {"sku": {"capacity": 0}, "properties": {}},
    DISK: {"properties": {"creationData": {"createOption": "Empty"}, "diskSizeGB": 8}},
}


def put(cloud: Cloud, path: str, location: str = "westeurope", **more: t.Any) -> t.Any:
    """PUT a resource."""
    body = {"location": location, **BODIES.get(path, {"properties": {}}), **more}
    return cloud.send("PUT", path, body, version=VERSIONS[path])


@pytest.mark.parametrize("path", VERSIONS)
def test_a_resource_stays_where_it_is(cloud: Cloud, path: str) -> None:
    assert put(cloud, path).status in (200, 201)
    reply = put(cloud, path, "eastus")
    assert (reply.status, reply.code) == (409, "InvalidResourceLocation")
    assert "already exists in location 'westeurope' in resource group 'rg'." in reply.message
    assert put(cloud, path, "West Europe").status == 200


@pytest.mark.parametrize("path", VERSIONS)
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_member_that_no_resource_has(cloud: Cloud, path: str, method: str) -> None:
    put(cloud, path)
    before = cloud.send("GET", path, version=VERSIONS[path]).text
    reply = cloud.send(method, path, {"location": "westeurope", "tag": {"a": "b"}}, version=VERSIONS[path])
    assert (reply.status, reply.code) == (400, "InvalidRequestContent")
    assert reply.message == (
        "The request content was invalid and could not be deserialized: 'Could not find member 'tag' on object of type "
        "'ResourceDefinition'. Path 'tag', line 1, position 33.'."
    )
    assert cloud.send("GET", path, version=VERSIONS[path]).text == before


def test_members_have_no_case(cloud: Cloud) -> None:
    reply = cloud.send("PATCH", VM, {"Identity": {"type": "SystemAssigned"}, "TAGS": {"a": "b"}})
    assert reply.status == 200, reply.text
    assert (reply.json["identity"]["type"], reply.json["tags"]) == ("SystemAssigned", {"a": "b"})


def test_what_was_read_can_be_written_back(cloud: Cloud) -> None:
    for path, version in VERSIONS.items():
        put(cloud, path)
        reply = cloud.send("PUT", path, cloud.send("GET", path, version=version).json, version=version)
        assert reply.status == 200, (path, reply.text)


def test_a_patch_of_a_disk(cloud: Cloud) -> None:
    put(cloud, DISK)
    change = {"sku": {"name": "Premium_LRS"}, "properties": {"diskSizeGB": 64}}
    reply = cloud.send("PATCH", DISK, change, version=VERSIONS[DISK])
    assert reply.json["sku"] == {"name": "Premium_LRS"}
    assert reply.json["properties"]["diskSizeGB"] == 64
    assert reply.json["properties"]["creationData"] == {"createOption": "Empty"}
    assert cloud.send("GET", DISK, version=VERSIONS[DISK]).json == reply.json


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_group_that_something_manages_is_refused(cloud: Cloud, method: str) -> None:
    reply = cloud.send(method, GROUP, {"location": "westeurope", "managedBy": VM}, version="2024-11-01")
    assert reply.status == 400
    assert cloud.send(method, GROUP, {"location": "westeurope", "managedBy": None}, version="2024-11-01").status == 200


@pytest.mark.parametrize(("version", "status"), [("2023-07-01", 201), ("2023-09-01", 412)])
def test_conditions_on_a_new_machine_are_read_from_their_version_on(cloud: Cloud, version: str, status: int) -> None:
    new = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/new"
    body = {"location": "westeurope", "properties": {}}
    assert cloud.send("PUT", new, body, version=version, headers={"If-Match": '"1"'}).status == status
