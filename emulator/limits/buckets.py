# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Token buckets: each request takes a token, and time brings them back."""

from __future__ import annotations

import math
from typing import NamedTuple

from ..base.newest import Newest

__all__ = ["Bucket", "Buckets", "Size"]

_MOST = 100_000


class Size(NamedTuple):
    """How many tokens a full bucket has, and how many come back each second."""

    capacity: float
    per_second: float


class Bucket(NamedTuple):
    """A bucket of the size `name`, one for each `owner`; `header` shows its level; so many `tokens` are taken."""

    name: str
    owner: str
    header: str = ""
    tokens: int = 1

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others."""
        return self.name, self.owner


class Buckets:
    """Buckets by name, each full at first."""

    def __init__(self) -> None:
        # One that has been dropped is full again, as one is that nobody has used for long.
        self.levels: Newest[tuple[str, ...], tuple[float, float]] = Newest(_MOST)

    def level(self, key: tuple[str, ...], size: Size, now: float) -> float:
        """Return how many tokens a bucket has."""
        level, since = self.levels.get(key) or (size.capacity, now)
        return min(size.capacity, level + (now - since) * size.per_second)

    def wait(self, key: tuple[str, ...], size: Size, now: float, count: int = 1) -> int:
        """Return the whole seconds until a bucket has `count` tokens (or as many as it can have), 0 if it has."""
        missing = min(count, size.capacity) - self.level(key, size, now)
        if missing <= 1e-9:
            return 0
        return max(1, math.ceil(missing / size.per_second - 1e-6)) if size.per_second else 3600

    def take(self, key: tuple[str, ...], size: Size, now: float, count: int = 1) -> int:
        """Take tokens and return how many whole ones are left; more than there are leaves none."""
        left = max(0.0, self.level(key, size, now) - count)
        self.levels.set(key, (left, now))
        return int(left + 1e-9)

    def refill(self) -> None:
        """Fill all buckets."""
        self.levels.clear()
