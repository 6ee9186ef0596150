# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""listAssociatedResources: what has a user-assigned identity, as Resource Graph knows it, readable or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from ..cloud.model import Holder, Resource
from ..request.call import Call
from ..wire.answers import Answer, json_answer
from ..wire.errors import ArmError, resource_not_found
from ..wire.odata import Term, parse_filter

__all__ = ["list_associated"]

_FIELDS = ("id", "name", "type", "resourceGroup", "subscriptionId", "subscriptionDisplayName")
_TESTS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda actual, wanted: wanted in actual,
    "startswith": lambda actual, wanted: actual.startswith(wanted),
    "endswith": lambda actual, wanted: actual.endswith(wanted),
}


def list_associated(call: Call) -> Answer:
    """List the resources that have the identity; takes $filter, $orderby, $top, $skip and $skiptoken.

    It is what Resource Graph knew, and lags behind as that does.

    `totalCount` is of all that the filter lets through. Raises ArmError 400 and 404.
    """
    identity_id = "/".join(call.path.resource_id.split("/")[:9])
    found = call.store.identities.get(identity_id.lower())
    if found is None:
        kind = "Microsoft.ManagedIdentity/userAssignedIdentities"
        raise resource_not_found(kind, call.path.names[0], call.path.group)
    past = call.history.seconds_ago(call.store, call.now, call.settings.resource_graph_seconds).store
    known: list[Holder | Resource] = [*past.holders(), *past.others.values()]
    rows = [_row(call, item) for item in known if _has(item, found.id)]
    rows = _ordered(call, [row for row in rows if all(_passes(row, term) for term in _terms(call))])
    start = _number(call, "$skiptoken", 0) or _number(call, "$skip", 0)
    end = start + (_number(call, "$top", 0) or call.settings.page_size)
    body: dict[str, Any] = {"totalCount": len(rows), "value": rows[start:end]}
    if end < len(rows):
        kept = "".join(f"{name}={quote(value)}&" for name, value in call.query.items() if name.lower() != "$skiptoken")
        body["nextLink"] = f"{call.base_url}{call.path.resource_id}?{kept}$skiptoken={end}"
    return json_answer(200, body)


def _row(call: Call, item: Holder | Resource) -> dict[str, str]:
    subscription, group = item.id.split("/")[2:5:2]
    return {
        "id": item.id,
        "name": item.name,
        "type": item.kind.lower(),
        "resourceGroup": group.lower(),
        "subscriptionId": subscription,
        "subscriptionDisplayName": call.store.subscriptions[subscription.lower()].name,
    }


def _terms(call: Call) -> list[Term]:
    text = call.option("$filter")
    terms = parse_filter(text)
    fields = {name.lower() for name in _FIELDS}
    for term in terms or ():
        shape = (term.name in _TESTS and len(term.arguments) == 2) if term.call else True
        if not shape or (term.arguments[0] if term.call else term.name) not in fields:
            terms = None
            break
    if terms is None:
        raise ArmError(400, "BadRequest", f"The filter '{text}' is not supported.", gateway=False)
    return terms


def _passes(row: dict[str, str], term: Term) -> bool:
    lowered = {name.lower(): value.lower() for name, value in row.items()}
    if term.call:
        return _TESTS[term.name](lowered[term.arguments[0]], term.arguments[1].lower())
    return lowered[term.name] == term.arguments[0].lower()


def _ordered(call: Call, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    rows = sorted(rows, key=lambda row: row["id"].lower())
    for part in reversed(call.option("$orderby").split(",")):
        name, _blank, direction = part.strip().partition(" ")
        field = next((item for item in _FIELDS if item.lower() == name.lower()), None)
        if name and field is None:
            raise ArmError(400, "BadRequest", f"The order '{part}' is not supported.", gateway=False)
        if field is not None:
            rows.sort(key=lambda row, key=field: row[key].lower(), reverse=direction.strip().lower() == "desc")  # type: ignore[misc]
    return rows


def _number(call: Call, name: str, default: int) -> int:
    text = call.option(name)
    if not text:
        return default
    if not text.isdecimal() or len(text) > 9:
        raise ArmError(400, "BadRequest", f"The value '{text}' of '{name}' is invalid.", gateway=False)
    return int(text)


def _has(item: Holder | Resource, identity_id: str) -> bool:
    identity: Any = item.identity if isinstance(item, Holder) else item.body["identity"]
    users = (identity or {}).get("userAssignedIdentities") or {}
    return any(key.lower() == identity_id.lower() for key in users)
