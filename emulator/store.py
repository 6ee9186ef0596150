# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of the emulated cloud: dictionaries by lower-case ID."""

from __future__ import annotations

import dataclasses
import typing as t
import uuid

from .model import Caller, Group, Lock, Operation, Policy, Role, Subscription, UserIdentity, Vm

__all__ = ("Store", "identity_key", "new_id")


@dataclasses.dataclass(slots=True)
class Store:
    """Everything that a seed makes and requests change."""

    tenants: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)
    subscriptions: dict[str, Subscription] = dataclasses.field(default_factory=dict)
    groups: dict[str, Group] = dataclasses.field(default_factory=dict)
    identities: dict[str, UserIdentity] = dataclasses.field(default_factory=dict)
    vms: dict[str, Vm] = dataclasses.field(default_factory=dict)
    operations: dict[str, Operation] = dataclasses.field(default_factory=dict)
    locks: dict[str, Lock] = dataclasses.field(default_factory=dict)
    policies: list[Policy] = dataclasses.field(default_factory=list)
    callers: dict[str, Caller] = dataclasses.field(default_factory=dict)
    principals: dict[str, tuple[Role, ...]] = dataclasses.field(default_factory=dict)

    def identity_ids(self, identity_id: str) -> dict[str, str] | None:
        """Return the principal and client ID of a user-assigned identity, or None."""
        found = self.identities.get(identity_key(identity_id))
        return found.ids() if found else None

    def below(self, items: t.Mapping[str, t.Any], scope: str) -> list[tuple[str, t.Any]]:
        """Return the items whose ID is below a scope, sorted by their keys."""
        prefix = scope.lower() + "/"
        return sorted((key, item) for key, item in items.items() if key.startswith(prefix))

    def resolve_tenant(self, name: str) -> str | None:
        """Return the ID of a tenant given by ID or domain, or None."""
        lowered = name.lower()
        for tenant_id, tenant in self.tenants.items():
            if lowered in (tenant_id, tenant["domain"].lower()):
                return tenant_id
        return None

    def find_subscription(self, name: str) -> Subscription | None:
        """Return a subscription given by ID or name, or None."""
        lowered = name.lower()
        for item in self.subscriptions.values():
            if lowered in (item.id, item.name.lower()):
                return item
        return None

    def forget_group(self, group_id: str) -> None:
        """Remove a resource group and everything in it."""
        prefix = group_id.lower() + "/"
        del self.groups[group_id.lower()]
        for items in (self.vms, self.identities, self.locks):
            for key in [key for key in items if key.startswith(prefix)]:
                del items[key]


def identity_key(identity_id: str) -> str:
    """Return the key of a user-assigned identity."""
    return identity_id.lower()


def new_id() -> str:
    """Return a fresh GUID."""
    return str(uuid.uuid4())
