# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The operation of user_assigned_identity."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...core._errors import InvalidInput
from ...core._resource_id import ResourceId
from ...core.identities._holder import IdentityHolder
from ...core.identities._tags import checked_tags
from ...core.identities._user_assigned import ISOLATION_SCOPES, UserAssigned, Wish
from ...engine.identities._provide import provide
from ...engine.identities._retire import Retired, retire
from ...engine.machines._outcome import Options
from .._failure import failure
from .._operation import Call, Operation
from .._resource_options import IDENTITIES

__all__ = ["OPERATION"]

_LOCATION = re.compile(r"[A-Za-z0-9]+( [A-Za-z0-9]+)*")


async def _run(call: Call) -> dict[str, Any]:
    wish = _wish(call.params)
    deadline = call.deadline
    identity = await IDENTITIES.named(call)
    if call.params["state"] == "absent":
        return await _absent(call, identity)
    session = await call.connect()
    made = await provide(
        session.machines, session.user_assigned, identity, wish, check=call.check_mode, deadline=deadline
    )
    result: dict[str, Any] = {"changed": made.changed, "user_assigned_identity": _shown(made.last)}
    if call.diff_mode and not (made.error and not made.changed):
        result["diff"] = {"before": _shown(made.first), "after": _shown(made.last)}
    if made.error:
        verb = "changed" if made.first else "created"
        return failure(made.error, [f"{verb} the identity {identity}"] if made.changed else [], **result)
    return result


def _wish(params: Mapping[str, Any]) -> Wish:
    """What the options wish for; whatever can be seen to be wrong without a call is told before any."""
    present = params["state"] == "present"
    for name in ("force", "detach"):
        if params[name] and present:
            raise InvalidInput(f"{name} is about the end of an identity; it goes with state: absent only.")
    location, tags = params["location"], params["tags"]
    if location is not None and not _LOCATION.fullmatch(location.strip()):
        raise InvalidInput(f"{location!r} is not the name of a location.", remedy="Expected one such as westeurope.")
    if not params["append_tags"] and tags is None and present:
        raise InvalidInput("append_tags: false makes tags the exact set; it needs tags.")
    return Wish(
        location=location.strip() if location else None,
        tags=None if tags is None else checked_tags(tags),
        exact_tags=not params["append_tags"],
        isolation_scope=ISOLATION_SCOPES[params["isolation_scope"]] if params["isolation_scope"] else None,
    )


async def _absent(call: Call, identity: ResourceId) -> dict[str, Any]:
    session = await call.connect()
    gone = await retire(
        session.machines,
        session.user_assigned,
        identity,
        force=call.params["force"],
        detach=call.params["detach"],
        options=Options(check=call.check_mode),
        deadline=call.deadline,
    )
    call.warnings.extend(gone.warnings)
    result: dict[str, Any] = {
        "changed": gone.changed,
        "user_assigned_identity": _shown(gone.left),
        "users": None if gone.users is None else [user.to_result() for user in gone.users],
        "detached": [user.id for user in gone.detached],
    }
    if call.diff_mode:
        used = sorted([*(gone.users or ()), *gone.detached], key=lambda user: user.key)
        result["diff"] = {"before": _used(gone.before, used), "after": _used(gone.left, gone.users or ())}
    if gone.error:
        return failure(gone.error, _done(call, identity, gone), **result)
    return result


def _done(call: Call, identity: ResourceId, gone: Retired) -> list[str]:
    if call.check_mode:
        return []
    done = [f"removed the identity from {user.id}" for user in gone.detached]
    done += [f"perhaps removed it from {user.id}: how it is now could not be read" for user in gone.perhaps]
    return [*done, f"deleted the identity {identity}"] if gone.deleted else done


def _shown(identity: UserAssigned | None) -> dict[str, Any] | None:
    return identity.to_result() if identity else None


def _used(identity: UserAssigned | None, users: Any) -> dict[str, Any] | None:
    """An identity in a diff, with what uses it."""
    listed: list[IdentityHolder] = list(users)
    return {**identity.to_result(), "users": [user.id for user in listed]} if identity else None


OPERATION = Operation(
    run=_run,
    arguments={
        **IDENTITIES.arguments,
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "location": {"type": "str"},
        "tags": {"type": "dict"},
        "append_tags": {"type": "bool", "default": True},
        "isolation_scope": {"type": "str", "choices": list(ISOLATION_SCOPES)},
        "force": {"type": "bool", "default": False},
        "detach": {"type": "bool", "default": False},
        "wait_timeout": {"type": "int", "default": 600},
    },
    constraints=IDENTITIES.constraints,
)
