# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Roles as users name them, and as Azure describes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .._errors import InvalidInput, ManagedIdentityError, UnexpectedAnswer
from .._path import check_path, shown, unseen
from .._resource_id import GUID
from .._scope import Scope
from ..wire._shape import Is, Needed, answered, shaped

__all__ = ["Role", "WantedRole", "the_role"]

_DEFINITION = re.compile(
    r"/(?:.+/)?providers/Microsoft\.Authorization/roleDefinitions/(?P<guid>[^/]+)", re.IGNORECASE | re.ASCII
)
_LONGEST_NAME = 512
_ROLE = Needed(
    {
        "id": Needed(str),
        "type": Is("Microsoft.Authorization/roleDefinitions"),
        "name": Needed(str),
        "properties": Needed({"roleName": Needed(str), "type": str}),
    }
)
_EXPECTED = "Expected its name, its GUID, or the full ID of its definition."


@dataclass(frozen=True)
class WantedRole:
    """A role as a user names it: by its GUID (``guid``, in lower case), else by its name."""

    text: str
    guid: str | None = None

    @classmethod
    def parse(cls, text: str) -> WantedRole:
        """Read a role's name, its GUID, or the full ID of its definition.

        :raises InvalidInput: if it can be none of them
        """
        given = text.strip()
        if GUID.fullmatch(given):
            return cls(given, given.lower())
        if given.startswith("/"):
            guid = _guid_of(given)
            if guid:
                return cls(given, guid)
        # A name goes into a query, not into a path: whatever can be seen may be in it, such as a slash.
        problem = unseen(given)
        if problem or given.startswith("/") or not 0 < len(given) <= _LONGEST_NAME:
            raise InvalidInput(f"{shown(text)} is not a role{problem and ': '}{problem}.", remedy=_EXPECTED)
        return cls(given)


@dataclass(frozen=True)
class Role:
    """A role.

    :param name: None if it could not be read
    :param anywhere: whether it is built in, so that every scope has it
    :param id: of its definition, as it was seen from a scope
    """

    guid: str
    name: str | None = None
    anywhere: bool = False
    id: str | None = field(default=None, compare=False)

    @classmethod
    def from_arm(cls, body: Any) -> Role:
        """Read a role's definition as Azure describes it.

        :raises UnexpectedAnswer: it describes none
        """
        body = shaped(body, _ROLE)
        said = body["properties"]
        # The name is what is granted.
        guid = answered(_guid_of, body["id"])
        if guid is None or guid != body["name"].lower():
            raise UnexpectedAnswer(f"The answer calls the role {shown(body['id'])} {shown(body['name'])}.")
        return cls(guid, said["roleName"], said.get("type") == "BuiltInRole", body["id"])


def _guid_of(definition: str) -> str | None:
    """The GUID, in lower case, in the ID of a role's definition; None if it is none.

    :raises InvalidInput: it can be no path
    """
    match = _DEFINITION.fullmatch(check_path(definition, "a role", _EXPECTED))
    return match["guid"].lower() if match and GUID.fullmatch(match["guid"]) else None


def the_role(wanted: WantedRole, scope: Scope, found: Sequence[Role]) -> Role:
    """The one role of a name among those that Azure found.

    :raises ManagedIdentityError: there is not exactly one
    """
    # What changes while a list is read may be on two of its pages.
    named = list({role.guid: role for role in found if (role.name or "").lower() == wanted.text.lower()}.values())
    if not named:
        raise ManagedIdentityError(
            f"There is no role named {wanted.text!r} that can be assigned at {scope}.",
            remedy="Check its name, or give its GUID. A custom role can be assigned at the scopes that it names only.",
            call="GET",
            target=str(scope),
        )
    if len(named) > 1:
        ids = ", ".join(str(role.id) for role in named)
        raise ManagedIdentityError(
            f"{len(named)} roles are named {wanted.text!r} at {scope}: {ids}.",
            remedy="Give the GUID of the one you mean.",
            call="GET",
            target=str(scope),
        )
    return named[0]
