# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings, faults and control bodies are declared once; what does not fit is refused in one line that says where."""

from __future__ import annotations

import contextlib
import json
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.base.declared import Count, Declared, Seconds, Text, Unwanted, about, help_of, read, without_nulls
from emulator.cloud.faults import FaultError, Faults
from emulator.cloud.settings import Settings, SettingsError
from emulator.control import serve_control
from tests.emulator.cloud import Cloud
from tests.tools.link_collection import ROOT

HUGE = 10**5000


class Inner(Declared, frozen=True):
    """What is in another one."""

    wanted = "a mapping with count"
    noun = "part "

    count: Count = 1


class Outer(Declared, frozen=True):
    """One of everything."""

    needed: Inner
    seconds: Annotated[Seconds, about("how long")] = 0.0
    names: tuple[Text, ...] = ()
    inner: Inner | None = None

    def __post_init__(self) -> None:
        if self.names == ("never",):
            raise Unwanted
        if self.names == ("reason",):
            raise ValueError("the reason")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([], "it must be a mapping, not []"),
        ({}, "it.needed must be a mapping with count, and is not there"),
        ({"needed": 3}, "it.needed must be a mapping with count, not 3"),
        ({"needed": {}, "no": 1}, "it: unknown 'no'; known are needed, seconds, names, inner"),
        ({"needed": {}, 3: 1}, "it: unknown 3; known are needed, seconds, names, inner"),
        ({"needed": {}, "inner": {"no\n": 1}}, "it.inner: unknown part 'no\\n'; known are count"),
        ({"needed": {}, "inner": {"count": 0}}, "it.inner.count must be a whole number, 1 or more, up to 10"),
        ({"needed": {}, "inner": {"count": True}}, "up to 1000000000, not True"),
        ({"needed": {}, "names": ["a", 7]}, "it.names[1] must be a text, not 7"),
        ({"needed": {}, "seconds": HUGE}, "not a number of thousands of digits"),
        ({"needed": {}, "seconds": float("nan")}, "it.seconds must be a number, 0 or more, up to 1000000000, not nan"),
        (
            {"needed": {}, "seconds": "x\n" * 1000},
            "it.seconds must be a number, 0 or more, up to 1000000000, not",
        ),
        ({"needed": {}, "names": ["never"]}, "it must be a mapping, not {"),
        ({"needed": {}, "names": ["reason"]}, "it: the reason"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(value: object, text: str):
    with pytest.raises(ValueError) as caught:
        read(Outer, value, "it")

    said = str(caught.value)
    assert text in said
    assert "\n" not in said
    assert len(said) < 300


def test_what_fits_is_read():
    given_ = {"needed": {"count": 3}, "seconds": 2, "names": ["a"], "inner": None}

    assert read(Outer, given_, "it") == Outer(Inner(3), 2.0, ("a",), None)
    assert help_of(Outer) == {"seconds": "how long"}
    assert without_nulls({"a": None, "b": {"c": None, "d": 0}}) == {"b": {"d": 0}}


def test_every_setting_has_its_help():
    table = (ROOT / "emulator" / "README.md").read_text()

    assert list(help_of(Settings)) == list(Settings().as_dict())
    assert [name for name in Settings().as_dict() if f"`{name}`" not in table] == []


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3),
    max_leaves=6,
)
FIELDS = sorted(Settings().as_dict())
PARTS = ["action", "match", "nth", "probability", "seed", "status", "stale", "operation", "headers", "path", "method"]
NESTED = st.dictionaries(st.sampled_from(PARTS), ANYTHING, max_size=3)


@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=2), NESTED, NESTED)
def test_nothing_else_than_a_refusal_comes_of_anything(settings: Any, fault: Any, action: Any):
    said = []
    with contextlib.suppress(SettingsError):
        assert Settings().updated(settings).as_dict()
    for wrong in (fault, {"action": action}, {"action": {"status": 500}, **fault}):
        try:
            Faults().add([wrong])
        except FaultError as error:
            said.append(str(error))
    assert all(text.startswith("faults[0]") and text.isprintable() for text in said)


@pytest.mark.parametrize(
    ("name", "query", "body", "text"),
    [
        ("time", {}, b"{advance: -1}", "time.advance must be a number of seconds, 0 or more, not -1"),
        ("time", {}, b"{advance: true}", "time.advance must be a number of seconds, 0 or more, not True"),
        ("time", {}, b"[]", "time must be {advance: SECONDS}, not []"),
        ("log", {"since": "x"}, b"", "log.since must be a whole number, not 'x'"),
        ("settings", {}, b"page_size: 0", "setting 'page_size' must be a whole number, 1 or more"),
        (
            "settings",
            {},
            b"limit_sizes: {ArmReads: {capacity: x}}",
            "setting 'limit_sizes.ArmReads.capacity' must be",
        ),
        ("settings", {}, b"vm_api_versions: [x]", "setting 'vm_api_versions[0]' must be an api-version, not 'x'"),
        (
            "settings",
            {},
            b"newest_api_version: soon",
            "setting 'newest_api_version' must be an api-version, not 'soon'",
        ),
        (
            "settings",
            {},
            b"newest_api_versions: {vms: 2024-07-01}",
            "setting 'newest_api_versions': unknown kind 'vms'; known are machines, disks, ",
        ),
        (
            "faults",
            {},
            b"- action: {status: 500, code: 2026-01-01}",
            "faults[0].action.code must be a text, not date",
        ),
    ],
)
def test_control_bodies(cloud: Cloud, name: str, query: dict[str, str], body: bytes, text: str):
    answer = serve_control(cloud.world, "GET" if name == "log" else "POST", name, query, body)

    assert answer.status == 400
    assert text in answer.body.decode()


def test_api_versions_need_no_quotes(cloud: Cloud):
    body = b"{newest_api_version: 2026-01-01, newest_api_versions: {disks: 2025-01-01}, vm_api_versions: [2024-07-01]}"
    answer = json.loads(serve_control(cloud.world, "POST", "settings", {}, body).body)

    assert answer["newest_api_version"] == "2026-01-01"
    assert answer["newest_api_versions"]["disks"] == "2025-01-01"
    assert answer["vm_api_versions"] == ["2024-07-01"]
