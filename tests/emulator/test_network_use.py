# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Networks in use: what cannot be deleted while a VM has it, in which words, and when it is free again."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from tests.emulator.cloud import FOREIGN, TENANT, Cloud, Reply
from tests.emulator.test_networks import NEW, NIC, NSG, PUBLIC, SUBNET, VNET, make, put

OPERATION = 6.0


@pytest.fixture
def busy(tmp_path: Path) -> Cloud:
    """A cloud whose operations take time, with a VM that has a network interface."""
    cloud = Cloud(tmp_path, operation_seconds=OPERATION)
    make(cloud)
    assert create(cloud, NEW).status == 201
    cloud.now += OPERATION
    return cloud


def create(cloud: Cloud, vm: str) -> Reply:
    """Create a VM with the network interface."""
    properties = {"networkProfile": {"networkInterfaces": [{"id": NIC}]}}
    return cloud.send("PUT", vm, {"location": "westeurope", "properties": properties})


@pytest.mark.parametrize(
    ("path", "code", "message"),
    [
        (
            NIC,
            "NicInUse",
            f"Network Interface {NIC} is used by existing resource {NEW}. In order to delete the network interface, it "
            "must be dissociated from the resource. To learn more, see aka.ms/deletenic.",
        ),
        (
            PUBLIC,
            "PublicIPAddressCannotBeDeleted",
            f"Public IP address {PUBLIC} can not be deleted since it is still allocated to resource "
            f"{NIC}/ipConfigurations/ipconfig. In order to delete the public IP, disassociate/detach the Public IP "
            "address from the resource.  To learn how to do this, see aka.ms/deletepublicip.",
        ),
        *(
            (
                path,
                "InUseSubnetCannotBeDeleted",
                f"Subnet default is in use by {NIC}/ipConfigurations/ipconfig and cannot be deleted. In order to "
                "delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.",
            )
            for path in (SUBNET, VNET)
        ),
        (
            NSG,
            "InUseNetworkSecurityGroupCannotBeDeleted",
            f"Network security group {NSG} cannot be deleted because it is in use by the following resources: {NIC}. "
            "In order to delete the Network security group, remove the association with the resource(s). To learn how "
            "to do this, see aka.ms/deletensg.",
        ),
    ],
)
def test_what_is_in_use(busy: Cloud, path: str, code: str, message: str) -> None:
    refusal = busy.send("DELETE", path)
    assert (refusal.status, refusal.code, refusal.message) == (400, code, message)


def test_what_a_deleted_vm_had_is_free_when_its_operation_has_ended(busy: Cloud) -> None:
    busy.send("DELETE", NEW)
    assert [busy.send("DELETE", path).status for path in (NIC, PUBLIC, SUBNET)] == [400, 400, 400]
    busy.now += OPERATION
    assert "virtualMachine" not in busy.send("GET", NIC).json["properties"]
    assert [busy.send("DELETE", path).status for path in (NIC, PUBLIC, SUBNET, VNET, NSG)] == [200] * 5


def test_another_vm_can_have_the_interface_then(busy: Cloud) -> None:
    busy.send("DELETE", NEW)
    refusal = create(busy, f"{NEW}2")
    message = f"Network Interface {NIC} is used by existing resource {NEW}."
    assert (refusal.status, refusal.code, refusal.message) == (400, "NicInUse", message)
    busy.now += OPERATION
    assert create(busy, f"{NEW}2").status == 201


@pytest.mark.parametrize("name", ["subnet", "publicIPAddress"])
def test_references_that_are_no_ids(cloud: Cloud, name: str) -> None:
    make(cloud)
    configuration = {"name": "c", "properties": {"subnet": {"id": SUBNET}, name: {"id": "nonsense"}}}
    refusal = put(cloud, f"{NIC}2", ipConfigurations=[configuration])
    message = (
        f"Property id 'nonsense' at path 'properties.ipConfigurations[0].properties.{name}.id' is invalid. Expect "
        "fully qualified resource Id that start with '/subscriptions/{subscriptionId}' or "
        "'/providers/{resourceProviderNamespace}/'."
    )
    assert (refusal.status, refusal.code, refusal.message) == (400, "LinkedInvalidPropertyId", message)


@pytest.mark.parametrize(
    ("subscription", "end"),
    [
        ("none", "however the linked subscription 'none' was not found. "),
        (
            FOREIGN,
            f"however the current tenant '{TENANT}' is not authorized to access linked subscription '{FOREIGN}'.",
        ),
    ],
)
def test_subnets_of_other_subscriptions(cloud: Cloud, subscription: str, end: str) -> None:
    subnet = f"/subscriptions/{subscription}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
    refusal = put(cloud, NIC, ipConfigurations=[{"name": "c", "properties": {"subnet": {"id": subnet}}}])
    message = (
        "The client has permission to perform action 'Microsoft.Network/virtualNetworks/subnets/join/action' on scope "
        f"'{NIC}', {end}"
    )
    assert (refusal.status, refusal.code, refusal.message) == (403, "LinkedAuthorizationFailed", message)


@pytest.mark.parametrize("given", [7, [7], "x", {"a": 1}, [{"properties": 7}], [{"properties": {"subnet": 7}}]])
def test_configurations_that_are_none(cloud: Cloud, given: t.Any) -> None:
    make(cloud)
    assert put(cloud, f"{NIC}2", ipConfigurations=given).code == "InvalidRequestContent"
    assert cloud.send("GET", f"{NIC}2").status == 404
