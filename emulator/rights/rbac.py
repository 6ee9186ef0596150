# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Role-based access: whether a caller may do something at a scope, by the roles that it has now."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from ..base.patterns import read_wildcards
from ..cloud.access_model import Role, RoleDefinition
from ..cloud.model import Caller

__all__ = ["allowed", "allowed_below", "covers", "present"]


def allowed(caller: Caller, action: str, scope: str) -> bool:
    """Whether the caller may perform the action at the scope (an ID); a caller without roles may do anything."""
    if caller.roles is None:
        return True
    return any(covers(role.scope, scope) and _grants(role.definition, action.lower()) for role in caller.roles)


def allowed_below(caller: Caller, action: str, scope: str) -> bool:
    """Whether the caller may perform the action at the scope or somewhere below it: enough to list there."""
    roles: Iterable[Role] = caller.roles or ()
    inside = any(covers(scope, role.scope) and _grants(role.definition, action.lower()) for role in roles)
    return inside or allowed(caller, action, scope)


def present(caller: Caller, scope: str) -> bool:
    """Whether the caller has any role at the scope, above or below it: then it sees the subscription."""
    if caller.roles is None:
        return True
    return any(covers(scope, role.scope) or covers(role.scope, scope) for role in caller.roles)


def covers(outer: str, inner: str) -> bool:
    """Whether a scope is another one or above it by its ID; management groups are spread before (see scopes.py)."""
    return (inner.lower().rstrip("/") + "/").startswith(outer.lower().rstrip("/") + "/")


@lru_cache(maxsize=4096)
def _grants(definition: RoleDefinition, action: str) -> bool:
    wanted = any(read_wildcards(item)(action) for item in definition.actions)
    return wanted and not any(read_wildcards(item)(action) for item in definition.not_actions)
