# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML in an answer to a survey: what it can say, and that nothing else is an error of our own words, at once."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.managed_identity.azure.plugins.filter.answer import _LONGEST, FilterModule

ALIASES = "- &a0 [x, x]\n" + "".join(f"- &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 7))
DIGITS = "9" * 5000


def answer(value: Any, kind: str) -> Any:
    return FilterModule().filters()["answer"](value, kind)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("2024-01-09", "2024-01-09"),
        ("2024-13-45", "2024-13-45"),
        ("2024-01-09 02:02:12", "2024-01-09 02:02:12"),
        ("010", "010"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("=", "="),
        ("<<", "<<"),
        (DIGITS, DIGITS),
        (f"-{DIGITS}", f"-{DIGITS}"),
        ("007.5", "007.5"),
        ("7", 7),
        ("-7", -7),
        ("0", 0),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("-2.5E-3", -0.0025),
        ("'7'", "7"),
        ("no", False),
        ("Yes", True),
        ("true", True),
        ("~", None),
        ("", None),
        ("null", None),
        ("nothing", "nothing"),
        ("é 漢字 🔑", "é 漢字 🔑"),
    ],
)
def test_what_a_word_means(said: str, value: Any) -> None:
    """Of a date or a number that nobody can mean, the text that the user wrote."""
    assert answer(f"- name: x\n  it: {said}", "list") == [{"name": "x", "it": value}]


def test_a_date_is_an_item_as_it_was_written() -> None:
    assert answer("- 2024-13-45\n- 2024-01-09", "list") == ["2024-13-45", "2024-01-09"]
    assert answer("{made: 2024-01-09, cost: 0123}", "tags") == {"made": "2024-01-09", "cost": "0123"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- a\n- !!int x", "line 2 .* tag"),
        ("- !!float y", "line 1 .* tag"),
        ("- !!timestamp 2024-99-01", "line 1 .* tag"),
        ("- !!python/object/apply:os.system [x]", "line 1 .* tag"),
        ("- !x {a: b}", "line 1 .* tag"),
        ("- !!set {a, b}", "line 1 .* tag"),
        (ALIASES, "line 2 .* alias"),
        ("- &a b\n-\n- *a", "line 3 .* alias"),
        ("- a\n- {[b]: c}", "line 2 .* unhashable"),
        ("- a\n- b\x07", r"line 2 .* U\+0007"),
        ("- a\n- 'b", "line 2 "),
        ("---\na\n---\nb", "line 3 .* single document"),
        ("[" * 40, "line 1 .* nested too deep"),
        ("- " * 40 + "a", "line 1 .* nested too deep"),
        ("- " + "a" * _LONGEST, "is too long. Write 65536 characters"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str, words: str) -> None:
    start = time.process_time()
    with pytest.raises(AnsibleFilterError, match=words) as caught:
        answer(text, "list")
    assert str(caught.value).isprintable()
    assert time.process_time() - start < 1


@pytest.mark.parametrize("number", [DIGITS, "9" * 19, f"- {DIGITS}"])
def test_a_number_of_too_many_digits(number: str) -> None:
    with pytest.raises(AnsibleFilterError, match="is not a whole number"):
        answer(number, "number")
    assert answer("9" * 18, "number") == 10**18 - 1


def test_a_number_that_is_too_long_for_text_is_an_error_of_ours() -> None:
    with pytest.raises(AnsibleFilterError, match="no value of the kind number"):
        answer(10**5000, "number")


@pytest.mark.parametrize(
    "piece", ["[", "[],", "{a: ", "a, ", "- a\n", "- - ", "? ", "'", '"\\x41', "&a ", "*a ", "#\n", "- |\n ", "a: b\n"]
)
def test_no_answer_takes_long(piece: str) -> None:
    text = ("- x\n" + piece * _LONGEST)[:_LONGEST]
    start = time.process_time()
    with suppress(AnsibleFilterError):
        answer(text, "list")
    assert time.process_time() - start < 8


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(st.characters(codec="ascii"), max_size=9),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text("abc", min_size=1), parts, max_size=3),
    max_leaves=9,
)


@given(st.dictionaries(st.text("abc", min_size=1), JSON, min_size=1))
def test_json_is_what_it_is(value: dict[str, Any]) -> None:
    assert answer(json.dumps(value), "list") == [value]


@given(st.text("-[]{}:,!&*?|>'\"#% \n\t\\a12.e~<=", max_size=60))
def test_whatever_it_says_it_is_read_or_refused(text: str) -> None:
    for kind in ("list", "tags", "grants", "scopes", "credentials", "vms"):
        with suppress(AnsibleFilterError):
            answer(f"- {text}", kind)
