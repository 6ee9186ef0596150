# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shapes of answers: what fits each kind, and which place an error names; never what stands there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import UnexpectedAnswer
from ansible_collections.managed_identity.azure.plugins.module_utils.core._resource_id import (
    IDENTITY,
    VIRTUAL_MACHINE,
    ResourceId,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core.wire._shape import (
    Is,
    Members,
    Needed,
    answered_id,
    shaped,
)
from tests.unit.core.build import uai
from tests.unit.core.hostile_json import anything
from tests.unit.core.machines import VM

DEEP = Needed({"id": Needed(str), "inner": {"list": [{"name": Needed(str)}], "tags": Members(str)}})


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        *((str, value) for value in (None, "", "x", "\x00")),
        *((bool, value) for value in (None, True, False)),
        *((int, value) for value in (None, 0, -7, 10**30)),
        *((list, value) for value in (None, [], [1, None])),
        *((dict, value) for value in (None, {}, {"x": 1})),
        *((Needed(str), value) for value in ("x", " ")),
        *((Needed(bool), value) for value in (False, True)),
        *((Needed(int), value) for value in (0, 1)),
        *((Needed([str]), value) for value in ([], ["x"])),
        *((Needed({"id": str}), value) for value in ({}, {"id": "x"})),
        *(([str], value) for value in (None, [], ["x", "y"])),
        *((Members(str), value) for value in (None, {}, {"a": "", "b": None})),
        *((Members({"id": str}), value) for value in ({"a": {}, "b": None, "": {"id": "x"}},)),
        *(({"a": str, "b": Needed(int)}, value) for value in (None, {"b": 1}, {"a": None, "b": 1}, {"b": 1, "c": []})),
        *((Is("Microsoft.X/y"), value) for value in (None, "Microsoft.X/y", "microsoft.x/Y")),
        *((DEEP, value) for value in ({"id": "x"}, {"id": "x", "inner": {"list": [{"name": "y"}], "tags": {"": ""}}})),
    ],
)
def test_what_fits_is_given_back_as_it_is(shape: Any, value: Any) -> None:
    assert shaped(value, shape) is value


@pytest.mark.parametrize(
    ("shape", "value", "message"),
    [
        *((Needed(str), value, "The answer is empty.") for value in (None, "")),
        *((Needed(dict), value, "The answer is empty.") for value in (None, "")),
        *((str, value, "The answer is not a text.") for value in (0, 1.5, False, [], {}, ["x"])),
        *((bool, value, "The answer is not true or false.") for value in (0, 1, "true", "", [], {})),
        *((int, value, "The answer is not a whole number.") for value in (True, False, 1.0, "1", [], {})),
        *((list, value, "The answer is not a list.") for value in ({}, "", "x", 0, False)),
        *((dict, value, "The answer is not an object.") for value in ([], "", "x", 0, False)),
        (Needed(str), 0.5, "The answer is not a text."),
        (Needed(int), 0.5, "The answer is not a whole number."),
        *(({"a": str}, value, "The answer is not an object.") for value in ([], "", "x", 0, False, [{"a": "x"}])),
        *((Members(str), value, "The answer is not an object.") for value in ([], "", "x", 0, ["x"])),
        *(([str], value, "The answer is not a list.") for value in ({}, "", "xx", 0, {"0": "x"})),
        *(({"a": Is("X/y")}, {"a": value}, "In the answer a is not X/y.") for value in ("", "X/z", 1, ["X/y"], {})),
        ({"a": Needed(str)}, {}, "The answer lacks a."),
        ({"a": Needed(str)}, {"a": ""}, "The answer lacks a."),
        ({"a": Needed(str)}, {"A": "x"}, "The answer spells a member as nobody does: 'A'."),
        ({"a": str}, {"a": "x", "A": None}, "The answer spells a member as nobody does: 'A'."),
        ({"a": {"b": Needed(str)}}, {"a": {}}, "The answer lacks a.b."),
        ({"a": Needed({"b": str})}, {}, "The answer lacks a."),
        ({"a": {"b": {"c": str}}}, {"a": {"b": {"c": 1}}}, "In the answer a.b.c is not a text."),
        ({"a": [str]}, {"a": ["x", None]}, "The answer lacks a[1]."),
        ({"a": [str]}, {"a": ["", "x"]}, "The answer lacks a[0]."),
        ({"a": [str]}, {"a": ["x", "y", 7]}, "In the answer a[2] is not a text."),
        ({"a": [dict]}, {"a": [{}, []]}, "In the answer a[1] is not an object."),
        ([{"b": Needed(str)}], [{"b": "x"}, {}], "The answer lacks [1].b."),
        (Members({"b": Needed(bool)}), {"k": {"b": True}, "m": {}}, "The answer lacks m.b."),
        ({"tags": Members(str)}, {"tags": {"k": "x", "m": 1}}, "In the answer tags.m is not a text."),
        (DEEP, {"id": "x", "inner": {"list": [{"name": "y"}, {}]}}, "The answer lacks inner.list[1].name."),
        (DEEP, {"id": "x", "inner": []}, "In the answer inner is not an object."),
        (DEEP, {"id": "x", "inner": {"tags": {"t": {}}}}, "In the answer inner.tags.t is not a text."),
    ],
)
def test_what_does_not_fit_is_told_by_its_place(shape: Any, value: Any, message: str) -> None:
    with pytest.raises(UnexpectedAnswer) as caught:
        shaped(value, shape)
    assert caught.value.message == message
    assert caught.value.sent


SHAPES = [str, bool, int, list, dict, Needed(str), [int], [{"id": Needed(str)}], Members(str), {"id": int}, Is("x")]


@given(value=anything, shape=st.sampled_from([*SHAPES, DEEP]))
def test_any_json_fits_or_is_told_without_a_value(value: Any, shape: Any) -> None:
    value = _secret(value)
    before = json.dumps(value)
    try:
        found = shaped(value, shape)
    except UnexpectedAnswer as error:
        message = str(error)
    else:
        assert found is value
        message = ""
    assert "hush" not in message
    assert json.dumps(value) == before


def _secret(value: Any) -> Any:
    """The same, with a secret in each text that is not empty: where it should not be, it is not shown either."""
    if isinstance(value, list):
        return [_secret(one) for one in value]
    if isinstance(value, dict):
        return {name: _secret(one) for name, one in value.items()}
    return f"hush {value}" if isinstance(value, str) and value else value


@pytest.mark.parametrize(
    ("text", "kind", "asked"),
    [
        (str(VM), None, None),
        (str(VM), VIRTUAL_MACHINE, VM),
        (str(VM).upper(), VIRTUAL_MACHINE, VM),
        (str(uai("a")).replace("resourceGroups", "resourcegroups"), IDENTITY, uai("A")),
    ],
)
def test_an_id_of_what_was_asked_for_is_kept_as_azure_spells_it(text: str, kind: Any, asked: ResourceId | None) -> None:
    assert str(answered_id(text, kind, asked)) == text


@pytest.mark.parametrize(
    ("text", "kind", "asked", "says"),
    [
        ("", None, None, ""),
        ("vm1", VIRTUAL_MACHINE, None, ""),
        (f"{VM}/extensions/x", VIRTUAL_MACHINE, None, ""),
        (str(uai("a")), VIRTUAL_MACHINE, None, "not of a virtual machine"),
        (str(VM), IDENTITY, None, "not of a user-assigned identity"),
        (f"{VM}2", VIRTUAL_MACHINE, VM, f"The answer is about another resource: {VM}2."),
        (str(VM).replace("/rg/", "/rg2/"), None, VM, "The answer is about another resource: "),
        (str(VM).replace("1111-", "1112-"), None, VM, "The answer is about another resource: "),
        (str(uai("b")), IDENTITY, uai("a"), "The answer is about another resource: "),
    ],
)
def test_another_id_is_no_answer(text: str, kind: Any, asked: ResourceId | None, says: str) -> None:
    with pytest.raises(UnexpectedAnswer) as caught:
        answered_id(text, kind, asked)
    assert says in caught.value.message
