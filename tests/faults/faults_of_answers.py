# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that say nothing, say it wrongly, or describe something else than was asked for."""

from __future__ import annotations

import copy
import json
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from tests.faults.fault import Fault, Place, answer

__all__ = ["HTML", "answer_faults"]

HTML = "<html><head><title>502 Bad Gateway</title></head><body><h1>Squid says no</h1></body></html>"
_EMPTY = {"empty": "", "object": "{}", "null": "null", "list": "[]", "text": '"text"', "number": "123", "html": HTML}
_REDIRECTS = (301, 302, 307, 308)


def answer_faults() -> Iterator[Fault]:
    """All of them."""
    for name, body in _EMPTY.items():
        yield Fault(f"200-{name}", _says(200, body))
    yield Fault("202-empty", _says(202, ""))
    yield Fault("204-empty", _says(204, ""))
    for status in _REDIRECTS:
        for where in ("nowhere", "foreign", "own"):
            yield Fault(f"{status}-{where}", _redirect(status, where))
    yield Fault("another-resource", lambda place: _json(place.decoy) if place.describes and place.decoy else None)
    for name, change in _OF_RESOURCE.items():
        yield Fault(name, _changed("describes", change, of_writes=name not in _BESIDE_THE_POINT))
    for name, change in _OF_LIST.items():
        yield Fault(name, _changed("lists", change))
    for name, change in _OF_ITEM.items():
        yield Fault(name, _changed("lists", _in_last(change)))
    for name, change in _OF_OPERATION.items():
        yield Fault(name, _changed("polls", change))
    yield Fault("page-names-itself", lambda place: _next(place, f"{place.url}{place.request.path}"))
    yield Fault("page-foreign-port", lambda place: _next(place, f"{place.foreign}{place.request.path}"))
    yield Fault("page-foreign-host", lambda place: _next(place, "https://foreign.invalid/subscriptions"))
    yield Fault("page-number", lambda place: _next(place, 7))
    yield Fault("page-of-odata", lambda place: _next(place, f"{place.url}/2", "@odata.nextLink", of=("GET", "POST")))
    yield Fault("operation-foreign", _operation_elsewhere)


def _says(status: int, body: str) -> Callable[[Place], dict[str, Any] | None]:
    """What Azure itself says to a DELETE that it has carried out is left out: nobody can tell it from the truth."""

    def action(place: Place) -> dict[str, Any] | None:
        fits = place.request.method == "DELETE" and status == 200 and body == "" and place.body is None
        return None if fits else answer(status, body)

    return action


def _redirect(status: int, where: str) -> Callable[[Place], dict[str, Any] | None]:
    """Each request meets one status of each kind, in turns: to all of them the same must happen."""

    def action(place: Place) -> dict[str, Any] | None:
        if _REDIRECTS[zlib.crc32(f"{place.request.label}{where}".encode()) % len(_REDIRECTS)] != status:
            return None
        if where == "nowhere":
            return answer(status)
        return answer(status, Location=f"{place.foreign if where == 'foreign' else place.url}{place.request.path}")

    return action


def _json(body: Any) -> dict[str, Any]:
    return answer(200, json.dumps(body))


def _changed(
    shape: str, change: Callable[[Any], None], *, of_writes: bool = True
) -> Callable[[Place], dict[str, Any] | None]:
    """The true answer, of a shape, with one thing wrong.

    :param of_writes: whether that can be seen in the answer of a write that was not done
    """

    def action(place: Place) -> dict[str, Any] | None:
        body = copy.deepcopy(place.body)
        unseen = place.request.begins_operation and not of_writes
        if not getattr(place, shape) or unseen:
            return None
        change(body)
        return _json(body) if body != place.body else None

    return action


def _next(place: Place, link: Any, member: str = "nextLink", of: tuple[str, ...] = ("GET",)) -> dict[str, Any] | None:
    return _json({**place.body, member: link}) if place.lists and place.request.method in of else None


def _operation_elsewhere(place: Place) -> dict[str, Any] | None:
    """The write is done, and its answer sends us to a foreign address for its end."""
    if not place.request.begins_operation:
        return None
    url = f"{place.foreign}/operations/1"
    return {"delay": 0, "headers": {"Azure-AsyncOperation": url, "Location": url}}


def _set(name: str, value: Any) -> Callable[[Any], None]:
    """Give a member that is there, or that should be, another value."""
    return lambda body: body.__setitem__(name, value)


def _lose(*names: str) -> Callable[[Any], None]:
    return lambda body: [body.pop(name, None) for name in names] and None


def _deny(body: Any) -> None:
    """An identity of no type, beside what it has all the same."""
    if isinstance(body.get("identity"), dict):
        body["identity"]["type"] = "None"


def _users(value: Any) -> Callable[[Any], None]:
    def change(body: Any) -> None:
        if isinstance(body.get("identity"), dict):
            body["identity"]["userAssignedIdentities"] = value

    return change


def _property(name: str, value: Any) -> Callable[[Any], None]:
    def change(body: Any) -> None:
        if name in (body.get("properties") or {}):
            body["properties"][name] = value

    return change


def _only_where(name: str, change: Callable[[Any], None]) -> Callable[[Any], None]:
    return lambda body: change(body) if name in body else None


def _in_last(change: Callable[[Any], None]) -> Callable[[Any], None]:
    """The same in the last item of a list: the ones before it are as they should be."""
    return lambda body: change(body["value"][-1]) if body["value"] and isinstance(body["value"][-1], dict) else None


_OF_RESOURCE = {
    "id-missing": _lose("id"),
    "id-number": _set("id", 7),
    "id-nonsense": _set("id", "nonsense"),
    "type-another": _only_where("type", _set("type", "Microsoft.Web/sites")),
    "location-missing": _only_where("location", _lose("location")),
    "location-list": _only_where("location", _set("location", ["westeurope"])),
    "identity-list": _only_where("identity", _set("identity", [])),
    "identity-text": _only_where("identity", _set("identity", "SystemAssigned")),
    "users-list": _users([]),
    "users-text": _users("none"),
    "type-denies-the-rest": _deny,
    "users-of-text": _users({"nonsense": {}}),
    "properties-missing": _only_where("properties", _lose("properties")),
    "properties-list": _only_where("properties", _set("properties", [])),
    "principal-number": _property("principalId", 7),
    "tags-list": _only_where("tags", _set("tags", ["a"])),
    "etag-number": _only_where("etag", _set("etag", 7)),
}
_BESIDE_THE_POINT = ("tags-list", "etag-number")
_OF_LIST = {
    "value-missing": _lose("value"),
    "value-null": _set("value", None),
    "value-object": _set("value", {}),
    "value-text": _set("value", "text"),
    "item-number": lambda body: body["value"].append(1),
    "item-null": lambda body: body["value"].append(None),
    "item-empty": lambda body: body["value"].append({}),
    "item-list": lambda body: body["value"].append([]),
}
_OF_ITEM = {f"item-{name}": change for name, change in _OF_RESOURCE.items() if not name.startswith(("type", "etag"))}
_OF_OPERATION = {
    "operation-no-status": _lose("status"),
    "operation-status-number": _set("status", 7),
    "operation-status-unknown": _set("status", "Pondering"),
    "operation-error-text": lambda body: body.update(status="Failed", error="broken"),
}
