# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The long tail of an instance's life: which model the instances of a scale set have, and how many there are."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..cloud.model import Instance, Operation, ScaleSet, Vm
from . import vm_parts
from .new_vm import blank_vm

if TYPE_CHECKING:
    from ..cloud.identity_rules import Identity
    from ..cloud.store import Store

__all__ = ["is_current", "members", "profile_of", "resize", "roll_out", "take_effect"]


def take_effect(store: Store, scale_set: ScaleSet, operation: Operation) -> None:
    """Do what remains at the end of an operation that succeeded: instances come, go, or get the latest model."""
    if operation.kind == "delete":
        for vm in members(store, scale_set):
            vm_parts.release(store, vm)
            store.remove(vm)
        return
    if operation.kind == "upgrade":
        roll_out(scale_set, operation.instances)
        return
    resize(store, scale_set)
    policy = scale_set.body["properties"].get("upgradePolicy")
    mode = policy.get("mode") if isinstance(policy, dict) else None
    # Rolling goes batch by batch in Azure; here all batches end with the operation.
    if mode in ("Automatic", "Rolling"):
        roll_out(scale_set, tuple(scale_set.instances))


def roll_out(scale_set: ScaleSet, numbers: Sequence[str]) -> None:
    """Give the numbered instances the latest model."""
    for number in numbers:
        instance = scale_set.instances.get(number)
        if instance is not None:
            instance.identity = scale_set.identity
            instance.profile = profile_of(scale_set)


def resize(store: Store, scale_set: ScaleSet) -> None:
    """Add or remove instances until there are as many as the capacity says."""
    sku = scale_set.body.get("sku")
    wanted = sku.get("capacity") if isinstance(sku, dict) else None
    if not isinstance(wanted, int):
        return
    if scale_set.flexible:
        _resize_flexible(store, scale_set, wanted)
        return
    while len(scale_set.instances) < wanted:
        number = str(scale_set.created)
        scale_set.created += 1
        vm_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{scale_set.id.lower()}/{number}"))
        scale_set.instances[number] = Instance(number, profile_of(scale_set), scale_set.identity, vm_id)
    while len(scale_set.instances) > max(wanted, 0):
        scale_set.instances.popitem()


def is_current(scale_set: ScaleSet, instance: Instance) -> bool:
    """Whether the instance has the set's latest model."""
    return instance.profile == profile_of(scale_set) and _essence(instance.identity) == _essence(scale_set.identity)


def profile_of(scale_set: ScaleSet) -> dict[str, Any]:
    """Return the model of the set's instances."""
    profile = scale_set.body["properties"].get("virtualMachineProfile")
    return profile if isinstance(profile, dict) else {}


def members(store: Store, scale_set: ScaleSet) -> list[Vm]:
    """Return the VMs of a flexible scale set, oldest first."""
    return [vm for vm in store.vms.values() if vm_parts.scale_set_of(vm) == scale_set.id.lower()]


def _resize_flexible(store: Store, scale_set: ScaleSet, wanted: int) -> None:
    found = members(store, scale_set)
    for vm in found[max(wanted, 0) :]:
        vm_parts.release(store, vm)
        store.remove(vm)
    for _number in range(len(found), wanted):
        suffix = uuid.uuid5(uuid.NAMESPACE_URL, f"{scale_set.id.lower()}/{scale_set.created}").hex[:8]
        scale_set.created += 1
        vm = _member(scale_set, f"{scale_set.name}_{suffix}")
        store.vms[vm.id.lower()] = vm
        vm_parts.ensure(store, vm)


def _member(scale_set: ScaleSet, name: str) -> Vm:
    profile = copy.deepcopy(profile_of(scale_set))
    given: dict[str, Any] = {
        key: profile[key] for key in ("storageProfile", "securityProfile", "priority") if key in profile
    }
    system = profile.get("osProfile")
    if isinstance(system, dict):
        given["osProfile"] = {"computerName": name, **system}
    properties = {**given, "virtualMachineScaleSet": {"id": scale_set.id}}
    body = {"tags": dict(scale_set.body.get("tags") or {}), "properties": properties}
    vm_id = f"{scale_set.id.partition('/providers/')[0]}/providers/Microsoft.Compute/virtualMachines/{name}"
    vm = blank_vm(vm_id, scale_set.location, body, size=str(scale_set.body["sku"].get("name") or ""))
    vm.identity = copy.deepcopy(scale_set.identity)
    return vm


def _essence(identity: Identity | None) -> tuple[Any, ...]:
    users = (identity or {}).get("userAssignedIdentities") or {}
    return (
        (identity or {}).get("type"),
        (identity or {}).get("principalId"),
        frozenset(key.lower() for key in users),
    )
