# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What a new VM is attached to: network interfaces, a subnet, a security group."""

from __future__ import annotations

import re
from typing import Any

from .._errors import InvalidInput
from .._path import check_path, shown
from .._resource_id import ResourceId, ResourceKind

__all__ = ["NETWORK_INTERFACE", "SECURITY_GROUP", "check_subnet", "made_interface", "used_interfaces"]

# Names: Azure's naming rules (learn.microsoft.com, azure-resource-manager/management/resource-name-rules).
_NAME = re.compile(r"[A-Za-z0-9](?:[-\w.]{0,78}\w)?", re.ASCII)
_RULE = "1 to 80 letters, digits, -, _ or ., starting with a letter or digit and ending with one or _"
NETWORK_INTERFACE = ResourceKind("Microsoft.Network/networkInterfaces", "network interface", _NAME, _RULE)
SECURITY_GROUP = ResourceKind("Microsoft.Network/networkSecurityGroups", "network security group", _NAME, _RULE)
_NETWORK = ResourceKind("Microsoft.Network/virtualNetworks", "virtual network", _NAME, _RULE)
_SUBNET = (
    "Expected /subscriptions/{GUID}/resourceGroups/{group}/providers/Microsoft.Network/"
    "virtualNetworks/{network}/subnets/{name}."
)
# The one version that the Compute API documents for the interfaces it makes itself.
_NETWORK_API = "2020-11-01"


def check_subnet(text: str) -> str:
    """Return the ID of a subnet, stripped.

    :raises InvalidInput: if it is not one
    """
    stripped = check_path(text.strip(), "the ID of a subnet", _SUBNET)
    network, found, name = stripped.rpartition("/subnets/")
    if not found or not _NAME.fullmatch(name):
        raise InvalidInput(f"{shown(text)} is not the ID of a subnet.", remedy=_SUBNET)
    ResourceId.parse(network, _NETWORK)
    return stripped


def used_interfaces(interfaces: list[ResourceId]) -> dict[str, Any]:
    """The networkProfile of a VM with interfaces that are there already: the first is primary, all outlive the VM."""
    return {
        "networkInterfaces": [
            {"id": str(one), "properties": {"primary": index == 0, "deleteOption": "Detach"}}
            for index, one in enumerate(interfaces)
        ]
    }


def made_interface(name: str, subnet: str, *, public_ip: bool, security_group: str | None) -> dict[str, Any]:
    """The networkProfile of a VM whose interface, and public IP address if wanted, is made and deleted with it.

    :param name: of the VM; what is made is named after it
    """
    address: dict[str, Any] = {"subnet": {"id": subnet}, "primary": True}
    if public_ip:
        address["publicIPAddressConfiguration"] = {
            "name": f"{name}-ip",
            # New addresses are of the SKU Standard, which is static.
            "sku": {"name": "Standard", "tier": "Regional"},
            "properties": {"publicIPAllocationMethod": "Static", "deleteOption": "Delete"},
        }
    inner: dict[str, Any] = {
        "primary": True,
        "deleteOption": "Delete",
        "ipConfigurations": [{"name": "ipconfig1", "properties": address}],
    }
    if security_group is not None:
        inner["networkSecurityGroup"] = {"id": security_group}
    return {
        "networkApiVersion": _NETWORK_API,
        "networkInterfaceConfigurations": [{"name": f"{name}-nic", "properties": inner}],
    }
