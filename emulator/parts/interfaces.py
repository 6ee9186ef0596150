# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Network interfaces: their properties, and what they refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ..cloud.model import Resource
from ..wire.bodies import items, mapping
from .addresses import private_address, public_address
from .errors import network_error, reference_not_found
from .networks import INTERFACE, find_subnet, guid

if TYPE_CHECKING:
    from ..cloud.store import Store

__all__ = ["link", "public_addresses", "shape_interface", "unlink"]


def shape_interface(store: Store, resource: Resource, given: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of a network interface; raises ArmError 400 if a reference leads nowhere."""
    old = resource.body.get("properties") or {}
    wanted = items(given, "ipConfigurations")
    if not wanted:
        message = f"Network interface {resource.id} must have at least one IP configuration."
        raise network_error("NetworkInterfaceMustHaveAtLeastOneIpConfiguration", message)
    addresses = {item["name"]: item["properties"] for item in old.get("ipConfigurations") or ()}
    configurations = [
        _configuration(store, resource, item, addresses.get(str(item.get("name")), {}), index)
        for index, item in enumerate(wanted)
    ]
    group = given.get("networkSecurityGroup")
    if group is not None:
        _check_reference(store, resource, mapping(given, "networkSecurityGroup"))
    digits = guid(resource.id).upper()
    return {
        "ipConfigurations": configurations,
        "dnsSettings": {"dnsServers": [], "appliedDnsServers": [], **mapping(given, "dnsSettings")},
        "macAddress": f"00-0D-3A-{digits[0:2]}-{digits[2:4]}-{digits[4:6]}",
        "enableAcceleratedNetworking": bool(given.get("enableAcceleratedNetworking")),
        "enableIPForwarding": bool(given.get("enableIPForwarding")),
        **({"networkSecurityGroup": {"id": group["id"]}} if group else {}),
        **{name: old[name] for name in ("primary", "virtualMachine") if name in old},
        "nicType": "Standard",
    }


def _check_reference(store: Store, resource: Resource, reference: dict[str, Any]) -> str:
    """Return the ID in a reference; raises ArmError 400 if nothing has it."""
    wanted = reference.get("id")
    if not isinstance(wanted, str):
        raise reference_not_found(str(wanted), resource.id)
    found = find_subnet(store, wanted) if "/subnets/" in wanted.lower() else store.resources.get(wanted.lower())
    if found is None:
        raise reference_not_found(wanted, resource.id)
    return wanted


def _configuration(
    store: Store, resource: Resource, given: dict[str, Any], old: dict[str, Any], index: int
) -> dict[str, Any]:
    name = str(given.get("name") or f"ipconfig{index + 1}")
    properties = mapping(given, "properties")
    subnet = _check_reference(store, resource, mapping(properties, "subnet"))
    public = mapping(properties, "publicIPAddress")
    shown: dict[str, Any] = {"provisioningState": "Succeeded"}
    address = properties.get("privateIPAddress") or old.get("privateIPAddress")
    found = find_subnet(store, subnet)
    shown["privateIPAddress"] = address or private_address(store, cast("dict[str, Any]", found))
    shown["privateIPAllocationMethod"] = properties.get("privateIPAllocationMethod") or "Dynamic"
    if public:
        shown["publicIPAddress"] = {"id": _check_reference(store, resource, public), **_delete_option(public)}
    shown["subnet"] = {"id": subnet}
    shown["primary"] = bool(properties.get("primary", index == 0))
    shown["privateIPAddressVersion"] = properties.get("privateIPAddressVersion") or "IPv4"
    configuration_id = f"{resource.id}/ipConfigurations/{name}"
    kind = f"{INTERFACE}/ipConfigurations"
    etag = f'W/"{guid(configuration_id)}"'
    return {"name": name, "id": configuration_id, "etag": etag, "type": kind, "properties": shown}


def _delete_option(public: dict[str, Any]) -> dict[str, Any]:
    properties = mapping(public, "properties")
    return {"properties": properties} if "deleteOption" in properties else {}


def public_addresses(interface: Resource) -> list[tuple[str, dict[str, Any]]]:
    """Return the IDs of the interface's IP configurations that have a public address, with the reference to it."""
    configurations = interface.body["properties"].get("ipConfigurations") or ()
    return [
        (item["id"], item["properties"]["publicIPAddress"])
        for item in configurations
        if "publicIPAddress" in item["properties"]
    ]


def link(store: Store, interface: Resource) -> None:
    """Say on each public address of the interface that it is in use."""
    for configuration_id, reference in public_addresses(interface):
        public = store.resources.get(reference["id"].lower())
        if public is not None:
            address = public.body["properties"].get("ipAddress") or public_address(store)
            store.keep(public.having(ipConfiguration={"id": configuration_id}, ipAddress=address))


def unlink(store: Store, interface: Resource) -> None:
    """Free the public addresses of the interface; a dynamic one loses its address."""
    for _configuration_id, reference in public_addresses(interface):
        public = store.resources.get(reference["id"].lower())
        if public is not None:
            dynamic = public.body["properties"].get("publicIPAllocationMethod") == "Dynamic"
            free = public.having(ipConfiguration=None)
            store.keep(free.having(ipAddress=None) if dynamic else free)
