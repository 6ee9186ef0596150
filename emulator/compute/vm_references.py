# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a VM or an instance refers to: its network interfaces must be there, free, and the caller's to join."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..cloud.identity_errors import invalid_property_id
from ..cloud.model import Vm
from ..parts.errors import network_error, reference_not_found
from ..parts.networks import INTERFACE
from ..request.call import Call
from ..request.linked import check_linked
from ..wire.bodies import items, mapping
from ..wire.path import parse_resource_id
from .vm_parts import interface_references

__all__ = ["check_disks", "check_interfaces"]


def check_interfaces(call: Call, vm_id: str, properties: Mapping[str, Any]) -> None:
    """Raise ArmError 400 for a network interface that does not exist or that another VM has, 403 without the right."""
    profile = mapping(properties, "networkProfile")
    wanted = [str(item.get("id")) for item in items(profile, "networkInterfaces")]
    current = call.store.vms.get(vm_id.lower())
    known = {item["id"].lower() for item in interface_references(current)} if current is not None else set()
    added = [item for item in wanted if item.lower() not in known]
    for interface_id in added:
        found = call.store.resources.get(interface_id.lower())
        if found is None or found.kind != INTERFACE:
            raise reference_not_found(interface_id, vm_id)
        user = found.body["properties"].get("virtualMachine")
        if user is not None and user["id"].lower() != vm_id.lower():
            raise network_error("NicInUse", f"Network Interface {found.id} is used by existing resource {user['id']}.")
    if added:
        check_linked(call, added, vm_id, kind=Vm.kind, right=f"{INTERFACE}/join/action")


def check_disks(properties: Mapping[str, Any]) -> None:
    """Raise ArmError 400 for a managed disk that is named by something else than a resource ID."""
    storage = mapping(properties, "storageProfile")
    disks = {"osDisk": mapping(storage, "osDisk")}
    disks.update({f"dataDisks[{index}]": disk for index, disk in enumerate(items(storage, "dataDisks"))})
    for where, disk in disks.items():
        wanted = mapping(disk, "managedDisk").get("id")
        if wanted is not None and parse_resource_id(str(wanted)) is None:
            raise invalid_property_id(str(wanted), f"properties.storageProfile.{where}.managedDisk.id")
