# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the emulated cloud holds."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar, NamedTuple

from ..base.plain_data import NOT_KEPT, shared
from .access_model import Role
from .identity_rules import Identity

__all__ = [
    "Caller",
    "FederatedCredential",
    "Group",
    "Holder",
    "Instance",
    "Lock",
    "Operation",
    "Outcome",
    "Policy",
    "Resource",
    "ScaleSet",
    "Subscription",
    "UserIdentity",
    "Vm",
]


@dataclasses.dataclass(slots=True)
class Subscription:
    """A subscription of one tenant; `unregistered` holds lower-case provider namespaces.

    `management_group` is a key, empty for the root group of the tenant.
    """

    id: str
    name: str
    tenant: str
    unregistered: set[str] = dataclasses.field(default_factory=set)
    management_group: str = ""


@dataclasses.dataclass(slots=True)
class Group:
    """A resource group."""

    id: str
    name: str
    location: str
    tags: dict[str, Any]


@dataclasses.dataclass(slots=True)
class UserIdentity:
    """A user-assigned identity; its ID has `resourcegroups` in lower case, as the service returns it."""

    id: str
    name: str
    location: str
    tags: dict[str, Any]
    tenant_id: str
    principal_id: str
    client_id: str
    isolation_scope: str = "None"
    providers: list[str] = dataclasses.field(default_factory=list)

    def ids(self) -> dict[str, str]:
        """Return what a VM shows of it."""
        return {"principalId": self.principal_id, "clientId": self.client_id}


class FederatedCredential(NamedTuple):
    """A federated credential of a user-assigned identity; its ID, like the identity's, has `resourcegroups`."""

    id: str
    name: str
    issuer: str
    subject: str
    audiences: tuple[str, ...]


class Outcome(NamedTuple):
    """How an operation ends. `applied`: whether its change stays when it does not succeed; `seconds` None: as set."""

    status: str = "Succeeded"
    code: str = ""
    message: str = ""
    applied: bool = False
    seconds: float | None = None
    retry_after: int | None = None


@shared
@dataclasses.dataclass(slots=True)
class Operation:
    """A long-running operation on a VM or a scale set.

    `due` is on the monotonic clock, infinite for one that never ends; `instances` are those it is about.
    """

    id: str
    target: Holder
    kind: str
    outcome: Outcome
    started: float
    due: float
    before: Identity | None
    done: bool = False
    instances: tuple[str, ...] = ()


@dataclasses.dataclass(slots=True)
class Holder:
    """What can hold an identity and be changed by operations. `body`: all but identity, provisioning state and ETag."""

    kind: ClassVar[str] = ""
    title: ClassVar[str] = ""
    id: str
    name: str
    group: str
    location: str
    body: dict[str, Any]
    identity: Identity | None = None
    system_client_id: str = ""
    etag: int = 1
    state: str = "Succeeded"
    system_disabled_at: float = float("-inf")
    pending: list[Operation] = dataclasses.field(default_factory=list)
    text: dict[str, Any] = dataclasses.field(default_factory=dict, metadata=NOT_KEPT)


@shared
@dataclasses.dataclass(slots=True)
class Vm(Holder):
    """A virtual machine. `interfaces` are the network interfaces attached to it, in lower case."""

    kind: ClassVar[str] = "Microsoft.Compute/virtualMachines"
    title: ClassVar[str] = "VM"
    power: str = "running"
    generalized: bool = False
    interfaces: frozenset[str] = frozenset()


@dataclasses.dataclass(slots=True)
class Instance:
    """An instance of a uniform scale set with the model that was applied to it last."""

    number: str
    profile: dict[str, Any]
    identity: Identity | None
    vm_id: str
    power: str = "running"


@shared
@dataclasses.dataclass(slots=True)
class ScaleSet(Holder):
    """A scale set. The instances of a flexible one are VMs."""

    kind: ClassVar[str] = "Microsoft.Compute/virtualMachineScaleSets"
    title: ClassVar[str] = "VM Scale Set"
    instances: dict[str, Instance] = dataclasses.field(default_factory=dict)
    created: int = 0

    @property
    def flexible(self) -> bool:
        """Whether its instances are VMs."""
        return bool(self.body["properties"].get("orchestrationMode") == "Flexible")


@dataclasses.dataclass(frozen=True, slots=True)
class Resource:
    """A resource that holds data only, such as a network interface or a disk; it is only ever replaced as a whole.

    `body`: all but ID, name and type.
    """

    id: str
    name: str
    kind: str
    body: dict[str, Any]
    etag: str = ""

    def having(self, **properties: Any) -> Resource:
        """Return the resource with other properties; None takes one away."""
        changed = {**self.body["properties"], **properties}
        kept = {name: value for name, value in changed.items() if value is not None}
        return dataclasses.replace(self, body={**self.body, "properties": kept})


@dataclasses.dataclass(slots=True)
class Lock:
    """A management lock; `scope` as it was written."""

    scope: str
    name: str
    level: str
    notes: str = ""


@dataclasses.dataclass(slots=True)
class Policy:
    """An assignment of a policy that denies writes of the given types (lower case) at a scope."""

    name: str
    definition: str
    scope: str
    types: tuple[str, ...]


@dataclasses.dataclass(slots=True)
class Caller:
    """Someone with a token: an application, a user, or a managed identity, whose `resource` is what it is in ARM.

    `roles` are those in effect at the time of a request; None: may do everything. `reads_directory`: whether Microsoft
    Graph tells it of the tenant's objects.
    """

    name: str
    tenant: str
    client_id: str
    object_id: str
    secrets: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    federated: tuple[dict[str, str], ...] = ()
    username: str = ""
    password: str = ""
    mfa: bool = False
    roles: tuple[Role, ...] | None = None
    resource: str = ""
    reads_directory: bool = False

    @property
    def shown(self) -> str:
        """The name in ARM's 403 texts: a user's principal name or an application's ID."""
        return self.username or self.client_id
