# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Reads what the caller may do, and which locks there are, each scope once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from ...arm.gateways._authorization import Authorization
from ...arm.net._deadline import Deadline
from ...core._errors import ArmError
from ...core._scope import Scope
from ...core.roles._preflight import Rights
from .._each import each

__all__ = ["Survey", "survey"]

_FORBIDDEN, _NOT_FOUND = 403, 404
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Survey:
    """What was read.

    :param locks: at and above each scope; None where the caller may not read them
    """

    rights: Mapping[Scope, Rights]
    locks: Mapping[Scope, list[dict[str, Any]] | None]


async def survey(
    authorization: Authorization, rights_at: Iterable[Scope], locks_at: Iterable[Scope], deadline: Deadline
) -> Survey:
    """Read the caller's rights at some scopes and the locks at, and above, others.

    :raises ManagedIdentityError: a read failed otherwise than for want of the right to it, or of the scope itself
    """

    async def rights(scope: Scope) -> Rights:
        return await _rights(authorization, scope, deadline)

    async def locks(scope: Scope) -> list[dict[str, Any]] | None:
        return await _locks(authorization, scope, deadline)

    return Survey(await _at_each(rights_at, rights), await _at_each(locks_at, locks))


async def _at_each(scopes: Iterable[Scope], read: Callable[[Scope], Awaitable[_Found]]) -> dict[Scope, _Found]:
    wanted = list(dict.fromkeys(scopes))
    return dict(zip(wanted, await each(wanted, read), strict=True))


async def _rights(authorization: Authorization, scope: Scope, deadline: Deadline) -> Rights:
    """At the scope, or at the resource group of a resource that is not there: it may be about to be created."""
    try:
        return Rights(scope, await authorization.permissions(scope, deadline))
    except ArmError as error:
        if error.azure_status == _NOT_FOUND and _is_resource(scope) and scope.above:
            return await _rights(authorization, scope.above, deadline)
        reason = {_FORBIDDEN: "the caller may not read its permissions there", _NOT_FOUND: "it does not exist"}
        if error.azure_status in reason and scope.subscription_id:
            return Rights(scope, None, reason[error.azure_status])
        if not scope.subscription_id and (error.azure_status or 0) in range(400, 500):
            return Rights(scope, None, "Azure does not tell the caller's permissions there")
        raise


async def _locks(authorization: Authorization, scope: Scope, deadline: Deadline) -> list[dict[str, Any]] | None:
    """There are none on management groups, nor on the tenant's root."""
    if not scope.subscription_id:
        return []
    try:
        return await authorization.locks(scope, deadline)
    except ArmError as error:
        if error.azure_status == _NOT_FOUND:
            return await _locks(authorization, scope.above, deadline) if scope.above else []
        if error.azure_status == _FORBIDDEN:
            return None
        raise


def _is_resource(scope: Scope) -> bool:
    return scope.above is not None and scope.above != scope.in_subscription
