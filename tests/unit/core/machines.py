# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of a new VM, for the tests of the pure core: all of them, and what Azure then shows."""

from __future__ import annotations

import copy
from typing import Any

from ansible_collections.managed_identity.azure.plugins.module_utils.core._resource_id import (
    VIRTUAL_MACHINE,
    ResourceId,
)
from tests.unit.core.build import SUB

__all__ = ["FULL", "GROUP", "KEY", "LEAST", "NSG", "SUBNET", "VM", "shown"]

GROUP = f"/subscriptions/{SUB}/resourceGroups/rg/providers"
VM = ResourceId.build(SUB, "rg", VIRTUAL_MACHINE, "vm1")
SUBNET = f"{GROUP}/Microsoft.Network/virtualNetworks/net/subnets/web"
NSG = f"{GROUP}/Microsoft.Network/networkSecurityGroups/nsg"
KEY = "ssh-ed25519 AAAA ada"
LEAST: dict[str, Any] = {
    "image": "Canonical:ubuntu:server:latest",
    "size": "Standard_D2s_v5",
    "admin_username": "ada",
    "ssh_public_keys": [KEY],
    "subnet_id": SUBNET,
}
FULL: dict[str, Any] = {
    **LEAST,
    "location": "West Europe",
    "plan": {"name": "n", "product": "p", "publisher": "q"},
    "os_type": "linux",
    "computer_name": "host",
    "admin_password": "hidden",
    "custom_data": "boot",
    "os_disk": {"size_gb": 64, "type": "Premium_LRS", "caching": "ReadOnly", "delete_with_vm": True},
    "data_disks": [{"size_gb": 8, "lun": 1, "delete_with_vm": False}, {"size_gb": 16, "type": "Standard_LRS"}],
    "zone": "2",
    "tags": {"Team": "web", "cost": 7, "paid": True, "empty": None},
    "license_type": "RHEL_BYOS",
    "security_type": "TrustedLaunch",
    "secure_boot": False,
    "public_ip": True,
    "network_security_group_id": NSG,
}


def shown(body: dict[str, Any]) -> dict[str, Any]:
    """A VM that was made from the body of a PUT, as Azure shows it."""
    vm = copy.deepcopy(body)
    vm["id"], vm["location"] = str(VM), body["location"].replace(" ", "").lower()
    vm["name"], vm["type"] = VM.name, VM.type
    properties = vm["properties"]
    properties["provisioningState"] = "Succeeded"
    for secret in ("adminPassword", "customData"):
        properties.get("osProfile", {}).pop(secret, None)
    disk = properties["storageProfile"]["osDisk"]
    disk["osType"] = "Windows" if "windowsConfiguration" in properties.get("osProfile", {}) else "Linux"
    for number, one in enumerate([disk, *properties["storageProfile"].get("dataDisks", [])]):
        one.setdefault("managedDisk", {})["id"] = f"{GROUP}/Microsoft.Compute/disks/d{number}"
    network = properties["networkProfile"]
    if network.pop("networkInterfaceConfigurations", None):
        interface = {
            "id": f"{GROUP}/Microsoft.Network/networkInterfaces/made",
            "properties": {"deleteOption": "Delete"},
        }
        network["networkInterfaces"] = [interface]
    return vm
