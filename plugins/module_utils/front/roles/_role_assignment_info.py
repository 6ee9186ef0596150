# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The operation of role_assignment_info."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core._errors import InvalidInput
from ...core._scope import Scope
from ...core.roles._assignment import Assignment, check_principal
from ...core.roles._role import WantedRole
from ...engine.roles._listing import existing, list_scopes, role_names
from .._operation import Call, Operation
from ._principal import PRINCIPAL_ARGUMENTS, PRINCIPAL_OPTIONS, check_principal_options, find_principal

__all__ = ["OPERATION"]


async def _run(call: Call) -> dict[str, Any]:
    params, deadline = call.params, call.deadline
    wanted = _check(params)
    scopes = list(dict.fromkeys(Scope.parse(text) for text in params["scopes"] or ()))
    principal = await find_principal(call) if _names_one(params) else None
    if principal and principal.id is None:
        call.warnings.append(f"{principal.missing} No grants can be found by it.")
        return {"changed": False, "role_assignments": []}
    scopes = scopes or [Scope.parse(f"/subscriptions/{await call.subscription_id()}")]
    session = await call.connect()
    who = principal.id if principal else None
    found = await list_scopes(session.authorization, scopes, who, wanted, call.params["inherited"], deadline)
    exists: dict[str, bool] = {principal.id: True} if principal and principal.id and principal.of else {}
    if params["orphaned"]:
        exists.update(await existing(session.directory, found, deadline))
        found = [item for item in found if exists.get(_who(item)) is False]
    names = await role_names(session.authorization, scopes[0], found, deadline)
    items = [{**item.to_result(names.get(item.role_id)), "principal_exists": exists.get(_who(item))} for item in found]
    return {"changed": False, "role_assignments": items}


def _check(params: Mapping[str, Any]) -> WantedRole | None:
    """Whatever can be seen to be wrong without a call is told before any."""
    if params["principal_id"] is not None:
        check_principal(params["principal_id"])
    check_principal_options(params)
    if params["scopes"] is not None and not params["scopes"]:
        raise InvalidInput("scopes is empty.", remedy="Leave it out to list those of the subscription.")
    for text in params["scopes"] or ():
        Scope.parse(text)
    return WantedRole.parse(params["role"]) if params["role"] is not None else None


def _names_one(params: Mapping[str, Any]) -> bool:
    return any(params[option] is not None for option in PRINCIPAL_OPTIONS)


def _who(item: Assignment) -> str:
    return (item.principal_id or "").lower()


OPERATION = Operation(
    run=_run,
    arguments={
        **PRINCIPAL_ARGUMENTS,
        "role": {"type": "str"},
        "scopes": {"type": "list", "elements": "str"},
        "inherited": {"type": "bool", "default": False},
        "orphaned": {"type": "bool", "default": False},
        "wait_timeout": {"type": "int", "default": 600},
    },
    constraints={"mutually_exclusive": [PRINCIPAL_OPTIONS]},
)
