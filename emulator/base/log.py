# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The log of requests: in memory for tests and in a file for people. Tokens and secrets never enter it."""

from __future__ import annotations

import itertools
import json
import sys
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, BinaryIO

__all__ = ["LogGone", "RequestLog", "cleaned"]

_HEADERS = ("If-Match", "If-None-Match", "User-Agent", "x-ms-client-request-id")
_SECRET = ("password", "secret", "customdata", "assertion", "token", "privatekey", "protectedsettings")


def cleaned(value: Any) -> Any:
    """Return a JSON value with the values of all names that speak of secrets, and of secure parameters, replaced."""
    if isinstance(value, dict):
        secure = _secure_parameters(value)
        shown = {key: _hidden(item) if _is_secret(key) else cleaned(item) for key, item in value.items()}
        if secure:
            given = shown["parameters"].items()
            shown["parameters"] = {key: _hidden(item) if key.lower() in secure else item for key, item in given}
        return shown
    return [cleaned(item) for item in value] if isinstance(value, list) else value


def _is_secret(name: str) -> bool:
    return any(word in name.lower() for word in _SECRET)


def _hidden(value: Any) -> Any:
    if isinstance(value, dict) and "value" in value:
        return {"value": "********"}
    return "********" if isinstance(value, str) else cleaned(value)


def _secure_parameters(properties: dict[str, Any]) -> set[str]:
    """Return the names, in lower case, of the parameters of a deployment that its template declares as secure."""
    template, given = properties.get("template"), properties.get("parameters")
    declared = template.get("parameters") if isinstance(template, dict) else None
    if not isinstance(declared, dict) or not isinstance(given, dict):
        return set()
    return {
        name.lower()
        for name, what in declared.items()
        if isinstance(what, dict) and str(what.get("type")).lower().startswith("secure")
    }


class LogGone(Exception):
    """Entries that were asked for are no longer in memory; the text says which are."""


class RequestLog:
    """Numbered entries, each also a line of the file; in memory the newest ones, as many as `limit` says."""

    def __init__(self, file: BinaryIO, *, quiet: bool = False) -> None:
        self._file = file
        self._quiet = quiet
        self._lines: deque[bytes] = deque()
        self._first = 1
        self._bytes = 0
        self._dropped = 0
        self._most = (100_000, 64 * 1024 * 1024)

    def limit(self, entries: int, size: int) -> None:
        """Keep at most so many entries in memory, and so many bytes of them."""
        self._most = entries, size
        self._drop()

    def add(
        self,
        method: str,
        path: str,
        status: int | None,
        *,
        body: Any,
        headers: Mapping[str, str],
        caller: str | None,
        fault: str | None,
    ) -> None:
        """Write an entry; `path` has the query, `status` None: the connection was broken without an answer."""
        entry = {
            "n": self._first + len(self._lines),
            "time": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
            "method": method,
            "path": path,
            "status": status,
            "body": cleaned(body),
            "headers": {name.lower(): headers[name] for name in _HEADERS if name in headers},
            "caller": caller,
        }
        if fault:
            entry["fault"] = fault
        text = json.dumps(entry, separators=(",", ":"), ensure_ascii=False)
        # What was no UTF-8 in the request is an escape in the line, as JSON has them.
        line = text.encode("utf-8", "backslashreplace")
        self._lines.append(line)
        self._bytes += len(line)
        self._drop()
        self._file.write(line + b"\n")
        self._file.flush()
        if not self._quiet:
            suffix = f" [{fault}]" if fault else ""
            sys.stderr.write(f"{entry['time'][11:23]} {status or '---'} {method} {path[:200]}{suffix}\n")

    def since(self, number: int) -> bytes:
        """Return a JSON list of the entries after the given number; raises LogGone if there were more."""
        start = max(0, number + 1 - self._first)
        if self._dropped and number + 1 < self._first:
            raise LogGone(
                f"entries {self._first - self._dropped} to {self._first - 1} are no longer in memory, only in "
                f"requests.jsonl; ask for since={self._first - 1}, or raise the settings log_entries and log_bytes"
            )
        return b"[" + b",\n".join(itertools.islice(self._lines, start, None)) + b"]"

    def clear(self) -> None:
        """Forget the entries in memory; numbers go on, the file stays."""
        self._first += len(self._lines)
        self._lines.clear()
        self._bytes = self._dropped = 0

    def counts(self) -> dict[str, int]:
        """Return how many entries are in memory, their bytes, and how many had to go since the last `clear`."""
        return {"kept": len(self._lines), "bytes": self._bytes, "dropped": self._dropped}

    def _drop(self) -> None:
        while len(self._lines) > self._most[0] or self._bytes > self._most[1]:
            self._bytes -= len(self._lines.popleft())
            self._first += 1
            self._dropped += 1
