# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Role assignments written and removed, one after the other, until Azure agrees."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from ...arm.gateways._authorization import Authorization
from ...arm.net._deadline import Deadline
from ...core._errors import ArmError, ManagedIdentityError
from ...core.roles._grant import GrantStep
from .._converge import converge
from .._subject import Progress, Subject, Wrote
from .._tries import Tries

__all__ = ["Assigner", "Look", "Patience", "Settled"]

Look = Callable[[GrantStep, Deadline], Awaitable[GrantStep]]

# New principals were recorded to be known after 10 to 63 s, some after minutes.
_LONGEST_PAUSE_FOR_PRINCIPAL = 10.0


@dataclass
class Settled:
    """What became of the steps: those that are done, as Azure has them now, and those that are not.

    :param done: what was changed, a sentence's part each
    :param error: why it ended early; that of the first of ``left``
    """

    steps: list[GrantStep] = field(default_factory=list)
    left: list[GrantStep] = field(default_factory=list)
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

    async def settle(self, steps: Sequence[GrantStep]) -> Settled:
        """Do the steps in order. At the first that fails it ends, and the rest is left as it is."""
        settled = Settled(left=list(steps))
        while settled.left and settled.error is None:
            planned = settled.left[0]
            begun: Progress[GrantStep, GrantStep] = Progress.of(planned)
            subject = _Assignment(self._authorization, self._look, self._patience, planned)
            progress = await converge(subject, Tries(self._deadline), begun=begun)
            if progress.unsure:
                settled.done.append(f"perhaps {planned.said()}: how it is now could not be read")
            elif progress.changed:
                settled.done.append(planned.said())
            settled.error = progress.error
            if progress.error is None:
                after = progress.last or planned
                settled.steps.append(replace(after, before=planned.before) if progress.changed else after)
                settled.left.pop(0)
        return settled


class _Assignment(Subject[GrantStep, GrantStep]):
    """One assignment at a scope: what is seen is the step that is left to do."""

    call = "PUT"

    def __init__(self, authorization: Authorization, look: Look, patience: Patience | None, planned: GrantStep) -> None:
        self.target = planned.scope
        self._authorization = authorization
        self._look = look
        self._patience = patience
        self._planned = planned

    async def read(self, deadline: Deadline) -> GrantStep:
        return await self._look(self._planned, deadline)

    async def plan(self, seen: GrantStep, deadline: Deadline) -> GrantStep | None:
        return seen if seen.changes else None

    async def write(self, seen: GrantStep, step: GrantStep, deadline: Deadline) -> Wrote[GrantStep]:
        if step.after is None:
            ours = await self._authorization.delete_assignment(str(step.before and step.before.id), deadline)
            return Wrote(GrantStep(step.scope), told=ours, ours=ours)
        made = await self._authorization.put_assignment(step.after, deadline)
        return Wrote(GrantStep(step.scope, made, made))

    def took(self, step: GrantStep, seen: GrantStep) -> bool:
        return not seen.changes

    async def wait_out(self, error: ArmError, tries: Tries) -> bool:
        if error.code != "PrincipalNotFound" or self._patience is None:
            return False
        await self._patience.wait(error, tries.deadline)
        return True
