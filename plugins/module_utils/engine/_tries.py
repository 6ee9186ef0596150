# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Writes that belong to no plan: tried again as the table of errors allows, after a look."""

from __future__ import annotations

import random

from ..arm._deadline import Deadline
from ..core._errors import ArmError, ConnectionFailed
from ..core._rules import Verdict, verdict_of

__all__ = ["Tries"]

# A write that may or may not have been made is tried this often; a refused one until the deadline.
_UNSURE = 5
_LONGEST_PAUSE = 5.0


class Tries:
    """How often a write of one task was refused or went unheard.

    ``in_doubt`` tells whether the last one may have been made without an answer.
    """

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._refused = self._unsure = 0
        self.in_doubt = False

    async def before_another(self, error: ArmError | ConnectionFailed) -> None:
        """Wait before reading again, and perhaps writing; raise the error if another try is not expected to help.

        :raises WaitTimedOut: there is no time left for another try
        """
        if isinstance(error, ConnectionFailed):
            verdict, wait = (Verdict.RETRY if error.sent else Verdict.FAIL), None
        else:
            verdict, wait = verdict_of(error), error.retry_after
        self.in_doubt = verdict is Verdict.RETRY
        self._refused += 1
        self._unsure += self.in_doubt
        if verdict not in (Verdict.RETRY, Verdict.REPLAN) or self._unsure > _UNSURE:
            raise error
        if wait is None:
            wait = min(_LONGEST_PAUSE, 0.1 * 2 ** min(self._refused, 6)) * random.uniform(0.5, 1.0)
        await self._deadline.sleep(wait, "another try", error)
