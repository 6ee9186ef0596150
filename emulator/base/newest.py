# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A mapping that only has what is newest in it, so that requests without end do not fill the memory."""

from __future__ import annotations

from typing import Generic, TypeVar

__all__ = ["Newest", "forget_oldest"]

K = TypeVar("K")
V = TypeVar("V")


def forget_oldest(items: dict[K, V], most: int) -> None:
    """Take out what was set first until there are no more than so many items."""
    while len(items) > most:
        del items[next(iter(items))]


class Newest(Generic[K, V]):
    """At most so many items; setting one that is new drops those that were set first, and counts them."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.dropped = 0
        self._items: dict[K, V] = {}

    def __len__(self) -> int:
        return len(self._items)

    def get(self, key: K) -> V | None:
        """Return an item, or None."""
        return self._items.get(key)

    def set(self, key: K, value: V) -> None:
        """Add or replace an item, which then is the newest."""
        self._items.pop(key, None)
        self._items[key] = value
        self.dropped += max(0, len(self._items) - self.most)
        forget_oldest(self._items, self.most)

    def clear(self) -> None:
        """Forget all."""
        self._items.clear()
        self.dropped = 0

    def counts(self) -> dict[str, int]:
        """Return how many are kept and how many had to go."""
        return {"kept": len(self._items), "dropped": self.dropped}
