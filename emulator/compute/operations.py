# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Long-running operations: begun by a write, seen by polls; `settling` ends them."""

from __future__ import annotations

import hashlib
import itertools
import math
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..cloud.model import Holder, Operation, Outcome
from ..wire.answers import Answer, pretty
from ..wire.errors import ArmError

if TYPE_CHECKING:
    from ..base.clock import Clock
    from ..request.call import Call

__all__ = ["begin", "headers", "poll"]

_PROBLEM = {
    "Failed": ("InternalExecutionError", "An internal execution error occurred. Please retry later."),
    "Canceled": ("OperationNotAllowed", "The operation was canceled."),
    "OperationPreempted": (
        "OperationPreempted",
        "Operation execution has been preempted by a more recent operation.",
    ),
}
_CERTIFICATE = "MIIHpTCCBo2gAwIBAgITfwTYu0qoRwcN0bP8jwAEBNi7SjANBgkqhkiG9w0BAQsFADBEMRMwEQYKCZImiZPyLGQBGRYDR0JM"


def begin(call: Call, holder: Holder, kind: str, instances: Sequence[str] = ()) -> Operation:
    """Start an operation on a VM or scale set after those that are running, and return it.

    `kind` is `write`, `create`, `delete`, `upgrade` (of instances) or a power action.
    """
    outcome = call.outcome or Outcome()
    seconds = call.settings.operation_seconds if outcome.seconds is None else outcome.seconds
    start = max([call.now, *(operation.due for operation in holder.pending)])
    due = math.inf if outcome.status == "never" else start + seconds
    operation = Operation(
        id=str(uuid.uuid4()),
        target=holder,
        kind=kind,
        outcome=outcome,
        started=call.now,
        due=due,
        before=holder.identity,
        instances=tuple(instances),
    )
    holder.pending.append(operation)
    holder.state = {"create": "Creating", "delete": "Deleting"}.get(kind, "Updating")
    call.store.operations[operation.id] = operation
    call.store.due.add(operation)
    _forget_ended(call)
    return operation


def _forget_ended(call: Call) -> None:
    """Forget the oldest operations that have ended, as Azure does after a while; those that run stay."""
    found = call.store.operations
    for key in list(itertools.islice(found, max(0, len(found) - call.settings.operations))):
        operation = found.pop(key)
        if operation.done:
            call.store.dropped_operations += 1
        else:
            found[key] = operation


def headers(call: Call, operation: Operation, *, location: bool = False) -> dict[str, str]:
    """Return the headers that announce an operation; `location` adds the one of an answer without a body."""
    ticks = int(call.clock.wall() * 10_000_000) + 621_355_968_000_000_000
    digest = hashlib.sha256(operation.id.encode()).hexdigest()
    signature = f"t={ticks}&c={_CERTIFICATE * 30}&s={digest * 5}&h={digest[:43]}"
    url = (
        f"{call.base_url}/subscriptions/{call.path.subscription}/providers/Microsoft.Compute/locations/"
        f"{operation.target.location}/operations/{operation.id}?p={digest[:8]}-{digest[8:12]}-{digest[12:16]}-"
        f"{digest[16:20]}-{digest[20:32]}"
    )
    found = {
        "Azure-AsyncOperation": f"{url}&api-version={call.version}&{signature}",
        "x-ms-request-id": operation.id,
        **_retry_after(call, operation),
    }
    if location:
        found["Location"] = f"{url}&monitor=true&api-version={call.version}&{signature}"
    return found


def poll(call: Call) -> Answer:
    """GET of an operation: its status, or with `monitor=true` 202 until it has ended; raises ArmError 404."""
    operation = call.store.operations.get(call.path.name.lower())
    if operation is None:
        message = "The entity was not found in this Azure location."
        raise ArmError(404, "NotFound", message, gateway=False, pretty=True)
    counters = {
        "x-ms-ratelimit-remaining-resource": "Microsoft.Compute/GetOperationResource;44,"
        "Microsoft.Compute/GetOperationSubscriptionMaximum;14993"
    }
    ended = _has_ended(call, operation)
    if not ended:
        counters.update(_retry_after(call, operation))
    if call.option("monitor").lower() == "true":
        return Answer(200 if ended else 202, b"", counters)
    return Answer(200, pretty(_status(call, operation)).encode(), counters)


def _has_ended(call: Call, operation: Operation) -> bool:
    """Whether it had ended at the moment of the call, which in a stale read is in the past."""
    return operation.done and operation.due <= call.now


def _retry_after(call: Call, operation: Operation) -> dict[str, str]:
    seconds = operation.outcome.retry_after
    seconds = call.settings.retry_after if seconds is None else seconds
    return {} if seconds is None else {"Retry-After": str(seconds)}


def _status(call: Call, operation: Operation) -> dict[str, Any]:
    ended = _has_ended(call, operation)
    status = operation.outcome.status if ended else "InProgress"
    body: dict[str, Any] = {"startTime": _moment(call.clock, operation.started)}
    if ended:
        body["endTime"] = _moment(call.clock, operation.due)
    body["status"] = "Canceled" if status == "OperationPreempted" else status
    if status in _PROBLEM:
        code, message = _PROBLEM[status]
        body["error"] = {"code": operation.outcome.code or code, "message": operation.outcome.message or message}
    body["name"] = operation.id
    return body


def _moment(clock: Clock, moment: float) -> str:
    """Azure's spelling of a time: seven digits of a second and the offset."""
    return clock.date(moment).strftime("%Y-%m-%dT%H:%M:%S.%f") + "0+00:00"
