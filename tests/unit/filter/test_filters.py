# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of roles, as Ansible's templates see them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.managed_identity.azure.plugins.filter.answer import FilterModule as Answer
from ansible_collections.managed_identity.azure.plugins.filter.would_change import FilterModule as WouldChange

SCOPE = "/subscriptions/11111111-2222-4333-8444-555555555555"


def answer(*arguments: Any, **more: Any) -> Any:
    return Answer().filters()["answer"](*arguments, **more)


def would_change(*arguments: Any, **more: Any) -> Any:
    return WouldChange().filters()["would_change"](*arguments, **more)


@pytest.mark.parametrize(
    "value",
    [
        f"- role: Reader\n  scopes: {SCOPE}",
        f'[{{"role": "Reader", "scopes": "{SCOPE}"}}]',
        f"\n{{role: Reader, scope: {SCOPE}}}",
        f"---\n- Reader {SCOPE}",
        f"Reader {SCOPE}",
    ],
)
def test_yaml_and_json_in_a_text_are_read(value: str):
    assert answer(value, "grants") == [{"role": "Reader", "scopes": [SCOPE]}]


def test_a_text_stays_a_text():
    assert answer("- [a", "text") == "- [a"


@pytest.mark.parametrize(
    ("value", "kind", "default", "expected"),
    [
        ("", "text", "present", "present"),
        ("absent", "text", "present", "absent"),
        ("", "flag", True, True),
        ("no", "flag", True, False),
        ("", "number", 5, 5),
        ("0", "number", 5, 0),
        ("\n", "list", ["a"], ["a"]),
        ("b", "list", ["a"], ["b"]),
        ("", "list", None, []),
    ],
)
def test_default_is_for_what_is_empty(value: str, kind: str, default: Any, expected: Any):
    assert answer(value, kind, default=default) == expected


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("x", "colour"), "'colour' is none of credentials, flag"),
        (("maybe", "flag"), "neither true nor false"),
        (("- a\n b: [", "list"), "mapping values are not allowed"),
    ],
)
def test_answer_refuses(arguments: tuple[Any, ...], words: str):
    with pytest.raises(AnsibleFilterError, match=words):
        answer(*arguments)


SAME = {"changed": False, "diff": {"before": {"a": 1}, "after": {"a": 1}}}
OTHER = {"changed": False, "diff": {"before": {"a": 1}, "after": {"a": 2}}}
SKIPPED = {"changed": False, "skipped": True}


@pytest.mark.parametrize(
    ("registered", "changing", "not_changing"),
    [
        ({"results": [SAME, OTHER, SKIPPED]}, [OTHER], [SAME]),
        ({"results": [], "skipped": True}, [], []),
        (OTHER, [OTHER], []),
        (SAME, [], [SAME]),
        (SKIPPED, [], []),
    ],
)
def test_would_change(registered: dict[str, Any], changing: list[Any], not_changing: list[Any]):
    assert would_change(registered) == changing
    assert would_change(registered, False) == not_changing


def test_would_change_takes_registered_results():
    with pytest.raises(AnsibleFilterError, match="registered"):
        would_change(["a"])
