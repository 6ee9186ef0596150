# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests of a task, as the emulator's log shows them: each by its method, its path and its number among those."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.faults.estate import DECOYS

__all__ = ["Request", "decoy_path", "requests_of"]


@dataclass(frozen=True)
class Request:
    """One request of a task.

    :param path: with its query, as it was sent
    :param nth: its number among the requests of the same method and path, from 1
    """

    method: str
    path: str
    nth: int

    @property
    def place(self) -> str:
        """Its path without the query."""
        return self.path.partition("?")[0]

    @property
    def types(self) -> tuple[str, ...]:
        """The types in its path, in lower case, outermost first; for what has none, its last word."""
        _head, provider, tail = self.place.rpartition("/providers/")
        if provider:
            return tuple(tail.lower().split("/")[1::2])
        words = self.place.lower().strip("/").split("/")
        return tuple((words[::2] if words[0] == "subscriptions" else words)[-1:])

    @property
    def call(self) -> str:
        """What is asked of which kind of thing, whatever its name: of one of them, or of all."""
        _head, provider, tail = self.place.rpartition("/providers/")
        listed = provider and self.method == "GET" and len(tail.split("/")) % 2 == 0
        return f"{self.method}-{'.'.join(self.types)}{'-list' if listed else ''}"

    @property
    def label(self) -> str:
        """Its name in reports, other than that of all other requests of its scenario."""
        named = "" if "operations" in self.types else self.place.partition("/providers/")[2]
        names = [word for word in named.split("/")[2::2] if not word.startswith("Microsoft.")]
        return "-".join([self.call, *names, str(self.nth)])

    @property
    def signs_in(self) -> bool:
        """Whether it is asked of the sign-in service."""
        return self.place.endswith("/token")

    @property
    def finds_cloud(self) -> bool:
        """Whether it asks where the cloud's services are."""
        return self.place.startswith("/metadata/")

    @property
    def writes(self) -> bool:
        """Whether it would change something."""
        reading = self.method == "GET" or self.signs_in or self.types[-1] in ("listassociatedresources", "getbyids")
        return not reading

    @property
    def begins_operation(self) -> bool:
        """Whether it begins a long-running operation."""
        return self.writes and "/Microsoft.Compute/" in self.place

    @property
    def match(self) -> dict[str, str]:
        """How the emulator knows it; the ID of an operation, which differs in each run, is left open."""
        place = re.escape(self.place)
        if "/operations/" in place:
            place = re.sub(r"/operations/.*", "/operations/[^/?]+", place)
        return {"method": self.method, "path": f"^{place}([?]|$)"}


def decoy_path(request: Request) -> str | None:
    """The path of the decoy of what a request is about; None where there is none."""
    place, _mark, query = request.path.partition("?")
    decoy = DECOYS.get(request.types[-1])
    listed = request.call.endswith("-list")
    return None if decoy is None or listed else f"{place.rpartition('/')[0]}/{decoy}?{query}"


def requests_of(log: Sequence[Mapping[str, Any]]) -> list[Request]:
    """The requests of a log, in their order; polls of different operations at one place are the same."""
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for line in log:
        request = Request(line["method"], line["path"], 0)
        key = (request.method, request.match["path"])
        seen[key] += 1
        found.append(Request(request.method, request.path, seen[key]))
    return found
