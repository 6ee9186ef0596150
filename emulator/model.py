# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the emulated cloud holds."""

from __future__ import annotations

import dataclasses
import typing as t

from .identity_rules import Identity

__all__ = ("Caller", "Group", "Lock", "Operation", "Outcome", "Policy", "Role", "Subscription", "UserIdentity", "Vm")


@dataclasses.dataclass(slots=True)
class Subscription:
    """A subscription of one tenant; `unregistered` holds lower-case provider namespaces."""

    id: str
    name: str
    tenant: str
    unregistered: set[str] = dataclasses.field(default_factory=set)


@dataclasses.dataclass(slots=True)
class Group:
    """A resource group."""

    id: str
    name: str
    location: str
    tags: dict[str, str]


@dataclasses.dataclass(slots=True)
class UserIdentity:
    """A user-assigned identity; its ID has `resourcegroups` in lower case, as the service returns it."""

    id: str
    name: str
    location: str
    tags: dict[str, str]
    tenant_id: str
    principal_id: str
    client_id: str
    isolation_scope: str = "None"
    providers: list[str] = dataclasses.field(default_factory=list)

    def ids(self) -> dict[str, str]:
        """Return what a VM shows of it."""
        return {"principalId": self.principal_id, "clientId": self.client_id}


class Outcome(t.NamedTuple):
    """How an operation ends. `applied`: whether its change stays when it does not succeed; `seconds` None: as set."""

    status: str = "Succeeded"
    code: str = ""
    message: str = ""
    applied: bool = False
    seconds: float | None = None
    retry_after: int | None = None


@dataclasses.dataclass(slots=True)
class Operation:
    """A long-running operation on a VM; `due` is on the monotonic clock, infinite for one that never ends."""

    id: str
    vm: Vm
    kind: str
    outcome: Outcome
    started: float
    due: float
    before: Identity | None
    done: bool = False


@dataclasses.dataclass(slots=True)
class Vm:
    """A virtual machine. `body` holds everything but identity, provisioning state and ETag."""

    id: str
    name: str
    group: str
    location: str
    body: dict[str, t.Any]
    identity: Identity | None = None
    system_client_id: str = ""
    etag: int = 1
    state: str = "Succeeded"
    power: str = "running"
    system_disabled_at: float = float("-inf")
    pending: list[Operation] = dataclasses.field(default_factory=list)
    text: dict[str, t.Any] = dataclasses.field(default_factory=dict)


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


class Role(t.NamedTuple):
    """A role of a caller at a scope."""

    role: str
    scope: str


@dataclasses.dataclass(slots=True)
class Caller:
    """Someone with a token: an application, a user, or a managed identity. `roles` None: may do everything."""

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

    @property
    def shown(self) -> str:
        """The name in ARM's 403 texts: a user's principal name or an application's ID."""
        return self.username or self.client_id
