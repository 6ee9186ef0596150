# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Networks, disks, and what a VM needs of them."""

from __future__ import annotations

import typing as t

import pytest

from tests.emulator.cloud import GROUP, SUBSCRIPTION, VM, Cloud

NETWORK = f"{GROUP}/providers/Microsoft.Network"
NIC = f"{NETWORK}/networkInterfaces/nic"
VNET = f"{NETWORK}/virtualNetworks/vnet"
SUBNET = f"{VNET}/subnets/default"
PUBLIC = f"{NETWORK}/publicIPAddresses/ip"
NSG = f"{NETWORK}/networkSecurityGroups/nsg"
NEW = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/new"


def put(cloud: Cloud, path: str, **properties: t.Any) -> t.Any:
    """Create a resource."""
    return cloud.send("PUT", path, {"location": "westeurope", "properties": properties})


def make(cloud: Cloud) -> None:
    """Make a network, a public address, a security group and an interface of them."""
    subnet = {"name": "default", "properties": {"addressPrefix": "10.1.0.0/29"}}
    assert put(cloud, VNET, addressSpace={"addressPrefixes": ["10.1.0.0/16"]}, subnets=[subnet]).status == 201
    assert put(cloud, PUBLIC, publicIPAllocationMethod="Dynamic").status == 201
    assert put(cloud, NSG).status == 201
    assert interface(cloud, NIC, publicIPAddress={"id": PUBLIC}).status == 201


def interface(cloud: Cloud, path: str, **more: t.Any) -> t.Any:
    """Create a network interface."""
    configuration = {"name": "ipconfig", "properties": {"subnet": {"id": SUBNET}, **more}}
    return put(cloud, path, ipConfigurations=[configuration], networkSecurityGroup={"id": NSG})


def test_an_interface_as_recorded(cloud: Cloud) -> None:
    make(cloud)
    found = cloud.send("GET", NIC).json
    assert found["etag"].startswith('W/"')
    (configuration,) = found["properties"]["ipConfigurations"]
    assert configuration["id"] == f"{NIC}/ipConfigurations/ipconfig"
    assert configuration["properties"] == {
        "provisioningState": "Succeeded",
        "privateIPAddress": "10.1.0.4",
        "privateIPAllocationMethod": "Dynamic",
        "publicIPAddress": {"id": PUBLIC},
        "subnet": {"id": SUBNET},
        "primary": True,
        "privateIPAddressVersion": "IPv4",
    }
    public = cloud.send("GET", PUBLIC).json["properties"]
    assert public["ipConfiguration"] == {"id": configuration["id"]}
    assert public["ipAddress"]
    # A second write keeps the address.
    assert interface(cloud, NIC, publicIPAddress={"id": PUBLIC}).status == 200
    again = cloud.send("GET", NIC).json["properties"]["ipConfigurations"][0]
    assert again["properties"]["privateIPAddress"] == "10.1.0.4"


def test_lists_and_tags(cloud: Cloud) -> None:
    make(cloud)
    for scope in (GROUP, f"/subscriptions/{SUBSCRIPTION}"):
        value = cloud.send("GET", f"{scope}/providers/Microsoft.Network/networkInterfaces").json["value"]
        assert {item["name"] for item in value} == {"nic", "vm-nic"}
    assert cloud.send("PATCH", VNET, {"tags": {"a": "b"}}).json["tags"] == {"a": "b"}
    missing = cloud.send("GET", f"{VNET}x")
    assert (missing.status, missing.code) == (404, "ResourceNotFound")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (PUBLIC, "PublicIPAddressCannotBeDeleted"),
        (NSG, "InUseNetworkSecurityGroupCannotBeDeleted"),
        (VNET, "InUseSubnetCannotBeDeleted"),
        (SUBNET, "InUseSubnetCannotBeDeleted"),
    ],
)
def test_what_is_used_stays(cloud: Cloud, path: str, code: str) -> None:
    make(cloud)
    refused = cloud.send("DELETE", path)
    assert (refused.status, refused.code) == (400, code)
    assert cloud.send("DELETE", NIC).status == 200
    assert cloud.send("DELETE", path).status == 200
    assert cloud.send("DELETE", path).status == 204


def test_subnets(cloud: Cloud) -> None:
    make(cloud)
    second = f"{VNET}/subnets/second"
    created = cloud.send("PUT", second, {"properties": {"addressPrefix": "10.1.1.0/24"}})
    assert (created.status, created.json["id"]) == (201, second)
    assert [item["name"] for item in cloud.send("GET", f"{VNET}/subnets").json["value"]] == ["default", "second"]
    assert cloud.send("GET", f"{VNET}/subnets/third").code == "NotFound"
    refused = cloud.send("PUT", second, {"properties": {"addressPrefix": "10.1.1.0/99"}})
    assert (refused.status, refused.code) == (400, "InvalidAddressPrefixFormat")


def test_a_subnet_can_be_full(cloud: Cloud) -> None:
    make(cloud)
    replies = [interface(cloud, f"{NIC}{number}") for number in range(3)]
    assert [reply.status for reply in replies] == [201, 201, 400]
    assert replies[2].code == "SubnetIsFull"


def test_references_must_lead_somewhere(cloud: Cloud) -> None:
    make(cloud)
    refused = interface(cloud, f"{NIC}2", publicIPAddress={"id": f"{PUBLIC}x"})
    assert (refused.status, refused.code) == (400, "InvalidResourceReference")
    assert refused.message.startswith(f"Resource {PUBLIC}x referenced by resource {NIC}2 was not found.")


def test_a_seeded_vm_has_an_interface_and_a_disk(cloud: Cloud) -> None:
    vm = cloud.send("GET", VM).json["properties"]
    (reference,) = vm["networkProfile"]["networkInterfaces"]
    found = cloud.send("GET", reference["id"]).json["properties"]
    assert found["virtualMachine"] == {"id": VM}
    assert found["ipConfigurations"][0]["properties"]["privateIPAddress"] == "10.0.0.4"
    disk = cloud.send("GET", vm["storageProfile"]["osDisk"]["managedDisk"]["id"], version="2024-03-02").json
    assert (disk["managedBy"], disk["properties"]["diskState"]) == (VM, "Attached")
    assert cloud.send("DELETE", reference["id"]).code == "NicInUse"
    cloud.send("DELETE", VM)
    assert cloud.send("GET", VM).status == 404
    assert cloud.send("DELETE", reference["id"]).status == 200


def test_a_vm_takes_an_interface(cloud: Cloud) -> None:
    make(cloud)
    references = {"networkInterfaces": [{"id": NIC, "properties": {"deleteOption": "Delete"}}]}
    assert put(cloud, NEW, networkProfile=references).status == 201
    assert cloud.send("GET", NIC).json["properties"]["virtualMachine"] == {"id": NEW}
    refused = put(cloud, f"{NEW}2", networkProfile={"networkInterfaces": [{"id": NIC}]})
    assert (refused.status, refused.code) == (400, "NicInUse")
    refused = put(cloud, f"{NEW}2", networkProfile={"networkInterfaces": [{"id": f"{NIC}x"}]})
    assert (refused.status, refused.code) == (400, "InvalidResourceReference")
    cloud.send("DELETE", NEW)
    assert cloud.send("GET", NEW).status == 404
    assert cloud.send("GET", NIC).status == 404
    assert "ipConfiguration" not in cloud.send("GET", PUBLIC).json["properties"]


def test_compute_makes_interfaces(cloud: Cloud) -> None:
    make(cloud)
    public = {"name": "made-ip", "properties": {"deleteOption": "Delete"}}
    inner = {"subnet": {"id": SUBNET}, "publicIPAddressConfiguration": public}
    properties = {"deleteOption": "Delete", "ipConfigurations": [{"name": "one", "properties": inner}]}
    profile = {
        "networkApiVersion": "2020-11-01",
        "networkInterfaceConfigurations": [{"name": "made", "properties": properties}],
    }
    created = put(cloud, NEW, networkProfile=profile)
    made = f"{NETWORK}/networkInterfaces/made"
    assert created.json["properties"]["networkProfile"]["networkInterfaces"][0]["id"] == made
    assert cloud.send("GET", made).json["properties"]["virtualMachine"] == {"id": NEW}
    made_public = f"{NETWORK}/publicIPAddresses/made-ip"
    assert cloud.send("GET", made_public).status == 200
    cloud.send("DELETE", NEW)
    assert cloud.send("GET", NEW).status == 404
    assert [cloud.send("GET", path).status for path in (made, made_public)] == [404, 404]


@pytest.mark.parametrize(
    ("properties", "status", "code"),
    [
        ({"osProfile": {"adminPassword": "weak"}}, 400, "InvalidParameter"),
        ({"osProfile": {"adminUsername": "root"}}, 400, "InvalidParameter"),
        ({"osProfile": {"linuxConfiguration": {"disablePasswordAuthentication": True}}}, 400, "InvalidParameter"),
        ({"hardwareProfile": {"vmSize": "Standard_Z9"}}, 400, "InvalidParameter"),
        (
            {"storageProfile": {"imageReference": {"publisher": "a", "offer": "b", "sku": "c", "version": "d"}}},
            404,
            "PlatformImageNotFound",
        ),
        ({"hardwareProfile": {"vmSize": "Standard_D4s_v5"}}, 409, "SkuNotAvailable"),
        ({"hardwareProfile": {"vmSize": "Standard_D8s_v5"}}, 409, "OperationNotAllowed"),
    ],
)
def test_what_a_new_vm_may_not_be(cloud: Cloud, properties: dict[str, t.Any], status: int, code: str) -> None:
    changes = {"unavailable_sizes": ["Standard_D4s_v5"], "cores_quota": 8}
    cloud.world.settings = cloud.world.settings.updated(changes)
    refused = put(cloud, NEW, **properties)
    assert (refused.status, refused.code) == (status, code)
    assert cloud.send("GET", NEW).status == 404


def test_power(cloud: Cloud) -> None:
    cloud.world.settings = cloud.world.settings.updated({"operation_seconds": 6})
    for action, state in (("deallocate", "deallocated"), ("start", "running"), ("powerOff", "stopped")):
        reply = cloud.send("POST", f"{VM}/{action}")
        assert (reply.status, reply.text) == (202, "")
        assert cloud.send("POST", f"{VM}/{action}").status == 409
        cloud.now += 6
        assert cloud.send("GET", reply.headers["Location"]).status == 200
        codes = [item["code"] for item in cloud.send("GET", f"{VM}/instanceView").json["statuses"]]
        assert codes[1] == f"PowerState/{state}"
    assert cloud.send("POST", f"{VM}/generalize").status == 200
    assert cloud.send("POST", f"{VM}/start").code == "OperationNotAllowed"


def test_what_clients_ask_before_a_create(cloud: Cloud) -> None:
    inner = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute"
    here = f"{inner}/locations/westeurope"
    assert "Standard_D2s_v5" in [item["name"] for item in cloud.send("GET", f"{here}/vmSizes").json["value"]]
    assert cloud.send("GET", f"{here}/usages").json["value"][0]["currentValue"] == 2
    assert cloud.send("GET", f"{inner}/skus", version="2021-07-01").status == 200
    image = f"{here}/publishers/Canonical/artifacttypes/vmimage/offers/ubuntu-24_04-lts/skus"
    assert cloud.send("GET", f"{image}/server/versions").json[0]["name"]
    assert cloud.send("GET", f"{image}/none/versions").message == "Artifact: VMImage was not found."
