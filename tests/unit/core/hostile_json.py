# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON as nobody should send it: anything at all, and true answers of which parts are gone, others or swapped."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from tests.unit.core.build import SUB, uai

__all__ = ["NOT_A_TEXT", "anything", "changed", "hostile", "inner", "paths", "without"]

NOT_A_TEXT = (0, 7, 1.5, True, False, [], ["x"], {}, {"x": "y"})
# What a reader might take for something else, or for nothing.
_TEMPTING = [
    *("", " ", "/", "x", "None", "none", "null", "SystemAssigned", "UserAssigned", "systemassigned,USERASSIGNED"),
    *("Microsoft.Compute/virtualMachines", "microsoft.web/sites", "BuiltInRole", "Succeeded", "https://arm.test/x"),
    *("https://evil.test/x", "https://[", "\ud800", "\x00", "a\nb", str(uai("z")), str(uai("z")).upper()),
    f"/subscriptions/{SUB}/resourceGroups/other/providers/Microsoft.Compute/virtualMachines/vm9",
]
_NAMES = ["id", "name", "type", "location", "identity", "properties", "value", "nextLink", "etag", "tags", "status"]
_scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.sampled_from(_TEMPTING)
_names = st.sampled_from(_NAMES) | st.sampled_from(_TEMPTING) | st.text(max_size=5)
anything = st.recursive(
    _scalars, lambda deeper: st.lists(deeper, max_size=4) | st.dictionaries(_names, deeper, max_size=4), max_leaves=12
)
"""Arbitrary JSON."""

Path = tuple[Any, ...]


def paths(value: Any, before: Path = ()) -> list[Path]:
    """The places of all values in a JSON value, itself first: names and indexes from the outside."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [before, *(path for name, one in inside for path in paths(one, (*before, name)))]


def inner(value: Any, path: Path) -> Any:
    """What is at a place."""
    for name in path:
        value = value[name]
    return value


def changed(value: Any, path: Path, new: Any) -> Any:
    """A copy with another value at a place, which need not be there yet."""
    if not path:
        return new
    value = copy.deepcopy(value)
    inner(value, path[:-1])[path[-1]] = new
    return value


def without(value: Any, path: Path) -> Any:
    """A copy without what is at a place; of the whole, null is left."""
    if not path:
        return None
    value = copy.deepcopy(value)
    del inner(value, path[:-1])[path[-1]]
    return value


def _respelt(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from([text.upper(), text.lower(), f" {text}", f"{text} ", f"{text}/", f"{text}2", text[:-1]])


@st.composite
def hostile(draw: st.DrawFn, answers: Sequence[Any]) -> Any:
    """Arbitrary JSON, or one of some true answers after up to three changes at any depth.

    A change takes a member away, renames it, puts anything in its place, spells its text otherwise, or puts there what
    stands elsewhere in one of the answers, such as the ID of something else.
    """
    if draw(st.integers(0, 4)) == 0:
        return draw(anything)
    value = draw(st.sampled_from(answers))
    for _time in range(draw(st.integers(0, 3))):
        path = draw(st.sampled_from(paths(value)))
        there = inner(value, path)
        kind = draw(st.sampled_from(["gone", "renamed", "tempting", "anything", "respelt", "swapped"]))
        if kind == "gone":
            value = without(value, path)
        elif kind == "renamed" and path and isinstance(path[-1], str):
            name = draw(_respelt(path[-1]) | _names)
            value = changed(without(value, path), (*path[:-1], name), there)
        elif kind == "respelt" and isinstance(there, str):
            value = changed(value, path, draw(_respelt(there)))
        elif kind == "swapped":
            other = draw(st.sampled_from(answers))
            value = changed(value, path, inner(other, draw(st.sampled_from(paths(other)))))
        else:
            value = changed(value, path, draw(anything if kind == "anything" else st.sampled_from(_TEMPTING)))
    return value
