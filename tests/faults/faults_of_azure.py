# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Azure itself does: operations that do not end well, reads of what was a while ago, and sign-in that fails."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.faults.fault import Fault, Place, answer

__all__ = ["DAYS", "azure_faults"]

# How long an operation without end takes, in seconds: the emulator's clock is put forward by more, then it has ended.
DAYS = 1_000_000


def azure_faults() -> Iterator[Fault]:
    """All of them."""
    for outcome in ("Failed", "Canceled", "OperationPreempted"):
        for effect in ("rolled_back", "applied"):
            name = f"operation-{outcome.lower().removeprefix('operation')}-{effect.replace('_', '-')}"
            passes = outcome == "OperationPreempted"
            yield Fault(name, _operation(outcome=outcome, effect=effect), passes=passes)
    yield Fault("operation-without-end", _operation(seconds=DAYS), seconds=2, for_ever=True)
    yield Fault("operation-of-a-second", _operation(seconds=1), passes=True)
    yield Fault("stale-read", _stale, comes_once=True)
    for name, body in _TOKENS.items():
        yield Fault(f"token-{name}", _sign_in(200, body))
    again = "A transient error has occurred. Please try again."
    yield Fault("sign-in-transient", _sign_in(503, _refused(90033, "temporarily_unavailable", again)), passes=True)
    yield Fault("sign-in-transient-400", _sign_in(400, _refused(90033, "invalid_request", again)), passes=True)
    yield Fault("sign-in-refused", _sign_in(401, _refused(7000215, "invalid_client", "Invalid client secret.")))


def _stale(place: Place) -> dict[str, Any] | None:
    """A read of what was a write ago; an operation has no such past, and of instances nobody can tell it."""
    tells = not place.polls and not place.request.path.endswith("/virtualMachines")
    return {"stale": {"writes": 1}} if place.request.method == "GET" and tells else None


def _operation(**outcome: Any) -> Callable[[Place], dict[str, Any] | None]:
    return lambda place: {"operation": dict(outcome)} if place.request.begins_operation else None


_TOKENS: dict[str, Any] = {
    "missing": {"token_type": "Bearer", "expires_in": 3599},
    "null": {"token_type": "Bearer", "expires_in": 3599, "access_token": None},
    "number": {"token_type": "Bearer", "expires_in": 3599, "access_token": 7},
    "empty": {"token_type": "Bearer", "expires_in": 3599, "access_token": ""},
    "two-lines": {"token_type": "Bearer", "expires_in": 3599, "access_token": "a\r\nX-Evil: b"},
    "expires-text": {"token_type": "Bearer", "expires_in": "soon", "access_token": "x"},
}


def _refused(code: int, error: str, message: str) -> dict[str, Any]:
    return {"error": error, "error_description": f"AADSTS{code}: {message}", "error_codes": [code]}


def _sign_in(status: int, body: Any) -> Callable[[Place], dict[str, Any] | None]:
    return lambda place: answer(status, json.dumps(body)) if place.request.signs_in else None
