# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the cloud held a while ago: for reads that are stale, and for Resource Graph, which lags."""

from __future__ import annotations

import copy
import dataclasses
import typing as t
from bisect import bisect_right
from collections import deque

from .operations import settle

if t.TYPE_CHECKING:
    from .path import ArmPath
    from .store import Store

__all__ = ("History", "Past", "Touched")

_KEPT = 25_000
Place = tuple[str, str]
Touched = dict[Place, t.Any]


class Past(t.NamedTuple):
    """The state of the cloud at a moment."""

    store: Store
    moment: float


class _Line(t.NamedTuple):
    """The state of one resource from a moment on, None where it was not there; `write` numbers the writes."""

    moment: float
    write: int
    state: t.Any


class History:
    """States of every resource that was written, the newest 25,000 of them, from before and after each write."""

    def __init__(self) -> None:
        self._lines: dict[Place, list[_Line]] = {}
        self._order: deque[Place] = deque()
        self._moments: list[float] = []

    def forget(self) -> None:
        """Begin anew."""
        self._lines.clear()
        self._order.clear()
        self._moments.clear()

    def before(self, store: Store, path: ArmPath) -> Touched:
        """Note what a write to a path may change; give the result to `after`."""
        found = _present(store, path)
        for place, state in found.items():
            if place not in self._lines:
                self._lines[place] = [_Line(float("-inf"), -1, _copied(state))]
        return found

    def after(self, store: Store, path: ArmPath, touched: Touched, now: float) -> None:
        """Note what has become of it, and what is new."""
        self._moments.append(now)
        for place, state in {**dict.fromkeys(touched), **_present(store, path)}.items():
            lines = self._lines.setdefault(place, [_Line(float("-inf"), -1, None)])
            lines.append(_Line(now, len(self._moments) - 1, _copied(state)))
            self._order.append(place)
        while len(self._order) > _KEPT:
            lines = self._lines[self._order.popleft()]
            lines[:2] = [_Line(float("-inf"), -1, lines[1].state)]

    def seconds_ago(self, store: Store, now: float, seconds: float) -> Past:
        """Return the state as it was; the store itself for 0 seconds."""
        if seconds <= 0:
            return Past(store, now)
        return self._view(store, now - seconds, bisect_right(self._moments, now - seconds))

    def writes_ago(self, store: Store, now: float, writes: int) -> Past:
        """Return the state as it was just before the last but `writes` minus one accepted write."""
        number = max(0, len(self._moments) - writes)
        return self._view(store, self._moments[number] if number < len(self._moments) else now, number)

    def _view(self, store: Store, moment: float, writes: int) -> Past:
        view = copy.copy(store)
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
            settle(view, holder, moment)
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


def _copied(state: t.Any) -> t.Any:
    # What only ever is replaced as a whole need not be copied.
    shared = {id(value): value for value in (getattr(state, "body", None),) if value is not None}
    if hasattr(state, "text"):
        shared[id(state.text)] = {}
    return copy.deepcopy(state, shared)
