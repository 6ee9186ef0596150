# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the fields of a fault, so that a wrong one is refused when it is given and not when it acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["ACTION", "FAULT", "MATCH", "OPERATION", "STALE", "FaultError", "check_fields"]

OUTCOMES = ("Succeeded", "Failed", "Canceled", "OperationPreempted", "never")
_LARGEST = 10**9
Check = tuple[Callable[[Any], bool], str]


class FaultError(ValueError):
    """A fault that cannot be."""


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= _LARGEST


def _is_header(name: object, value: object) -> bool:
    plain = isinstance(value, (str, int, float)) and str(value).isprintable()
    return plain and isinstance(name, str) and bool(name) and name.isascii() and name.replace("-", "").isalnum()


def _are_headers(value: object) -> bool:
    return isinstance(value, dict) and all(_is_header(*item) for item in value.items())


def _are_texts(value: object) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value)


_TEXT: Check = (lambda value: isinstance(value, str), "a text")
_FROM_ONE: Check = (lambda value: _is_count(value) and value > 0, "a whole number, 1 or more")
_FROM_ZERO: Check = (_is_count, "a whole number, 0 or more")
_SECONDS: Check = (lambda value: _is_number(value) and value >= 0, "a number, 0 or more")
_MAPPING: Check = (lambda value: isinstance(value, dict), "a mapping")
_ABOVE_ZERO: Check = (lambda value: _is_number(value) and value > 0, "a number above 0")
_BOOLEAN: Check = (lambda value: isinstance(value, bool), "true or false")


def _one_of(*choices: str) -> Check:
    return (
        lambda value: value in choices,
        " or ".join(choices) if len(choices) < 3 else f"one of {', '.join(choices)}",
    )


MATCH: dict[str, Check] = {
    "method": (lambda value: isinstance(value, str) or _are_texts(value), "a text or a list of texts"),
    "path": _TEXT,
    "caller": _TEXT,
}
FAULT: dict[str, Check] = {
    "match": _MAPPING,
    "nth": _FROM_ONE,
    "times": _FROM_ONE,
    "every": _FROM_ONE,
    "probability": (lambda value: _is_number(value) and 0 <= value <= 1, "a number from 0 to 1"),
    "seed": (lambda value: isinstance(value, (str, int)), "a text or a whole number"),
    "action": (lambda value: isinstance(value, dict) and bool(value), "a mapping that says what happens"),
}
ACTION: dict[str, Check] = {
    "status": (lambda value: _is_count(value) and 200 <= value <= 599, "a status from 200 to 599"),
    "code": _TEXT,
    "message": _TEXT,
    "headers": (_are_headers, "a mapping of names to texts of one line"),
    "body": _TEXT,
    "delay": _SECONDS,
    "delay_after": _SECONDS,
    "reset": _one_of("before", "after"),
    "truncate": _FROM_ZERO,
    "reject_token": _BOOLEAN,
    "operation": _MAPPING,
    "stale": (lambda value: isinstance(value, dict) and len(value) == 1, "a mapping with seconds or writes"),
}
OPERATION: dict[str, Check] = {
    "outcome": _one_of(*OUTCOMES),
    "code": _TEXT,
    "message": _TEXT,
    "effect": _one_of("applied", "rolled_back"),
    "seconds": _SECONDS,
    "retry_after": _FROM_ZERO,
}
STALE: dict[str, Check] = {"seconds": _ABOVE_ZERO, "writes": _FROM_ONE}


def check_fields(given: object, checks: Mapping[str, Check], where: str) -> dict[str, Any]:
    """Return the fields of a mapping that are not null; raises FaultError for one that is not known or wrong."""
    if not isinstance(given, dict):
        raise FaultError(f"{where} must be a mapping")
    for name, value in given.items():
        if name not in checks:
            raise FaultError(f"{where}: unknown '{name}'; known are {', '.join(sorted(checks))}")
        is_right, wanted = checks[name]
        if value is not None and not is_right(value):
            raise FaultError(f"{where}.{name} must be {wanted}")
    return {name: value for name, value in given.items() if value is not None}
