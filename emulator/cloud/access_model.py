# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Microsoft.Authorization holds: roles, their assignments, and the tree of management groups."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

__all__ = ["ManagementGroup", "Role", "RoleAssignment", "RoleDefinition", "SeededRole"]


class RoleDefinition(NamedTuple):
    """A role: its GUID, its name, what it allows and what it takes away again; `scopes` is where it can be assigned."""

    id: str
    name: str
    description: str
    actions: tuple[str, ...]
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ("/",)
    built_in: bool = True
    created: str = "2015-02-02T21:55:09.8806423Z"
    updated: str = "2021-11-11T20:13:47.8628684Z"
    author: str | None = None


class Role(NamedTuple):
    """A role that a caller has at a scope at the time of a request."""

    definition: RoleDefinition
    scope: str


class SeededRole(NamedTuple):
    """A role that a seed gives someone: its name or GUID, and the place in the seed for errors."""

    role: str
    scope: str
    where: str


@dataclasses.dataclass(slots=True)
class RoleAssignment:
    """A role given to a principal at a scope ("/" is the tenant's root); it takes effect at `since` (monotonic)."""

    name: str
    scope: str
    role: str
    principal: str
    kind: str
    created: str
    updated: str
    created_by: str | None
    updated_by: str | None
    since: float = float("-inf")
    condition: str | None = None
    condition_version: str | None = None
    delegated: str | None = None
    description: str | None = None

    @property
    def id(self) -> str:
        """The ID, with the scope in the spelling of its writer."""
        return f"{self.scope.rstrip('/')}/providers/Microsoft.Authorization/roleAssignments/{self.name}"


class ManagementGroup(NamedTuple):
    """A management group of a tenant; `parent` is the key of another one, empty for the tenant's root group."""

    name: str
    tenant: str
    parent: str
