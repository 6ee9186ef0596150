# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of the emulated cloud: dictionaries by lower-case ID."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Mapping
from typing import Any

from ..base.newest import forget_oldest
from ..base.plain_data import NOT_KEPT
from .access_model import ManagementGroup, RoleDefinition, SeededRole
from .assignments import Assignments
from .deployment_model import Deployment
from .due import Due
from .model import (
    Caller,
    FederatedCredential,
    Group,
    Holder,
    Lock,
    Operation,
    Policy,
    Resource,
    ScaleSet,
    Subscription,
    UserIdentity,
    Vm,
)

__all__ = ["MOST_RESOURCES", "Store", "identity_key", "new_id"]

# Of all kinds together; Azure's own limits are per group and type, and far below.
MOST_RESOURCES = 1_000_000
_MOST_MOMENTS = 100_000


@dataclasses.dataclass(slots=True)
class Store:
    """Everything that a seed makes and requests change.

    `others`: resources of types that are not served;
    `principals`: roles that the seed gives; `roles`: custom ones, by GUID; `born`: when principals were made, by ID;
    `due`: those of the `operations` that run; `dropped_operations`: how many that had ended were forgotten;
    `directory`: type, name and tenant of principals that are nothing else here, by ID in lower case;
    `credentials_busy`: until when the federated credentials of an identity are being written (both monotonic).
    """

    tenants: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)
    subscriptions: dict[str, Subscription] = dataclasses.field(default_factory=dict)
    groups: dict[str, Group] = dataclasses.field(default_factory=dict)
    identities: dict[str, UserIdentity] = dataclasses.field(default_factory=dict)
    vms: dict[str, Vm] = dataclasses.field(default_factory=dict)
    scale_sets: dict[str, ScaleSet] = dataclasses.field(default_factory=dict)
    resources: dict[str, Resource] = dataclasses.field(default_factory=dict)
    others: dict[str, Resource] = dataclasses.field(default_factory=dict)
    addresses: dict[str, int] = dataclasses.field(default_factory=dict)
    operations: dict[str, Operation] = dataclasses.field(default_factory=dict)
    deployments: dict[str, Deployment] = dataclasses.field(default_factory=dict)
    locks: dict[str, Lock] = dataclasses.field(default_factory=dict)
    policies: list[Policy] = dataclasses.field(default_factory=list)
    callers: dict[str, Caller] = dataclasses.field(default_factory=dict, metadata=NOT_KEPT)
    principals: dict[str, tuple[SeededRole, ...]] = dataclasses.field(default_factory=dict)
    management_groups: dict[str, ManagementGroup] = dataclasses.field(default_factory=dict)
    roles: dict[str, RoleDefinition] = dataclasses.field(default_factory=dict)
    assignments: Assignments = dataclasses.field(default_factory=Assignments)
    credentials: dict[str, FederatedCredential] = dataclasses.field(default_factory=dict)
    credentials_busy: dict[str, float] = dataclasses.field(default_factory=dict)
    born: dict[str, float] = dataclasses.field(default_factory=dict)
    directory: dict[str, tuple[str, str, str]] = dataclasses.field(default_factory=dict)
    dropped_operations: int = 0
    due: Due = dataclasses.field(default_factory=Due, metadata=NOT_KEPT)

    def size(self) -> int:
        """Return how many resources there are, of all kinds that requests make."""
        return sum(map(len, self._made())) + len(self.assignments)

    def has(self, resource_id: str) -> bool:
        """Whether there is a resource of any kind with an ID."""
        key = resource_id.lower()
        return any(key in items for items in self._made()) or self.assignments.get(key) is not None

    def _made(self) -> tuple[dict[str, Any], ...]:
        own = (self.groups, self.vms, self.scale_sets, self.resources, self.identities, self.credentials)
        return (*own, self.locks, self.roles, self.deployments)

    def remember_born(self, principal: str, moment: float) -> None:
        """Note when a principal was made, of which only the newest can matter."""
        self.born[principal] = moment
        forget_oldest(self.born, _MOST_MOMENTS)

    def identity_ids(self, identity_id: str) -> dict[str, str] | None:
        """Return the principal and client ID of a user-assigned identity, or None."""
        found = self.identities.get(identity_key(identity_id))
        return found.ids() if found else None

    def holder(self, resource_id: str) -> Holder | None:
        """Return the VM or scale set with an ID, or None."""
        key = resource_id.lower()
        return self.vms.get(key) or self.scale_sets.get(key)

    def holders(self) -> list[Holder]:
        """Return all VMs and scale sets."""
        return [*self.vms.values(), *self.scale_sets.values()]

    def find_due(self) -> None:
        """Find out anew which operations run, after all were read from a file."""
        self.due = Due([*self.operations.values(), *(item for holder in self.holders() for item in holder.pending)])

    def keep(self, resource: Resource) -> Resource:
        """Add or replace a resource, and return it."""
        self.resources[resource.id.lower()] = resource
        return resource

    def remove(self, holder: Holder) -> None:
        """Forget a VM or scale set."""
        self.vms.pop(holder.id.lower(), None)
        self.scale_sets.pop(holder.id.lower(), None)

    def credentials_of(self, identity_id: str) -> list[FederatedCredential]:
        """Return the federated credentials of a user-assigned identity, sorted by name."""
        return [item for _key, item in self.below(self.credentials, identity_id)]

    def below(self, items: Mapping[str, Any], scope: str) -> list[tuple[str, Any]]:
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
        own = (self.vms, self.scale_sets, self.resources, self.others, self.identities, self.credentials, self.locks)
        for items in (*own, self.deployments):
            for key in [key for key in items if key.startswith(prefix)]:
                del items[key]
        self.forget_addresses(group_id)
        self.assignments.forget_below(group_id)

    def forget_addresses(self, resource_id: str) -> None:
        """Forget which addresses were given in the subnets below a resource that is gone."""
        prefix = resource_id.lower() + "/"
        for key in [key for key in self.addresses if key.startswith(prefix)]:
            del self.addresses[key]


def identity_key(identity_id: str) -> str:
    """Return the key of a user-assigned identity."""
    return identity_id.lower()


def new_id() -> str:
    """Return a fresh GUID."""
    return str(uuid.uuid4())
