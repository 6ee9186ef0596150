# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The functions of ARM templates whose value depends on nothing but their arguments."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import uuid
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from .expressions import TemplateError

__all__ = ["FUNCTIONS", "check_arguments", "plain_function"]

_NAMESPACE = uuid.UUID("11fb06fb-712d-4ddd-98c7-e71bbd588830")
_LONGEST = 4 * 1024 * 1024
_PLACE = re.compile(r"\{([0-9]{1,3})\}")
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_KINDS: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (int,),
    "truth": (bool,),
    "scalar": (str, int, bool),
    "counted": (str, list, dict),
    "row": (str, list),
    "any": (str, int, float, bool, list, dict, type(None)),
}


class _Function(NamedTuple):
    """`kinds` of the arguments that must be, `more` of those that may follow, any number of them."""

    run: Callable[..., Any]
    kinds: tuple[str, ...] = ()
    more: str = ""


def plain_function(name: str, arguments: Sequence[Any]) -> Any:
    """Return the value of a function, named without regard to case; raises TemplateError."""
    function = FUNCTIONS.get(name.lower())
    if function is None:
        raise TemplateError(
            f"The template function '{name}' is not valid. Please see https://aka.ms/arm-functions for usage details"
        )
    check_arguments(name, arguments, function.kinds, function.more)
    return function.run(*arguments)


def check_arguments(name: str, arguments: Sequence[Any], kinds: Sequence[str], more: str = "") -> None:
    """Raise TemplateError unless there are as many arguments as there must be, and of the right kinds."""
    if len(arguments) < len(kinds) or (len(arguments) > len(kinds) and not more):
        raise TemplateError(
            f"Unable to evaluate template language function '{name}': function requires {len(kinds)} argument(s) while "
            f"{len(arguments)} were provided. Please see https://aka.ms/arm-functions/#{name.lower()} for usage details"
        )
    wanted = [*kinds, *([more] * (len(arguments) - len(kinds)))]
    for index, (argument, kind) in enumerate(zip(arguments, wanted, strict=True)):
        if not isinstance(argument, _KINDS[kind]) or (kind == "number" and isinstance(argument, bool)):
            raise TemplateError(
                f"The template language function '{name}' has an invalid parameter. The parameter at position "
                f"{index + 1} is not valid. Please see https://aka.ms/arm-functions/#{name.lower()} for usage details"
            )


def _string(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _concat(*values: Any) -> Any:
    if any(isinstance(value, list) for value in values):
        if not all(isinstance(value, list) for value in values):
            raise TemplateError("The template language function 'concat' takes either arrays or texts, not both")
        return [item for value in values for item in value]
    return "".join(_shown(value) for value in values)


def _shown(value: Any) -> str:
    return str(value) if isinstance(value, bool) else _string(value)


def _format(pattern: str, *values: Any) -> str:
    texts = [_shown(value) for value in values]
    _check_length("format", len(pattern) + sum(len(texts[index]) for index in _places(pattern) if index < len(texts)))

    def replaced(found: re.Match[str]) -> str:
        if int(found[1]) >= len(texts):
            raise TemplateError("The template language function 'format' refers to an argument that is not there")
        return texts[int(found[1])]

    return _PLACE.sub(replaced, pattern)


def _places(pattern: str) -> list[int]:
    return [int(found) for found in _PLACE.findall(pattern)]


def _replace(text: str, old: str, new: str) -> str:
    if not old:
        return text
    _check_length("replace", len(text) + text.count(old) * len(new))
    return text.replace(old, new)


def _check_length(name: str, length: int) -> None:
    """Raise TemplateError before a text is made that is longer than a template may be in the end."""
    if length > _LONGEST:
        raise TemplateError(f"The template language function '{name}' would return more than {_LONGEST} characters")


def _number(value: int) -> int:
    if not -(2**63) <= value < 2**63:
        raise TemplateError("Value was either too large or too small for an Int64")
    return value


def _int(value: Any) -> int:
    if not re.fullmatch(r"-?[0-9]{1,18}", str(value)):
        raise TemplateError(f"The template language function 'int' cannot convert '{_shown(value)}' to an integer")
    return int(value)


def _substring(text: str, start: int, *length: int) -> str:
    end = start + (length[0] if length else len(text) - start)
    if not 0 <= start <= end <= len(text):
        raise TemplateError("The index and length parameters of 'substring' must refer to a location within the text")
    return text[start:end]


def _unique(*texts: str) -> str:
    """Thirteen letters that depend on the arguments as Azure's do; which ones is Azure's secret."""
    number = int.from_bytes(hashlib.blake2b("|".join(texts).encode(), digest_size=9).digest(), "big")
    return "".join(_LETTERS[(number >> 5 * place) & 31] for place in range(13))


FUNCTIONS: dict[str, _Function] = {
    "add": _Function(lambda one, two: _number(one + two), ("number", "number")),
    "and": _Function(lambda *values: all(values), ("truth",), "truth"),
    "base64": _Function(lambda text: base64.b64encode(text.encode()).decode(), ("text",)),
    "concat": _Function(_concat, (), "any"),
    "createarray": _Function(lambda *values: list(values), (), "any"),
    "empty": _Function(lambda value: not value, ("any",)),
    "endswith": _Function(lambda text, end: text.lower().endswith(end.lower()), ("text", "text")),
    "equals": _Function(lambda one, two: one == two and isinstance(one, bool) == isinstance(two, bool), ("any", "any")),
    "false": _Function(lambda: False),
    "first": _Function(lambda values: values[0] if values else _nothing(values), ("row",)),
    "format": _Function(_format, ("text",), "any"),
    "guid": _Function(lambda *texts: str(uuid.uuid5(_NAMESPACE, "-".join(texts))), ("text",), "text"),
    "int": _Function(_int, ("scalar",)),
    "last": _Function(lambda values: values[-1] if values else _nothing(values), ("row",)),
    "length": _Function(len, ("counted",)),
    "not": _Function(lambda value: not value, ("truth",)),
    "null": _Function(lambda: None),
    "or": _Function(lambda *values: any(values), ("truth",), "truth"),
    "replace": _Function(_replace, ("text", "text", "text")),
    "split": _Function(lambda text, mark: text.split(mark) if mark else [text], ("text", "text")),
    "startswith": _Function(lambda text, start: text.lower().startswith(start.lower()), ("text", "text")),
    "string": _Function(_string, ("any",)),
    "sub": _Function(lambda one, two: _number(one - two), ("number", "number")),
    "substring": _Function(_substring, ("text", "number"), "number"),
    "tolower": _Function(str.lower, ("text",)),
    "toupper": _Function(str.upper, ("text",)),
    "trim": _Function(str.strip, ("text",)),
    "true": _Function(lambda: True),
    "uniquestring": _Function(_unique, ("text",), "text"),
}


def _nothing(values: Any) -> Any:
    return "" if isinstance(values, str) else None
