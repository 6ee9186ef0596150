# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.Authorization/locks: the REST of locks, and what they block."""

from __future__ import annotations

from typing import Any

from ..cloud.model import Lock
from ..cloud.store import Store
from ..request.call import Call, mapping
from ..rights.rbac import covers
from ..wire.answers import Answer, json_answer
from ..wire.errors import ArmError, invalid_filter, scope_locked
from .existing import check_exists

__all__ = ["check_locks", "delete_lock", "get_lock", "list_locks", "put_lock"]

_BLOCK = "/providers/Microsoft.Authorization/locks/"
_LEVELS = {"readonly": "ReadOnly", "cannotdelete": "CanNotDelete", "notspecified": "NotSpecified"}


def check_locks(store: Store, resource_id: str, operation: str) -> None:
    """Raise ArmError 409 ScopeLocked if a lock on the resource or above it blocks a `write` or `delete`.

    A delete is blocked by locks on what is inside, too.
    """
    if not store.locks:
        return
    wanted = resource_id.lower() + "/"
    locked = []
    for lock in store.locks.values():
        if operation == "write" and lock.level != "ReadOnly":
            continue
        scope = lock.scope.lower() + "/"
        if wanted.startswith(scope) or (operation == "delete" and scope.startswith(wanted)):
            locked.append(lock.scope)
    if locked:
        raise scope_locked(resource_id, operation, sorted(set(locked)))


def put_lock(call: Call) -> Answer:
    """PUT: 201 for a new lock, 200 for an existing one; raises ArmError 400 and 404."""
    check_exists(call)
    properties = mapping(call.json(), "properties")
    level = _LEVELS.get(str(properties.get("level")).lower())
    if level is None:
        raise ArmError(400, "InvalidLockLevel", f"The lock level '{properties.get('level')}' is invalid.")
    key = call.path.resource_id.lower()
    found = key in call.store.locks
    lock = Lock(call.path.scope, call.path.name, level, str(properties.get("notes") or ""))
    call.store.locks[key] = lock
    return json_answer(200 if found else 201, _shown(lock))


def get_lock(call: Call) -> Answer:
    """GET; raises ArmError 404."""
    lock = call.store.locks.get(call.path.resource_id.lower())
    if lock is None:
        raise ArmError(404, "LockNotFound", f"The lock '{call.path.name}' could not be found.")
    return json_answer(200, _shown(lock))


def list_locks(call: Call) -> Answer:
    """List the locks at and below a scope, or with `$filter=atScope()` those at it and above, page by page.

    Raises ArmError 400 for another filter.
    """
    here, text = call.path.scope, call.option("$filter")
    wanted = text.replace(" ", "").lower()
    if wanted not in ("", "atscope()"):
        raise invalid_filter(text)
    if wanted:
        found = [item for item in call.store.locks.items() if covers(item[1].scope, here)]
    else:
        found = [item for item in call.store.locks.items() if covers(here, item[1].scope)]
    page, link = call.page(sorted(found, key=lambda item: item[0]))
    body: dict[str, Any] = {"value": [_shown(lock) for lock in page]}
    return json_answer(200, {**body, "nextLink": link} if link else body)


def delete_lock(call: Call) -> Answer:
    """DELETE: 200, or 204 if it was not there."""
    return Answer(204 if call.store.locks.pop(call.path.resource_id.lower(), None) is None else 200)


def _shown(lock: Lock) -> dict[str, Any]:
    properties = {"level": lock.level, **({"notes": lock.notes} if lock.notes else {})}
    return {
        "properties": properties,
        "id": f"{lock.scope}{_BLOCK}{lock.name}",
        "type": "Microsoft.Authorization/locks",
        "name": lock.name,
    }
