# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Role assignments listed, with the names of their roles."""

from __future__ import annotations

from collections.abc import Sequence

from ...arm.gateways._authorization import Authorization
from ...arm.gateways._directory import Directory
from ...arm.net._deadline import Deadline
from ...core._errors import ArmError
from ...core._scope import Scope
from ...core.roles._assignment import Assignment, of_principal
from ...core.roles._listing import at_or_below, is_unclear, judgeable
from ...core.roles._role import Role, WantedRole
from .._each import each
from ._roles import find_roles

__all__ = ["existing", "list_scope", "list_scopes", "role_names"]

_FORBIDDEN, _NOT_FOUND = 403, 404


async def list_scope(
    authorization: Authorization, scope: Scope, principal_id: str | None, inherited: bool, deadline: Deadline
) -> list[Assignment]:
    """The assignments at a scope and below it, and with ``inherited`` above it; of one principal, or of all."""
    condition = of_principal(principal_id) if principal_id else None
    listed = await authorization.assignments(scope, condition, deadline)
    if inherited:
        return listed
    above: list[str] = []
    if is_unclear(scope, listed):
        above = [str(one.id).lower() for one in await authorization.assignments(scope, "atScope()", deadline)]
    return at_or_below(scope, listed, above)


async def list_scopes(
    authorization: Authorization,
    scopes: Sequence[Scope],
    principal_id: str | None,
    wanted: WantedRole | None,
    inherited: bool,
    deadline: Deadline,
) -> list[Assignment]:
    """The same at some scopes, and of one role, or of all: each once, in the order of the scopes and of their own."""
    roles = await find_roles(authorization, wanted, scopes, deadline) if wanted else {}
    listed = await each(scopes, lambda scope: list_scope(authorization, scope, principal_id, inherited, deadline))
    found: dict[str, Assignment] = {}
    for scope, items in zip(scopes, listed, strict=True):
        for item in sorted(items, key=lambda item: (item.scope_key, str(item.id).lower())):
            if scope not in roles or item.role_id == roles[scope].guid:
                found.setdefault(str(item.id).lower(), item)
    return list(found.values())


async def existing(directory: Directory, items: Sequence[Assignment], deadline: Deadline) -> dict[str, bool]:
    """Whether the principals of assignments exist, by their IDs; without those of whom that cannot be known."""
    asked = {(item.principal_id or "").lower() for item in items if judgeable(item)}
    known = await directory.known(asked, deadline) if asked else set()
    return {principal: principal in known for principal in asked}


async def role_names(
    authorization: Authorization, scope: Scope, items: Sequence[Assignment], deadline: Deadline
) -> dict[str, str]:
    """GUID -> name of the roles of assignments; without those that cannot be read, such as deleted ones."""
    guids = sorted({item.role_id for item in items if item.role_id})

    async def read(guid: str) -> Role:
        try:
            return await authorization.role(scope, guid, deadline)
        except ArmError as error:
            if error.azure_status not in (_FORBIDDEN, _NOT_FOUND):
                raise
            return Role(guid)

    return {role.guid: role.name for role in await each(guids, read) if role.name}
