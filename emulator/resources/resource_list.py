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
from ..wire.errors import ArmError, invalid_filter
from ..wire.odata import Term, parse_filter
from .tag_filter import has_tag, tag_of

__all__ = ["list_all_resources"]

_UAI = "Microsoft.ManagedIdentity/userAssignedIdentities"
_SHOWN = ("kind", "managedBy", "sku", "plan", "identity", "zones", "location", "tags")
_TERMS = ("resourcetype", "name", "resourcegroup", "location", "tagname", "tagvalue")
# What `$expand` adds; what has no time of its own is as old as the seed's machines.
_EXPANDED = dict.fromkeys(("createdTime", "changedTime", "provisioningState"))
_CREATED = "2026-01-12T08:56:31.4581945+00:00"
Row = dict[str, Any]


def list_all_resources(call: Call) -> Answer:
    """List the resources that the caller may read, page by page.

    `$filter` joins conditions on resourceType, name, resourceGroup and location by `and`, also substringof() of a name
    or group; or it names a tag, and then the answer has no tags. `$expand` adds states and times. Raises ArmError 400.
    """
    terms, tag = _read_filter(call.option("$filter"))
    prefix = call.path.resource_id.rpartition("/")[0].lower() + "/"
    more = _read_expand(call.option("$expand"))
    # With a filter by tag the tags stay out, which is documented and was seen (azure-cli#7674).
    hidden = _EXPANDED.keys() - more | ({"tags"} if any(tag) else set())
    rows = sorted(
        (row["id"].lower(), {key: value for key, value in row.items() if key not in hidden})
        for row in _rows(call)
        if row["id"].lower().startswith(prefix)
        and rbac.allowed(call.caller, f"{row['type']}/read", row["id"])
        and all(_meets(row, term) for term in terms)
        and has_tag(row.get("tags") or {}, *tag)
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
    created = (body.get("properties") or {}).get("timeCreated", _CREATED)
    times = {"createdTime": created, "changedTime": created}
    return {"id": resource_id, "name": name, "type": kind, **shown, **times, "provisioningState": state}


def _read_filter(text: str) -> tuple[list[Term], tuple[str | None, str | None]]:
    """Return conditions on resources, and the tag that they must have; Azure does not take both at once."""
    terms = parse_filter(text)
    if terms is None or not all(_known(term) for term in terms):
        raise invalid_filter(text)
    tags = [term for term in terms if term.name in ("tagname", "tagvalue")]
    if tags and len(tags) != len(terms):
        raise invalid_filter(text)
    return [] if tags else terms, tag_of(tags, text)


def _known(term: Term) -> bool:
    if not term.call:
        return term.name in _TERMS
    return term.name == "substringof" and len(term.arguments) == 2 and term.arguments[0] in ("name", "resourcegroup")


def _read_expand(text: str) -> set[str]:
    """Return the fields that `$expand` adds; raises ArmError 400."""
    wanted = {part.strip().lower() for part in text.split(",") if part.strip()}
    unknown = wanted - {name.lower() for name in _EXPANDED}
    if unknown:
        message = f"Invalid $expand '{text}' specified in the query string."
        raise ArmError(400, "InvalidExpandInQueryString", message)
    return {name for name in _EXPANDED if name.lower() in wanted}


def _meets(row: Row, term: Term) -> bool:
    name, wanted = term.arguments if term.call else (term.name, term.arguments[0])
    if name == "resourcegroup":
        actual = row["id"].split("/")[4].lower()
    else:
        actual = str(row.get({"resourcetype": "type"}.get(name, name), "")).lower()
    return wanted.lower() in actual if term.call else wanted.lower() == actual
