# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.ResourceGraph: one query over all that the caller may read, a while ago."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..base.budget import BudgetError
from ..base.read_json import read_json
from ..limits.buckets import Bucket
from ..request.call import Call
from ..rights import rbac
from ..rights.scopes import above, has_management_group, management_scope
from ..wire.answers import Answer, json_answer
from .errors import access_denied, invalid_body, invalid_query, throttled
from .kql import QueryError, read_query
from .kql_steps import Table
from .rows import COLUMNS, rows

__all__ = ["query_resources"]

_MOST = 1000


class _Page(NamedTuple):
    """What part of the result is asked for, and in which form."""

    skip: int
    top: int
    table: bool


def query_resources(call: Call) -> Answer:
    """POST of a query: a page of its result; raises ArmError 400, 403 and 429."""
    counters = _count(call)
    body = call.json()
    if body.get("facets"):
        raise invalid_body(call.clock, "Facets are not supported by this emulator.")
    page = _page(call, body.get("options"))
    subscriptions = _scope(call, body)
    query = body.get("query")
    if not isinstance(query, str) or not query.strip():
        raise invalid_body(call.clock, "The query is missing.")
    try:
        table = _run(call, query, subscriptions)
    except QueryError as error:
        raise invalid_query(call.clock, error.code, str(error), error.detail) from error
    except BudgetError as error:
        raise invalid_query(call.clock, "QueryExecutionLimitExceeded", str(error), {}) from error
    except RecursionError as error:
        raise invalid_query(call.clock, "ParserFailure", "ParserFailure", {"token": "("}) from error
    return json_answer(200, _shown(table, page), counters)


def _count(call: Call) -> dict[str, str]:
    left, full = 14, 5
    if call.meter is not None:
        bucket = Bucket("ResourceGraphQueries", call.caller.object_id)
        empty = call.meter.spend([bucket])
        left, full = call.meter.left(bucket)
        call.meter.headers.update(_counters(left, full))
        if empty is not None:
            raise throttled(call.clock, empty[1])
    return _counters(left, full)


def _counters(left: int, seconds: int) -> dict[str, str]:
    resets = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return {"x-ms-user-quota-remaining": str(left), "x-ms-user-quota-resets-after": resets}


def _scope(call: Call, body: Mapping[str, Any]) -> set[str]:
    """Return the subscriptions to look into: those asked for that the caller sees, or all that the caller sees."""
    seen = {
        item.id
        for item in call.store.subscriptions.values()
        if item.tenant == call.caller.tenant and rbac.present(call.caller, f"/subscriptions/{item.id}")
    }
    asked, groups = _texts(call, body, "subscriptions"), _texts(call, body, "managementGroups")
    if asked and groups:
        raise invalid_body(call.clock, "Both subscriptions and management groups are not supported by this emulator.")
    found = {item.lower() for item in asked} & seen
    if groups:
        places = [management_scope(name) for name in groups]
        known = [place for place in places if has_management_group(call.store, place, call.caller.tenant)]
        found = {item for item in seen if any(above(call.store, place, f"/subscriptions/{item}") for place in known)}
    if (asked or groups) and not found:
        raise access_denied(call.clock)
    return found or seen


def _texts(call: Call, body: Mapping[str, Any], name: str) -> list[str]:
    """Return a list of the body, empty if it is not there; raises ArmError 400."""
    value = body.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise invalid_body(call.clock, f"The {name} must be a list of IDs.")
    return value


def _run(call: Call, text: str, subscriptions: set[str]) -> Table:
    query = read_query(text)
    if query.table not in COLUMNS:
        raise QueryError("InvalidQueryLanguage", line=1, characterPositionInLine=0, token=query.table)
    past = call.history.seconds_ago(call.store, call.now, call.settings.resource_graph_seconds)
    visible = [
        row
        for action, row in rows(past.store, query.table)
        if row["subscriptionId"] in subscriptions and rbac.allowed(call.caller, action, row["id"])
    ]
    return query.run(COLUMNS[query.table], visible)


def _page(call: Call, options: object) -> _Page:
    if not isinstance(options, (dict, type(None))):
        raise invalid_body(call.clock, "The options must be an object.")
    given = options or {}
    top, skip = given.get("$top", 100), given.get("$skip", 0)
    for name, value, least, most in (("$top", top, 1, _MOST), ("$skip", skip, 0, 2**31)):
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise invalid_body(call.clock, f"The value of {name} must be a whole number from {least} to {most}.")
    if (token := given.get("$skipToken")) is not None:
        skip, top = _read_token(call, token, None if "$top" not in given else top)
    form = str(given.get("resultFormat") or "objectArray").lower()
    if form not in ("table", "objectarray"):
        raise invalid_body(call.clock, "The resultFormat must be table or objectArray.")
    return _Page(skip, top, form == "table")


def _read_token(call: Call, token: object, top: int | None) -> tuple[int, int]:
    try:
        value = read_json(base64.b64decode(str(token), validate=True))
        return int(value["skip"]), int(value["top"] if top is None else top)
    except (ValueError, KeyError, TypeError) as error:
        raise invalid_body(call.clock, "The skip token is invalid.") from error


def _shown(table: Table, page: _Page) -> dict[str, Any]:
    part = table.rows[page.skip : page.skip + page.top]
    more = page.skip + len(part) < len(table.rows)
    # Only with the ID in the result are there pages.
    pages = more and "id" in table.columns
    body: dict[str, Any] = {
        "totalRecords": len(table.rows),
        "count": len(part),
        "data": part,
        "facets": [],
        "resultTruncated": "true" if more and not pages else "false",
    }
    if pages:
        token = json.dumps({"skip": page.skip + len(part), "top": page.top}).encode()
        body["$skipToken"] = base64.b64encode(token).decode()
    if page.table:
        columns = [{"name": name, "type": _kind(name, part)} for name in table.columns]
        body["data"] = {"columns": columns, "rows": [[row.get(name) for name in table.columns] for row in part]}
    return body


def _kind(name: str, part: Sequence[dict[str, Any]]) -> str:
    value = next((row[name] for row in part if row.get(name) is not None), "")
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    return "string" if isinstance(value, str) else "object"
