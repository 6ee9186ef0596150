# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a VM brings along and leaves behind: network interfaces with their public addresses, and its disks."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from ..cloud.model import Resource, Vm
from ..parts.disks import disks_of
from .vm_interfaces import make_interface, remove_interface

if TYPE_CHECKING:
    from ..cloud.store import Store

__all__ = ["attach", "ensure", "interface_references", "release", "scale_set_of"]


def interface_references(vm: Vm) -> list[dict[str, Any]]:
    """Return the references to network interfaces in a VM's network profile."""
    profile = vm.body["properties"].get("networkProfile")
    found = profile.get("networkInterfaces") if isinstance(profile, dict) else None
    return [item for item in found or () if isinstance(item, dict) and isinstance(item.get("id"), str)]


def scale_set_of(vm: Vm) -> str:
    """Return the ID of the VM's flexible scale set in lower case, or an empty string."""
    reference = vm.body["properties"].get("virtualMachineScaleSet")
    return str(reference.get("id") or "").lower() if isinstance(reference, dict) else ""


def ensure(store: Store, vm: Vm) -> None:
    """Make each network interface of the VM that does not exist, and its disks; then attach them."""
    for reference in interface_references(vm):
        if reference["id"].lower() not in store.resources:
            make_interface(store, vm, reference["id"])
    for disk in disks_of(vm):
        store.resources.setdefault(disk.id.lower(), disk)
    attach(store, vm)


def attach(store: Store, vm: Vm) -> None:
    """Say on each network interface which VM has it; those that the VM no longer has are free."""
    references = interface_references(vm)
    kept = frozenset(reference["id"].lower() for reference in references)
    for key in vm.interfaces - kept:
        _detach(store, store.resources.get(key))
    for index, reference in enumerate(references):
        found = store.resources.get(reference["id"].lower())
        if found is not None:
            store.keep(found.having(virtualMachine={"id": vm.id}, primary=_is_primary(reference, index)))
    vm.interfaces = kept


def release(store: Store, vm: Vm) -> None:
    """Remove what goes with the VM (deleteOption Delete), and detach the rest."""
    for reference in interface_references(vm):
        found = store.resources.get(reference["id"].lower())
        if found is None:
            continue
        if _option(reference) == "Delete":
            remove_interface(store, found)
        else:
            _detach(store, found)
    for disk in _disks(vm):
        managed = disk.get("managedDisk")
        key = str(managed.get("id") or "").lower() if isinstance(managed, dict) else ""
        if disk.get("deleteOption") == "Delete":
            store.resources.pop(key, None)
        elif key in store.resources:
            free = store.resources[key].having(diskState="Unattached")
            body = {name: value for name, value in free.body.items() if name != "managedBy"}
            store.keep(dataclasses.replace(free, body=body))


def _disks(vm: Vm) -> list[dict[str, Any]]:
    storage = vm.body["properties"].get("storageProfile")
    if not isinstance(storage, dict):
        return []
    data = storage.get("dataDisks")
    disks = [storage.get("osDisk"), *(data if isinstance(data, list) else ())]
    return [disk for disk in disks if isinstance(disk, dict)]


def _detach(store: Store, found: Resource | None) -> None:
    if found is not None:
        store.keep(found.having(virtualMachine=None, primary=None))


def _option(reference: dict[str, Any]) -> Any:
    properties = reference.get("properties")
    return properties.get("deleteOption") if isinstance(properties, dict) else None


def _is_primary(reference: dict[str, Any], index: int) -> bool:
    properties = reference.get("properties")
    given = properties.get("primary") if isinstance(properties, dict) else None
    return index == 0 if given is None else bool(given)
