# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Role assignments written and removed, one after the other, until Azure agrees."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from ..arm._authorization import Authorization
from ..arm._deadline import Deadline
from ..core._assignment import Assignment, Step
from ..core._errors import ArmError, ConnectionFailed, ManagedIdentityError, WaitTimedOut
from ..core._rules import Verdict, verdict_of
from ._tries import backoff

__all__ = ["Assigner", "Look", "Patience", "Settled"]

Look = Callable[[Step, Deadline], Awaitable[Step]]

# A write that may have been made, or that collides with what no list shows, is tried this often.
_FRUITLESS = 5
# New principals were recorded to be known after 10 to 63 s, some after minutes.
_LONGEST_PAUSE_FOR_PRINCIPAL = 10.0
# So many seconds beyond the deadline Azure is given to tell what became of a write.
_LAST_LOOK = 5.0


@dataclass
class Settled:
    """What became of the steps: those that are done, as Azure has them now, and those that are not.

    :param done: what was changed, a sentence's part each
    :param error: why it ended early; that of the first of ``left``
    """

    steps: list[Step] = field(default_factory=list)
    left: list[Step] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    error: ManagedIdentityError | None = None


class Patience:
    """With a principal that the directory does not know: all writes of a task together wait for some seconds.

    :param unknown: makes the error to raise when they are over, given their number
    """

    def __init__(self, seconds: float, unknown: Callable[[float], ManagedIdentityError]) -> None:
        self._seconds = seconds
        self._unknown = unknown
        self._until: Deadline | None = None
        self._pause = 1.0

    async def wait(self, error: ArmError, deadline: Deadline) -> None:
        """Wait some of them; the last try is at their end."""
        if self._until is None:
            self._until = deadline.grace(self._seconds)
        left = self._until.left
        if left <= 0:
            unknown = self._unknown(self._seconds)
            unknown.status, unknown.request_id, unknown.target = error.status, error.request_id, error.target
            raise unknown from error
        self._pause = min(_LONGEST_PAUSE_FOR_PRINCIPAL, 2 * self._pause)
        pause = error.retry_after or self._pause * random.uniform(0.5, 1.0)
        await deadline.sleep(min(pause, left), "the directory to know the principal", error)


class Assigner:
    """Does steps.

    :param look: plans a step anew, from what is there now
    :param patience: with a principal that the directory does not know; without it that is an error at once
    """

    def __init__(
        self, authorization: Authorization, look: Look, deadline: Deadline, patience: Patience | None = None
    ) -> None:
        self._authorization = authorization
        self._look = look
        self._patience = patience
        self._deadline = deadline
        self._done: list[str] = []

    async def settle(self, steps: Sequence[Step]) -> Settled:
        """Do the steps in order. At the first that fails it ends, and the rest is left as it is."""
        settled = Settled(left=list(steps), done=self._done)
        try:
            while settled.left:
                settled.steps.append(await self._settle(settled.left[0]))
                settled.left.pop(0)
        except ManagedIdentityError as error:
            settled.error = error
        return settled

    async def _settle(self, planned: Step) -> Step:
        """Do one step; returns it with what was there first, and what Azure says is there now."""
        attempts = _Attempts(self._patience, self._deadline)
        try:
            return await self._converge(planned, attempts)
        except ManagedIdentityError:
            if attempts.in_doubt:
                await self._last_look(planned)
            raise

    async def _converge(self, planned: Step, attempts: _Attempts) -> Step:
        step = planned
        while step.changes:
            try:
                return await self._write(step, planned)
            except (ArmError, ConnectionFailed) as error:
                if await attempts.failed(error):
                    step = await self._look(step, self._deadline)
            except WaitTimedOut:
                attempts.in_doubt = True
                raise
        if not attempts.in_doubt:
            return step
        self._done.append(planned.said())
        return replace(step, before=planned.before)

    async def _write(self, step: Step, planned: Step) -> Step:
        if step.after is None:
            # It was there and is gone: that is ours also where a first answer was lost, and a second says so.
            await self._authorization.delete_assignment(str(step.before and step.before.id), self._deadline)
            self._done.append(step.said())
            return step
        body = await self._authorization.put_assignment(str(step.after.id), step.after.body(), self._deadline)
        self._done.append(step.said())
        return Step(step.scope, planned.before, Assignment.from_arm(body))

    async def _last_look(self, step: Step) -> None:
        """A write got no answer: whether it was made all the same belongs to what was done."""
        try:
            now = await self._look(step, self._deadline.grace(_LAST_LOOK))
        except ManagedIdentityError:
            self._done.append(f"perhaps {step.said()}: how it is now could not be read")
        else:
            self._done.extend([] if now.changes else [step.said()])


class _Attempts:
    """The attempts at one write. ``in_doubt``: whether one may have been made without an answer."""

    def __init__(self, patience: Patience | None, deadline: Deadline) -> None:
        self._patience = patience
        self._deadline = deadline
        self._refused = self._fruitless = 0
        self.in_doubt = False

    async def failed(self, error: ArmError | ConnectionFailed) -> bool:
        """Wait before another one; returns whether to look first. Raises the error if another one cannot help."""
        if isinstance(error, ArmError) and error.code == "PrincipalNotFound" and self._patience:
            await self._patience.wait(error, self._deadline)
            return False
        verdict = verdict_of(error)
        self.in_doubt |= verdict is Verdict.RETRY
        self._refused += 1
        self._fruitless += verdict is not Verdict.REPLAN
        if verdict in (Verdict.FAIL, Verdict.EXPLAIN) or self._fruitless > _FRUITLESS:
            raise error
        # What is said to be there already needs no pause to be looked at.
        if verdict is not Verdict.BENIGN or self._fruitless > 1:
            await self._deadline.sleep(error.retry_after or backoff(self._refused), "another try", error)
        return True
