# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Grants: what is wished for at a scope, and the steps that lead there; pure."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from .._scope import Scope
from ._assignment import KIND, Assignment

__all__ = ["Grant", "GrantStep", "assignment_name", "definition_id", "plan_absent", "plan_present"]

# The namespace of the names that this collection gives: made once, at random, and never to change.
_NAMESPACE = uuid.UUID("2f0d8a64-6f0b-4c5c-9d0e-0c8f5b1d7a3e")
_CONDITION_VERSION = "2.0"


def assignment_name(scope: Scope, principal_id: str, role_id: str) -> str:
    """The name of an assignment: the same for the same scope, principal and role, in whatever case they are spelt.

    It is ``uuid5`` of a namespace of this collection and the three, joined by ``|``. The principal is part of it:
    an identity that was made again has another one, and the name of the old one's assignment may still be taken.
    """
    return str(uuid.uuid5(_NAMESPACE, "|".join((scope.key, principal_id.lower(), role_id.lower()))))


def definition_id(scope: Scope, role_id: str) -> str:
    """The full ID of a role as an assignment at a scope names it: in its subscription, or in the tenant."""
    return f"{scope.in_subscription or ''}/providers/Microsoft.Authorization/roleDefinitions/{role_id}"


@dataclass(frozen=True)
class Grant:
    """What is wished for at every scope. Unset (None) is left as it is, an empty text takes it away.

    :param principal_id: None if it is not known yet, in check mode
    """

    principal_id: str | None
    condition: str | None = None
    condition_version: str | None = None
    description: str | None = None

    def at(self, scope: Scope, role_id: str) -> Assignment:
        """The assignment to make where there is none."""
        name = assignment_name(scope, self.principal_id, role_id) if self.principal_id else None
        new = Assignment(
            id=f"{scope.path}/{KIND}/{name}" if name else None,
            name=name,
            scope=str(scope),
            role_definition_id=definition_id(scope, role_id),
            principal_id=self.principal_id,
        )
        return self.on(new)

    def on(self, there: Assignment) -> Assignment:
        """An assignment that is there, with the condition and the description that are wished for."""
        if self.condition is not None:
            version = (self.condition_version or _CONDITION_VERSION) if self.condition else None
            there = replace(there, condition=self.condition or None, condition_version=version)
        if self.description is not None:
            there = replace(there, description=self.description or None)
        return there


@dataclass(frozen=True)
class GrantStep:
    """One assignment at a scope before and after: made, written anew, removed (``after`` is None), or as it is."""

    scope: str
    before: Assignment | None = None
    after: Assignment | None = None

    @property
    def changes(self) -> bool:
        """Whether there is anything to do."""
        return self.before != self.after

    def said(self) -> str:
        """What was done, a sentence's part."""
        if self.before and not self.after:
            return f"removed the role assignment {self.before.id}"
        return f"{'updated' if self.before else 'created'} the role assignment at {self.scope}"


def plan_present(scope: Scope, role_id: str, grant: Grant, there: Iterable[Assignment]) -> list[GrantStep]:
    """The step that leads to a grant at a scope; one that is there counts, whatever its name."""
    for item in _matching(scope, role_id, grant.principal_id, there):
        return [GrantStep(str(scope), item, grant.on(item))]
    return [GrantStep(str(scope), None, grant.at(scope, role_id))]


def plan_absent(scope: Scope, role_id: str, grant: Grant, there: Iterable[Assignment]) -> list[GrantStep]:
    """The steps after which a principal does not have a role at a scope; above and below it nothing is touched."""
    return [GrantStep(str(scope), item, None) for item in _matching(scope, role_id, grant.principal_id, there)]


def _matching(
    scope: Scope, role_id: str, principal_id: str | None, there: Iterable[Assignment]
) -> Iterator[Assignment]:
    for item in there:
        if item.scope_key == scope.key and item.role_id == role_id.lower() and item.is_of(principal_id):
            yield item
