# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Waiting for the end of a change that Azure is making."""

from __future__ import annotations

from ...arm.gateways._machine_identities import MachineIdentities
from ...arm.gateways._reading import OperationState, Reading
from ...arm.net._deadline import HOW_IT_ENDED, Deadline
from ...core._errors import ArmError, ConnectionFailed, ManagedIdentityError
from ...core._resource_id import ResourceId
from ...core._rules import Verdict, operation_error, verdict_of
from ...core._schedule import Schedule

__all__ = ["finish"]

_FAILED = ("failed", "canceled")
_SUCCEEDED = "succeeded"
_NOT_FOUND = 404


async def finish(
    machines: MachineIdentities,
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
    wanted, unheard = seen.retry_after, None
    for number, wait in enumerate(schedule()):
        pause, about = wait if wanted is None else wanted, {"call": call, "target": str(target)}
        await deadline.sleep(pause, "the change that Azure has accepted", unheard, HOW_IT_ENDED, **about)
        try:
            state = await _ask(machines, target, seen.operation_url, deadline)
        except (ArmError, ConnectionFailed) as error:
            # The change goes on whether we hear of it or not: asked again as scheduled, until the deadline.
            if not _passes(error, just_begun=number == 0 and seen.operation_url is not None):
                raise
            wanted, unheard = None, error
            continue
        if _ended(state, target, call):
            return
        wanted, unheard = state.retry_after, None


def _passes(error: ArmError | ConnectionFailed, *, just_begun: bool) -> bool:
    """Whether to ask again how a change proceeds: an operation that has just begun may not be known everywhere yet."""
    if isinstance(error, ConnectionFailed):
        return True
    return verdict_of(error) is Verdict.RETRY or (just_begun and error.status == _NOT_FOUND)


async def _ask(machines: MachineIdentities, target: ResourceId, url: str | None, deadline: Deadline) -> OperationState:
    if url:
        try:
            return await machines.operation(url, deadline)
        except ManagedIdentityError as error:
            # The operation's own URL means nothing to the user.
            error.call, error.target = "GET of the operation on", str(target)
            raise
    return _state_of(await machines.read(target, deadline))


def _state_of(seen: Reading) -> OperationState:
    return OperationState(seen.provisioning_state or _SUCCEEDED, None, "Azure gave no reason.", seen.retry_after)


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
