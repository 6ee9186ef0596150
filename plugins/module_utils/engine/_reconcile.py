# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The one engine: read -> plan -> act -> report, for one resource or for many."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import TypeVar

from ..arm._deadline import Deadline
from ..arm._gateway import Gateway, Reading
from ..core._errors import ArmError, ConnectionFailed, LostUpdate, ManagedIdentityError, WaitTimedOut
from ..core._plan import Plan
from ._each import each
from ._operation import finish
from ._outcome import Options, Outcome, Target
from ._tries import Tries

__all__ = ["reconcile", "reconcile_all"]

_T = TypeVar("_T")

# After this many successes of Azure's that did not lead to what is desired, another one is not expected to.
_FRUITLESS_WRITES = 2
_AT_ONCE = 32
# So many seconds beyond the deadline Azure is given to tell what became of a write.
_LAST_LOOK = 5.0


async def reconcile_all(
    gateway: Gateway, targets: Sequence[Target], options: Options, deadline: Deadline
) -> list[Outcome]:
    """Reconcile many targets, some at once; the outcomes are in the order of the targets, failures included."""

    async def one(target: Target) -> Outcome:
        return await reconcile(gateway, target, options, deadline)

    return await each(targets, one, at_once=_AT_ONCE)


async def reconcile(
    gateway: Gateway, target: Target, options: Options, deadline: Deadline, first: Reading | None = None
) -> Outcome:
    """Bring one target's identities to what is desired, by as few requests as that takes.

    :param first: the target as read just now; None: it is read
    :returns: the outcome; a failure is in its ``error``, and ``last`` is then how Azure describes the target now
    """
    return await _Run(gateway, target, options, deadline).run(first)


async def _to_the_end(steps: Awaitable[_T]) -> _T:
    """Several writes belong together: whoever cancels us in between waits until they are done."""
    task = asyncio.ensure_future(steps)
    interrupted: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            interrupted = error
    if interrupted:
        raise interrupted
    return task.result()


class _Run:
    """The way of one target to its outcome."""

    def __init__(self, gateway: Gateway, target: Target, options: Options, deadline: Deadline) -> None:
        self._gateway = gateway
        self._id = target.id
        self._options = options
        self._deadline = deadline
        self._outcome = Outcome(target)
        self._tries = Tries(deadline)
        self._accepted = 0

    async def run(self, first: Reading | None) -> Outcome:
        outcome = self._outcome
        try:
            plan = outcome.saw(first or await self._read())
            if self._options.check:
                outcome.changed = plan.patch is not None
            else:
                await (self._converge() if plan.last else _to_the_end(self._converge()))
        except ManagedIdentityError as error:
            outcome.error = error
            await self._read_after(error)
        return outcome

    async def _read(self) -> Reading:
        return await self._gateway.read(self._id, self._deadline)

    async def _converge(self) -> None:
        """Write until nothing is left to do, and Azure is through with it."""
        outcome = self._outcome
        while outcome.last and (plan := outcome.plan) and plan.patch is not None:
            try:
                await self._write(outcome.last, plan, plan.patch)
                if plan.last and not self._options.wait:
                    return
            except (ArmError, ConnectionFailed) as error:
                await self._tries.before_another(error)
                outcome.saw(await self._read())
                outcome.changed |= self._tries.in_doubt and outcome.moved
        if self._options.wait and outcome.last and outcome.last.changing and self._is_unclear(outcome.last):
            await finish(self._gateway, self._id, outcome.last, self._options.schedule, self._deadline)
            outcome.saw(await self._read())

    def _is_unclear(self, seen: Reading) -> bool:
        """Whether the end of a change that is under way must be awaited to say what the identities are."""
        return self._tries.in_doubt or not seen.identity.complete

    async def _write(self, before: Reading, plan: Plan, patch: dict[str, object]) -> None:
        """One PATCH, and the wait for its end; afterwards ``last`` is what Azure says."""
        outcome = self._outcome
        if self._accepted >= _FRUITLESS_WRITES + (not plan.last):
            raise ManagedIdentityError(
                "Azure reported success, but the identities still are not as desired.", target=str(self._id)
            )
        outcome.protected &= before.etag is not None
        # A cancellation that came meanwhile takes effect here, before anything is written.
        await asyncio.sleep(0)
        try:
            answer = await self._gateway.write(self._id, patch, before.etag, self._deadline)
        except WaitTimedOut:
            self._tries.unsure += 1
            raise
        self._accepted += 1
        self._tries.in_doubt = False
        outcome.changed = True
        if plan.last and not self._options.wait:
            outcome.saw(answer if answer.told else await self._read())
            outcome.running = answer.operation_url
            return
        await finish(self._gateway, self._id, answer, self._options.schedule, self._deadline)
        told = answer.told and answer.identity.complete
        if plan.last and before.etag and told and outcome.saw(answer).patch is None:
            return
        outcome.saw(await self._read())
        if before.etag is None:
            self._check_nothing_lost(plan)

    def _check_nothing_lost(self, plan: Plan) -> None:
        """Without an ETag two writers can undo each other: what was there and was not removed by us must still be."""
        now = self._outcome.after
        lost = [str(item.id) for item in plan.before.user if item.id not in plan.removed and not now.find(item.id)]
        if plan.before.system and plan.after.system and not now.system:
            lost.append("the system-assigned identity")
        if lost:
            raise LostUpdate(
                f"These identities are gone after the change, though it did not remove them: {', '.join(lost)}. "
                "Something else wrote at the same time, and this cloud gave no ETag to protect against that.",
                target=str(self._id),
                remedy="Assign them again, and let one writer at a time change the resource.",
            )

    async def _read_after(self, error: ManagedIdentityError) -> None:
        """After a write that failed the report is what Azure says now, if it answers soon."""
        if isinstance(error, LostUpdate) or not (self._accepted or self._tries.unsure):
            return
        try:
            self._outcome.saw(await self._gateway.read(self._id, self._deadline.grace(_LAST_LOOK)))
        except ManagedIdentityError as unread:
            error.remedy = f"{error.remedy} How the identities are now could not be read: {unread.message}".strip()
        else:
            self._outcome.changed = self._outcome.moved
