# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What keeps a network resource from being deleted: something that uses it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..cloud.model import Resource
from .errors import network_error
from .networks import INTERFACE

if TYPE_CHECKING:
    from ..cloud.store import Store

__all__ = ["check_free_group", "check_free_interface", "check_free_network", "check_free_public", "check_free_subnet"]


def check_free_interface(_store: Store, resource: Resource) -> None:
    """Raise ArmError 400 NicInUse."""
    vm = resource.body["properties"].get("virtualMachine")
    if vm is not None:
        raise network_error(
            "NicInUse",
            f"Network Interface {resource.id} is used by existing resource {vm['id']}. In order to delete the network "
            "interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic.",
        )


def check_free_public(_store: Store, resource: Resource) -> None:
    """Raise ArmError 400 PublicIPAddressCannotBeDeleted."""
    user = resource.body["properties"].get("ipConfiguration")
    if user is not None:
        raise network_error(
            "PublicIPAddressCannotBeDeleted",
            f"Public IP address {resource.id} can not be deleted since it is still allocated to resource {user['id']}. "
            "In order to delete the public IP, disassociate/detach the Public IP address from the resource.  To learn "
            "how to do this, see aka.ms/deletepublicip.",
        )


def check_free_subnet(store: Store, subnet: Mapping[str, Any]) -> None:
    """Raise ArmError 400 InUseSubnetCannotBeDeleted."""
    for interface in _interfaces(store):
        for item in interface.body["properties"]["ipConfigurations"]:
            if item["properties"]["subnet"]["id"].lower() == subnet["id"].lower():
                raise network_error(
                    "InUseSubnetCannotBeDeleted",
                    f"Subnet {subnet['name']} is in use by {item['id']} and cannot be deleted. In order to delete the "
                    "subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.",
                )


def check_free_network(store: Store, resource: Resource) -> None:
    """Raise ArmError 400 InUseSubnetCannotBeDeleted if one of the subnets is in use."""
    for subnet in resource.body["properties"]["subnets"]:
        check_free_subnet(store, subnet)


def check_free_group(store: Store, resource: Resource) -> None:
    """Raise ArmError 400 InUseNetworkSecurityGroupCannotBeDeleted."""
    users = [
        item.id
        for item in _interfaces(store)
        if (item.body["properties"].get("networkSecurityGroup") or {}).get("id", "").lower() == resource.id.lower()
    ]
    if users:
        raise network_error(
            "InUseNetworkSecurityGroupCannotBeDeleted",
            f"Network security group {resource.id} cannot be deleted because it is in use by the following resources: "
            f"{', '.join(users)}. In order to delete the Network security group, remove the association with the "
            "resource(s). To learn how to do this, see aka.ms/deletensg.",
        )


def _interfaces(store: Store) -> list[Resource]:
    return [item for item in store.resources.values() if item.kind == INTERFACE]
