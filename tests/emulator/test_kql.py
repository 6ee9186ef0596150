# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The query language: each operator and comparison on a few rows, and what is refused."""

from __future__ import annotations

import typing as t

import pytest

from emulator.resource_graph.kql import QueryError, read_query

COLUMNS = ["id", "name", "type", "tags", "identity", "number"]
ROWS: list[dict[str, t.Any]] = [
    {"id": "1", "name": "vm-web-01", "type": "a/vm", "tags": {"role": "Web"}, "identity": None, "number": 3},
    {
        "id": "2",
        "name": "vm-web-02",
        "type": "a/vm",
        "tags": None,
        "identity": {"ids": {"X": {}, "y": {}}},
        "number": 1,
    },
    {"id": "3", "name": "id'app", "type": "b/id", "tags": {"role": ""}, "identity": {"ids": {}}, "number": 2},
]


def ids(query: str) -> list[str]:
    """Return the IDs of the rows that a query gives."""
    return [row["id"] for row in read_query(query).run(COLUMNS, ROWS).rows]


def rows(query: str) -> list[dict[str, t.Any]]:
    """Return the rows that a query gives."""
    return read_query(query).run(COLUMNS, ROWS).rows


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("type == 'a/vm'", "12"),
        ("type == 'A/VM'", ""),
        ("type =~ 'A/VM'", "12"),
        ("type !~ 'A/VM'", "3"),
        ("type != 'a/vm'", "3"),
        ("name has 'web'", "12"),
        ("name has 'we'", ""),
        ("name has 'VM-WEB'", "12"),
        ("name !has 'web'", "3"),
        ("name has_cs 'WEB'", ""),
        ("name contains 'WE'", "12"),
        ("name !contains 'WE'", "3"),
        ("name startswith 'VM' and name endswith '1'", "1"),
        ("name in ('vm-web-01', 'x')", "1"),
        ("name in~ ('VM-web-02')", "2"),
        ("name !in~ ('VM-web-02')", "13"),
        ("number >= 2 or id == '2'", "123"),
        ("number < 2.5", "23"),
        ("not(number == 3) and not(isempty(name))", "23"),
        ("tags['role'] =~ 'web'", "1"),
        ('tags["role"] == "Web"', "1"),
        ("tags.role == 'Web'", "1"),
        ("isempty(tags['role'])", "23"),
        ("isnotempty(tags.role)", "1"),
        ("isnull(identity)", "1"),
        ("isnotnull(identity.ids)", "23"),
        ("id == '1' or id == '2' and id == '3'", "1"),
        ("(id == '1' or id == '2') and id == '3'", ""),
        ("name == 'id\\'app'", "3"),
        ("name == @'id''app'", "3"),
        ("tolower(tags.role) == 'web' and toupper(type) == 'A/VM'", "1"),
        ("strcat(id, '-', number) == '2-1'", "2"),
        ("array_length(bag_keys(identity.ids)) == 2", "2"),
        ("true and number == 1 // a comment", "2"),
        ("iff(number == 1, 'one', 'many') == 'one'", "2"),
        ("coalesce(tags.role, 'none') == 'none'", "23"),
    ],
)
def test_where(test: str, expected: str) -> None:
    assert "".join(ids(f"Resources | where {test}")) == expected


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("order by number asc", "231"),
        ("order by number", "132"),
        ("sort by type desc, number asc", "321"),
        ("order by tags.role asc", "231"),
        ("limit 2", "12"),
        ("take 1", "1"),
        ("top 2 by number asc", "23"),
        ("where number > 1 | where number < 3", "3"),
    ],
)
def test_order_and_number(steps: str, expected: str) -> None:
    assert "".join(ids(f"resources\n| {steps}")) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("where id == '1' | project id, n = number, tags.role", [{"id": "1", "n": 3, "tags_role": "Web"}]),
        ("where id == '1' | project id, tags['role']", [{"id": "1", "tags_role": "Web"}]),
        ("where id == '1' | project id, tags['a b']", [{"id": "1", "Column2": None}]),
        ("project-away tags, identity, type, number | take 1", [{"id": "1", "name": "vm-web-01"}]),
        ("where id == '2' | extend big = tostring(number) | project big", [{"big": "1"}]),
        ("count", [{"Count": 3}]),
        ("where id == '9' | count", [{"Count": 0}]),
        ("summarize count() by type", [{"type": "a/vm", "count_": 2}, {"type": "b/id", "count_": 1}]),
        ("summarize n = count()", [{"n": 3}]),
        ("where id == '9' | summarize count()", [{"count_": 0}]),
        ("summarize by type", [{"type": "a/vm"}, {"type": "b/id"}]),
        ("distinct type", [{"type": "a/vm"}, {"type": "b/id"}]),
        (
            "mv-expand uai = bag_keys(identity.ids) | extend uai = tolower(tostring(uai)) | project id, uai",
            [
                {"id": "1", "uai": ""},
                {"id": "2", "uai": "x"},
                {"id": "2", "uai": "y"},
                {"id": "3", "uai": ""},
            ],
        ),
    ],
)
def test_what_becomes_of_rows(query: str, expected: list[dict[str, t.Any]]) -> None:
    assert rows(query) == expected


@pytest.mark.parametrize("query", ["Resources", "resources", "RESOURCES | take 10", "take 10", "where true"])
def test_the_table_may_be_left_out(query: str) -> None:
    assert read_query(query).table == "resources"
    assert len(rows(query)) == 3


@pytest.mark.parametrize(
    ("query", "code", "token"),
    [
        ("Resources | where name = 'x'", "ParserFailure", "="),
        ("Resources | where", "ParserFailure", "<EOF>"),
        ("Resources | where name == 'x", "ParserFailure", "'"),
        ("Resources | where name == 'x'' and y", "ParserFailure", None),
        ("Resources |", "ParserFailure", "<EOF>"),
        ("Resources | parse id with * '/x/' y", "InvalidQueryLanguage", "parse"),
        ("Resources | join kind=inner (x) on id", "InvalidQueryLanguage", "join"),
        ("Resources | where sqrt(number) == 2", "InvalidQueryLanguage", "sqrt"),
        ("Resources | where tolower(id, name) == ''", "InvalidQueryLanguage", "tolower"),
        ("Resources | summarize max(number) by type", "InvalidQueryLanguage", "max"),
        ("Resources | summarize number by type", "InvalidQueryLanguage", "summarize"),
        ("Resources | where nobody == 1", "InvalidQuery", "nobody"),
        ("Resources | project id | where name == 1", "InvalidQuery", "name"),
        ("\u20ac", "ParserFailure", "\u20ac"),
    ],
)
def test_refused(query: str, code: str, token: str | None) -> None:
    with pytest.raises(QueryError) as caught:
        rows(query)
    assert caught.value.code == code
    if token is not None:
        assert caught.value.detail["token"] == token
