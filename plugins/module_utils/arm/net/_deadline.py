# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. How long an operation may still take."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from ...core._errors import ManagedIdentityError, WaitTimedOut

__all__ = ["AGAIN", "HOW_IT_ENDED", "Deadline"]

AGAIN = "Run the task again, or raise wait_timeout."
HOW_IT_ENDED = "Run the task again to see how it ended, or raise wait_timeout."
T = TypeVar("T")
# What is waited for inside something else that waits as long shall be the one that tells.
_AHEAD_SECONDS = 0.05


class Deadline:
    """A point in time that all waits of one operation respect.

    :param seconds: how long the whole operation may take
    :param now: the clock, in seconds
    :param sleep: waits for a number of seconds
    """

    def __init__(
        self,
        seconds: float,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.seconds = seconds
        self._now = now
        self._sleep = sleep
        self._end = now() + seconds

    @property
    def left(self) -> float:
        """Seconds left; never negative."""
        return max(0.0, self._end - self._now())

    def allows(self, seconds: float) -> bool:
        """Whether a wait of this many seconds ends in time."""
        return seconds < self.left

    async def within(self, work: Coroutine[Any, Any, T], doing: str, **details: Any) -> T:
        """The result of some work, if it comes in time; else the work is cancelled.

        :param doing: as for ``sleep``
        :raises WaitTimedOut: it does not
        """
        running = asyncio.ensure_future(work)
        try:
            # Not wait_for: it loses a cancellation that comes together with the result.
            if not (await asyncio.wait({running}, timeout=max(0.0, self.left - _AHEAD_SECONDS)))[0]:
                raise self.passed(doing, **details)
            return running.result()
        finally:
            running.cancel()

    def grace(self, seconds: float) -> Deadline:
        """Some seconds from now on, whether this deadline has passed or not."""
        return Deadline(seconds, self._now, self._sleep)

    async def sleep(
        self,
        seconds: float,
        doing: str,
        because: ManagedIdentityError | None = None,
        remedy: str = AGAIN,
        **details: Any,
    ) -> None:
        """Wait, if that ends in time.

        :param doing: what is being waited for, for the error: "the end of ..."
        :param because: the error that made us wait
        :param details: of the error, if there was none that made us wait
        :raises WaitTimedOut: at once if it does not
        """
        if self.allows(seconds):
            await self._sleep(seconds)
            return
        last = f" The last answer was: {because.message}" if because else ""
        if because:
            details = {name: getattr(because, name) for name in ("call", "target", "status", "code", "request_id")}
        due, left = (f"{round(span, 1):g} s" for span in (seconds, self.left))
        raise WaitTimedOut(
            f"wait_timeout of {self.seconds:g} s would pass while waiting for {doing}: "
            f"the next try is due in {due}, and {left} are left.{last}",
            remedy=remedy,
            **details,
        )

    def passed(self, doing: str, remedy: str = AGAIN, **details: Any) -> WaitTimedOut:
        """The error to raise when there is no time left for what was being done."""
        message = f"wait_timeout of {self.seconds:g} s passed while waiting for {doing}."
        return WaitTimedOut(message, remedy=remedy, **details)
