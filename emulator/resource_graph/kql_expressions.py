# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The expressions of a query, made from its syntax tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from lark import Token, Transformer, v_args

from ..base.budget import Budget
from .kql_values import COMPARISONS, FUNCTIONS, element

__all__ = ["Expression", "Expressions", "Meter", "QueryError", "Row"]

Row = dict[str, Any]
Value = Callable[[Row], Any]


class QueryError(ValueError):
    """A query that Resource Graph would not run. `detail` is what its answer says beside code and message."""

    def __init__(self, code: str, message: str = "", **detail: Any) -> None:
        super().__init__(message or code)
        self.code = code
        self.detail = detail


class Meter:
    """Counts what a run works out; `start` begins anew, as a query that was read once is run often."""

    def __init__(self) -> None:
        self._budget = Budget()
        self.seen: Callable[..., Any] = self._budget.seen

    def start(self) -> None:
        """Give the next run a whole budget."""
        self._budget = Budget()
        self.seen = self._budget.seen


class Expression:
    """A value of a row, the columns it needs, and the name it has as a column when it is given none; a text's own."""

    def __init__(
        self, value: Value, needs: Iterable[str] = (), name: str = "", call: str = "", literal: str = ""
    ) -> None:
        self.value = value
        self.needs = frozenset(needs)
        self.name = name
        self.call = call
        self.literal = literal


@v_args(inline=True)
class Expressions(Transformer[Token, Any]):
    """Each rule of the grammar that gives a value, as a function.

    What is worked out goes through `meter`, which is that of the run.
    """

    def __init__(self, meter: Meter) -> None:
        super().__init__()
        self.meter = meter

    def text(self, token: Token) -> Expression:
        raw = str(token)
        value = raw[2:-1].replace(raw[-1] * 2, raw[-1]) if raw[0] == "@" else _unescaped(raw[1:-1])
        return Expression(lambda _row: value, literal=value)

    def integer(self, token: Token) -> Expression:
        value = int(token)
        return Expression(lambda _row: value)

    def decimal(self, token: Token) -> Expression:
        value = float(token)
        return Expression(lambda _row: value)

    def true(self) -> Expression:
        return Expression(lambda _row: True)

    def false(self) -> Expression:
        return Expression(lambda _row: False)

    def column(self, name: Token) -> Expression:
        key = str(name)
        return Expression(lambda row: row.get(key), [key], key)

    def member(self, inner: Expression, name: Token) -> Expression:
        key = str(name)
        joined = f"{inner.name}_{key}" if inner.name else ""
        return Expression(lambda row: element(inner.value(row), key), inner.needs, joined)

    def element(self, inner: Expression, key: Expression) -> Expression:
        joined = f"{inner.name}_{key.literal}" if inner.name and key.literal.isidentifier() else ""
        return Expression(lambda row: element(inner.value(row), key.value(row)), inner.needs | key.needs, joined)

    def call(self, name: Token, *arguments: Expression) -> Expression:
        if name == "count" and not arguments:
            return Expression(lambda _row: None, (), "count_", "count")
        count, function = FUNCTIONS.get(str(name), (None, None))
        if function is None or count not in (None, len(arguments)):
            raise QueryError(
                "InvalidQueryLanguage", line=name.line, characterPositionInLine=name.column, token=str(name)
            )
        needs = {need for argument in arguments for need in argument.needs}
        meter = self.meter
        return Expression(lambda row: meter.seen(function(*(meter.seen(item.value(row)) for item in arguments))), needs)

    def compare(self, left: Expression, operator: Token, right: Expression) -> Expression:
        test, meter = COMPARISONS[str(operator)], self.meter
        needs = left.needs | right.needs
        return Expression(lambda row: test(meter.seen(left.value(row)), meter.seen(right.value(row))), needs)

    def among(self, left: Expression, operator: Token, *values: Expression) -> Expression:
        test, wanted = COMPARISONS["=~" if operator.endswith("~") else "=="], not operator.startswith("!")
        needs, meter = left.needs.union(*(value.needs for value in values)), self.meter

        def value(row: Row) -> bool:
            actual = left.value(row)
            return any(test(meter.seen(actual), meter.seen(item.value(row))) for item in values) == wanted

        return Expression(value, needs)

    def either(self, *parts: Expression) -> Expression:
        return Expression(lambda row: any(part.value(row) for part in parts), _united(parts))

    def both(self, *parts: Expression) -> Expression:
        return Expression(lambda row: all(part.value(row) for part in parts), _united(parts))


def _united(parts: Iterable[Expression]) -> set[str]:
    return {name for part in parts for name in part.needs}


def _unescaped(raw: str) -> str:
    parts = raw.split("\\\\")
    simple = {"\\'": "'", '\\"': '"', "\\n": "\n", "\\t": "\t"}
    for index, part in enumerate(parts):
        for escaped, plain in simple.items():
            part = part.replace(escaped, plain)
        parts[index] = part
    return "\\".join(parts)
