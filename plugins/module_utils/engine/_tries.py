# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. How often a write is tried again, and after how long, as the table of errors allows."""

from __future__ import annotations

import random
from dataclasses import dataclass

from ..arm.net._deadline import Deadline
from ..core._errors import ArmError, ConnectionFailed
from ..core._rules import Verdict, verdict_of

__all__ = ["Pauses", "Tries"]

# A write that may or may not have been made, or that collides with what no reading shows, is tried again this often;
# a refused one until the deadline.
_UNSURE = 5
# Where an ETag did not match nothing is running: who waits long then is only overtaken again by quicker writers.
_LONGEST_WHEN_IDLE = 1.0
_PRECONDITION_FAILED = 412


@dataclass(frozen=True)
class Pauses:
    """How long to wait between two tries, in seconds: twice as long each time, from the first to the longest."""

    first: float = 0.2
    longest: float = 5.0

    def after(self, refused: int, longest: float) -> float:
        """The pause after so many refusals; at random, so that two writers who met do not meet again."""
        return min(longest, self.first * 2 ** min(refused - 1, 16)) * random.uniform(0.5, 1.0)


class Tries:
    """The tries at one change.

    :param pauses: between them, where Azure asks for none
    """

    def __init__(self, deadline: Deadline, pauses: Pauses | None = None) -> None:
        self.deadline = deadline
        self._pauses = pauses or Pauses()
        self._refused = self._unsure = 0

    async def before_another(self, error: ArmError | ConnectionFailed) -> bool:
        """Wait before reading again, and perhaps writing.

        :returns: whether another try may help; if not, nothing was waited for
        :raises WaitTimedOut: there is no time left for another try
        """
        verdict = verdict_of(error)
        self._refused += 1
        self._unsure += verdict in (Verdict.RETRY, Verdict.BENIGN)
        if verdict in (Verdict.FAIL, Verdict.EXPLAIN) or self._unsure > _UNSURE:
            return False
        # What is said to be there already needs no pause to be looked at.
        if verdict is not Verdict.BENIGN or self._unsure > 1:
            await self._pause(error)
        return True

    async def _pause(self, error: ArmError | ConnectionFailed) -> None:
        wait = error.retry_after
        if wait is None:
            idle = error.status == _PRECONDITION_FAILED
            longest = min(_LONGEST_WHEN_IDLE, self._pauses.longest) if idle else self._pauses.longest
            wait = self._pauses.after(self._refused, longest)
        await self.deadline.sleep(wait, "another try", error)
