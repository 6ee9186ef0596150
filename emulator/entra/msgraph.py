# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft Graph, as far as role assignments need it: which directory objects there are, by ID and by name."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any

from ..base.moments import is_guid
from ..base.read_json import read_json
from ..cloud.model import Caller
from ..cloud.store import Store
from ..wire.answers import Answer, error_answer, json_answer
from ..wire.errors import ArmError
from .msgraph_access import GraphError
from .msgraph_objects import DirectoryObject, objects_of

__all__ = ["is_msgraph", "serve_msgraph"]

_MOST_IDS = 1000
_FILTERS = {
    "serviceprincipals": re.compile(
        r"\s*servicePrincipalNames/any\(\s*(?P<name>\w+)\s*:\s*(?P=name) eq '(?P<value>(?:[^']|'')*)'\s*\)\s*"
    ),
    "users": re.compile(r"\s*userPrincipalName eq '(?P<value>(?:[^']|'')*)'\s*"),
}
_HEADERS = {
    "Content-Type": "application/json;odata.metadata=minimal;odata.streaming=true;"
    "IEEE754Compatible=false;charset=utf-8",
    "Cache-Control": "no-cache",
    "OData-Version": "4.0",
    "Strict-Transport-Security": "max-age=31536000",
    "Vary": "Accept-Encoding",
    "x-ms-resource-unit": "1",
}
_SHOWN = {"serviceprincipals": ("servicePrincipals", "servicePrincipal"), "users": ("users", "user")}


def is_msgraph(path: str) -> bool:
    """Whether a path is Microsoft Graph's."""
    return path.lower().startswith("/v1.0/")


def serve_msgraph(
    method: str,
    path: str,
    query: Mapping[str, str],
    body: bytes,
    *,
    caller: Caller | ArmError,
    store: Store,
    latest: float,
    base_url: str,
) -> Answer:
    """Answer a request of a caller, or the refusal of its token; who was made after `latest` is not known yet."""
    try:
        if isinstance(caller, ArmError):
            raise caller
        for name in query:
            if name.startswith("$") and (name != "$filter" or method != "GET"):
                raise GraphError(400, "Request_BadRequest", f"Unrecognized query argument specified: '{name}'.")
        segments = [segment.lower() for segment in path.split("/") if segment][1:]
        known = objects_of(store, caller.tenant, latest)
        if segments == ["directoryobjects", "getbyids"] and method == "POST":
            found = _by_ids(caller, _json(body), known)
            answer = _listed(base_url, "directoryObjects", [item.shown(typed=True) for item in found])
        elif len(segments) == 1 and segments[0] in _FILTERS and method == "GET":
            name, kind = _SHOWN[segments[0]]
            found = _named(caller, segments[0], kind, query.get("$filter"), known)
            answer = _listed(base_url, name, [item.shown() for item in found])
        else:
            segment = path.removeprefix("/").partition("/")[2].partition("/")[0]
            raise GraphError(400, "BadRequest", f"Resource not found for the segment '{segment}'.")
    except ArmError as error:
        answer = error_answer(error)
    return Answer(answer.status, answer.body, {**_HEADERS, "request-id": str(uuid.uuid4()), **answer.headers})


def _check_right(caller: Caller) -> None:
    if not caller.reads_directory:
        raise GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")


def _by_ids(caller: Caller, body: dict[str, Any], known: Mapping[str, DirectoryObject]) -> list[DirectoryObject]:
    ids, types = body.get("ids"), body.get("types")
    if not isinstance(ids, list) or not ids:
        raise GraphError(400, "Request_BadRequest", "The 'ids' of the request are missing or empty.")
    if len(ids) > _MOST_IDS:
        raise GraphError(400, "Request_BadRequest", f"Too many ids are given: {len(ids)}, the limit is {_MOST_IDS}.")
    for one in ids:
        if not isinstance(one, str) or not is_guid(one):
            raise GraphError(400, "Request_BadRequest", f"Invalid GUID:{one}")
    if types is not None and not (isinstance(types, list) and all(isinstance(one, str) for one in types)):
        raise GraphError(400, "Request_BadRequest", "The 'types' of the request are not a list of texts.")
    _check_right(caller)
    wanted = {one.lower() for one in types or ()} - {"directoryobject"}
    found = [known[one] for one in dict.fromkeys(str(one).lower() for one in ids) if one in known]
    return [item for item in found if not wanted or item.kind.lower() in wanted]


def _named(
    caller: Caller, collection: str, kind: str, text: str | None, known: Mapping[str, DirectoryObject]
) -> list[DirectoryObject]:
    match = _FILTERS[collection].fullmatch(text or "")
    if match is None:
        raise GraphError(400, "Request_UnsupportedQuery", "Unsupported or invalid query filter clause specified.")
    _check_right(caller)
    name = match["value"].replace("''", "'").lower()
    return [item for item in known.values() if item.kind == kind and name in item.names]


def _json(body: bytes) -> dict[str, Any]:
    try:
        value = read_json(body)
    except ValueError as error:
        raise GraphError(400, "BadRequest", "Unable to read JSON request payload.") from error
    if not isinstance(value, dict):
        raise GraphError(400, "BadRequest", "Unable to read JSON request payload.")
    return value


def _listed(base_url: str, name: str, items: list[dict[str, Any]]) -> Answer:
    return json_answer(200, {"@odata.context": f"{base_url}/v1.0/$metadata#{name}", "value": items})
