# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Retry-After: seconds, dates, and values that say nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.managed_identity.azure.plugins.module_utils.core.wire._retry_after import (
    asked_to_wait,
    retry_after_seconds,
)

# Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110.
THEN = 784111777


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        (" 17 ", 17.0),
        ("1.5", 1.5),
        ("9" * 400, 1e9),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 10.0),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 10.0),
        ("Sun Nov  6 08:49:37 1994", 10.0),
        ("Sun, 06 Nov 1994 09:49:37 +0100", 10.0),
        ("Sun, 06 Nov 1994 08:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 1e9),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1e9", None),
        ("inf", None),
        ("nan", None),
        ("٣", None),
        ("Sun, 99 Nov 1994 99:99:99 GMT", None),
        ("Sun, 06 Nov 99999999999999999999 08:49:37 GMT", None),
    ],
)
def test_values(text: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(text, THEN - 10) == seconds


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d+ (Jan|Nov) -?\d+ \d+:\d+:\d+( GMT| [+-]\d+)?", fullmatch=True))
def test_no_text_raises_and_no_wait_is_negative(text: str) -> None:
    seconds = retry_after_seconds(text, THEN)
    assert seconds is None or 0 <= seconds <= 1e9


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "3", "retry-after-ms": "250"}, 3.0),
        ({"retry-after-ms": "250"}, 0.25),
        ({"x-ms-retry-after-ms": "1500"}, 1.5),
        ({"Retry-After": "soon", "x-ms-retry-after-ms": "1500"}, 1.5),
        ({"retry-after-ms": "Sun, 06 Nov 1994 08:49:37 GMT"}, None),
    ],
)
def test_headers(headers: dict[str, str], seconds: float | None) -> None:
    assert asked_to_wait(headers, THEN - 10) == seconds
