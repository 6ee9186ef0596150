# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Roles looked up for scopes, by as few requests as that takes."""

from __future__ import annotations

from collections.abc import Sequence

from ...arm.gateways._authorization import Authorization
from ...arm.net._deadline import Deadline
from ...core._errors import ArmError, ManagedIdentityError
from ...core._scope import Scope
from ...core.roles._role import Role, WantedRole, the_role

__all__ = ["find_roles", "role_of"]

_FORBIDDEN = 403


async def find_roles(
    authorization: Authorization,
    wanted: WantedRole,
    scopes: Sequence[Scope],
    deadline: Deadline,
    *,
    accept_missing: bool = False,
) -> dict[Scope, Role]:
    """The role at each of the scopes. A built-in one is the same everywhere, custom ones are looked up at each.

    :param accept_missing: whether a scope that does not exist is one in its subscription
    :raises ManagedIdentityError: there is no such role, or a name stands for several
    """
    found: dict[Scope, Role] = {}
    role: Role | None = None
    for scope in scopes:
        if role is None or not (role.anywhere or wanted.guid):
            try:
                role = await _find(authorization, wanted, scope, deadline)
            except ArmError as error:
                outer = scope.in_subscription
                if not accept_missing or outer is None or not error.not_there:
                    raise
                role = await _find(authorization, wanted, outer, deadline)
        found[scope] = role
    return found


async def _find(authorization: Authorization, wanted: WantedRole, scope: Scope, deadline: Deadline) -> Role:
    if wanted.guid:
        return await role_of(authorization, scope, wanted.guid, deadline)
    return the_role(wanted, scope, await authorization.roles_named(scope, wanted.text, deadline))


async def role_of(authorization: Authorization, scope: Scope, guid: str, deadline: Deadline) -> Role:
    """The role of a GUID; without its name where the caller may not read roles, who may assign them all the same.

    :raises ManagedIdentityError: there is no such role
    """
    try:
        return await authorization.role(scope, guid, deadline)
    except ArmError as error:
        if error.azure_status == _FORBIDDEN:
            return Role(guid)
        if error.code == "RoleDefinitionDoesNotExist":
            raise ManagedIdentityError(
                f"There is no role with the ID {guid}, seen from {scope}.",
                remedy="Check the GUID; az role definition list --name shows that of a role.",
            ) from error
        raise
