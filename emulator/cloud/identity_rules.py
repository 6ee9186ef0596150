# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an `identity` block does to a resource: a pure function of the current identity and the request.

The rules, each recorded with Azure but the fifth, which users report:
1. `type` states what remains. Leaving SystemAssigned out removes the system identity, leaving UserAssigned out drops
   all user-assigned ones, `None` drops both.
2. A PATCH merges the map: `{}` adds, null removes, what is not named stays. A PUT replaces it.
3. An absent map leaves the user-assigned identities as they are.
4. Keys match without regard to case; an entry keeps the spelling of its first writer.
5. A request names at most 150 identities, those that it removes too; without a map it names none.
6. A system identity that stays keeps its principal; one that is enabled anew gets a new one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..wire.errors import invalid_content
from ..wire.path import parse_resource_id
from . import identity_errors as refuse

__all__ = ["Identity", "Lookups", "Request", "apply", "fill", "read"]

Identity = dict[str, Any]
_SYSTEM = "systemassigned"
_USER = "userassigned"
_MOST = 150
_CANONICAL = {
    frozenset(): "None",
    frozenset({_SYSTEM}): "SystemAssigned",
    frozenset({_USER}): "UserAssigned",
    frozenset({_SYSTEM, _USER}): "SystemAssigned, UserAssigned",
}


class Request(NamedTuple):
    """A well-formed `identity` block: the kinds that remain, and the map (None: not given) with None for a removal."""

    kinds: frozenset[str]
    entries: dict[str, Any] | None

    @property
    def named(self) -> list[str]:
        """The identities that the request assigns: removals need neither the identity nor a right on it."""
        return [key for key, value in (self.entries or {}).items() if value is not None]


class Lookups(NamedTuple):
    """What the rules ask of the world: the resource, its tenant, the IDs of an identity, and a fresh principal ID."""

    resource_id: str
    tenant_id: str
    find: Callable[[str], dict[str, str] | None]
    new_principal: Callable[[], str]


def read(block: Any, current: Identity | None, *, ignore_map: bool = False) -> Request:
    """Check the form of an `identity` block against the current identity and return it read; raises ArmError 400.

    `ignore_map`: a map beside a type without UserAssigned is ignored instead of refused (Azure's answer is not known).
    """
    if not isinstance(block, dict):
        raise invalid_content("Error converting value to type 'ResourceIdentity'. Path 'identity'.")
    entries = block.get("userAssignedIdentities")
    # As recorded: the front door looks at the keys, which are linked resources, before it reads the block.
    for key in entries if isinstance(entries, dict) else ():
        _check_key(key)
    kinds = _kinds(block)
    if "identityIds" in block:
        raise refuse.identity_ids_deprecated() if _USER in kinds else refuse.map_not_allowed(_CANONICAL[kinds])
    if entries is not None and not isinstance(entries, dict):
        raise invalid_content("Error converting value to a dictionary. Path 'identity.userAssignedIdentities'.")
    for key, value in (entries or {}).items():
        _check_value(key, value, current)
    if _USER not in kinds:
        if entries and not ignore_map:
            raise refuse.map_not_allowed(_CANONICAL[kinds])
        return Request(kinds, None)
    if entries == {} or (entries is None and not _users(current)):
        raise refuse.missing_ids()
    return Request(kinds, entries)


def apply(current: Identity | None, request: Request, look: Lookups, *, replace: bool) -> Identity | None:
    """Return the identity after a PATCH (`replace` false) or a PUT (true); a new user-assigned one has the value `{}`.

    Raises ArmError 400 FailedIdentityOperation for too many identities, for one that does not exist and for the removal
    of the last one.
    """
    if request.entries and len(request.entries) > _MOST:
        raise refuse.too_many(look.resource_id, len(request.entries), _MOST)
    for key in request.named:
        if look.find(key) is None:
            raise refuse.identity_not_found(look.resource_id, key)
    users = _merge(current, request, look, replace) if _USER in request.kinds else {}
    if _USER in request.kinds and not users:
        raise refuse.removal_of_all(look.resource_id, _CANONICAL[request.kinds])
    if not request.kinds:
        return None
    after: Identity = {"type": _CANONICAL[request.kinds]}
    if _SYSTEM in request.kinds:
        after["principalId"] = (current or {}).get("principalId") or look.new_principal()
        after["tenantId"] = look.tenant_id
    if users:
        after["userAssignedIdentities"] = users
    return after


def fill(identity: Identity | None, find: Callable[[str], dict[str, str] | None]) -> Identity | None:
    """Return the identity as it is when the operation has ended: each `{}` carries its principal and client ID."""
    users = _users(identity)
    if identity is None or all(users.values()):
        return identity
    return {**identity, "userAssignedIdentities": {key: value or find(key) or {} for key, value in users.items()}}


def _kinds(block: dict[str, Any]) -> frozenset[str]:
    if "type" not in block:
        raise invalid_content("Required property 'type' not found in JSON. Path 'identity'.")
    value = block["type"]
    words = frozenset(word.strip().lower() for word in str(value).split(","))
    kinds = frozenset() if words == {"none"} else words
    if value is None or kinds not in _CANONICAL:
        raise invalid_content(
            f"Error converting value \"{value}\" to type 'ResourceIdentityType'. Path 'identity.type'."
        )
    return kinds


def _users(identity: Identity | None) -> dict[str, Any]:
    return (identity or {}).get("userAssignedIdentities") or {}


def _check_key(key: str) -> None:
    parsed = parse_resource_id(key)
    if parsed is None or parsed.template != "group|microsoft.managedidentity/userassignedidentities/*":
        raise refuse.invalid_property_id(key)


def _check_value(key: str, value: Any, current: Identity | None) -> None:
    if value is None or value == {}:
        return
    existing = {known.lower(): item for known, item in _users(current).items()}.get(key.lower(), {})
    if not isinstance(value, dict) or any(existing.get(name) != item for name, item in value.items()):
        raise refuse.invalid_value(key)


def _merge(current: Identity | None, request: Request, look: Lookups, replace: bool) -> dict[str, Any]:
    before = _users(current)
    spelling = {key.lower(): key for key in before}
    users = {} if replace and request.entries is not None else dict(before)
    for key, value in (request.entries or {}).items():
        known = spelling.setdefault(key.lower(), key)
        if value is None:
            users.pop(known, None)
        else:
            same = before.get(known) == look.find(key)
            users[known] = before[known] if known in before and same else {}
    return users
