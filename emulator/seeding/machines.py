# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The `identities`, `vms` and `fleets` of a seed."""

from __future__ import annotations

import uuid
from typing import Any

from ..base.fields import Fields, SeedError
from ..cloud.access_model import SeededRole
from ..cloud.identity_rules import Identity
from ..cloud.model import Group, Holder, UserIdentity, Vm
from ..cloud.store import Store
from ..compute.new_vm import blank_vm
from ..compute.vm_parts import ensure
from .access import read_credentials

__all__ = ["find_group", "give_identity", "read_fleets", "read_identities", "read_roles", "read_vms"]

_NAMESPACE = uuid.UUID("0b8a2c9e-3f53-4b52-8f6c-3d7c1a2e5d70")
_MOST = 100_000
_KIND = "Microsoft.ManagedIdentity/userAssignedIdentities"


def read_identities(seed: Fields, store: Store) -> None:
    """Add the user-assigned identities; raises SeedError."""
    for item in seed.each("identities"):
        group = find_group(item, store)
        name = item.text("name")
        identity_id = f"{group.id.replace('/resourceGroups/', '/resourcegroups/')}/providers/{_KIND}/{name}"
        found = UserIdentity(
            id=identity_id,
            name=name,
            location=item.text("location", group.location),
            tags=item.take("tags", dict, {}),
            tenant_id=store.subscriptions[group.id.split("/")[2]].tenant,
            principal_id=item.text("principal_id", _derived(identity_id, "principal")),
            client_id=item.text("client_id", _derived(identity_id, "client")),
            isolation_scope=item.choice("isolation_scope", ("None", "Regional"), "None"),
            providers=[str(name) for name in item.take("providers", list, [])],
        )
        store.identities[identity_id.lower()] = found
        store.principals[found.principal_id] = read_roles(item) or ()
        read_credentials(item, store, identity_id)
        item.done()


def read_vms(seed: Fields, store: Store) -> None:
    """Add the VMs; raises SeedError."""
    for item in seed.each("vms"):
        group = find_group(item, store)
        name = item.text("name")
        vm_id = item.text("id", f"{group.id}/providers/Microsoft.Compute/virtualMachines/{name}")
        if vm_id.lower() != f"{group.id}/providers/Microsoft.Compute/virtualMachines/{name}".lower():
            raise SeedError(f"{item.where}.id may differ from the VM's ID only in case")
        vm = _vm(item, store, vm_id, group)
        vm.name = name
        store.vms[vm_id.lower()] = vm
        ensure(store, vm)
        item.done()


def read_fleets(seed: Fields, store: Store) -> None:
    """Add the fleets: many VMs that are alike but for their number; raises SeedError."""
    for item in seed.each("fleets"):
        group = find_group(item, store)
        prefix, count = item.text("prefix"), item.take("count", int)
        if not 0 <= count <= _MOST:
            raise SeedError(f"{item.where}.count must be from 0 to {_MOST}, not {count}")
        body, os_type = {"tags": item.take("tags", dict, {})}, item.choice("os", ("Linux", "Windows"), "Linux")
        system, users = item.take("system_identity", bool, False), item.take("user_identities", list, [])
        location = item.text("location", group.location)
        for number in range(1, count + 1):
            vm_id = f"{group.id}/providers/Microsoft.Compute/virtualMachines/{prefix}{number:05d}"
            vm = blank_vm(vm_id, location, body, os_type)
            _give(vm, store, system, users, item.where)
            store.vms[vm_id.lower()] = vm
            ensure(store, vm)
        item.done()


def read_roles(item: Fields) -> tuple[SeededRole, ...] | None:
    """Return the roles of a mapping, or None if it has no such field; raises SeedError."""
    given = item.take("roles", list, None)
    if given is None:
        return None
    roles = []
    for index, value in enumerate(given):
        entry = Fields(value, f"{item.where}.roles[{index}]")
        roles.append(SeededRole(entry.text("role"), entry.text("scope"), entry.where))
        entry.done()
    return tuple(roles)


def find_group(item: Fields, store: Store) -> Group:
    """Return the resource group that a mapping names; raises SeedError."""
    name = item.text("group")
    given = item.text("subscription", next(iter(store.subscriptions)))
    subscription = store.find_subscription(given)
    if subscription is None:
        raise SeedError(f"{item.where}.subscription '{given}' is not among 'subscriptions'")
    group = store.groups.get(f"/subscriptions/{subscription.id}/resourcegroups/{name.lower()}")
    if group is None:
        raise SeedError(f"{item.where}.group '{name}' is not among 'groups' of subscription {subscription.name}")
    return group


def _vm(item: Fields, store: Store, vm_id: str, group: Group) -> Vm:
    body = {"tags": item.take("tags", dict, {}), "properties": item.take("properties", dict, {})}
    os_type = item.choice("os", ("Linux", "Windows"), "Linux")
    vm = blank_vm(vm_id, item.text("location", group.location), body, os_type, item.text("size", ""))
    vm.etag = item.take("etag", int, 1)
    vm.state = item.choice("state", ("Succeeded", "Failed"), "Succeeded")
    vm.power = item.choice("power", ("running", "deallocated"), "running")
    give_identity(item, vm, store)
    return vm


def give_identity(item: Fields, holder: Holder, store: Store) -> None:
    """Give a VM or scale set the identity that a mapping describes; raises SeedError."""
    system, users = item.take("system_identity", bool, False), item.take("user_identities", list, [])
    _give(holder, store, system, users, item.where)
    if holder.identity and "principalId" in holder.identity:
        holder.identity["principalId"] = item.text("principal_id", holder.identity["principalId"])
        holder.system_client_id = item.text("client_id", holder.system_client_id)
        store.principals[holder.identity["principalId"]] = read_roles(item) or ()


def _give(holder: Holder, store: Store, system: bool, users: list[Any], where: str) -> None:
    tenant = store.subscriptions[holder.id.split("/")[2].lower()].tenant
    kinds = (["SystemAssigned"] if system else []) + (["UserAssigned"] if users else [])
    if not kinds:
        return
    identity: Identity = {"type": ", ".join(kinds)}
    if system:
        identity["principalId"] = _derived(holder.id, "principal")
        identity["tenantId"] = tenant
        holder.system_client_id = _derived(holder.id, "client")
    if users:
        entries = [
            _user(entry, holder, store, f"{where}.user_identities[{index}]") for index, entry in enumerate(users)
        ]
        identity["userAssignedIdentities"] = dict(entries)
    holder.identity = identity


def _user(entry: object, holder: Holder, store: Store, where: str) -> tuple[str, dict[str, str]]:
    """Return the key and value of one entry; a mapping with `deleted` makes a dangling one."""
    deleted = False
    if isinstance(entry, dict):
        fields = Fields(entry, where)
        entry, deleted = fields.text("id"), fields.take("deleted", bool, False)
        fields.done()
    if not isinstance(entry, str):
        raise SeedError(f"{where} must be a name, an ID or a mapping")
    key = entry if entry.startswith("/") else f"{holder.id.partition('/providers/')[0]}/providers/{_KIND}/{entry}"
    ids = store.identity_ids(key)
    if (ids is None) != deleted:
        state = (
            "is among 'identities'" if deleted else "is not among 'identities' (a dangling one needs 'deleted: true')"
        )
        raise SeedError(f"{where} '{key}' {state}")
    return key, ids or {"principalId": _derived(key, "principal"), "clientId": _derived(key, "client")}


def _derived(resource_id: str, kind: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{kind} {resource_id.lower()}"))
