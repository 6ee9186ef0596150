# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The managed identities of one resource: from ARM's JSON, to the shape of results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .._errors import UnexpectedAnswer
from .._resource_id import IDENTITY, ResourceId
from ..wire._shape import Members, Needed, answered_id, shaped

__all__ = ["IDENTITY_SHAPE", "Identity", "SystemIdentity", "UserIdentity", "type_of"]

IDENTITY_SHAPE = {
    "type": Needed(str),
    "principalId": str,
    "tenantId": str,
    "userAssignedIdentities": Members({"principalId": str, "clientId": str}),
}
_KINDS = {"systemassigned", "userassigned", "none"}


def type_of(system: bool, user: bool) -> str:
    """Azure's canonical spelling of ``identity.type`` for what a resource has."""
    kinds = [name for name, there in (("SystemAssigned", system), ("UserAssigned", user)) if there]
    return ", ".join(kinds) or "None"


def _assigned_id(key: str) -> ResourceId:
    found = answered_id(key)
    if found.type.lower() != IDENTITY.type.lower():
        raise UnexpectedAnswer(f"The answer calls {found} a user-assigned identity.")
    return found


@dataclass(frozen=True)
class SystemIdentity:
    """The system-assigned identity; IDs are None as long as Azure has not told them."""

    principal_id: str | None = None
    tenant_id: str | None = None


@dataclass(frozen=True)
class UserIdentity:
    """One user-assigned identity on a resource; IDs are None as long as Azure has not told them."""

    id: ResourceId
    principal_id: str | None = None
    client_id: str | None = None

    def to_result(self) -> dict[str, Any]:
        """The item of ``user_assigned`` in results."""
        return {
            "id": str(self.id),
            "name": self.id.name,
            "principal_id": self.principal_id,
            "client_id": self.client_id,
        }


@dataclass(frozen=True)
class Identity:
    """All managed identities of one resource, the user-assigned ones unique and sorted by ID without case."""

    system: SystemIdentity | None = None
    user: tuple[UserIdentity, ...] = ()

    @classmethod
    def of(cls, system: SystemIdentity | None, user: Iterable[UserIdentity]) -> Identity:
        """Sort the user-assigned identities; of two spellings of one ID the first stays."""
        unique: dict[ResourceId, UserIdentity] = {}
        for item in user:
            unique.setdefault(item.id, item)
        return cls(system, tuple(sorted(unique.values(), key=lambda item: item.id.key)))

    @classmethod
    def from_arm(cls, resource: Mapping[str, Any]) -> Identity:
        """Read the ``identity`` property of a resource as ARM gives it; absent means none.

        Any spelling of ``type`` is read, though ARM answers with the canonical one only. A type that contradicts the
        rest is not: the next write would drop what it leaves out.

        :raises UnexpectedAnswer: it does not say which identities there are
        """
        raw = shaped(resource.get("identity"), IDENTITY_SHAPE, "identity")
        if raw is None:
            return cls()
        kinds = {part.strip().lower() for part in raw["type"].split(",")}
        listed = raw.get("userAssignedIdentities") or {}
        user_assigned, system_assigned = "userassigned" in kinds, "systemassigned" in kinds
        contradicts = bool(listed) != user_assigned or (bool(raw.get("principalId")) and not system_assigned)
        if not kinds <= _KINDS or contradicts:
            raise UnexpectedAnswer(f"The answer does not say which identities there are: its type is {raw['type']!r}.")
        system = SystemIdentity(raw.get("principalId"), raw.get("tenantId")) if system_assigned else None
        user = (
            UserIdentity(_assigned_id(key), (value or {}).get("principalId"), (value or {}).get("clientId"))
            for key, value in listed.items()
        )
        return cls.of(system, user)

    @property
    def type(self) -> str:
        """Azure's spelling: SystemAssigned, UserAssigned, both, or None."""
        return type_of(self.system is not None, bool(self.user))

    @property
    def complete(self) -> bool:
        """Whether every principal ID is known."""
        return all(item.principal_id for item in (*self.user, *((self.system,) if self.system else ())))

    def find(self, wanted: ResourceId) -> UserIdentity | None:
        """The user-assigned identity with this ID in any spelling, or None."""
        return next((item for item in self.user if item.id == wanted), None)

    def to_result(self) -> dict[str, Any]:
        """The ``identity`` of results, diffs and info modules alike."""
        return {
            "type": self.type,
            "system_assigned": self.system is not None,
            "principal_id": self.system.principal_id if self.system else None,
            "tenant_id": self.system.tenant_id if self.system else None,
            "user_assigned": [item.to_result() for item in self.user],
        }
