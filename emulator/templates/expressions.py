# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The expressions of ARM templates: text becomes something that can be evaluated where its functions mean something."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedInput

from ..base.budget import Budget

__all__ = ["Expression", "Functions", "TemplateError", "inner_text", "member_of", "read_expression"]

Thunk = Callable[[], Any]
Functions = Callable[[str, Sequence[Thunk]], Any]
Expression = Callable[[Functions], Any]
_LONGEST = 24_576
_MOST_READ = 131_072
_READ: dict[str, Expression] = {}
_PARSER = Lark.open("template.lark", rel_to=__file__, parser="lalr", maybe_placeholders=False)


class TemplateError(Exception):
    """A template that Azure would not take; the text is its reason, without the full stop."""


def inner_text(text: str) -> str | None:
    """Return what is between the brackets of an expression, or None for text that is none."""
    return text[1:-1] if text.startswith("[") and not text.startswith("[[") and text.endswith("]") else None


def read_expression(text: str, budget: Budget) -> Expression:
    """Return the expression between brackets; raises TemplateError, and BudgetError for too many to read.

    Its longest is what Azure documents (learn.microsoft.com/azure/azure-resource-manager/templates/best-practices),
    in the words of Azure/acs-engine#1159; bicep#4559 shows that Azure takes more by now.
    """
    if len(text) > _LONGEST:
        message = f"The language expression length limit exceeded. Limit: '{_LONGEST}' and actual: '{len(text)}'"
        raise TemplateError(message)
    budget.read(text)
    if text not in _READ:
        # What is read takes some hundred times the memory of its text.
        while sum(map(len, _READ)) + len(text) > _MOST_READ:
            del _READ[next(iter(_READ))]
        _READ[text] = _read(text)
    return _READ[text]


def _read(text: str) -> Expression:
    try:
        return _Builder().transform(_PARSER.parse(text))
    except UnexpectedInput as error:
        token = getattr(error, "token", None)
        position = error.pos_in_stream or 0
        ended = isinstance(token, Token) and token.type == "$END"
        actual = "EndOfData" if ended else str(token or text[position : position + 1])
        raise TemplateError(f"Unable to parse language expression '{text}': unexpected token '{actual}'") from error
    except RecursionError as error:
        raise TemplateError("The language expression is nested too deep") from error


def member_of(value: Any, key: Any) -> Any:
    """Return the property or item of a value, names without regard to case; raises TemplateError."""
    if isinstance(value, dict) and isinstance(key, str):
        found = next((name for name in value if name.lower() == key.lower()), None)
        if found is None:
            names = ", ".join(value)
            message = f"The language expression property '{key}' doesn't exist, available properties are '{names}'"
            raise TemplateError(message)
        return value[found]
    if isinstance(value, list) and isinstance(key, int) and not isinstance(key, bool):
        if not 0 <= key < len(value):
            message = f"The language expression property array index '{key}' is out of bounds"
            raise TemplateError(message)
        return value[key]
    raise TemplateError(f"The language expression property '{key}' can't be evaluated")


class _Builder(Transformer[Token, Expression]):
    """Turns the tree of an expression into functions that take what its own functions mean."""

    def text(self, parts: list[Token]) -> Expression:
        value = parts[0][1:-1].replace("''", "'")
        return lambda _functions: value

    def number(self, parts: list[Token]) -> Expression:
        value = int(parts[0])
        return lambda _functions: value

    def call(self, parts: list[Any]) -> Expression:
        name, arguments = str(parts[0]), parts[1:]

        def run(functions: Functions) -> Any:
            return functions(name, [_bound(argument, functions) for argument in arguments])

        return run

    def member(self, parts: list[Any]) -> Expression:
        inner, name = parts
        return lambda functions: member_of(inner(functions), str(name))

    def item(self, parts: list[Any]) -> Expression:
        inner, key = parts
        return lambda functions: member_of(inner(functions), key(functions))


def _bound(argument: Expression, functions: Functions) -> Thunk:
    return lambda: argument(functions)
