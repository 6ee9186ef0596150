# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every reader of the core: of whatever JSON, it concludes what stands there, or says that it cannot."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import UnexpectedAnswer
from tests.unit.core import true_answers as true
from tests.unit.core.hostile_json import NOT_A_TEXT, changed, hostile, inner, without
from tests.unit.core.readers import READERS, Reader, readers_in


def test_no_reader_is_forgotten() -> None:
    """A new one gets a row in READERS."""
    assert set(readers_in("core")) == set(READERS)


@pytest.mark.parametrize("name", READERS)
def test_true_answers_are_read(name: str) -> None:
    reader = READERS[name]
    for answer in reader.answers:
        reader.truth(reader(copy.deepcopy(answer)), answer)


@pytest.mark.parametrize("name", READERS)
@given(data=st.data())
def test_a_conclusion_stands_in_the_answer(name: str, data: st.DataObject) -> None:
    reader = READERS[name]
    answer = data.draw(hostile(reader.answers))
    before = repr(answer)
    try:
        found = reader(answer)
    except UnexpectedAnswer:
        pass
    else:
        reader.truth(found, answer)
    assert repr(answer) == before


@pytest.mark.parametrize("name", [name for name in READERS if READERS[name].refused])
def test_what_describes_something_else_is_none(name: str) -> None:
    reader = READERS[name]
    for answer in reader.refused:
        with pytest.raises(UnexpectedAnswer):
            pytest.fail(f"{reader(answer)} of {answer}")


def path_of(text: str) -> tuple[Any, ...]:
    return tuple(int(part) if part.isdigit() else part for part in text.split("."))


def spelt(reader: Reader, text: str) -> str:
    """A path as errors spell it."""
    path = (*((reader.inside,) if reader.inside else ()), *path_of(text))
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def rows(kind: str) -> list[Any]:
    return [
        pytest.param(reader, path, id=f"{reader.name}-{path}")
        for reader in READERS.values()
        for path in getattr(reader, kind)
    ]


@pytest.mark.parametrize(("reader", "path"), rows("needed"))
def test_without_what_it_needs_there_is_no_conclusion(reader: Reader, path: str) -> None:
    there = path_of(path)
    for answer in (without(reader.answers[0], there), *(changed(reader.answers[0], there, new) for new in (None, ""))):
        with pytest.raises(UnexpectedAnswer) as caught:
            reader(answer)
        assert f" {spelt(reader, path)}" in caught.value.message


@pytest.mark.parametrize(("reader", "path"), rows("read"))
def test_what_is_optional_may_be_missing(reader: Reader, path: str) -> None:
    there = path_of(path)
    if isinstance(there[-1], int) or path == "userAssignedIdentities":
        # An item of a list is no member, and the type of BOTH announces identities.
        return
    for answer in (without(reader.answers[0], there), changed(reader.answers[0], there, None)):
        reader.truth(reader(answer), answer)


@pytest.mark.parametrize(("reader", "path"), [*rows("needed"), *rows("read")])
def test_what_is_read_has_its_type(reader: Reader, path: str) -> None:
    there = path_of(path)
    true = inner(reader.answers[0], there)
    others = [value for value in (*NOT_A_TEXT, "a secret text") if not isinstance(value, type(true))]
    # To Python, true is a whole number.
    others += [True] if isinstance(true, int) and not isinstance(true, bool) else []
    assert others
    for other in others:
        with pytest.raises(UnexpectedAnswer) as caught:
            reader(changed(reader.answers[0], there, other))
        assert f" {spelt(reader, path)}" in caught.value.message
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("reader", "answer"),
    [
        ("UserAssigned.from_arm", true.IDENTITY),
        ("FederatedCredential.from_arm", true.CREDENTIAL),
        ("Assignment.from_arm", {**true.ASSIGNMENT, "type": "Microsoft.Authorization/roleAssignments"}),
        ("Role.from_arm", {**true.ROLE, "type": "Microsoft.Authorization/roleDefinitions"}),
    ],
)
def test_what_is_of_another_type_is_not_taken_for_one(reader: str, answer: Any) -> None:
    assert READERS[reader]({**answer, "type": answer["type"].lower()})
    for other in ("Microsoft.Other/things", f"{answer['type']}/below", ""):
        with pytest.raises(UnexpectedAnswer):
            READERS[reader]({**answer, "type": other})
