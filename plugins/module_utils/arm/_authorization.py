# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Who may do what: roles, their assignments, the caller's own rights, and locks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..core._errors import ArmError
from ..core._scope import Scope
from ._deadline import Deadline
from ._versions import VersionedClient

if TYPE_CHECKING:
    from ._client import ArmClient

__all__ = ["Authorization"]

_VERSION, _OLDEST = "2022-04-01", "2018-09-01-preview"
_LOCKS_VERSION, _LOCKS_OLDEST = "2020-05-01", "2016-09-01"
_PROVIDER = "/providers/Microsoft.Authorization"


class Authorization:
    """The provider Microsoft.Authorization. Bodies are raw JSON, for the core to read.

    Every method takes the deadline that bounds it, and raises what ArmClient.request raises. What a session has read
    of the caller's own rights, of roles and of locks it does not read again.
    """

    def __init__(self, client: ArmClient) -> None:
        self._rbac = VersionedClient(client, _VERSION, _OLDEST)
        self._locks = VersionedClient(client, _LOCKS_VERSION, _LOCKS_OLDEST)
        self._read: dict[tuple[str, str], list[dict[str, Any]]] = {}

    async def roles_named(self, scope: Scope, name: str, deadline: Deadline) -> list[dict[str, Any]]:
        """The role definitions of a name that can be assigned at a scope; Azure compares names without case."""
        quoted = name.replace("'", "''")
        return await self._remembered(scope, "roleDefinitions", deadline, f"roleName eq '{quoted}'")

    async def role(self, scope: Scope, role_id: str, deadline: Deadline) -> dict[str, Any]:
        """The role definition with this GUID, seen from a scope; each read once, wherever it was seen from."""
        key = ("role", role_id.lower())
        if key not in self._read:
            path = f"{scope.path}{_PROVIDER}/roleDefinitions/{role_id}"
            self._read[key] = [(await self._rbac.request("GET", path, deadline)).body]
        return self._read[key][0]

    async def assignment(self, assignment: str, deadline: Deadline) -> dict[str, Any] | None:
        """The role assignment with this ID; None if it, or what it is on, is not there."""
        try:
            return (await self._rbac.request("GET", assignment, deadline)).body
        except ArmError as error:
            if error.not_there or error.code == "RoleAssignmentNotFound":
                return None
            raise

    async def assignments(self, scope: Scope, condition: str | None, deadline: Deadline) -> list[dict[str, Any]]:
        """The role assignments at, above and below a scope.

        :param condition: ``$filter``: atScope(), principalId eq '...', assignedTo('...')
        """
        query = {"$filter": condition} if condition else None
        path = f"{scope.path}{_PROVIDER}/roleAssignments"
        return [item async for item in self._rbac.items(path, deadline, query=query)]

    async def put_assignment(self, assignment: str, body: Mapping[str, Any], deadline: Deadline) -> dict[str, Any]:
        """Create or write the role assignment with this ID; returns it."""
        return (await self._rbac.request("PUT", assignment, deadline, body=body)).body

    async def delete_assignment(self, assignment: str, deadline: Deadline) -> bool:
        """Delete the role assignment with this ID; returns whether it was there."""
        no_content = 204
        return (await self._rbac.request("DELETE", assignment, deadline)).status != no_content

    async def permissions(self, scope: Scope, deadline: Deadline) -> list[dict[str, Any]]:
        """What the caller may do at a scope: actions and notActions of each of its roles."""
        return await self._remembered(scope, "permissions", deadline)

    async def locks(self, scope: Scope, deadline: Deadline) -> list[dict[str, Any]]:
        """The locks at a scope and above it."""
        return await self._remembered(scope, "locks", deadline, "atScope()")

    async def _remembered(
        self, scope: Scope, kind: str, deadline: Deadline, condition: str | None = None
    ) -> list[dict[str, Any]]:
        provider = self._locks if kind == "locks" else self._rbac
        key = (scope.key, f"{kind} {condition}")
        if key not in self._read:
            query = {"$filter": condition} if condition else None
            path = f"{scope.path}{_PROVIDER}/{kind}"
            self._read[key] = [item async for item in provider.items(path, deadline, query=query)]
        return self._read[key]
