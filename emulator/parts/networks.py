# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Networks as Microsoft.Network shows them: what a write's properties become."""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING, Any

from ..cloud.model import Resource
from ..wire.bodies import items, mapping
from .addresses import check_prefixes, public_address
from .errors import network_error
from .security_rules import DEFAULT_RULES

if TYPE_CHECKING:
    from ..cloud.store import Store

__all__ = [
    "INTERFACE",
    "NSG",
    "PUBLIC",
    "VNET",
    "find_subnet",
    "guid",
    "shape_group",
    "shape_network",
    "shape_public",
    "shape_subnet",
]

INTERFACE = "Microsoft.Network/networkInterfaces"
NSG = "Microsoft.Network/networkSecurityGroups"
PUBLIC = "Microsoft.Network/publicIPAddresses"
VNET = "Microsoft.Network/virtualNetworks"


def guid(resource_id: str) -> str:
    """Return the GUID that Microsoft.Network has for a resource."""
    # Seeds make tens of thousands of these, and uuid5 is slow.
    digest = hashlib.blake2b(resource_id.lower().encode(), digest_size=16).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:]}"


def shape_network(store: Store, resource: Resource, given: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of a virtual network; raises ArmError 400."""
    prefixes = mapping(given, "addressSpace").get("addressPrefixes")
    if not isinstance(prefixes, list) or not prefixes:
        raise network_error("MissingAddressSpace", f"Virtual network {resource.id} has no address prefix.")
    check_prefixes(resource.id, prefixes)
    subnets = [shape_subnet(resource, item) for item in items(given, "subnets")]
    return {
        "addressSpace": {"addressPrefixes": prefixes},
        "subnets": subnets,
        "virtualNetworkPeerings": [],
        "enableDdosProtection": bool(given.get("enableDdosProtection")),
    }


def shape_subnet(network: Resource, given: dict[str, Any]) -> dict[str, Any]:
    """Return a subnet of a virtual network; raises ArmError 400."""
    name = str(given.get("name") or "")
    subnet_id = f"{network.id}/subnets/{name}"
    properties = mapping(given, "properties")
    prefix = properties.get("addressPrefix") or next(iter(properties.get("addressPrefixes") or ()), None)
    check_prefixes(subnet_id, [prefix])
    return {
        "name": name,
        "id": subnet_id,
        "etag": f'W/"{uuid.uuid4()}"',
        "properties": {
            **properties,
            "provisioningState": "Succeeded",
            "addressPrefix": prefix,
            "delegations": items(properties, "delegations"),
            "privateEndpointNetworkPolicies": properties.get("privateEndpointNetworkPolicies") or "Disabled",
            "privateLinkServiceNetworkPolicies": properties.get("privateLinkServiceNetworkPolicies") or "Enabled",
        },
        "type": f"{VNET}/subnets",
    }


def find_subnet(store: Store, subnet_id: str) -> dict[str, Any] | None:
    """Return a subnet by its ID, or None."""
    network = store.resources.get("/".join(subnet_id.split("/")[:9]).lower())
    subnets = network.body["properties"].get("subnets", ()) if network is not None else ()
    return next((item for item in subnets if item["id"].lower() == subnet_id.lower()), None)


def shape_public(store: Store, resource: Resource, given: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of a public address; a dynamic one has its address while it is in use."""
    old = resource.body.get("properties") or {}
    basic = mapping(resource.body, "sku").get("name") == "Basic"
    method = given.get("publicIPAllocationMethod") or ("Dynamic" if basic else "Static")
    shaped = {
        **given,
        "publicIPAddressVersion": given.get("publicIPAddressVersion") or "IPv4",
        "publicIPAllocationMethod": method,
        "idleTimeoutInMinutes": given.get("idleTimeoutInMinutes") or 4,
        "ipTags": items(given, "ipTags"),
    }
    shaped.pop("ipAddress", None)
    if method == "Static" or "ipConfiguration" in old:
        shaped["ipAddress"] = old.get("ipAddress") or public_address(store)
    if "ipConfiguration" in old:
        shaped["ipConfiguration"] = old["ipConfiguration"]
    return shaped


def shape_group(_store: Store, resource: Resource, given: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of a network security group."""
    rules = [_rule(resource, "securityRules", item) for item in items(given, "securityRules")]
    defaults = [_rule(resource, "defaultSecurityRules", item) for item in DEFAULT_RULES]
    return {"securityRules": rules, "defaultSecurityRules": defaults}


def _rule(resource: Resource, collection: str, given: dict[str, Any]) -> dict[str, Any]:
    name = str(given.get("name") or "")
    return {
        "name": name,
        "id": f"{resource.id}/{collection}/{name}",
        "etag": f'W/"{guid(resource.id + name)}"',
        "type": f"{NSG}/{collection}",
        "properties": {"provisioningState": "Succeeded", **mapping(given, "properties")},
    }
