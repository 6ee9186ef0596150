# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The log of requests: in memory for tests and in a file for people. Tokens and secrets never enter it."""

from __future__ import annotations

import json
import sys
import typing as t
from datetime import datetime, timezone

__all__ = ("RequestLog", "cleaned")

_HEADERS = ("If-Match", "If-None-Match", "User-Agent", "x-ms-client-request-id")
_SECRET = ("password", "secret", "customdata", "assertion", "token", "privatekey", "protectedsettings")


def cleaned(value: t.Any) -> t.Any:
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


def _hidden(value: t.Any) -> t.Any:
    if isinstance(value, dict) and "value" in value:
        return {"value": "********"}
    return "********" if isinstance(value, str) else cleaned(value)


def _secure_parameters(properties: dict[str, t.Any]) -> set[str]:
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


class RequestLog:
    """Numbered entries, each also a line of the file."""

    def __init__(self, file: t.TextIO, *, quiet: bool = False) -> None:
        self._file = file
        self._quiet = quiet
        self._lines: list[str] = []
        self._first = 1

    def add(
        self,
        method: str,
        path: str,
        status: int | None,
        *,
        body: t.Any,
        headers: t.Mapping[str, str],
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
        line = json.dumps(entry, separators=(",", ":"), ensure_ascii=False)
        self._lines.append(line)
        self._file.write(line + "\n")
        self._file.flush()
        if not self._quiet:
            suffix = f" [{fault}]" if fault else ""
            sys.stderr.write(f"{entry['time'][11:23]} {status or '---'} {method} {path[:200]}{suffix}\n")

    def since(self, number: int) -> bytes:
        """Return a JSON list of the entries after the given number."""
        lines = self._lines[max(0, number + 1 - self._first) :]
        return ("[" + ",\n".join(lines) + "]").encode()

    def clear(self) -> None:
        """Forget the entries in memory; numbers go on, the file stays."""
        self._first += len(self._lines)
        self._lines.clear()
