# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A VM as Compute would show it when a template names only the essentials."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from ..cloud.model import Vm
from .images import with_exact_version

__all__ = ["blank_vm", "image_of"]

_NAMESPACE = uuid.UUID("6f9c1a52-6d5a-4f0e-9a53-6a3e9a6f1b11")
_SECRETS = ("adminPassword", "customData")
_IMAGES = {
    "Linux": {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"},
    "Windows": {
        "publisher": "MicrosoftWindowsServer",
        "offer": "WindowsServer",
        "sku": "2022-datacenter-azure-edition",
        "version": "latest",
    },
}


def image_of(os_type: str) -> dict[str, str]:
    """Return the image of a machine with Linux or Windows."""
    return dict(_IMAGES[os_type])


def blank_vm(vm_id: str, location: str, body: dict[str, Any], os_type: str = "Linux", size: str = "") -> Vm:
    """Return a VM with the given ID; `body` is a PUT's body, whose properties fill or replace the defaults."""
    name = vm_id.rsplit("/", 1)[1]
    given = body.get("properties") or {}
    group_id = vm_id.partition("/providers/")[0]
    nic = {"id": f"{group_id}/providers/Microsoft.Network/networkInterfaces/{name}-nic"}
    system = {"computerName": name, "adminUsername": "azureuser", "secrets": [], "allowExtensionOperations": True}
    properties = {
        "hardwareProfile": {"vmSize": size or "Standard_D2s_v5"},
        "vmId": str(uuid.uuid5(_NAMESPACE, vm_id.lower())),
        "storageProfile": {},
        "osProfile": system,
        "networkProfile": {"networkInterfaces": [nic]},
        "timeCreated": "2026-01-12T08:56:31.4581945+00:00",
        **given,
    }
    properties["storageProfile"] = _storage(vm_id, given, os_type)
    properties.pop("provisioningState", None)
    profile = properties["osProfile"]
    if isinstance(profile, dict):
        properties["osProfile"] = {key: value for key, value in profile.items() if key not in _SECRETS}
    shown = {"tags": dict(body.get("tags") or {}), "properties": properties}
    shown.update({key: body[key] for key in ("plan", "zones", "extendedLocation") if key in body})
    return Vm(id=vm_id, name=name, group=vm_id.split("/")[4], location=location.replace(" ", "").lower(), body=shown)


def _storage(vm_id: str, given: Mapping[str, Any], os_type: str) -> dict[str, Any]:
    """Return the storage profile with what Compute adds: the disk's name and ID, its kind and size."""
    storage = _object(given, "storageProfile")
    disk = _object(storage, "osDisk")
    publisher = str(_object(storage, "imageReference").get("publisher") or "").lower()
    if "windowsConfiguration" in _object(given, "osProfile") or publisher.startswith("microsoftwindows"):
        os_type = "Windows"
    suffix = uuid.uuid5(_NAMESPACE, f"{vm_id.lower()}/disk").hex
    name = str(disk.get("name") or f"{vm_id.rsplit('/', 1)[1]}_OsDisk_1_{suffix}")
    disk_id = f"{vm_id.partition('/providers/')[0]}/providers/Microsoft.Compute/disks/{name}"
    filled = {
        "osType": os_type,
        "createOption": "FromImage",
        "caching": "ReadWrite",
        "deleteOption": "Detach",
        "diskSizeGB": 30,
        **{key: value for key, value in disk.items() if value is not None},
        "name": name,
    }
    # A disk in a storage account is not a managed one.
    if "vhd" not in disk:
        filled["managedDisk"] = {"id": disk_id, **_object(disk, "managedDisk")}
    image = {} if filled["createOption"] == "Attach" else {"imageReference": _IMAGES[os_type]}
    full = {**image, **storage, "osDisk": filled, "dataDisks": _data_disks(vm_id, storage.get("dataDisks"))}
    return {**full, "imageReference": with_exact_version(full["imageReference"])} if "imageReference" in full else full


def _data_disks(vm_id: str, given: Any) -> Any:
    """Return data disks with what Compute adds to those that it makes: a name and an ID."""
    if not isinstance(given, list):
        return []
    filled = []
    for number, disk in enumerate(given):
        managed = _object(disk, "managedDisk") if isinstance(disk, dict) else {}
        if isinstance(disk, dict) and "vhd" not in disk and "id" not in managed:
            suffix = uuid.uuid5(_NAMESPACE, f"{vm_id.lower()}/disk/{number}").hex
            name = str(disk.get("name") or f"{vm_id.rsplit('/', 1)[1]}_disk{number + 2}_{suffix}")
            disk_id = f"{vm_id.partition('/providers/')[0]}/providers/Microsoft.Compute/disks/{name}"
            disk = {"caching": "None", "deleteOption": "Detach", **disk, "name": name}
            disk["managedDisk"] = {"id": disk_id, **managed}
        filled.append(disk)
    return filled


def _object(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name)
    return dict(value) if isinstance(value, dict) else {}
