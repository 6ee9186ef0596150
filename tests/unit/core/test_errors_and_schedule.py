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
)
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
