# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The oracles of words: what a failure must say, and what nothing may ever show."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from tests.faults.estate import SECRET
from tests.faults.matrix import Cell
from tests.faults.task import Ended
from tests.faults.wrong import Wrong

__all__ = ["wrong_words"]

_TOKEN = re.compile(r"eyJ[\w-]{8,}\.[\w-]*")
_HTML = re.compile(r"<\s*/?\s*(html|head|body|title|h1)\b", re.IGNORECASE)
_CALL = re.compile(r"\b(GET|PUT|PATCH|POST|DELETE)\b")
_SIGN_IN = re.compile(r"sign|token|AADSTS|oauth2", re.IGNORECASE)


def wrong_words(cell: Cell, ended: Ended) -> Iterator[Wrong]:
    """What a task said that it must not, or did not say that it must."""
    everything = f"{json.dumps(ended.result)}\n{ended.shown}\n{ended.crash}"
    if SECRET in everything or _TOKEN.search(everything):
        yield Wrong("secret", "no secret and no token in what is shown", _around(everything))
    if "Traceback" in everything.replace(ended.crash, ""):
        yield Wrong("traceback", "no traceback in what is shown", ended.shown[-300:])
    if ended.failed:
        yield from _of_failure(cell, ended)


def _of_failure(cell: Cell, ended: Ended) -> Iterator[Wrong]:
    message, error = str(ended.result.get("msg")), ended.result.get("error") or {}
    signs_in = cell.request.signs_in
    if not error.get("target") or str(error["target"]) not in message:
        yield Wrong("no target", "a message that names its target", message)
    if not (_SIGN_IN if signs_in else _CALL).search(message):
        yield Wrong("no call", "a message that names the call" if not signs_in else "one of signing in", message)
    if not error.get("remedy"):
        yield Wrong("no remedy", "a remedy", message)
    if _HTML.search(message):
        yield Wrong("raw HTML", "words that can be read", message)


def _around(text: str) -> str:
    """Where it stands, without it."""
    where = text.find(SECRET)
    found = _TOKEN.search(text)
    start = where if where >= 0 or not found else found.start()
    return f"...{text[max(0, start - 60) : start]}***"
