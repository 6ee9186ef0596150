# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What people may turn, declared once: a model's fields are its names, its defaults, its checks and its help.

The description of a type says in words what it wants; the first value that is something else is refused in one line.
"""

from __future__ import annotations

import functools
import re
import reprlib
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal, TypeVar, get_args, get_origin, get_type_hints

from msgspec import Meta, Struct, ValidationError, convert

__all__ = [
    "LARGEST",
    "Count",
    "Declared",
    "FromZero",
    "Seconds",
    "Text",
    "Unwanted",
    "about",
    "help_of",
    "read",
    "without_nulls",
]

# Beyond any use, and small enough that dates and JSON can be made of them.
LARGEST = 10**9
Count = Annotated[int, Meta(ge=1, le=LARGEST, description=f"a whole number, 1 or more, up to {LARGEST}")]
FromZero = Annotated[int, Meta(ge=0, le=LARGEST, description=f"a whole number, 0 or more, up to {LARGEST}")]
Seconds = Annotated[float, Meta(ge=0, le=LARGEST, description=f"a number, 0 or more, up to {LARGEST}")]
Text = Annotated[str, Meta(description="a text")]

_WORDS = {bool: "true or false", str: "a text"}
_STEPS = re.compile(r"\.(\w+)|\[(\d+)\]")
_MISSING = re.compile("Object missing required field `(.+)`")
_short = reprlib.Repr()
_short.maxstring = _short.maxother = 80


class Declared(Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping from outside; `wanted` says in words what it is, `noun` what its fields are."""

    wanted: ClassVar[str] = "a mapping"
    noun: ClassVar[str] = ""


class Unwanted(ValueError):
    """For a type of one's own, and for `__post_init__`: the value is not what the description wants."""


M = TypeVar("M", bound=Declared)


def about(text: str) -> Meta:
    """Return the help of a field, as an annotation."""
    return Meta(extra={"about": text})


def help_of(model: type[Declared]) -> dict[str, str]:
    """Return the help of each field that has one."""
    found = {name: [meta.extra["about"] for meta in _metas(hint) if meta.extra] for name, hint in _hints(model).items()}
    return {name: texts[0] for name, texts in found.items() if texts}


def read(
    model: type[M], given: object, where: str, error: type[ValueError] = ValueError, *, from_texts: bool = False
) -> M:
    """Return the model of a mapping; raises the error for the first thing in it that cannot be, and says where.

    A field of a type of one's own is made by that type's `read`, which may raise ValueError. `from_texts`: numbers are
    texts, as they are in the query of a URL.
    """
    try:
        return convert(given, model, strict=not from_texts, dec_hook=lambda kind, value: kind.read(value))
    except ValidationError as found:
        reason = _reason(found, model, given, where)
    raise error(reason)


def without_nulls(given: object) -> object:
    """Return a mapping and those in it without what is null, for a model in which null means left out."""
    if not isinstance(given, dict):
        return given
    return {name: without_nulls(value) for name, value in given.items() if value is not None}


def _reason(error: ValidationError, model: type[Declared], given: Any, where: str) -> str:
    # What is wrong with the whole has no place.
    text, _at, path = str(error).rpartition(" - at `") if " - at `" in str(error) else (str(error), "", "")
    hint: Any = model
    for name, index in _STEPS.findall(path):
        inner = _model(hint)
        if name and inner is not None:
            hint, given, where = _hints(inner)[name], given[name], f"{where}.{name}" if where else name
        elif index:
            hint, given, where = next(_items(hint), hint), given[int(index)], f"{where}[{index}]"
    inner = _model(hint)
    if inner is not None and isinstance(given, dict) and not isinstance(error.__cause__, Unwanted):
        known = _hints(inner)
        for name in given:
            if name not in known:
                return f"{where}: unknown {inner.noun}{_shown(name)}; known are {', '.join(known)}"
    if error.__cause__ is not None and not isinstance(error.__cause__, Unwanted):
        return f"{where}: {error.__cause__}"
    if inner is not None and (missing := _MISSING.match(text)):
        return f"{where}.{missing[1]} must be {_words(_hints(inner)[missing[1]])}, and is not there"
    words = _words(hint)
    return f"{where} must be {words}, not {_shown(given)}" if words else f"{where}: {text}"


def _shown(value: object) -> str:
    try:
        return _short.repr(value)
    except ValueError:
        return "a number of thousands of digits"


@functools.lru_cache
def _hints(model: type[Declared]) -> dict[str, Any]:
    hints = get_type_hints(model, include_extras=True)
    return {name: hints[name] for name in model.__struct_fields__}


def _parts(hint: Any) -> Iterator[Any]:
    """Yield a type and what it is made of, outermost first; items of lists are not it."""
    yield hint
    if get_origin(hint) not in (tuple, list, dict, Literal):
        for part in get_args(hint):
            yield from _parts(part)


def _metas(hint: Any) -> list[Meta]:
    return [part for part in _parts(hint) if isinstance(part, Meta)]


def _items(hint: Any) -> Iterator[Any]:
    """Yield the types of the items of a list."""
    return (get_args(part)[0] for part in _parts(hint) if get_origin(part) in (tuple, list))


def _model(hint: Any) -> type[Declared] | None:
    return next((part for part in _parts(hint) if isinstance(part, type) and issubclass(part, Declared)), None)


def _words(hint: Any) -> str:
    """Return what a type wants, in words."""
    for meta in _metas(hint):
        if meta.description:
            return meta.description
    for part in _parts(hint):
        if get_origin(part) is Literal:
            choices = get_args(part)
            return " or ".join(choices) if len(choices) < 3 else f"one of {', '.join(choices)}"
        if isinstance(part, type) and issubclass(part, Declared):
            return part.wanted
        if part in _WORDS:
            return _WORDS[part]
    return ""
