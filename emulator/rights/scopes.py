# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Scopes of access: the tenant's root, management groups, subscriptions, groups, resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import rbac

if TYPE_CHECKING:
    from ..cloud.store import Store

__all__ = ["above", "has_management_group", "management_scope", "spread"]

_MANAGEMENT = "/providers/Microsoft.Management/managementGroups/"


def management_scope(name: str) -> str:
    """Return the ID of a management group."""
    return f"{_MANAGEMENT}{name}"


def spread(store: Store, scope: str) -> list[str]:
    """Return a scope, and for a management group also the groups and subscriptions below it."""
    name = _management_group(scope)
    if not name:
        return [scope]
    below = {name}
    # In the store a parent stands before its children.
    for key, group in store.management_groups.items():
        if group.parent in below:
            below.add(key)
    subscriptions = [
        f"/subscriptions/{item.id}"
        for item in store.subscriptions.values()
        if (item.management_group or item.tenant) in below
    ]
    return [scope, *(management_scope(key) for key in sorted(below)), *subscriptions]


def above(store: Store, outer: str, inner: str) -> bool:
    """Whether one scope is another one or above it, management groups included."""
    return any(rbac.covers(scope, inner) for scope in spread(store, outer))


def has_management_group(store: Store, scope: str, tenant: str) -> bool:
    """Whether a tenant has the management group of a scope; true for every other scope."""
    name = _management_group(scope)
    group = store.management_groups.get(name)
    return not name or (group is not None and group.tenant == tenant)


def _management_group(scope: str) -> str:
    lowered = scope.lower()
    return lowered[len(_MANAGEMENT) :].split("/")[0] if lowered.startswith(_MANAGEMENT.lower()) else ""
