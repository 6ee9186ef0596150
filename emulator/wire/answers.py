# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers: a status, bytes and headers, with the headers that every Azure service sends."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from .errors import ArmError

__all__ = ["Answer", "compact", "error_answer", "json_answer", "pretty", "stamp"]

_JSON = "application/json; charset=utf-8"
_ALWAYS = {
    "Cache-Control": "no-cache",
    "Pragma": "no-cache",
    "Expires": "-1",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
}
_COUNTERS = {
    "GET": {
        "x-ms-ratelimit-remaining-subscription-reads": "249",
        "x-ms-ratelimit-remaining-subscription-global-reads": "3749",
    },
    "DELETE": {
        "x-ms-ratelimit-remaining-subscription-deletes": "199",
        "x-ms-ratelimit-remaining-subscription-global-deletes": "2999",
    },
}
_WRITES = {
    "x-ms-ratelimit-remaining-subscription-writes": "199",
    "x-ms-ratelimit-remaining-subscription-global-writes": "2999",
}


class Answer(NamedTuple):
    """An HTTP answer before it is stamped; `seconds` is how long the service works before it sends it."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = MappingProxyType({})
    seconds: float = 0.0


def compact(value: object) -> bytes:
    """Return JSON as ARM and the identity service write it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def pretty(value: object) -> str:
    """Return JSON as Compute writes it: two blanks of indent and CRLF."""
    return json.dumps(value, indent=2, ensure_ascii=False).replace("\n", "\r\n")


def json_answer(status: int, value: object, headers: Mapping[str, str] | None = None) -> Answer:
    """Return an answer with a compact JSON body."""
    return Answer(status, compact(value), dict(headers or {}))


def error_answer(error: ArmError) -> Answer:
    """Return the answer that an error means."""
    body = pretty(error.body()).encode() if error.pretty else compact(error.body())
    cause = {"x-ms-failure-cause": "gateway"} if error.gateway else {}
    return Answer(error.status, body, {**cause, **error.headers})


def stamp(answer: Answer, method: str) -> dict[str, str]:
    """Return all headers of an ARM answer: its own, IDs of the request, counters and the ever same ones."""
    headers = dict(_ALWAYS)
    if answer.body:
        headers["Content-Type"] = _JSON
    request_id = str(uuid.uuid4())
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    headers["x-ms-request-id"] = request_id
    headers["x-ms-correlation-request-id"] = request_id
    headers["x-ms-routing-request-id"] = f"WESTEUROPE:{moment}:{request_id}"
    if answer.status < 400:
        headers.update(_COUNTERS.get(method, _WRITES))
    headers.update(answer.headers)
    return headers
