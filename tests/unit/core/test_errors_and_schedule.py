# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users see of an error; and when a long-running operation is asked about."""

from __future__ import annotations

from itertools import islice

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import (
    ArmError,
    ConnectionFailed,
    InvalidInput,
    ManagedIdentityError,
    UnexpectedAnswer,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._rules import arm_error, verdict_of
from ansible_collections.managed_identity.azure.plugins.module_utils.core._schedule import (
    fleet_schedule,
    single_schedule,
)


@pytest.mark.parametrize(
    ("details", "line"),
    [
        ({}, "It broke."),
        ({"remedy": "Mend it."}, "It broke. Mend it."),
        ({"call": "GET", "target": "/vm1"}, "GET /vm1: It broke."),
        ({"target": "/vm1"}, "/vm1: It broke."),
        ({"status": 409, "code": "Conflict"}, "409 Conflict: It broke."),
        ({"status": 500}, "500: It broke."),
        (
            {"call": "PATCH", "target": "/vm1", "status": 403, "code": "No", "request_id": "r1", "remedy": "Ask."},
            "PATCH /vm1: 403 No: It broke. (request ID r1) Ask.",
        ),
    ],
)
def test_one_line_tells_the_whole_story(details: dict, line: str) -> None:
    error = ManagedIdentityError("It\n  broke.", **details)
    assert str(error) == line
    assert error.to_result() == {
        "status": None,
        "code": None,
        "request_id": None,
        "target": None,
        "remedy": "",
        **{key: value for key, value in details.items() if key != "call"},
        "message": "It broke.",
    }


def test_what_azure_says_is_made_printable_once() -> None:
    raw = "a\x1b[31m\x00b\u202ec\u2066\u200bd\u2028e"
    error = ArmError(raw, code=f"Co\u202e{raw}", request_id="r\x1b1", status=400)
    assert error.message == "a [31m b c d e"
    assert (error.code, error.request_id) == ("Co a [31m b c d e", "r 1")
    assert str(error).isprintable()
    assert UnexpectedAnswer(raw).message == InvalidInput(raw).message == error.message


@pytest.mark.parametrize("kind", [ArmError, UnexpectedAnswer])
def test_what_an_answer_says_is_not_endless(kind: type) -> None:
    error = kind("word " * 3_000_000, code="C" * 5_000_000, request_id="r" * 101)
    assert len(error.message) in (1999, 2000)
    assert error.message.endswith(" ...")
    assert (error.code, error.request_id) == ("C" * 96 + " ...", "r" * 96 + " ...")
    assert kind("x" * 2000, request_id="r" * 100).message == "x" * 2000


def test_half_a_secret_is_none_to_be_shown() -> None:
    error = ArmError("x " * 988 + "abc8Q" + "~" + "Defgh.ijk-LMNOP_qrstuvwxyz0123456 and more " * 9)
    assert "abc8Q" not in error.message
    assert "Defgh" not in error.message


def test_a_long_message_is_judged_by_all_that_it_lists() -> None:
    scopes = ",".join(f"/subscriptions/s/resourceGroups/rg-{number}" for number in range(100))
    said = f"The client lacks permission to perform action 'a/read' on the linked scope(s) '{scopes}' (\u202eor not)"
    error = arm_error(said, status=403, code="LinkedAuthorizationFailed")
    assert len(error.message) == 2000
    assert "resourceGroups/rg-99;" in error.remedy
    assert verdict_of(error) is verdict_of(arm_error(said[:150] + "'", status=403, code="LinkedAuthorizationFailed"))


def test_no_remedy_repeats_what_is_not_printable() -> None:
    said = "does not have authorization to perform action 'a/\x1b[31mread' over scope '/s/\u202ex'"
    assert arm_error(said, status=403, code="AuthorizationFailed").remedy.isprintable()


def test_kinds_carry_what_the_engine_needs() -> None:
    assert ArmError("m", retry_after=2.5, status=429).retry_after == 2.5
    assert ArmError("m").retry_after is None
    assert ConnectionFailed("m", sent=True, call="PATCH").sent is True
    assert ConnectionFailed("m", sent=False).sent is False
    assert issubclass(InvalidInput, ManagedIdentityError)


def test_one_resource_is_asked_after_0_1_3_5_then_every_5_seconds() -> None:
    waits = list(islice(single_schedule(), 7))
    assert [sum(waits[: n + 1]) for n in range(7)] == [0, 1, 3, 5, 10, 15, 20]


def test_a_fleet_is_asked_first_after_6_seconds_then_spread() -> None:
    asked: list[tuple[float, float]] = []

    def uniform(low: float, high: float) -> float:
        asked.append((low, high))
        return 4.5

    assert list(islice(fleet_schedule(uniform), 3)) == [6.0, 4.5, 4.5]
    assert asked == [(4.0, 6.0)] * 2
