# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the cloud held a while ago: for reads that are stale, and for Resource Graph, which lags."""

from __future__ import annotations

import copy
import dataclasses
from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from .due import Due

if TYPE_CHECKING:
    from ..wire.path import ArmPath
    from .model import Holder
    from .store import Store

__all__ = ["History", "Past", "Touched"]

_ALWAYS = float("-inf")
Place = tuple[str, str]
Touched = dict[Place, Any]


class Past(NamedTuple):
    """The state of the cloud at a moment."""

    store: Store
    moment: float


class _Line(NamedTuple):
    """The state of one resource from a moment on, None where it was not there; `write` numbers the writes."""

    moment: float
    write: int
    state: Any


class History:
    """States of every resource that was written, the newest of them, from before and after each write."""

    def __init__(self, end_due: Callable[[Store, Holder, float], None]) -> None:
        """Take what ends the operations of a VM or scale set that were due at a moment."""
        self._end_due = end_due
        self._lines: dict[Place, list[_Line]] = {}
        self._order: deque[tuple[Place, int]] = deque()
        self._moments: list[float] = []
        self._first = 0
        self._bytes = 0
        self._dropped = 0
        self._most = (25_000, 64 * 1024 * 1024)

    def forget(self) -> None:
        """Begin anew."""
        self._lines.clear()
        self._order.clear()
        self._moments.clear()
        self._first = self._bytes = self._dropped = 0

    def limit(self, states: int, size: int) -> None:
        """Keep at most so many states, and such as writes of so many bytes together have made."""
        self._most = states, size
        self._drop()

    def counts(self) -> dict[str, int]:
        """Return how many states are kept, the bytes that made them, and how many had to go."""
        return {"kept": len(self._order), "bytes": self._bytes, "dropped": self._dropped}

    def before(self, store: Store, path: ArmPath) -> Touched:
        """Return what a write to a path may change, as it is; give it to `after` when the write was accepted."""
        found = _present(store, path)
        return {place: None if place in self._lines else _copied(state) for place, state in found.items()}

    def after(self, store: Store, path: ArmPath, touched: Touched, now: float, size: int) -> None:
        """Note what has become of it, and what is new; `size` is the length of the write's body."""
        self._moments.append(now)
        write = self._first + len(self._moments) - 1
        for place, state in {**dict.fromkeys(touched), **_present(store, path)}.items():
            lines = self._lines.setdefault(place, [_Line(_ALWAYS, -1, touched.get(place))])
            lines.append(_Line(now, write, _copied(state)))
            self._order.append((place, size))
            self._bytes += size
        self._drop()

    def _drop(self) -> None:
        """Forget what is oldest: of a resource that was not written since, all, as it is what it was."""
        while len(self._order) > self._most[0] or self._bytes > self._most[1]:
            place, size = self._order.popleft()
            self._bytes -= size
            self._dropped += 1
            lines = self._lines[place]
            lines[:2] = [_Line(_ALWAYS, -1, lines[1].state)]
            if len(lines) == 1 and not getattr(lines[0].state, "pending", None):
                del self._lines[place]
        # Twice as many, so that it is not done at each write.
        if len(self._moments) > 2 * self._most[0]:
            gone = len(self._moments) - self._most[0]
            del self._moments[:gone]
            self._first += gone

    def seconds_ago(self, store: Store, now: float, seconds: float) -> Past:
        """Return the state as it was; the store itself for 0 seconds."""
        if seconds <= 0:
            return Past(store, now)
        return self._view(store, now - seconds, self._first + bisect_right(self._moments, now - seconds))

    def writes_ago(self, store: Store, now: float, writes: int) -> Past:
        """Return the state as it was just before the last but `writes` minus one accepted write."""
        place = max(0, len(self._moments) - writes)
        moment = self._moments[place] if place < len(self._moments) else now
        return self._view(store, moment, self._first + place)

    def _view(self, store: Store, moment: float, writes: int) -> Past:
        view = copy.copy(store)
        view.due = Due()
        # The end of an operation can add and remove anything.
        for field in dataclasses.fields(store):
            if isinstance(getattr(store, field.name), dict):
                setattr(view, field.name, dict(getattr(store, field.name)))
        holders = []
        for (name, key), lines in self._lines.items():
            state = next(line.state for line in reversed(lines) if line.write < writes)
            items = getattr(view, name)
            if state is None:
                items.pop(key, None)
                continue
            if getattr(state, "pending", None):
                state = _copied(state)
                holders.append(state)
            items[key] = state
        # An operation that was running then had ended by then or not: that is worked out now.
        for holder in holders:
            self._end_due(view, holder, moment)
        return Past(view, moment)


def _present(store: Store, path: ArmPath) -> Touched:
    """Return the resources on the way to a path, and for a resource group also all in it."""
    segments = path.resource_id.lower().split("/")
    keys = ["/".join(segments[:end]) for end in range(4, len(segments) + 1)]
    inside = keys[-1] + "/" if path.template == "subscriptions/*/resourcegroups/*" else ""
    found: Touched = {}
    for field in dataclasses.fields(store):
        items = getattr(store, field.name)
        if isinstance(items, dict):
            wanted = [*keys, *(key for key in items if key.startswith(inside))] if inside else keys
            found.update({(field.name, key): items[key] for key in wanted if key in items})
    return found


def _copied(state: Any) -> Any:
    # What only ever is replaced as a whole need not be copied.
    shared = {id(value): value for value in (getattr(state, "body", None),) if value is not None}
    if hasattr(state, "text"):
        shared[id(state.text)] = {}
    return copy.deepcopy(state, shared)
