# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the network, proxies and a busy cloud do: late, broken and refused requests, and waits that are asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

from tests.faults.fault import Fault, Place, answer
from tests.faults.faults_of_answers import HTML

__all__ = ["network_faults"]

# The deadline passes in the middle.
_TOO_LONG, _DEADLINE = 3.0, 2
_WRITES = ("PUT", "PATCH")


def network_faults() -> Iterator[Fault]:
    """All of them."""
    yield from _refusals()
    yield from _waits()
    yield Fault("reset-before", lambda _place: {"reset": "before"}, passes=True)
    yield Fault("reset-after", lambda _place: {"reset": "after"}, passes=True)
    yield Fault("truncated", _truncated(20), passes=True)
    yield Fault("truncated-at-once", _truncated(0), passes=True)
    yield Fault("broken-gzip", lambda _place: {"delay": 0, "headers": {"Content-Encoding": "gzip"}})
    yield Fault("late", lambda _place: {"delay": _TOO_LONG}, seconds=_DEADLINE, lasts=_TOO_LONG)
    yield Fault("answered-late", lambda _place: {"delay_after": _TOO_LONG}, seconds=_DEADLINE, lasts=_TOO_LONG)


def _refusals() -> Iterator[Fault]:
    for status in (500, 503):
        yield Fault(str(status), _error(status, "InternalServerError", "Something broke."), passes=True)
    for status in (502, 504):
        yield Fault(f"{status}-html", _html(status), passes=True)
    yield Fault("408", _error(408, "RequestTimeout", "Too slow."), passes=True)
    yield Fault("429", _error(429, "TooManyRequests", "Slow down."), passes=True)
    yield Fault("403-html", _html(403))
    yield Fault("400-unknown", _error(400, "SomethingNew", "Nobody has heard of it."))
    yield Fault("409-conflict", _write(_error(409, "Conflict", "The request failed due to conflict.")))
    yield Fault("412", _write(_error(412, "PreconditionFailed", 'Etag in if-match header "2" does not match "3".')))
    yield Fault("401-once", lambda place: None if _anonymous(place) else {"reject_token": True}, passes=True)
    challenge = 'Bearer authorization_uri="https://login.invalid/", error="insufficient_claims", claims="%%% no base64"'
    body = _error_body("InvalidAuthenticationToken", "Claims are missing.")
    yield Fault("401-broken-claims", lambda _place: answer(401, body, WWW_Authenticate=challenge))
    yield Fault("404-of-operation", _poll(_error(404, "NotFound", "The entity was not found.")), passes=True)


def _waits() -> Iterator[Fault]:
    """Retry-After of an answer that asks to come again, and of one that is all right."""
    for name, text in {"soon": "soon", "minus": "-1", "float": "1e9", "1-s": "1"}.items():
        yield Fault(f"429-retry-after-{name}", _throttled(text), passes=True)
        yield Fault(f"retry-after-{name}", _accepted(text), passes=True)
    yield Fault("429-retry-after-date", _at_a_date(_throttled), passes=True)
    yield Fault("retry-after-date", _at_a_date(_accepted), passes=True)
    yield Fault("429-retry-after-1-h", _throttled("3600"))


def _in_a_second() -> str:
    return format_datetime(datetime.now(timezone.utc) + timedelta(seconds=1), usegmt=True)


def _error_body(code: str, message: str) -> str:
    return json.dumps({"error": {"code": code, "message": message}})


def _error(status: int, code: str, message: str) -> Callable[[Place], dict[str, Any]]:
    return lambda _place: answer(status, _error_body(code, message))


def _html(status: int) -> Callable[[Place], dict[str, Any]]:
    return lambda _place: answer(status, HTML, Content_Type="text/html")


def _at_a_date(made: Callable[[str], Callable[[Place], dict[str, Any]]]) -> Callable[[Place], dict[str, Any]]:
    """A fault whose date is made when it strikes."""

    def at(place: Any) -> Any:
        return made(_in_a_second())(place)

    return at


def _throttled(text: str) -> Callable[[Place], dict[str, Any]]:
    return lambda _place: answer(429, _error_body("TooManyRequests", "Slow down."), Retry_After=text)


def _accepted(text: str) -> Callable[[Place], dict[str, Any] | None]:
    """A write that is done, and whose operation is to be asked about then."""
    return lambda place: {"delay": 0, "headers": {"Retry-After": text}} if place.request.begins_operation else None


def _write(action: Callable[[Place], dict[str, Any]]) -> Callable[[Place], dict[str, Any] | None]:
    return lambda place: action(place) if place.request.method in _WRITES else None


def _poll(action: Callable[[Place], dict[str, Any]]) -> Callable[[Place], dict[str, Any] | None]:
    return lambda place: action(place) if place.polls else None


def _anonymous(place: Place) -> bool:
    return place.request.signs_in or place.request.finds_cloud


def _truncated(count: int) -> Callable[[Place], dict[str, Any] | None]:
    """An answer without a body cannot be cut."""
    return lambda place: None if place.request.method == "DELETE" else {"truncate": count}
