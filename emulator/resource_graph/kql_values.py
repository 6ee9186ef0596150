# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of the query language: functions, comparisons, and how values are put in order."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

__all__ = ["COMPARISONS", "FUNCTIONS", "element", "sort_key", "text"]


def text(value: Any) -> str:
    """Return a value as text, as tostring does; nothing is an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def element(value: Any, key: Any) -> Any:
    """Return a member of a mapping or an item of a list, or None."""
    if isinstance(value, dict):
        return value.get(text(key))
    if isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
        return value[key]
    return None


def sort_key(value: Any) -> tuple[int, Any]:
    """Return what values of any kinds are sorted by: nothing, numbers, texts."""
    if value is None:
        return 0, 0
    if isinstance(value, (int, float)):
        return 1, value
    return 2, text(value)


def _has(whole: str, part: str) -> bool:
    """Whether a text has another one as a term: between characters that are neither letters nor digits."""
    return re.search(rf"(?<![^\W_]){re.escape(part)}(?![^\W_])", whole) is not None


def _texts(test: Callable[[str, str], bool], *, fold: bool) -> Callable[[Any, Any], bool]:
    if fold:
        return lambda left, right: test(text(left).lower(), text(right).lower())
    return lambda left, right: test(text(left), text(right))


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, str) or isinstance(right, str):
        return text(left) == text(right)
    return bool(left == right)


def _ordered(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda left, right: left is not None and right is not None and test(sort_key(left), sort_key(right))


def _opposite(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda left, right: not test(left, right)


_POSITIVE: dict[str, Callable[[Any, Any], bool]] = {
    "has": _texts(_has, fold=True),
    "has_cs": _texts(_has, fold=False),
    "contains": _texts(lambda whole, part: part in whole, fold=True),
    "contains_cs": _texts(lambda whole, part: part in whole, fold=False),
    "startswith": _texts(str.startswith, fold=True),
    "startswith_cs": _texts(str.startswith, fold=False),
    "endswith": _texts(str.endswith, fold=True),
    "endswith_cs": _texts(str.endswith, fold=False),
}
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": _equal,
    "!=": _opposite(_equal),
    "=~": _texts(str.__eq__, fold=True),
    "!~": _texts(str.__ne__, fold=True),
    "<": _ordered(lambda left, right: left < right),
    "<=": _ordered(lambda left, right: left <= right),
    ">": _ordered(lambda left, right: left > right),
    ">=": _ordered(lambda left, right: left >= right),
    **_POSITIVE,
    **{f"!{name}": _opposite(test) for name, test in _POSITIVE.items()},
}


def _is_empty(value: Any) -> bool:
    return value is None or value == ""


# The number of arguments (None: any) and the function.
FUNCTIONS: dict[str, tuple[int | None, Callable[..., Any]]] = {
    "tolower": (1, lambda value: text(value).lower()),
    "toupper": (1, lambda value: text(value).upper()),
    "tostring": (1, text),
    "isempty": (1, _is_empty),
    "isnotempty": (1, lambda value: not _is_empty(value)),
    "isnull": (1, lambda value: value is None),
    "isnotnull": (1, lambda value: value is not None),
    "not": (1, lambda value: not value),
    "strcat": (None, lambda *values: "".join(text(value) for value in values)),
    "array_length": (1, lambda value: len(value) if isinstance(value, list) else None),
    "bag_keys": (1, lambda value: list(value) if isinstance(value, dict) else None),
    "coalesce": (None, lambda *values: next((value for value in values if not _is_empty(value)), None)),
    "iff": (3, lambda test, yes, no: yes if test else no),
    "iif": (3, lambda test, yes, no: yes if test else no),
}
