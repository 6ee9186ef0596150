# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. How long an answer asks to wait. A value that cannot be read asks for nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from email.utils import parsedate_tz

__all__ = ["asked_to_wait", "retry_after_seconds"]

# No operation waits for years: a number of any length means no more than this.
_LONGEST = 1e9
# What some of Azure's services send beside HTTP's own header, or instead of it.
_MILLISECONDS = ("retry-after-ms", "x-ms-retry-after-ms")


def retry_after_seconds(text: str | None, now: float) -> float | None:
    """A value of Retry-After in seconds, never negative; None where there is none, or none that can be read.

    :param text: seconds, or a date of HTTP (RFC 9110, section 10.2.3)
    :param now: seconds since the epoch
    """
    number = _number(text)
    if number is not None:
        return number
    try:
        date = parsedate_tz((text or "").strip())
        then = datetime(*date[:6], tzinfo=timezone.utc).timestamp() - (date[9] or 0) if date else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return None if then is None else min(max(0.0, then - now), _LONGEST)


def asked_to_wait(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that an answer's headers ask to wait before the next request, or None.

    :param headers: case-insensitive
    :param now: seconds since the epoch
    """
    seconds = retry_after_seconds(headers.get("Retry-After"), now)
    said = (_number(headers.get(name)) for name in _MILLISECONDS)
    return next((one / 1000 for one in said if one is not None), None) if seconds is None else seconds


def _number(text: str | None) -> float | None:
    text = (text or "").strip()
    return min(float(text), _LONGEST) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) else None
