# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The operation of identity_permissions_info."""

from __future__ import annotations

from typing import Any

from ...core._errors import InvalidInput
from ...core._resource_id import IDENTITY, SCALE_SET, VIRTUAL_MACHINE, ResourceId, ResourceKind, check_resource_group
from ...core._scope import Scope
from ...core.roles._preflight import NOT_SEEN, OPERATIONS, Request, blocking, judge, needs, writes
from ...engine.roles._preflight import survey
from .._naming import full_or_bare, named
from .._operation import Call, Operation

__all__ = ["OPERATION"]


async def _run(call: Call) -> dict[str, Any]:
    _check(call)
    deadline = call.deadline
    request = await _request(call)
    wanted, written = needs(request), writes(request)
    authorization = (await call.connect()).authorization
    rights_at = [need.scope for need in wanted if need.scope]
    seen = await survey(authorization, rights_at, [write.scope for write in written], deadline)
    permissions = [judge(need, seen.rights[need.scope] if need.scope else None) for need in wanted]
    missing = [item["explanation"] for item in permissions if item["state"] == "missing"]
    locks = blocking((write, lock) for write in written for lock in seen.locks[write.scope] or ())
    hidden = [f"The caller may not read the locks of {scope}: one may be in the way." for scope in _hidden(seen.locks)]
    return {
        "changed": False,
        "allowed": not missing and not locks,
        "permissions": permissions,
        "missing": list(dict.fromkeys(missing)),
        "locks": locks,
        "notes": [NOT_SEEN, *hidden],
    }


def _hidden(locks: Any) -> list[Scope]:
    return [scope for scope, found in locks.items() if found is None]


def _check(call: Call) -> None:
    """Whatever can be seen to be wrong without a call is told before any."""
    params = call.params
    for operation in params["operations"]:
        for option in OPERATIONS[operation]:
            if params[option] is None:
                raise InvalidInput(f"The operation {operation} needs {option}.")
    if "create_identity" in params["operations"] and params["identities"] is None and params["resource_group"] is None:
        raise InvalidInput("The operation create_identity needs resource_group, or identities.")
    if params["resource_group"] is not None:
        check_resource_group(params["resource_group"])
    for option, kind in (("vms", VIRTUAL_MACHINE), ("identities", IDENTITY)):
        for text in params[option] or ():
            if not isinstance(full_or_bare(text, _kind(text, kind)), ResourceId) and params["resource_group"] is None:
                raise InvalidInput(
                    f"{text!r} in {option} is a bare name.", remedy="Name its resource_group, too, or give the full ID."
                )
    for text in params["scopes"] or ():
        Scope.parse(text)


def _kind(text: str, kind: ResourceKind) -> ResourceKind:
    """Among VMs an ID may be that of a scale set."""
    of_scale_set = f"/providers/{SCALE_SET.type}/".lower() in text.lower()
    return SCALE_SET if kind is VIRTUAL_MACHINE and of_scale_set else kind


async def _request(call: Call) -> Request:
    params = call.params
    group = params["resource_group"]

    async def resources(option: str, kind: ResourceKind) -> tuple[ResourceId, ...]:
        found = [await named(call, text, _kind(text, kind), group) for text in params[option] or ()]
        return tuple(dict.fromkeys(found))

    vms, identities = await resources("vms", VIRTUAL_MACHINE), await resources("identities", IDENTITY)
    scopes = tuple(dict.fromkeys(map(Scope.parse, params["scopes"] or ())))
    here = None
    if group is not None and {"create_vm", "create_identity"} & set(params["operations"]):
        here = Scope.parse(f"/subscriptions/{await call.subscription_id()}/resourceGroups/{group}")
    return Request(tuple(params["operations"]), vms, identities, scopes, here)


_NAMED = {"type": "list", "elements": "str"}

OPERATION = Operation(
    run=_run,
    arguments={
        "operations": {"type": "list", "elements": "str", "required": True, "choices": list(OPERATIONS)},
        "vms": _NAMED,
        "identities": _NAMED,
        "scopes": _NAMED,
        "resource_group": {"type": "str"},
        "wait_timeout": {"type": "int", "default": 600},
    },
)
