# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The resources of a subscription or a resource group, whatever their type, as ARM itself lists them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..request.call import Call
from ..rights import rbac
from ..wire.answers import Answer, json_answer
from ..wire.errors import ArmError
from ..wire.odata import Term, parse_filter

__all__ = ["list_all_resources"]

_UAI = "Microsoft.ManagedIdentity/userAssignedIdentities"
_SHOWN = ("kind", "managedBy", "sku", "plan", "identity", "zones", "location", "tags")
_TERMS = ("resourcetype", "name", "resourcegroup", "location", "tagname", "tagvalue")
Row = dict[str, Any]


def list_all_resources(call: Call) -> Answer:
    """List the resources that the caller may read, page by page.

    `$filter` joins conditions on resourceType, name, resourceGroup, location, tagName and tagValue by `and`;
    `$expand=provisioningState` adds that; raises ArmError 400.
    """
    text = call.query.get("$filter", "")
    terms = parse_filter(text)
    if terms is None or any(term.call or term.name not in _TERMS for term in terms):
        message = f"Invalid $filter '{text}' specified in the query string."
        raise ArmError(400, "InvalidFilterInQueryString", message)
    prefix = call.path.resource_id.rpartition("/")[0].lower() + "/"
    with_state = "provisioningstate" in call.query.get("$expand", "").lower()
    rows = sorted(
        (row["id"].lower(), _without_state(row, keep=with_state))
        for row in _rows(call)
        if row["id"].lower().startswith(prefix)
        and rbac.allowed(call.caller, f"{row['type']}/read", row["id"])
        and all(_meets(row, term) for term in terms)
    )
    page, link = call.page(rows, top=True)
    body: Row = {"value": page}
    return json_answer(200, {**body, "nextLink": link} if link else body)


def _rows(call: Call) -> Iterator[Row]:
    for holder in call.store.holders():
        more = {"location": holder.location, "identity": holder.identity}
        yield _row(holder.id, holder.name, holder.kind, {**holder.body, **more}, holder.state)
    for item in call.store.identities.values():
        yield _row(item.id, item.name, _UAI, {"location": item.location, "tags": item.tags}, "Succeeded")
    for resource in (*call.store.resources.values(), *call.store.others.values()):
        yield _row(resource.id, resource.name, resource.kind, resource.body, "Succeeded")


def _row(resource_id: str, name: str, kind: str, body: Mapping[str, Any], state: str) -> Row:
    shown = {key: body[key] for key in _SHOWN if body.get(key)}
    return {"id": resource_id, "name": name, "type": kind, **shown, "provisioningState": state}


def _without_state(row: Row, *, keep: bool) -> Row:
    return row if keep else {key: value for key, value in row.items() if key != "provisioningState"}


def _meets(row: Row, term: Term) -> bool:
    wanted = term.arguments[0].lower()
    if term.name.startswith("tag"):
        tags = row.get("tags") or {}
        return wanted in {str(item).lower() for item in (tags if term.name == "tagname" else tags.values())}
    if term.name == "resourcegroup":
        return bool(row["id"].split("/")[4].lower() == wanted)
    return str(row.get({"resourcetype": "type"}.get(term.name, term.name), "")).lower() == wanted
