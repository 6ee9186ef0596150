# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Role assignments: what one is, what is wished for, and what that takes at a scope."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from ._errors import InvalidInput
from ._path import check_path, shown
from ._scope import Scope
from ._shape import Needed, shaped

__all__ = [
    "SERVICE_PRINCIPAL",
    "Assignment",
    "Grant",
    "Step",
    "assignment_name",
    "check_principal",
    "definition_id",
    "plan_absent",
    "plan_present",
]

SERVICE_PRINCIPAL = "ServicePrincipal"
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_KIND = "providers/Microsoft.Authorization/roleAssignments"
_ID = re.compile(rf"(?P<scope>/.*)?/{_KIND}/(?P<name>[^/]+)", re.IGNORECASE | re.ASCII)
# The namespace of the names that this collection gives: made once, at random, and never to change.
_NAMESPACE = uuid.UUID("2f0d8a64-6f0b-4c5c-9d0e-0c8f5b1d7a3e")
_CONDITION_VERSION = "2.0"
_ASSIGNMENT = Needed(
    {
        "id": Needed(str),
        "name": Needed(str),
        "properties": Needed(
            {
                "scope": Needed(str),
                "roleDefinitionId": Needed(str),
                "principalId": Needed(str),
                "principalType": str,
                "condition": str,
                "conditionVersion": str,
                "description": str,
                "delegatedManagedIdentityResourceId": str,
            }
        ),
    }
)


def check_principal(text: str) -> str:
    """Return a principal ID as Azure writes it, or raise InvalidInput if it is no GUID."""
    stripped = text.strip()
    if not _GUID.fullmatch(stripped):
        raise InvalidInput(
            f"{shown(text)} is not a principal ID.",
            remedy="Expected the GUID that Azure calls principalId or object ID; identity and vm look it up.",
        )
    return stripped.lower()


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
class Assignment:
    """One role assignment. ``id`` and ``name`` are None where it is foreseen and its principal not known yet."""

    id: str | None
    name: str | None
    scope: str
    role_definition_id: str
    principal_id: str | None
    principal_type: str | None = SERVICE_PRINCIPAL
    condition: str | None = None
    condition_version: str | None = None
    description: str | None = None
    delegated: str | None = None

    @classmethod
    def from_arm(cls, body: Any) -> Assignment:
        """Read an assignment as Azure describes it.

        :raises UnexpectedAnswer: it describes none
        """
        body = shaped(body, _ASSIGNMENT)
        said = body["properties"]
        return cls(
            id=body["id"],
            name=body["name"],
            scope=said["scope"],
            role_definition_id=said["roleDefinitionId"],
            principal_id=said["principalId"],
            principal_type=said.get("principalType"),
            condition=said.get("condition") or None,
            condition_version=said.get("conditionVersion") if said.get("condition") else None,
            description=said.get("description") or None,
            delegated=said.get("delegatedManagedIdentityResourceId"),
        )

    @staticmethod
    def parse_id(text: str) -> str:
        """Return the full ID of an assignment, or raise InvalidInput that says what one looks like."""
        remedy = f"Expected {{scope}}/{_KIND}/{{GUID}}."
        given = check_path(text.strip(), "the ID of a role assignment", remedy)
        match = _ID.fullmatch(given)
        if not match or not _GUID.fullmatch(match["name"]):
            raise InvalidInput(f"{shown(text)} is not the ID of a role assignment.", remedy=remedy)
        Scope.parse(match["scope"] or "/")
        return given

    @property
    def role_id(self) -> str:
        """The role's GUID, in lower case: the rest of a definition's ID tells only where it was looked up."""
        return self.role_definition_id.rpartition("/")[2].lower()

    @property
    def scope_key(self) -> str:
        """The scope, for comparisons."""
        return self.scope.rstrip("/").lower() or "/"

    def is_of(self, principal_id: str | None) -> bool:
        """Whether a principal has it."""
        return (self.principal_id or "").lower() == (principal_id or "").lower()

    def body(self) -> dict[str, Any]:
        """What a PUT sends. With the principal's type Azure does not look for it in a directory that may lag behind.

        Source: learn.microsoft.com, role-based-access-control/troubleshooting.
        """
        said = {
            "roleDefinitionId": self.role_definition_id,
            "principalId": self.principal_id,
            "principalType": self.principal_type or SERVICE_PRINCIPAL,
            "condition": self.condition,
            "conditionVersion": self.condition_version if self.condition else None,
            "description": self.description,
            "delegatedManagedIdentityResourceId": self.delegated,
        }
        return {"properties": {name: value for name, value in said.items() if value is not None}}

    def to_result(self, role: str | None = None) -> dict[str, Any]:
        """An item of results.

        :param role: the role's name, if it is known
        """
        return {
            "id": self.id,
            "name": self.name,
            "scope": self.scope,
            "role": role,
            "role_definition_id": self.role_definition_id,
            "principal_id": self.principal_id,
            "principal_type": self.principal_type,
            "condition": self.condition,
            "condition_version": self.condition_version,
            "description": self.description,
        }


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
            id=f"{scope.path}/{_KIND}/{name}" if name else None,
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
class Step:
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


def plan_present(scope: Scope, role_id: str, grant: Grant, there: Iterable[Assignment]) -> list[Step]:
    """The step that leads to a grant at a scope; one that is there counts, whatever its name."""
    for item in _matching(scope, role_id, grant.principal_id, there):
        return [Step(str(scope), item, grant.on(item))]
    return [Step(str(scope), None, grant.at(scope, role_id))]


def plan_absent(scope: Scope, role_id: str, grant: Grant, there: Iterable[Assignment]) -> list[Step]:
    """The steps after which a principal does not have a role at a scope; above and below it nothing is touched."""
    return [Step(str(scope), item, None) for item in _matching(scope, role_id, grant.principal_id, there)]


def _matching(
    scope: Scope, role_id: str, principal_id: str | None, there: Iterable[Assignment]
) -> Iterator[Assignment]:
    for item in there:
        if item.scope_key == scope.key and item.role_id == role_id.lower() and item.is_of(principal_id):
            yield item
