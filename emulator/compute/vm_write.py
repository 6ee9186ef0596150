# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A write to a VM or a scale set: the front door's checks of its identity, then Compute's own, then the operation."""

from __future__ import annotations

from typing import Any

from ..cloud.identity_errors import identity_slot_taken
from ..cloud.identity_rules import Identity, Lookups, apply, read
from ..cloud.model import Holder, Operation
from ..cloud.restrictions import check_assignable
from ..cloud.store import new_id
from ..request.call import Call
from ..request.linked import check_linked
from ..wire.errors import (
    ArmError,
    compute_conflict,
    in_progress,
    marked_for_deletion,
    power_changing,
    precondition_failed,
)
from ..wire.versions import takes_conditions
from . import operations
from .effects import POWER
from .settling import preempt

__all__ = ["accept", "check_idle", "check_writable", "identity_after"]

_MOST_PENDING = 100
_VERBS = {"PUT": "Create or Update"}


def identity_after(call: Call, holder: Holder, block: Any, *, replace: bool) -> Identity | None:
    """Return the identity after an `identity` block (None: not given, nothing changes); raises ArmError.

    In ARM's order: form, right to assign, existence, restrictions, and whether the identity service is ready.
    """
    if block is None:
        return holder.identity
    request = read(block, holder.identity, ignore_map=call.settings.map_with_system_assigned == "ignore")
    check_linked(call, request.named, holder.id, kind=holder.kind)
    tenant = call.store.subscriptions[call.path.subscription.lower()].tenant
    look = Lookups(holder.id, tenant, call.store.identity_ids, new_id)
    after = apply(holder.identity, request, look, replace=replace)
    check_assignable(call.store, request.named, holder)
    gains = _has_system(after) and not _has_system(holder.identity)
    if gains and call.now < holder.system_disabled_at + call.settings.identity_slot_seconds:
        raise identity_slot_taken(holder.id)
    return after


def check_writable(call: Call, holder: Holder) -> None:
    """Raise ArmError 409 or 412 if Compute would not take a write now."""
    name = f"{_VERBS.get(call.method, 'Update')} {holder.title}"
    if any(operation.kind == "delete" for operation in holder.pending):
        raise marked_for_deletion(name, holder.title, holder.name)
    if takes_conditions(call.version):
        _check_conditions(call, holder)
    if call.settings.concurrency in ("conflict", "refuse"):
        check_idle(call, holder, name)
    elif len(holder.pending) >= _MOST_PENDING:
        raise compute_conflict()


def check_idle(call: Call, holder: Holder, name: str) -> None:
    """Raise ArmError 409 if an operation is running; `name` is what the new one is called."""
    if not holder.pending:
        return
    power = next((POWER[item.kind] for item in holder.pending if item.kind in POWER), None)
    if power is not None:
        raise power_changing(name, holder.name, power)
    raise in_progress(name, holder.title, holder.name) if call.settings.concurrency == "refuse" else compute_conflict()


def accept(call: Call, holder: Holder, after: Identity | None, *, kind: str = "write") -> Operation:
    """Change the identity, raise its ETag and return the operation."""
    if call.settings.concurrency == "preempt":
        preempt(call.store, holder, call.now)
    operation = operations.begin(call, holder, kind)
    had, has = _has_system(holder.identity), _has_system(after)
    if has and not had:
        holder.system_client_id = new_id()
        call.store.remember_born((after or {})["principalId"], call.now)
    if had and not has:
        holder.system_disabled_at = call.now
    holder.identity = after
    holder.etag += 1
    return operation


def _has_system(identity: Identity | None) -> bool:
    return "principalId" in (identity or {})


def _check_conditions(call: Call, holder: Holder) -> None:
    given, unwanted = call.headers.get("If-Match"), call.headers.get("If-None-Match")
    if given is not None and given != "*" and given.strip('"') != str(holder.etag):
        raise precondition_failed(given, holder.etag)
    if unwanted is not None and unwanted.strip('"') in ("*", str(holder.etag)):
        message = f'Etag provided in if-none-match header {unwanted} matches etag "{holder.etag}" of resource.'
        raise ArmError(412, "PreconditionFailed", message, gateway=False, pretty=True)
