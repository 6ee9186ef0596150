# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Who may do what: roles, their assignments, the caller's own rights, and locks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from ...core._errors import ArmError
from ...core._scope import Scope
from ...core.roles._assignment import Assignment
from ...core.roles._preflight import read_lock, read_permission
from ...core.roles._role import Role
from ..net._deadline import Deadline
from ..pipeline._versions import VersionedClient

if TYPE_CHECKING:
    from ..pipeline._answer import ArmAnswer
    from ..pipeline._client import ArmClient

__all__ = ["Authorization"]

_VERSION, _OLDEST = "2022-04-01", "2018-09-01-preview"
_LOCKS_VERSION, _LOCKS_OLDEST = "2020-05-01", "2016-09-01"
_PROVIDER = "/providers/Microsoft.Authorization"
_Item = TypeVar("_Item")


class Authorization:
    """The provider Microsoft.Authorization.

    Every method takes the deadline that bounds it, and raises what ArmClient.request raises. What a session has read
    of the caller's own rights, of roles and of locks it does not read again.
    """

    def __init__(self, client: ArmClient) -> None:
        self._rbac = VersionedClient(client, _VERSION, _OLDEST)
        self._locks = VersionedClient(client, _LOCKS_VERSION, _LOCKS_OLDEST)
        self._read: dict[tuple[str, str], list[Any]] = {}

    async def roles_named(self, scope: Scope, name: str, deadline: Deadline) -> list[Role]:
        """The role definitions of a name that can be assigned at a scope; Azure compares names without case."""
        quoted = name.replace("'", "''")
        return await self._remembered(
            self._rbac, scope, "roleDefinitions", deadline, Role.from_arm, f"roleName eq '{quoted}'"
        )

    async def role(self, scope: Scope, role_id: str, deadline: Deadline) -> Role:
        """The role definition with this GUID, seen from a scope; each read once, wherever it was seen from."""
        key = ("role", role_id.lower())
        if key not in self._read:
            answer = await self._rbac.request("GET", f"{scope.path}{_PROVIDER}/roleDefinitions/{role_id}", deadline)
            found = answer.read(Role.from_arm)
            if found.guid != role_id.lower():
                raise answer.unexpected(f"The answer is about another role: {found.guid}.")
            self._read[key] = [found]
        role: Role = self._read[key][0]
        return role

    async def assignment(self, assignment: str, deadline: Deadline) -> Assignment | None:
        """The role assignment with this ID; None if it, or what it is on, is not there."""
        try:
            return _about(assignment, await self._rbac.request("GET", assignment, deadline))
        except ArmError as error:
            if error.not_there:
                return None
            raise

    async def assignments(self, scope: Scope, condition: str | None, deadline: Deadline) -> list[Assignment]:
        """The role assignments at, above and below a scope.

        :param condition: ``$filter``: atScope(), principalId eq '...', assignedTo('...')
        """
        query = {"$filter": condition} if condition else None
        path = f"{scope.path}{_PROVIDER}/roleAssignments"
        return [item async for item in self._rbac.items(path, deadline, Assignment.from_arm, query=query)]

    async def put_assignment(self, assignment: Assignment, deadline: Deadline) -> Assignment:
        """Create or write a role assignment; returns it."""
        path = str(assignment.id)
        return _about(path, await self._rbac.request("PUT", path, deadline, body=assignment.body()))

    async def delete_assignment(self, assignment: str, deadline: Deadline) -> bool:
        """Delete the role assignment with this ID; returns whether it was there."""
        return await self._rbac.delete(assignment, deadline, lambda answer: _about(assignment, answer))

    async def permissions(self, scope: Scope, deadline: Deadline) -> list[dict[str, Any]]:
        """What the caller may do at a scope: actions and notActions of each of its roles."""
        return await self._remembered(self._rbac, scope, "permissions", deadline, read_permission)

    async def locks(self, scope: Scope, deadline: Deadline) -> list[dict[str, Any]]:
        """The locks at a scope and above it."""
        return await self._remembered(self._locks, scope, "locks", deadline, read_lock, "atScope()")

    async def _remembered(
        self,
        provider: VersionedClient,
        scope: Scope,
        kind: str,
        deadline: Deadline,
        read: Callable[[Any], _Item],
        condition: str | None = None,
    ) -> list[_Item]:
        key = (scope.key, f"{kind} {condition}")
        if key not in self._read:
            query = {"$filter": condition} if condition else None
            path = f"{scope.path}{_PROVIDER}/{kind}"
            self._read[key] = [item async for item in provider.items(path, deadline, read, query=query)]
        return self._read[key]


def _about(assignment: str, answer: ArmAnswer) -> Assignment:
    """The assignment that was asked for, as an answer describes it."""
    found = answer.read(Assignment.from_arm)
    if str(found.id).lower() != assignment.lower():
        raise answer.unexpected(f"The answer is about another role assignment: {found.id}.")
    return found
