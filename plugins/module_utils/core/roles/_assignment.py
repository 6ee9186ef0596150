# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Role assignments: what one is, what is wished for, and what that takes at a scope."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .._errors import InvalidInput, UnexpectedAnswer
from .._path import check_path, shown
from .._resource_id import GUID
from .._scope import Scope
from ..wire._shape import Is, Needed, answered, shaped

__all__ = [
    "KIND",
    "SERVICE_PRINCIPAL",
    "Assignment",
    "check_principal",
    "of_principal",
]

SERVICE_PRINCIPAL = "ServicePrincipal"
KIND = "providers/Microsoft.Authorization/roleAssignments"
_ID = re.compile(rf"(?P<scope>/.*)?/{KIND}/(?P<name>[^/]+)", re.IGNORECASE | re.ASCII)
_ASSIGNMENT = Needed(
    {
        "id": Needed(str),
        "type": Is("Microsoft.Authorization/roleAssignments"),
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
    if not GUID.fullmatch(stripped):
        raise InvalidInput(
            f"{shown(text)} is not a principal ID.",
            remedy="Expected the GUID that Azure calls principalId or object ID; identity and vm look it up.",
        )
    return stripped.lower()


def of_principal(principal_id: str) -> str:
    """The ``$filter`` that lists the assignments of one principal."""
    quoted = principal_id.replace("'", "''")
    return f"principalId eq '{quoted}'"


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
        found = answered(cls._matched, body["id"])[0]
        # What an assignment is called decides what a later PUT or DELETE strikes: it must be where it says it holds.
        if found.lower() != f"{said['scope'].rstrip('/')}/{KIND}/{body['name']}".lower():
            raise UnexpectedAnswer(f"The answer calls {found} an assignment at {said['scope']}.")
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
        match = Assignment._matched(text)
        Scope.parse(match["scope"] or "/")
        return match[0]

    @staticmethod
    def _matched(text: str) -> re.Match[str]:
        """The ID and its parts, whatever its scope: Azure has scopes that no option of ours takes."""
        remedy = f"Expected {{scope}}/{KIND}/{{GUID}}."
        given = check_path(text.strip(), "the ID of a role assignment", remedy)
        match = _ID.fullmatch(given)
        if not match or not GUID.fullmatch(match["name"]):
            raise InvalidInput(f"{shown(text)} is not the ID of a role assignment.", remedy=remedy)
        return match

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
