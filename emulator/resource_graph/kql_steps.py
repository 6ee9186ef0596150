# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of a query, made from its syntax tree."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from lark import Token, v_args

from .kql_expressions import Expression, Expressions, Meter, QueryError, Row
from .kql_values import sort_key, text

__all__ = ["Query", "Steps", "Table"]


@dataclasses.dataclass(slots=True)
class Table:
    """Rows with the columns that they all have."""

    columns: list[str]
    rows: list[Row]


# A row that is made takes as long as so many values.
_ROW_STEPS = 5
Step = Callable[[Table], Table]


class Query(NamedTuple):
    """The name of a table, lower case, and what to do with its rows; `meter` counts it."""

    table: str
    steps: tuple[Step, ...]
    meter: Meter

    def run(self, columns: Sequence[str], rows: Iterable[Row]) -> Table:
        """Return the result; raises QueryError for a column that is not there, BudgetError for too much work."""
        self.meter.start()
        table = Table(list(columns), list(rows))
        for step in self.steps:
            table = step(table)
        return table


class _Item(NamedTuple):
    name: str
    value: Callable[[Row], Any]
    needs: frozenset[str]
    call: str


def _check(table: Table, needs: Iterable[str]) -> None:
    for name in needs:
        if name not in table.columns:
            message = f"Failed to resolve column or scalar expression named '{name}'"
            raise QueryError("InvalidQuery", message, token=name)


def _needed(items: Iterable[_Item]) -> set[str]:
    return {name for item in items for name in item.needs}


def _columns(first: Iterable[str], items: Iterable[_Item]) -> list[str]:
    return list(dict.fromkeys([*first, *(item.name for item in items)]))


@v_args(inline=True)
class Steps(Expressions):
    """Each rule of the grammar that is a step or a list, as a function."""

    def start(self, *parts: Any) -> Query:
        named = bool(parts) and isinstance(parts[0], str)
        table = parts[0].lower() if named else "resources"
        return Query(table, tuple(parts[1:] if named else parts), self.meter)

    def table(self, name: Token) -> str:
        return str(name)

    def names(self, *names: Token) -> list[str]:
        return [str(name) for name in names]

    def items(self, *items: tuple[str, Expression]) -> list[_Item]:
        return [
            _Item(
                name or expression.name or f"Column{index}",
                self._metered(expression),
                expression.needs,
                expression.call,
            )
            for index, (name, expression) in enumerate(items, 1)
        ]

    def _metered(self, expression: Expression) -> Callable[[Row], Any]:
        meter = self.meter
        return lambda row: meter.seen(expression.value(row), _ROW_STEPS)

    def item(self, *parts: Any) -> tuple[str, Expression]:
        return ("" if len(parts) == 1 else str(parts[0])), parts[-1]

    def orders(self, *orders: tuple[Expression, bool]) -> list[tuple[Expression, bool]]:
        return list(orders)

    def ordered(self, expression: Expression, direction: Token | None = None) -> tuple[Expression, bool]:
        return expression, direction != "asc"

    def where(self, test: Expression) -> Step:
        meter = self.meter

        def step(table: Table) -> Table:
            _check(table, test.needs)
            return Table(table.columns, [row for row in table.rows if meter.seen(test.value(row))])

        return step

    def project(self, items: list[_Item]) -> Step:
        def step(table: Table) -> Table:
            _check(table, _needed(items))
            return Table(_columns((), items), [{item.name: item.value(row) for item in items} for row in table.rows])

        return step

    def project_away(self, names: list[str]) -> Step:
        def step(table: Table) -> Table:
            _check(table, names)
            columns = [name for name in table.columns if name not in names]
            return Table(columns, [{name: row.get(name) for name in columns} for row in table.rows])

        return step

    def extend(self, items: list[_Item]) -> Step:
        def step(table: Table) -> Table:
            _check(table, _needed(items))
            rows = [{**row, **{item.name: item.value(row) for item in items}} for row in table.rows]
            return Table(_columns(table.columns, items), rows)

        return step

    def order(self, orders: list[tuple[Expression, bool]]) -> Step:
        def step(table: Table) -> Table:
            rows = list(table.rows)
            for expression, descending in reversed(orders):
                _check(table, expression.needs)
                value = self._metered(expression)
                rows.sort(key=lambda row: sort_key(value(row)), reverse=descending)
            return Table(table.columns, rows)

        return step

    def limit(self, count: Token) -> Step:
        return lambda table: Table(table.columns, table.rows[: max(0, int(count))])

    def top(self, count: Token, orders: list[tuple[Expression, bool]]) -> Step:
        order, limit = self.order(orders), self.limit(count)
        return lambda table: limit(order(table))

    def count(self) -> Step:
        return lambda table: Table(["Count"], [{"Count": len(table.rows)}])

    def distinct(self, items: list[_Item]) -> Step:
        return self.summarize([], items)

    def summarize(self, aggregates: list[_Item], keys: Sequence[_Item] = ()) -> Step:
        for item in aggregates:
            if item.call != "count":
                raise QueryError("InvalidQueryLanguage", line=-1, characterPositionInLine=-1, token="summarize")

        def step(table: Table) -> Table:
            _check(table, _needed(keys))
            groups: dict[str, Row] = {}
            for row in table.rows:
                found = {item.name: item.value(row) for item in keys}
                group = groups.setdefault(
                    text(list(found.values())), {**found, **{item.name: 0 for item in aggregates}}
                )
                for item in aggregates:
                    group[item.name] += 1
            if not keys and not groups:
                groups[""] = {item.name: 0 for item in aggregates}
            return Table(_columns((item.name for item in keys), aggregates), list(groups.values()))

        return step

    def expand(self, items: list[_Item]) -> Step:
        meter = self.meter

        def step(table: Table) -> Table:
            _check(table, _needed(items))
            rows = table.rows
            for item in items:
                rows = [
                    {**row, item.name: meter.seen(value, _ROW_STEPS)}
                    for row in rows
                    for value in _expanded(item.value(row))
                ]
            return Table(_columns(table.columns, items), rows)

        return step


def _expanded(value: Any) -> list[Any]:
    """Return what one row becomes: one for each item; Kusto drops no row, an empty value stays as one without it."""
    if isinstance(value, dict):
        return [{key: item} for key, item in value.items()] or [None]
    return (value or [None]) if isinstance(value, list) else [value]
