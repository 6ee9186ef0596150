# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The network interfaces of VMs that nobody made by hand: of seeds, of scale sets, and those that Compute creates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..cloud.model import Resource, Vm
from ..parts.interfaces import link, public_addresses, unlink
from ..parts.networks import INTERFACE, PUBLIC, VNET
from ..parts.plain_kinds import fill
from ..wire.bodies import items, mapping

if TYPE_CHECKING:
    from ..cloud.store import Store

__all__ = ["create_configured", "make_interface", "remove_interface"]

_PREFIX = "10.0.0.0/16"


def make_interface(store: Store, vm: Vm, interface_id: str) -> None:
    """Make a network interface for a VM, in the subnet for VMs of its group and location."""
    subnet = {"id": _subnet_for(store, vm)}
    configuration = {"name": "ipconfig1", "properties": {"subnet": subnet}}
    _add(store, interface_id, INTERFACE, vm, {"ipConfigurations": [configuration]})


def create_configured(store: Store, vm: Vm) -> None:
    """Replace a VM's networkInterfaceConfigurations by the interfaces and public addresses that they describe."""
    profile = vm.body["properties"].get("networkProfile")
    if not isinstance(profile, dict) or not profile.get("networkInterfaceConfigurations"):
        return
    references = items(profile, "networkInterfaces")
    prefix = f"{vm.id.partition('/providers/')[0]}/providers"
    for item in items(profile, "networkInterfaceConfigurations"):
        given = mapping(item, "properties")
        wanted = [_with_public(store, vm, prefix, entry) for entry in items(given, "ipConfigurations")]
        interface_id = f"{prefix}/{INTERFACE}/{item.get('name') or vm.name}"
        _add(store, interface_id, INTERFACE, vm, {**given, "ipConfigurations": wanted})
        kept = {name: given[name] for name in ("primary", "deleteOption") if name in given}
        references.append({"id": interface_id, **({"properties": kept} if kept else {})})
    vm.body["properties"]["networkProfile"] = {"networkInterfaces": references}


def remove_interface(store: Store, interface: Resource) -> None:
    """Remove a network interface, and the public addresses that go with it."""
    unlink(store, interface)
    for _configuration_id, reference in public_addresses(interface):
        if mapping(reference, "properties").get("deleteOption") == "Delete":
            store.resources.pop(reference["id"].lower(), None)
    store.resources.pop(interface.id.lower(), None)


def _with_public(store: Store, vm: Vm, prefix: str, given: dict[str, Any]) -> dict[str, Any]:
    properties = mapping(given, "properties")
    wanted = mapping(properties, "publicIPAddressConfiguration")
    if not wanted:
        return given
    inner = mapping(wanted, "properties")
    public_id = f"{prefix}/{PUBLIC}/{wanted.get('name') or vm.name}"
    sku = mapping(wanted, "sku")
    _add(store, public_id, PUBLIC, vm, inner, **({"sku": {"tier": "Regional", **sku}} if sku else {}))
    option = {"deleteOption": inner["deleteOption"]} if "deleteOption" in inner else {}
    return {**given, "properties": {**properties, "publicIPAddress": {"id": public_id, "properties": option}}}


def _subnet_for(store: Store, vm: Vm) -> str:
    name = f"vnet-{vm.location}"
    network_id = f"{vm.id.partition('/providers/')[0]}/providers/{VNET}/{name}"
    found = store.resources.get(network_id.lower())
    if found is None:
        subnet = {"name": "default", "properties": {"addressPrefix": _PREFIX}}
        given = {"addressSpace": {"addressPrefixes": [_PREFIX]}, "subnets": [subnet]}
        found = _add(store, network_id, VNET, vm, given)
    return f"{found.id}/subnets/default"


def _add(store: Store, resource_id: str, kind: str, vm: Vm, given: dict[str, Any], **more: Any) -> Resource:
    body = {"location": vm.location, "tags": {}, **more}
    found = fill(store, Resource(resource_id, resource_id.rsplit("/", 1)[1], kind, body), given)
    if kind == INTERFACE:
        link(store, found)
    return store.keep(found)
