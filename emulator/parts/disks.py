# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Disks as Compute shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..cloud.model import Resource, Vm
from ..wire.errors import ArmError
from ..wire.path import parse_resource_id
from .networks import guid

if TYPE_CHECKING:
    from ..cloud.store import Store

__all__ = ["KIND", "check_free_disk", "disks_of", "shape_disk"]

KIND = "Microsoft.Compute/disks"


def disks_of(vm: Vm) -> list[Resource]:
    """Return the managed disks of a VM as resources, the OS disk first."""
    storage = vm.body["properties"].get("storageProfile")
    storage = storage if isinstance(storage, dict) else {}
    data = storage.get("dataDisks")
    shown = [(storage.get("osDisk"), True), *((disk, False) for disk in (data if isinstance(data, list) else ()))]
    found = (_disk(vm, disk, system) for disk, system in shown if isinstance(disk, dict))
    return [disk for disk in found if disk is not None]


def _disk(vm: Vm, disk: dict[str, Any], system: bool) -> Resource | None:
    managed = disk.get("managedDisk")
    # The model of a scale set may name anything.
    if not isinstance(managed, dict) or parse_resource_id(str(managed.get("id"))) is None:
        return None
    disk_id = managed["id"]
    size = disk.get("diskSizeGB") or 30
    properties = {
        **({"osType": disk.get("osType") or "Linux", "hyperVGeneration": "V2"} if system else {}),
        "creationData": {"createOption": "FromImage" if system else "Empty"},
        "diskSizeGB": size,
        "diskState": "Attached",
        "provisioningState": "Succeeded",
        "uniqueId": guid(disk_id),
    }
    body = {
        "location": vm.location,
        "tags": {},
        "sku": {"name": managed.get("storageAccountType") or "Premium_LRS", "tier": "Premium"},
        "managedBy": vm.id,
        "properties": properties,
    }
    return Resource(disk_id, disk_id.rsplit("/", 1)[1], KIND, body)


def shape_disk(_store: Store, resource: Resource, given: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of a disk; raises ArmError 400 without creationData."""
    if not isinstance(given.get("creationData"), dict):
        message = "Required parameter 'creationData' is missing (null)."
        raise ArmError(400, "InvalidParameter", message, gateway=False, pretty=True, extra={"target": "creationData"})
    old = resource.body.get("properties") or {}
    return {
        "diskSizeGB": 30,
        "diskState": old.get("diskState", "Unattached"),
        "uniqueId": guid(resource.id),
        **given,
    }


def check_free_disk(_store: Store, resource: Resource) -> None:
    """Raise ArmError 409 if the disk is attached to a VM."""
    vm = resource.body.get("managedBy")
    if vm:
        message = f"Disk {resource.name} is attached to VM {vm}."
        raise ArmError(409, "OperationNotAllowed", message, gateway=False, pretty=True)
