# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. A user-assigned identity as a resource: read, shown, and the request that makes it so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .._errors import InvalidInput, ManagedIdentityError
from .._resource_id import IDENTITY, ResourceId
from ..wire._shape import Is, Members, Needed, answered_id, shaped
from ._tags import merged_tags, same_tags

__all__ = ["ISOLATION_SCOPES", "IdentityStep", "UserAssigned", "Wish", "plan_user_assigned"]

# The option's values, and Azure's.
ISOLATION_SCOPES = {"none": "None", "regional": "Regional"}
_IDENTITY = Needed(
    {
        "id": Needed(str),
        "type": Is(IDENTITY.type),
        "location": Needed(str),
        "tags": Members(str),
        "properties": Needed(
            {"principalId": Needed(str), "clientId": Needed(str), "tenantId": str, "isolationScope": str},
        ),
    }
)


@dataclass(frozen=True)
class UserAssigned:
    """A user-assigned identity; what Azure has yet to make is None.

    :param isolation_scope: in Azure's words; None where the cloud's API does not know such scopes
    """

    id: ResourceId
    location: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    isolation_scope: str | None = None
    principal_id: str | None = None
    client_id: str | None = None
    tenant_id: str | None = None

    @classmethod
    def from_arm(cls, body: Any) -> UserAssigned:
        """Read an identity as ARM gives it.

        :raises UnexpectedAnswer: it describes none
        """
        body = shaped(body, _IDENTITY)
        said = body["properties"]
        return cls(
            id=answered_id(body["id"], IDENTITY),
            location=body["location"],
            tags=dict(body.get("tags") or {}),
            isolation_scope=said.get("isolationScope"),
            principal_id=said.get("principalId"),
            client_id=said.get("clientId"),
            tenant_id=said.get("tenantId"),
        )

    def to_result(self) -> dict[str, Any]:
        """The ``user_assigned_identity`` of results, diffs and the info module alike."""
        return {
            **self.id.to_result(),
            "location": self.location,
            "tags": dict(self.tags),
            "isolation_scope": self.isolation_scope.lower() if self.isolation_scope else None,
            "principal_id": self.principal_id,
            "client_id": self.client_id,
            "tenant_id": self.tenant_id,
        }


@dataclass(frozen=True)
class Wish:
    """What an identity shall be; whatever is None stays as it is.

    :param location: where it shall be; needed for one that is not there yet
    :param exact_tags: whether all other tags shall go
    :param isolation_scope: in Azure's words
    """

    location: str | None = None
    tags: Mapping[str, str] | None = None
    exact_tags: bool = False
    isolation_scope: str | None = None


@dataclass(frozen=True)
class IdentityStep:
    """One request that leads to what is wished.

    :param method: PUT creates, PATCH changes; None if nothing is to do
    :param body: what is sent
    :param after: the identity as it will be
    """

    method: str | None
    body: dict[str, Any]
    after: UserAssigned


def plan_user_assigned(
    current: UserAssigned | None, identity: ResourceId, wish: Wish, *, isolation: bool = True
) -> IdentityStep:
    """Plan the request that makes an identity what is wished; pure.

    :param current: as read; None if it is not there, the wish must then name a location
    :param isolation: whether the cloud's API knows isolation scopes
    :raises InvalidInput: the wish cannot be fulfilled: the location is another one
    :raises ManagedIdentityError: the cloud does not know isolation scopes
    """
    if wish.isolation_scope and not (current.isolation_scope if current else isolation):
        raise ManagedIdentityError(
            "This cloud's API does not know isolation scopes of identities.",
            remedy="Leave isolation_scope out.",
            target=str(identity),
        )
    return _change(current, wish) if current else _creation(identity, wish, isolation)


def _creation(identity: ResourceId, wish: Wish, isolation: bool) -> IdentityStep:
    properties = {"isolationScope": wish.isolation_scope} if wish.isolation_scope else {}
    tags = dict(wish.tags or {})
    body = {"location": wish.location, "tags": tags, **({"properties": properties} if properties else {})}
    scope = wish.isolation_scope or (ISOLATION_SCOPES["none"] if isolation else None)
    after = UserAssigned(identity, wish.location, tags, scope)
    return IdentityStep("PUT", body, after)


def _change(current: UserAssigned, wish: Wish) -> IdentityStep:
    """A PATCH names what is another, and of tags all that shall be: Azure replaces tags as a whole."""
    _check_location(current, wish.location)
    body: dict[str, Any] = {}
    tags = merged_tags(current.tags, wish.tags or {}, exact=wish.exact_tags)
    if wish.tags is not None and not same_tags(current.tags, tags):
        body["tags"] = tags
    if wish.isolation_scope and wish.isolation_scope != current.isolation_scope:
        body["properties"] = {"isolationScope": wish.isolation_scope}
    after = replace(
        current,
        tags=body.get("tags", current.tags),
        isolation_scope=wish.isolation_scope or current.isolation_scope,
    )
    return IdentityStep("PATCH" if body else None, body, after)


def _check_location(current: UserAssigned, wanted: str | None) -> None:
    if wanted and _folded(wanted) != _folded(current.location or wanted):
        raise InvalidInput(
            f"The identity is in {current.location}, and the location of an identity cannot be changed.",
            remedy=f"Leave location out, or delete the identity and create it again in {wanted}: "
            "it then has another principal, and no role.",
            target=str(current.id),
        )


def _folded(location: str) -> str:
    """Azure takes ``West Europe`` and ``westeurope`` for one."""
    return location.replace(" ", "").lower()
