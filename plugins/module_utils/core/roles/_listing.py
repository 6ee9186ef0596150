# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Which of the role assignments that Azure lists for a scope are at it or below it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from .._scope import Scope
from ._assignment import Assignment

__all__ = ["at_or_below", "is_unclear", "judgeable"]

_GROUPS = "/providers/microsoft.management/managementgroups/"
_FOREIGN_KINDS = ("ForeignGroup",)


def is_unclear(scope: Scope, listed: Iterable[Assignment]) -> bool:
    """Whether IDs alone do not tell what is above a scope: of two management groups they do not."""
    return scope.key.startswith(_GROUPS) and any(
        item.scope_key.startswith(_GROUPS) and item.scope_key != scope.key for item in listed
    )


def at_or_below(scope: Scope, listed: Iterable[Assignment], at_or_above: Collection[str] = ()) -> list[Assignment]:
    """Those at a scope and below it; Azure lists those above it, too.

    :param at_or_above: the IDs of those at the scope and above it, where it is unclear which those are
    """
    return [
        item
        for item in listed
        if item.scope_key == scope.key or (_may_be_below(scope, item) and str(item.id).lower() not in at_or_above)
    ]


def _may_be_below(scope: Scope, item: Assignment) -> bool:
    """Azure lists nothing beside a scope: what it lists of a subscription for a management group is below that one."""
    if scope.key.startswith(_GROUPS):
        return item.scope_key != "/"
    return scope.covers(Scope(item.scope, item.scope_key))


def judgeable(item: Assignment) -> bool:
    """Whether the tenant's own directory can tell if a principal exists: not of those of another tenant."""
    return item.principal_id is not None and item.principal_type not in _FOREIGN_KINDS
