# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What an answer must look like before anything is concluded from it.

A shape is a type (a value of that type, or nothing), ``Is`` of a text (that text, or nothing), ``Needed`` of a shape
(nothing is an error), a list of one shape (a list of such values, or nothing), ``Members`` of one shape (an object with
any names), or a dict of shapes (an object with these members, and others that nobody reads).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from .._errors import InvalidInput, UnexpectedAnswer
from .._resource_id import ResourceId, ResourceKind

__all__ = ["Is", "Members", "Needed", "Shape", "answered", "answered_id", "check_inside", "shaped"]


@dataclass(frozen=True)
class Needed:
    """A shape whose absence is an error, as is an empty text."""

    shape: Shape


@dataclass(frozen=True)
class Members:
    """An object whose names are data, such as tags or identities by their IDs."""

    shape: Shape


@dataclass(frozen=True)
class Is:
    """One text, such as a resource's type; in any case, since Azure spells types in several ways."""

    text: str


Shape: TypeAlias = "type[Any] | Needed | Members | Is | list[Any] | dict[str, Any]"
_Parsed = TypeVar("_Parsed")
_WORDS: dict[type[Any], str] = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    list: "a list",
    dict: "an object",
}


def shaped(value: Any, shape: Shape, path: str = "") -> Any:
    """Return a JSON value that has a shape.

    :param path: where the value is in the answer, such as properties.scope; empty for all of it
    :raises UnexpectedAnswer: it has another one; the message names the place, and no value
    """
    if isinstance(shape, Needed):
        if value is None or value == "":
            raise UnexpectedAnswer(f"The answer lacks {path}." if path else "The answer is empty.")
        return shaped(value, shape.shape, path)
    if value is None:
        return None
    if isinstance(shape, Is):
        if not isinstance(value, str) or value.lower() != shape.text.lower():
            raise UnexpectedAnswer(f"In the answer {path} is not {shape.text}.")
        return value
    if isinstance(shape, type):
        return _typed(value, shape, path)
    if isinstance(shape, list):
        for index, item in enumerate(_typed(value, list, path)):
            shaped(item, Needed(shape[0]), f"{path}[{index}]")
        return value
    _typed(value, dict, path)
    members = dict.fromkeys(value, shape.shape) if isinstance(shape, Members) else shape
    _refuse_other_spellings(value, members)
    for name, inner in members.items():
        shaped(value.get(name), inner, f"{path}.{name}" if path else name)
    return value


def _refuse_other_spellings(value: dict[str, Any], members: dict[str, Any]) -> None:
    """Whoever reads a member as written finds nothing in another spelling, and what is not there counts as none."""
    others = [name for name in value if name not in members]
    folded = {name.lower() for name in members} if others else set()
    for name in others:
        if name.lower() in folded:
            raise UnexpectedAnswer(f"The answer spells a member as nobody does: {name!r}.")


def _typed(value: Any, kind: type[Any], path: str) -> Any:
    # To Python, true is a whole number too.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        where = f"In the answer {path}" if path else "The answer"
        raise UnexpectedAnswer(f"{where} is not {_WORDS[kind]}.")
    return value


def answered(parse: Callable[[str], _Parsed], text: str) -> _Parsed:
    """What is parsed from a text of an answer: what would be a user's mistake in an option is none of theirs there.

    :raises UnexpectedAnswer: it cannot be parsed
    """
    try:
        return parse(text)
    except InvalidInput as error:
        raise UnexpectedAnswer(f"The answer holds what cannot be meant: {error.message}") from error


def answered_id(text: str, kind: ResourceKind | None = None, asked: ResourceId | None = None) -> ResourceId:
    """The ID that an answer gives, of a kind, and of what was asked for if that is known; spelt as Azure spells it.

    :raises UnexpectedAnswer: it is no such ID
    """
    found = answered(lambda one: ResourceId.parse(one, kind), text)
    if asked is not None and found != asked:
        raise UnexpectedAnswer(f"The answer is about another resource: {found}.")
    return found


def check_inside(found: ResourceId, listed: str) -> None:
    """See that what a list holds is inside what was listed, such as a resource group.

    :raises UnexpectedAnswer: it is elsewhere
    """
    if not found.key.startswith(f"{listed.lower()}/"):
        raise UnexpectedAnswer(f"The list holds what is elsewhere: {found}.")
