# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A new VM's body: what each option becomes."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import InvalidInput
from ansible_collections.managed_identity.azure.plugins.module_utils.core.vm._new_vm import (
    check_complete,
    interfaces_of,
    luns_of,
    new_vm,
    tags_of,
)
from tests.unit.core.machines import FULL, GROUP, KEY, LEAST, NSG, SUBNET, VM

NIC = f"{GROUP}/Microsoft.Network/networkInterfaces"
IDENTITY = {"type": "SystemAssigned"}


def test_the_least_that_a_vm_takes() -> None:
    assert new_vm(LEAST, VM, "westeurope", None) == {
        "location": "westeurope",
        "properties": {
            "hardwareProfile": {"vmSize": "Standard_D2s_v5"},
            "storageProfile": {
                "imageReference": {"publisher": "Canonical", "offer": "ubuntu", "sku": "server", "version": "latest"},
                "osDisk": {"createOption": "FromImage", "deleteOption": "Delete"},
            },
            "osProfile": {
                "computerName": "vm1",
                "adminUsername": "ada",
                "linuxConfiguration": {
                    "disablePasswordAuthentication": True,
                    "provisionVMAgent": True,
                    "ssh": {
                        "publicKeys": [
                            {"path": f"/home/{LEAST['admin_username']}/.ssh/authorized_keys", "keyData": KEY}
                        ]
                    },
                },
            },
            "networkProfile": {
                "networkApiVersion": "2020-11-01",
                "networkInterfaceConfigurations": [
                    {
                        "name": "vm1-nic",
                        "properties": {
                            "primary": True,
                            "deleteOption": "Delete",
                            "ipConfigurations": [
                                {"name": "ipconfig1", "properties": {"subnet": {"id": SUBNET}, "primary": True}}
                            ],
                        },
                    }
                ],
            },
        },
    }


def test_all_that_a_vm_can_have() -> None:
    body = new_vm(FULL, VM, "West Europe", IDENTITY)
    properties = body.pop("properties")
    assert body == {
        "location": "West Europe",
        "identity": IDENTITY,
        "tags": {"Team": "web", "cost": "7", "paid": "true", "empty": ""},
        "zones": ["2"],
        "plan": FULL["plan"],
    }
    assert properties["licenseType"] == "RHEL_BYOS"
    assert properties["securityProfile"] == {
        "securityType": "TrustedLaunch",
        "uefiSettings": {"secureBootEnabled": False, "vTpmEnabled": True},
    }
    assert properties["storageProfile"]["osDisk"] == {
        "createOption": "FromImage",
        "diskSizeGB": 64,
        "caching": "ReadOnly",
        "managedDisk": {"storageAccountType": "Premium_LRS"},
        "deleteOption": "Delete",
    }
    assert properties["storageProfile"]["dataDisks"] == [
        {"lun": 1, "createOption": "Empty", "diskSizeGB": 8, "deleteOption": "Detach"},
        {
            "lun": 0,
            "createOption": "Empty",
            "diskSizeGB": 16,
            "managedDisk": {"storageAccountType": "Standard_LRS"},
            "deleteOption": "Delete",
        },
    ]
    system = properties["osProfile"]
    assert (system["computerName"], system["adminPassword"]) == ("host", "hidden")
    assert base64.b64decode(system["customData"]) == b"boot"
    assert system["linuxConfiguration"]["disablePasswordAuthentication"] is False
    [interface] = properties["networkProfile"]["networkInterfaceConfigurations"]
    assert interface["properties"]["networkSecurityGroup"] == {"id": NSG}
    [address] = interface["properties"]["ipConfigurations"]
    assert address["properties"]["publicIPAddressConfiguration"] == {
        "name": "vm1-ip",
        "sku": {"name": "Standard", "tier": "Regional"},
        "properties": {"publicIPAllocationMethod": "Static", "deleteOption": "Delete"},
    }


SYSTEMS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"os_type": "windows", "ssh_public_keys": None}, {"windowsConfiguration"}),
    ({"os_type": "linux", "ssh_public_keys": None}, {"linuxConfiguration"}),
    ({"ssh_public_keys": None}, set()),
    ({}, {"linuxConfiguration"}),
]


@pytest.mark.parametrize(("options", "profiles"), SYSTEMS)
def test_a_system_has_a_profile_only_if_it_is_known(options: dict[str, Any], profiles: set[str]) -> None:
    body = new_vm({**LEAST, "admin_password": "x", **options}, VM, "l", None)
    system = body["properties"]["osProfile"]
    assert {name for name in system if name.endswith("Configuration")} == profiles
    assert system.get("windowsConfiguration", {"provisionVMAgent": True, "enableAutomaticUpdates": True}) == {
        "provisionVMAgent": True,
        "enableAutomaticUpdates": True,
    }
    assert "ssh" not in system.get("linuxConfiguration", {}) or options == {}


def test_a_specialized_image_has_its_users() -> None:
    gallery = f"{GROUP}/Microsoft.Compute/galleries/g/images/db"
    options = {**LEAST, "image": gallery, "admin_username": None, "ssh_public_keys": None}
    check_complete(options, VM)
    body = new_vm(options, VM, "l", None)
    assert "osProfile" not in body["properties"]
    assert body["properties"]["storageProfile"]["imageReference"] == {"id": gallery}


@pytest.mark.parametrize("kept", [None, "DiskWithVMGuestState"])
def test_a_confidential_vm_has_an_encrypted_disk(kept: str | None) -> None:
    disk = {"type": "Premium_LRS", "security_encryption": kept}
    body = new_vm({**LEAST, "security_type": "ConfidentialVM", "os_disk": disk}, VM, "l", None)
    assert body["properties"]["storageProfile"]["osDisk"]["managedDisk"] == {
        "storageAccountType": "Premium_LRS",
        "securityProfile": {"securityEncryptionType": kept or "VMGuestStateOnly"},
    }
    assert body["properties"]["securityProfile"]["uefiSettings"]["secureBootEnabled"] is True


def test_standard_security_is_what_azure_makes_without_a_word() -> None:
    assert "securityProfile" not in new_vm({**LEAST, "security_type": "Standard"}, VM, "l", None)["properties"]


def test_interfaces_that_exist_outlive_the_vm_and_the_first_is_primary() -> None:
    other = f"{NIC}/b".replace("resourceGroups/rg/", "resourceGroups/net/")
    options = {**LEAST, "subnet_id": None, "network_interfaces": [" a", other]}
    assert [str(one) for one in interfaces_of(options, VM)] == [f"{NIC}/a", other]
    assert new_vm(options, VM, "l", None)["properties"]["networkProfile"] == {
        "networkInterfaces": [
            {"id": f"{NIC}/a", "properties": {"primary": True, "deleteOption": "Detach"}},
            {"id": other, "properties": {"primary": False, "deleteOption": "Detach"}},
        ]
    }


@pytest.mark.parametrize(
    ("given_luns", "luns"),
    [([], []), ([None, None], [0, 1]), ([0, None], [0, 1]), ([None, 0, None, 1], [2, 0, 3, 1]), ([5, None], [5, 0])],
)
def test_luns(given_luns: list[int | None], luns: list[int]) -> None:
    assert luns_of([{"lun": lun} for lun in given_luns]) == luns


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, ""),
        ({"image": None}, "image"),
        ({"size": None}, "size"),
        ({"admin_username": None}, "admin_username"),
        ({"image": None, "admin_username": None}, "image, admin_username"),
        ({"ssh_public_keys": []}, "ssh_public_keys or admin_password"),
        ({"ssh_public_keys": None, "admin_password": "x"}, ""),
        ({"ssh_public_keys": None, "os_type": "windows"}, "admin_password"),
        ({"ssh_public_keys": None, "os_type": "windows", "admin_password": "x"}, ""),
        ({"subnet_id": None}, "subnet_id or network_interfaces"),
        ({"subnet_id": None, "network_interfaces": ["a"]}, ""),
    ],
)
def test_what_is_missing_is_named(changes: dict[str, Any], missing: str) -> None:
    if not missing:
        check_complete({**LEAST, **changes}, VM)
        return
    with pytest.raises(InvalidInput) as caught:
        check_complete({**LEAST, **changes}, VM)
    assert f"{VM} does not exist, and to create it these options are missing: {missing}. Set them" in str(caught.value)
    assert caught.value.target == str(VM)


def test_tags_are_texts() -> None:
    given_tags = {"a": 1, "b": 1.5, "c": False, "d": None, "e": "x", 7: "y"}
    assert tags_of({"tags": given_tags}) == {"a": "1", "b": "1.5", "c": "false", "d": "", "e": "x", "7": "y"}
    assert tags_of({}) == {}
