# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one request takes from its buckets, when limits are switched on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .buckets import Bucket, Buckets, Size

if TYPE_CHECKING:
    from ..base.clock import Clock

__all__ = ["Limits", "Meter"]


class Limits:
    """All buckets of the cloud."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets = Buckets()

    def counts(self) -> dict[str, int]:
        """Return how many buckets are kept and how many had to go."""
        return self._buckets.levels.counts()

    def refill(self) -> None:
        """Fill all buckets."""
        self._buckets.refill()

    def meter(self, sizes: Mapping[str, Size]) -> Meter:
        """Return the meter of one request."""
        return Meter(self._buckets, sizes, self._clock)


class Meter:
    """What one request takes. `headers` are the counters that its answer must show, `now` is when it came."""

    def __init__(self, buckets: Buckets, sizes: Mapping[str, Size], clock: Clock) -> None:
        self._buckets = buckets
        self._sizes = sizes
        self.now = clock()
        self.headers: dict[str, str] = {}

    def spend(self, wanted: Sequence[Bucket]) -> tuple[Bucket, int] | None:
        """Take the tokens of all buckets, or of none and return the one that is empty and the seconds to wait."""
        for bucket in wanted:
            seconds = self._buckets.wait(bucket.key, self._sizes[bucket.name], self.now, bucket.tokens)
            if seconds:
                return bucket, seconds
        for bucket in wanted:
            self._buckets.take(bucket.key, self._sizes[bucket.name], self.now, bucket.tokens)
        return None

    def left(self, bucket: Bucket) -> tuple[int, int]:
        """Return how many whole tokens a bucket has, and the seconds until it is full."""
        size = self._sizes[bucket.name]
        level = self._buckets.level(bucket.key, size, self.now)
        return int(level + 1e-9), self._buckets.wait(bucket.key, size, self.now, int(size.capacity))

    def capacity(self, bucket: Bucket) -> int:
        """Return how many tokens a bucket has when it is full."""
        return int(self._sizes[bucket.name].capacity)
