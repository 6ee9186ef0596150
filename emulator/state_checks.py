# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must be true of a state beside its types: that everything is where it says it is, and has what it hangs on."""

from __future__ import annotations

from typing import Any

from .base.fields import SeedError
from .cloud.store import Store

__all__ = ["check_store"]

_BY_ID = ("groups", "identities", "vms", "scale_sets", "resources", "others", "operations", "deployments")


def check_store(store: Store) -> None:
    """Raise SeedError, with the place, for a store that no emulator can have had."""
    if not store.tenants or not store.subscriptions:
        raise SeedError("store needs at least one of 'tenants' and of 'subscriptions'")
    for key, tenant in store.tenants.items():
        _need(f"store.tenants[{key!r}]", tenant, name=str, domain=str)
    for key, item in store.subscriptions.items():
        where = f"store.subscriptions[{key!r}]"
        if item.id != key:
            raise SeedError(f"{where}.id is {item.id!r}")
        if item.tenant not in store.tenants or item.management_group not in ("", *store.management_groups):
            raise SeedError(f"{where} names a tenant or management group that is not there")
    for name in (*_BY_ID, "credentials"):
        for key, item in getattr(store, name).items():
            if item.id.lower() != key:
                raise SeedError(f"store.{name}[{key!r}].id is {item.id!r}")
            if name != "operations":
                _check_place(store, f"store.{name}[{key!r}]", key)
    for holder in store.holders():
        _need(f"the body of {holder.id}", holder.body, tags=dict, properties=dict)
    for key, resource in store.resources.items():
        _need(f"store.resources[{key!r}].body", resource.body, location=str, tags=dict, properties=dict)


def _check_place(store: Store, where: str, key: str) -> None:
    parts = key.split("/")
    if len(parts) < 5 or parts[1] != "subscriptions" or parts[2] not in store.subscriptions:
        raise SeedError(f"{where} is in no subscription of the state")
    if len(parts) > 5 and "/".join(parts[:5]) not in store.groups:
        raise SeedError(f"{where} is in no resource group of the state")


def _need(where: str, mapping: dict[str, Any], **kinds: type) -> None:
    for name, kind in kinds.items():
        if not isinstance(mapping.get(name), kind):
            raise SeedError(f"{where} needs '{name}'")
