# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ARM paths, read once per request into a key for the table of routes. Everything but names is case-insensitive."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

__all__ = ["ArmPath", "parse", "parse_resource_id"]

_KINDS = {0: "tenant", 2: "subscription", 4: "group"}
# IDs come in bodies too, which may be long: no more than so many characters of each are kept.
_LONGEST_REMEMBERED = 1000
_MANAGEMENT = ["providers", "microsoft.management", "managementgroups"]


class ArmPath(NamedTuple):
    """A request path in parts.

    `template` is the route's key, for example `group|microsoft.compute/virtualmachines/*`: what the last provider hangs
    on, a bar, and its types in lower case with `*` for names. Paths without a provider are literal: `subscriptions/*`.
    """

    resource_id: str
    template: str
    subscription: str
    group: str
    namespace: str
    types: tuple[str, ...]
    names: tuple[str, ...]
    scope: str

    @property
    def name(self) -> str:
        """The last resource name, or an empty string for a collection."""
        return self.names[-1] if self.names else ""


def parse(path: str) -> ArmPath:
    """Take a URL path without its query and return its parts; never fails (an unknown path has an unknown template)."""
    segments = [segment for segment in path.split("/") if segment]
    lowered = [segment.lower() for segment in segments]
    subscription = segments[1] if len(segments) > 1 and lowered[0] == "subscriptions" else ""
    group = segments[3] if len(segments) > 3 and lowered[2] == "resourcegroups" else ""
    resource_id = "/" + "/".join(segments)
    start = _last_provider(lowered)
    if start is None:
        template = "/".join("*" if index % 2 else segment for index, segment in enumerate(lowered))
        return ArmPath(resource_id, template, subscription, group, "", (), (), resource_id)
    tail = segments[start + 2 :]
    block = "/".join("*" if index % 2 else segment.lower() for index, segment in enumerate(tail))
    return ArmPath(
        resource_id=resource_id,
        template=f"{_kind(lowered, start)}|{lowered[start + 1]}/{block}",
        subscription=subscription,
        group=group,
        namespace=segments[start + 1],
        types=tuple(tail[::2]),
        names=tuple(tail[1::2]),
        scope="/" + "/".join(segments[:start]) if start else "",
    )


def _kind(lowered: list[str], start: int) -> str:
    """Return what the last provider hangs on; `elsewhere` has no routes."""
    if lowered[0] == "subscriptions" or start == 0:
        kind = _KINDS.get(start, "resource")
        return kind if kind != "group" or lowered[2] == "resourcegroups" else "elsewhere"
    return "management" if lowered[:3] == _MANAGEMENT and start == 4 else "elsewhere"


def _last_provider(lowered: list[str]) -> int | None:
    for index in range(len(lowered) - 3, -1, -1):
        if lowered[index] == "providers" and index % 2 == 0:
            return index
    return None


def parse_resource_id(resource_id: str) -> ArmPath | None:
    """Return the parts of a full resource ID below a resource group, or None if it is not one."""
    return _remembered(resource_id) if len(resource_id) <= _LONGEST_REMEMBERED else _parsed(resource_id)


def _parsed(resource_id: str) -> ArmPath | None:
    path = parse(resource_id)
    whole = resource_id.startswith("/") and path.template.startswith("group|")
    return path if whole and path.names and len(path.types) == len(path.names) else None


_remembered = lru_cache(maxsize=65536)(_parsed)
