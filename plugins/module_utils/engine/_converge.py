# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The one loop: read -> plan -> act until nothing is left to do, and the truth at the end.

Whatever is changed is a subject of it: a machine's identities, a new VM, a deletion, a user-assigned identity, its
credentials, role assignments, the instances of a scale set.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Generic

from ..core._errors import ArmError, ConnectionFailed, ManagedIdentityError, unforeseen
from ._subject import Progress, Seen, Step, Subject
from ._tries import Tries

__all__ = ["converge"]

# After this many successes of Azure's at the same write, another one is not expected to lead anywhere.
_FRUITLESS = 2
# A refusal that another try does not help is that of a stale plan as long as somebody else goes on writing; so often.
_STALE = 5
# So many seconds beyond the deadline Azure is given to tell what became of a write.
_LAST_LOOK = 4.5
_REQUEST_TIMEOUT = 408


async def converge(
    subject: Subject[Seen, Step], tries: Tries, *, check: bool = False, begun: Progress[Seen, Step] | None = None
) -> Progress[Seen, Step]:
    """Bring a subject to its desired state, by as few requests as that takes.

    :param check: plan only, write nothing
    :param begun: with what was read just now; None: it is read
    :returns: how far it came; a failure is in its ``error``, and ``last`` is then what there is now
    """
    return await _Run(subject, tries, begun or Progress()).run(check)


async def _to_the_end(steps: Coroutine[Any, Any, None]) -> None:
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
    task.result()


class _Run(Generic[Seen, Step]):
    """The way of one subject."""

    def __init__(self, subject: Subject[Seen, Step], tries: Tries, progress: Progress[Seen, Step]) -> None:
        self._subject = subject
        self._tries = tries
        self._deadline = tries.deadline
        self._progress = progress
        # A step that was sent and that no answer has told the end of: the next reading does.
        self._doubtful: Step | None = None
        self._accepted: list[Step] = []
        self._unheard = self._outdated = False
        self._stale = 0

    async def run(self, check: bool) -> Progress[Seen, Step]:
        try:
            if not self._progress.read:
                self._progress.saw(await self._subject.read(self._deadline))
            await (self._foresee() if check else self._act())
        except ManagedIdentityError as error:
            await self._end(error)
        except Exception as error:  # noqa: BLE001 - after a write somebody must look, whatever the surprise was
            await self._end(unforeseen(error, call=self._subject.call, target=self._subject.target))
        return self._progress

    @property
    def _now(self) -> Seen:
        """What there is; None stands for a subject that is not there, which the types of those that can be say."""
        return self._progress.last  # type: ignore[return-value]

    async def _foresee(self) -> None:
        progress = self._progress
        while (step := await self._subject.plan(self._now, self._deadline)) is not None:
            progress.done.append(step)
            progress.last = self._subject.foresee(self._now, step)

    async def _act(self) -> None:
        """Write until nothing is left to do."""
        while self._progress.running is None and (step := await self._next()) is not None:
            if self._subject.together(step):
                await _to_the_end(self._all_from(step))
            else:
                await self._one(step)

    async def _all_from(self, step: Step) -> None:
        await self._one(step)
        await self._act()

    async def _next(self) -> Step | None:
        """The next step; None if nothing is left to do, and nothing is under way that matters."""
        subject = self._subject
        while (step := await subject.plan(self._now, self._deadline)) is None:
            if not await subject.settle(self._now, self._deadline, unheard=self._unheard):
                return None
            self._saw(await subject.read(self._deadline))
        return step

    async def _one(self, step: Step) -> None:
        """One write to its end, or what its failure asks for."""
        subject, before = self._subject, self._now
        self._expect_fruit(step)
        # A cancellation that came meanwhile takes effect here, before anything is written.
        await asyncio.sleep(0)
        self._progress.tried = self._outdated = True
        self._doubtful = step
        accepted = False
        try:
            wrote = await subject.write(before, step, self._deadline)
            accepted = True
            wrote = await subject.finish(before, step, wrote, self._deadline)
        except (ArmError, ConnectionFailed) as error:
            await self._again(before, error, refused=not accepted and _is_refusal(error))
            return
        self._accepted.append(step)
        self._progress.running = wrote.running
        if wrote.sure:
            self._progress.done.extend([step] if wrote.ours else [])
            self._doubtful = None
        self._saw(wrote.seen if wrote.told else await subject.read(self._deadline))
        self._unheard = False
        subject.check(before, step, self._now)

    def _expect_fruit(self, step: Step) -> None:
        if sum(self._subject.same(step, one) for one in self._accepted) >= _FRUITLESS:
            raise ManagedIdentityError(
                "Azure reported success, but it still is not as desired.",
                call=self._subject.call,
                target=self._subject.target,
                remedy="See what else changes it, such as another job or an Azure Policy.",
            )

    async def _again(self, before: Seen, error: ArmError | ConnectionFailed, *, refused: bool) -> None:
        """Wait, and look, so that another try makes sense; raise the error if none does."""
        if refused:
            self._doubtful = None
            if isinstance(error, ArmError) and await self._subject.wait_out(error, self._tries):
                return
        if await self._tries.before_another(error):
            self._saw(await self._subject.read(self._deadline))
            return
        if isinstance(error, ArmError) and error.foreign and await self._was_made(error):
            return
        if not (refused and self._subject.rereads and isinstance(error, ArmError)):
            raise error
        await self._look(error)
        self._stale += 1
        if self._stale > _STALE or not self._subject.moved(before, self._now):
            raise error

    async def _was_made(self, error: ManagedIdentityError) -> bool:
        """Whether a write took effect though somebody between us and Azure said no."""
        known = len(self._progress.done)
        await self._look(error)
        return len(self._progress.done) > known and not self._progress.unsure

    async def _end(self, error: ManagedIdentityError) -> None:
        """The report of a failure is what Azure says now, if it answers soon."""
        self._progress.error = error
        sent = not (isinstance(error, ConnectionFailed) and not error.sent)
        if self._doubtful is not None or (sent and self._outdated and self._subject.rereads):
            await self._look(error)

    async def _look(self, error: ManagedIdentityError) -> None:
        """Read once more; where that fails, the error to report says so, and what may have been done counts as done."""
        try:
            self._saw(await self._subject.read(self._deadline.grace(_LAST_LOOK)))
        except ManagedIdentityError as unread:
            error.remedy = f"{error.remedy} How it is now could not be read: {unread.message}".strip()
            if self._doubtful is not None:
                self._progress.done.append(self._doubtful)
                self._progress.unsure = True
            self._doubtful, self._outdated = None, False

    def _saw(self, seen: Seen) -> None:
        """Note what there is, and by it what became of a step that nobody answered."""
        self._progress.saw(seen)
        self._outdated = False
        if self._doubtful is not None and self._subject.took(self._doubtful, seen):
            self._progress.done.append(self._doubtful)
            self._unheard = True
        self._doubtful = None


def _is_refusal(error: ArmError | ConnectionFailed) -> bool:
    """Whether a write was certainly not made: refused by Azure, or never sent. What took too long may be made."""
    if isinstance(error, ConnectionFailed):
        return not error.sent
    return (
        not error.foreign
        and error.status is not None
        and 400 <= error.status < 500
        and error.status != _REQUEST_TIMEOUT
    )
