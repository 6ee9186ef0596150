# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What an answer must look like before anything is concluded from it.

A shape is a type (a value of that type, or nothing), ``Needed`` of a shape (nothing is an error), a list of one shape
(a list of such values, or nothing), ``Members`` of one shape (an object with any names), or a dict of shapes (an
object with these members, and others that nobody reads).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from ._errors import InvalidInput, UnexpectedAnswer
from ._resource_id import ResourceId, ResourceKind

__all__ = ["Members", "Needed", "Shape", "answered_id", "shaped"]


@dataclass(frozen=True)
class Needed:
    """A shape whose absence is an error, as is an empty text."""

    shape: Shape


@dataclass(frozen=True)
class Members:
    """An object whose names are data, such as tags or identities by their IDs."""

    shape: Shape


Shape: TypeAlias = "type[Any] | Needed | Members | list[Any] | dict[str, Any]"
_WORDS: dict[type[Any], str] = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    list: "a list",
    dict: "an object",
}


def shaped(value: Any, shape: Shape, where: str = "the answer") -> Any:
    """Return a JSON value that has a shape.

    :param where: what the value is, for the error
    :raises UnexpectedAnswer: it has another one; the message names the place, and no value
    """
    if isinstance(shape, Needed):
        if value is None or value == "":
            raise UnexpectedAnswer(f"{_capital(where)} is missing.")
        return shaped(value, shape.shape, where)
    if value is None:
        return None
    if isinstance(shape, type):
        return _typed(value, shape, where)
    if isinstance(shape, list):
        for number, item in enumerate(_typed(value, list, where), 1):
            shaped(item, Needed(shape[0]), f"item {number} of {where}")
        return value
    _typed(value, dict, where)
    members = dict.fromkeys(value, shape.shape) if isinstance(shape, Members) else shape
    for name, inner in members.items():
        shaped(value.get(name), inner, f"{name} of {where}")
    return value


def _typed(value: Any, kind: type[Any], where: str) -> Any:
    # To Python, true is a whole number too.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise UnexpectedAnswer(f"{_capital(where)} is not {_WORDS[kind]}.")
    return value


def _capital(where: str) -> str:
    return where[:1].upper() + where[1:]


def answered_id(text: str, kind: ResourceKind | None = None, asked: ResourceId | None = None) -> ResourceId:
    """The ID that an answer gives, of a kind, and of what was asked for if that is known; spelt as Azure spells it.

    :raises UnexpectedAnswer: it is no such ID
    """
    try:
        found = ResourceId.parse(text, kind)
    except InvalidInput as error:
        raise UnexpectedAnswer(f"The answer names no resource that could be meant: {error.message}") from error
    if asked is not None and found != asked:
        raise UnexpectedAnswer(f"The answer is about another resource: {found}.")
    return found
