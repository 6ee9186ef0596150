# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resource Graph's errors: the message is for support, the reason is in the details."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..base.clock import Clock
from ..cloud.store import new_id
from ..wire.errors import ArmError

__all__ = ["access_denied", "invalid_body", "invalid_query", "throttled"]

_INVALID = (
    "Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before "
    "retrying."
)


def _error(clock: Clock, status: int, code: str, details: list[dict[str, Any]], **headers: str) -> ArmError:
    moment = clock.date().strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"
    message = f"Please provide below info when asking for support: timestamp = {moment}, correlationId = {new_id()}."
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return ArmError(status, code, message, gateway=False, extra={"details": details}, headers=named)


def invalid_query(clock: Clock, code: str, message: str, detail: Mapping[str, Any]) -> ArmError:
    """Recorded 400: a query that cannot be read or has something that Resource Graph does not know."""
    reason = {"code": code, "message": message, **detail}
    return _error(clock, 400, "BadRequest", [{"code": "InvalidQuery", "message": _INVALID}, reason])


def invalid_body(clock: Clock, message: str) -> ArmError:
    """400: a body that is not a request."""
    return _error(clock, 400, "BadRequest", [{"code": "InvalidRequest", "message": message}])


def access_denied(clock: Clock) -> ArmError:
    """Recorded 403: the caller may read none of the subscriptions."""
    message = "Access is denied to the requested resource. The user might not have enough permission."
    return _error(clock, 403, "AccessDenied", [{"code": "AccessDenied", "message": message}])


def throttled(clock: Clock, seconds: int) -> ArmError:
    """Recorded 429."""
    message = (
        "Client application has been throttled and should not attempt to repeat the request until an amount of time "
        "has elapsed. Please see https://aka.ms/resourcegraph-throttling for help."
    )
    details = [{"code": "RateLimiting", "message": message}]
    return _error(clock, 429, "RateLimiting", details, Retry_After=str(seconds))
