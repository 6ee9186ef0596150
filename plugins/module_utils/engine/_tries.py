# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. How often a write is tried again, and after how long, as the table of errors allows."""

from __future__ import annotations

import random

from ..arm._deadline import Deadline
from ..core._errors import ArmError, ConnectionFailed
from ..core._rules import Verdict, verdict_of

__all__ = ["Tries", "backoff"]

# A write that may or may not have been made is tried this often; a refused one until the deadline.
_UNSURE = 5
_LONGEST_PAUSE = 5.0
# Where an ETag did not match nothing is running: who waits long then is only overtaken again by quicker writers.
_LONGEST_PAUSE_WHEN_IDLE = 1.0
_PRECONDITION_FAILED = 412


def backoff(refused: int, longest: float = _LONGEST_PAUSE) -> float:
    """Seconds to wait after so many refusals: twice as long each time, at random, so that two do not meet again."""
    return min(longest, 0.1 * 2 ** min(refused, 6)) * random.uniform(0.5, 1.0)


class Tries:
    """The tries at one change.

    ``in_doubt`` tells whether the last write may have been made without an answer, ``unsure`` how many may have been.
    """

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._refused = self.unsure = 0
        self.in_doubt = False

    async def before_another(self, error: ArmError | ConnectionFailed) -> None:
        """Wait before reading again, and perhaps writing; raise the error if another try is not expected to help.

        :raises WaitTimedOut: there is no time left for another try
        """
        verdict, wait = verdict_of(error), error.retry_after
        self.in_doubt = verdict is Verdict.RETRY
        self._refused += 1
        self.unsure += self.in_doubt
        if verdict not in (Verdict.RETRY, Verdict.REPLAN) or self.unsure > _UNSURE:
            raise error
        if wait is None:
            idle = error.status == _PRECONDITION_FAILED
            wait = backoff(self._refused, _LONGEST_PAUSE_WHEN_IDLE if idle else _LONGEST_PAUSE)
        await self._deadline.sleep(wait, "another try", error)
