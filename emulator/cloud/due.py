# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which of the running operations ends next, found without a look at the others."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterable

from .model import Operation

__all__ = ["Due"]

_SPARE = 1000


class Due:
    """The operations that run, by the time at which they are due; those that never end are not kept."""

    def __init__(self, operations: Iterable[Operation] = ()) -> None:
        """Take operations in the order in which they began; those that have ended are left out."""
        self._heap: list[tuple[float, int, Operation]] = []
        self._numbers = itertools.count()
        self._most = _SPARE
        for operation in operations:
            self.add(operation)

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, operation: Operation) -> None:
        """Keep an operation until it is due; what is due at the same time ends in the order in which it began."""
        if operation.done or operation.due == math.inf:
            return
        heapq.heappush(self._heap, (operation.due, next(self._numbers), operation))
        # What was preempted stays until it would have been due, or until there is more of it than of the rest.
        if len(self._heap) > self._most:
            self._heap = [item for item in self._heap if not item[2].done]
            heapq.heapify(self._heap)
            self._most = 2 * len(self._heap) + _SPARE

    def pop(self, now: float) -> Operation | None:
        """Take out the operation that was due first and has not ended, or return None if none is due by now."""
        while self._heap and self._heap[0][0] <= now:
            operation = heapq.heappop(self._heap)[2]
            if not operation.done:
                return operation
        return None
