# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Role-based access: built-in roles with their recorded actions, and whether a caller may do something at a scope."""

from __future__ import annotations

import re
import typing as t
from functools import lru_cache

from .model import Caller, Role

__all__ = ("ROLES", "RoleDefinition", "allowed", "allowed_below", "find_role", "present")


class RoleDefinition(t.NamedTuple):
    """A built-in role: its GUID, what it allows and what it takes away again."""

    id: str
    actions: tuple[str, ...]
    not_actions: tuple[str, ...] = ()


_COMMON = (
    "Microsoft.Authorization/*/read",
    "Microsoft.Insights/alertRules/*",
    "Microsoft.Resources/deployments/*",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
    "Microsoft.Support/*",
)
_IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"

ROLES: dict[str, RoleDefinition] = {
    "Owner": RoleDefinition("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", ("*",)),
    "Contributor": RoleDefinition(
        "b24988ac-6180-42a0-ab88-20f7382dd24c",
        ("*",),
        (
            "Microsoft.Authorization/*/Delete",
            "Microsoft.Authorization/*/Write",
            "Microsoft.Authorization/elevateAccess/Action",
        ),
    ),
    "Reader": RoleDefinition("acdd72a7-3385-48ef-bd42-f606fba81ae7", ("*/read",)),
    "Virtual Machine Contributor": RoleDefinition(
        "9980e02c-c2be-4d73-94e8-173b1dc7cf3c",
        (
            *_COMMON,
            "Microsoft.Compute/availabilitySets/*",
            "Microsoft.Compute/locations/*",
            "Microsoft.Compute/virtualMachines/*",
            "Microsoft.Compute/virtualMachineScaleSets/*",
            "Microsoft.Compute/disks/*",
        ),
    ),
    "Managed Identity Operator": RoleDefinition(
        "f1a07417-d97a-45cb-824c-7a7467783830",
        (f"{_IDENTITIES}/*/read", f"{_IDENTITIES}/*/assign/action", *_COMMON),
    ),
    "Managed Identity Contributor": RoleDefinition(
        "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59",
        (
            f"{_IDENTITIES}/read",
            f"{_IDENTITIES}/write",
            f"{_IDENTITIES}/delete",
            f"{_IDENTITIES}/federatedIdentityCredentials/read",
            f"{_IDENTITIES}/federatedIdentityCredentials/write",
            f"{_IDENTITIES}/federatedIdentityCredentials/delete",
            f"{_IDENTITIES}/revokeTokens/action",
            *_COMMON,
        ),
    ),
    "User Access Administrator": RoleDefinition(
        "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", ("*/read", "Microsoft.Authorization/*", "Microsoft.Support/*")
    ),
    "Role Based Access Control Administrator": RoleDefinition(
        "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
        (
            "Microsoft.Authorization/roleAssignments/write",
            "Microsoft.Authorization/roleAssignments/delete",
            "*/read",
            "Microsoft.Support/*",
        ),
    ),
}
_NAMES = {**{name.lower(): name for name in ROLES}, **{role.id: name for name, role in ROLES.items()}}


def find_role(name: str) -> str | None:
    """Return the canonical name of a built-in role given by name (any case) or GUID, or None."""
    return _NAMES.get(name.rsplit("/", 1)[-1].lower())


def allowed(caller: Caller, action: str, scope: str) -> bool:
    """Whether the caller may perform the action at the scope (an ID); a caller without roles may do anything."""
    if caller.roles is None:
        return True
    return any(_covers(role.scope, scope) and _grants(role.role, action.lower()) for role in caller.roles)


def allowed_below(caller: Caller, action: str, scope: str) -> bool:
    """Whether the caller may perform the action at the scope or somewhere below it: enough to list there."""
    roles: t.Iterable[Role] = caller.roles or ()
    inside = any(_covers(scope, role.scope) and _grants(role.role, action.lower()) for role in roles)
    return inside or allowed(caller, action, scope)


def present(caller: Caller, scope: str) -> bool:
    """Whether the caller has any role at the scope, above or below it: then it sees the subscription."""
    if caller.roles is None:
        return True
    return any(_covers(scope, role.scope) or _covers(role.scope, scope) for role in caller.roles)


def _covers(outer: str, inner: str) -> bool:
    return (inner.lower() + "/").startswith(outer.lower().rstrip("/") + "/")


@lru_cache(maxsize=4096)
def _grants(role: str, action: str) -> bool:
    definition = ROLES[role]
    wanted = any(_pattern(item).fullmatch(action) for item in definition.actions)
    return wanted and not any(_pattern(item).fullmatch(action) for item in definition.not_actions)


@lru_cache(maxsize=256)
def _pattern(actions: str) -> re.Pattern[str]:
    # `/*/` also stands for one slash: Managed Identity Operator's `.../*/assign/action` grants `.../assign/action`.
    parts = [re.escape(part).replace(r"\*", ".*") for part in actions.lower().split("/*/")]
    return re.compile("/(?:.*/)?".join(parts))
