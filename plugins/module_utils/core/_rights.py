# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Rights: which action a write takes, which role has it, and whether a caller has it.

Actions and roles: Azure's built-in roles (learn.microsoft.com, role-based-access-control/built-in-roles).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

__all__ = ["is_granted", "lacks", "locked", "role_for"]

_ROLES = (
    ("microsoft.compute/", "/read", "Reader"),
    ("microsoft.compute/", "", "Virtual Machine Contributor"),
    ("microsoft.managedidentity/", "/read", "Reader"),
    ("microsoft.managedidentity/", "/assign/action", "Managed Identity Operator"),
    ("microsoft.managedidentity/", "/listassociatedresources/action", "Contributor"),
    ("microsoft.managedidentity/", "", "Managed Identity Contributor"),
    ("microsoft.authorization/roleassignments/", "/read", "Reader"),
    ("microsoft.authorization/roleassignments/", "", "Role Based Access Control Administrator"),
    ("microsoft.network/", "/read", "Reader"),
    ("microsoft.network/", "", "Network Contributor"),
    ("", "/read", "Reader"),
)

# What roles are granted on, or above it: not an assignment, nor a credential, which Azure names in its refusals.
_GRANTABLE = re.compile(
    r"(?:/providers/Microsoft\.Authorization/roleAssignments|/federatedIdentityCredentials)/[^/]+$", re.IGNORECASE
)


def role_for(action: str) -> str | None:
    """The built-in role of least power that has an action; None if we know of none."""
    folded = action.lower()
    return next((role for start, end, role in _ROLES if folded.startswith(start) and folded.endswith(end)), None)


def lacks(action: str, scope: str) -> str:
    """Say that the caller lacks an action, at which scope, and which role has it: in the same words everywhere."""
    role, scope = role_for(action), _GRANTABLE.sub("", scope) or "/"
    return f"The caller lacks {action} on {scope}; {f'the role {role}' if role else 'a role with this action'} has it."


def locked(scope: str) -> str:
    """Say that a lock on a scope is in the way: in the same words everywhere."""
    return f"A lock on {scope} forbids it; who may remove locks can remove it for the time of the change."


def is_granted(action: str, permissions: Iterable[Mapping[str, Any]]) -> bool:
    """Whether one of the caller's roles has an action: among its actions, and not among its notActions.

    :param permissions: the items that Azure lists of the caller's permissions
    """
    return any(
        _is_among(action, one.get("actions")) and not _is_among(action, one.get("notActions")) for one in permissions
    )


def _is_among(action: str, patterns: Iterable[str] | None) -> bool:
    return any(_pattern(pattern).fullmatch(action) for pattern in patterns or ())


@lru_cache(maxsize=1024)
def _pattern(text: str) -> re.Pattern[str]:
    """A pattern of actions: a star is any text, and one between slashes may be nothing at all.

    The role Managed Identity Operator has ``userAssignedIdentities/*/assign/action``, and Azure lets it do
    ``userAssignedIdentities/assign/action``.
    """
    starred = re.escape(text).replace("/\\*/", "/(?:.*/)?").replace("\\*", ".*")
    return re.compile(starred, re.IGNORECASE)
