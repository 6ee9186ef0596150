# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The operation of role_assignment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...core._errors import InvalidInput, ManagedIdentityError
from ...core._scope import Scope
from ...core.roles._grant import Grant
from ...core.roles._role import WantedRole
from ...engine._each import each
from ...engine.roles._assign import Assigner, Patience, Settled
from ...engine.roles._grants import GrantReader
from ...engine.roles._principal import Principal
from ...engine.roles._roles import find_roles
from .._operation import Call, Operation
from ._by_id import check_removal, remove_by_id
from ._principal import PRINCIPAL_ARGUMENTS, PRINCIPAL_OPTIONS, check_principal_options, find_principal
from ._settled import result_of

__all__ = ["OPERATION"]


async def _run(call: Call) -> dict[str, Any]:
    params = call.params
    if params["assignment_ids"] is not None:
        return await remove_by_id(call, check_removal(params))
    scopes, wanted = _check(call)
    absent = params["state"] == "absent"
    principal = await find_principal(call)
    if principal.id is None:
        if absent:
            call.warnings.append(f"{principal.missing} There is nothing to remove that could be found by it.")
            return result_of(call, Settled(), None, {})
        if not call.check_mode:
            raise ManagedIdentityError(principal.missing, remedy=principal.remedy)
        call.warnings.append(f"{principal.missing} This would fail unless that is changed first.")
    return await _grant(call, principal, wanted, scopes)


def _check(call: Call) -> tuple[list[Scope], WantedRole]:
    """Whatever can be seen to be wrong without a call is told before any."""
    params = call.params
    if params["max_changes"] is not None:
        raise InvalidInput("max_changes goes with assignment_ids only.")
    # In check mode the principal of an identity that an earlier task would make is null.
    expected = call.check_mode and params["state"] == "present"
    if not expected and not any(params[option] for option in PRINCIPAL_OPTIONS):
        raise InvalidInput(f"One of {', '.join(PRINCIPAL_OPTIONS)} and assignment_ids is needed.")
    check_principal_options(params)
    if params["role"] is None or not params["scopes"]:
        raise InvalidInput("role and scopes say what to grant, and where; both are needed.")
    if params["replication_timeout"] < 0:
        raise InvalidInput("replication_timeout must not be negative.")
    if params["condition_version"] is not None and not params["condition"]:
        raise InvalidInput("condition_version is that of a condition; none is given.")
    # One spelling of each scope, the first.
    scopes = dict.fromkeys(Scope.parse(text) for text in params["scopes"])
    return list(scopes), WantedRole.parse(params["role"])


async def _grant(call: Call, principal: Principal, wanted: WantedRole, scopes: Sequence[Scope]) -> dict[str, Any]:
    params, deadline = call.params, call.deadline
    authorization = (await call.connect()).authorization
    absent = params["state"] == "absent"
    grant = Grant(principal.id, params["condition"], params["condition_version"], params["description"])
    lenient = absent or call.check_mode
    roles = await find_roles(authorization, wanted, scopes, deadline, accept_missing=lenient)
    reader = GrantReader(authorization, grant, roles, absent, lenient)
    planned = await each(scopes, lambda scope: reader.plan(scope, deadline))
    steps = [step for steps in planned for step in steps]
    if not absent:
        call.warnings.extend(
            f"The scope {scope} does not exist: this would fail unless it is created first." for scope in reader.missing
        )
    names = {role.guid: role.name for role in roles.values() if role.name}
    if call.check_mode:
        return result_of(
            call, Settled(steps, done=[step.said() for step in steps if step.changes]), principal.id, names
        )
    patience = Patience(params["replication_timeout"], principal.unknown)
    settled = await Assigner(authorization, reader.look, deadline, patience).settle(steps)
    return result_of(call, settled, principal.id, names)


OPERATION = Operation(
    run=_run,
    arguments={
        **PRINCIPAL_ARGUMENTS,
        "assignment_ids": {"type": "list", "elements": "str"},
        "role": {"type": "str"},
        "scopes": {"type": "list", "elements": "str"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "condition": {"type": "str"},
        "condition_version": {"type": "str", "choices": ["2.0"]},
        "description": {"type": "str"},
        "replication_timeout": {"type": "int", "default": 120},
        "max_changes": {"type": "int"},
        "wait_timeout": {"type": "int", "default": 600},
    },
    constraints={
        "mutually_exclusive": [
            (*PRINCIPAL_OPTIONS, "assignment_ids"),
            *(("assignment_ids", name) for name in ("role", "scopes", "condition", "description")),
        ],
    },
)
