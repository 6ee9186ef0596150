# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Waiting for the end of a change that Azure is making."""

from __future__ import annotations

from collections.abc import Iterator

from ..arm._deadline import Deadline
from ..arm._gateway import Gateway, OperationState, Reading
from ..core._errors import ConnectionFailed, ManagedIdentityError
from ..core._resource_id import ResourceId
from ..core._rules import operation_error
from ..core._schedule import Schedule

__all__ = ["finish"]

_FAILED = ("failed", "canceled")
_SUCCEEDED = "succeeded"


async def finish(
    gateway: Gateway,
    target: ResourceId,
    seen: Reading,
    schedule: Schedule,
    deadline: Deadline,
    *,
    call: str = "PATCH",
) -> None:
    """Wait until the change that a resource is in has succeeded; no wait if it is in none.

    :param seen: the answer to the write, or a reading: without an operation's URL the resource itself is asked
    :param call: what began the change, for errors
    :raises OperationFailed: it failed or was canceled; with Azure's reason
    :raises WaitTimedOut: the deadline passed first
    """
    if not seen.operation_url and _ended(_state_of(seen), target, call):
        return
    waits, wanted = schedule(), seen.retry_after
    while True:
        await _pause(waits, wanted, target, deadline, call)
        try:
            state = await _ask(gateway, target, seen.operation_url, deadline)
        except ConnectionFailed:
            # The change goes on whether we hear of it or not: asked again as scheduled, until the deadline.
            wanted = None
            continue
        if _ended(state, target, call):
            return
        wanted = state.retry_after


async def _ask(gateway: Gateway, target: ResourceId, url: str | None, deadline: Deadline) -> OperationState:
    if url:
        try:
            return await gateway.operation(url, deadline)
        except ManagedIdentityError as error:
            # The operation's own URL means nothing to the user.
            error.call, error.target = "GET of the operation on", str(target)
            raise
    return _state_of(await gateway.read(target, deadline))


def _state_of(seen: Reading) -> OperationState:
    return OperationState(seen.provisioning_state or _SUCCEEDED, None, "Azure gave no reason.", seen.retry_after)


async def _pause(
    waits: Iterator[float], wanted: float | None, target: ResourceId, deadline: Deadline, call: str
) -> None:
    """Wait as the schedule says, or as long as Azure asked."""
    wait = next(waits)
    doing = "the change that Azure has accepted"
    await deadline.sleep(wait if wanted is None else wanted, doing, call=call, target=str(target))


def _ended(state: OperationState, target: ResourceId, call: str) -> bool:
    """Whether an operation has succeeded; raises OperationFailed if it has failed."""
    status = state.status.lower()
    if status in _FAILED:
        raise operation_error(
            f"Azure accepted the change, but its operation ended as {state.status}: {state.message}",
            code=state.code,
            request_id=state.request_id,
            call=call,
            target=str(target),
        )
    return status == _SUCCEEDED
