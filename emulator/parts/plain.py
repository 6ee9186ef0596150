# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resources that hold data only: create, read, update, delete and list of networks and disks."""

from __future__ import annotations

import dataclasses
from typing import Any

from ..cloud.identity_errors import invalid_property_id
from ..cloud.model import Resource
from ..request.call import Call
from ..request.linked import check_linked
from ..rights import rbac
from ..wire.answers import Answer, pretty
from ..wire.bodies import items, mapping
from ..wire.errors import ArmError, resource_not_found
from .disks import KIND as DISK
from .interfaces import link, unlink
from .networks import INTERFACE, PUBLIC, VNET
from .plain_kinds import KINDS, fill, new_etag

__all__ = [
    "delete_resource",
    "find_resource",
    "get_resource",
    "list_resources",
    "patch_resource",
    "put_resource",
    "show",
]


_NAMES = {name.lower(): name for name in KINDS}
_WRITTEN = ("sku", "zones", "extendedLocation")
_SHOWN = ("managedBy", *_WRITTEN)


def get_resource(call: Call) -> Answer:
    """GET; raises ArmError 404."""
    return show(find_resource(call), 200)


def list_resources(call: Call) -> Answer:
    """List the resources of a type in a group or a subscription that the caller may read, page by page."""
    kind = _kind(call)
    found = [
        (key, item)
        for key, item in call.store.below(call.store.resources, call.path.scope)
        if item.kind == kind and rbac.allowed(call.caller, f"{kind}/read", item.id)
    ]
    page, link_to_next = call.page(found)
    body: dict[str, Any] = {"value": [_shown(item) for item in page]}
    return Answer(200, pretty({**body, "nextLink": link_to_next} if link_to_next else body).encode())


def put_resource(call: Call) -> Answer:
    """PUT: 201 for a new resource, 200 for an existing one; raises ArmError."""
    body, kind = call.json(), _kind(call)
    if not isinstance(body.get("location"), str):
        raise ArmError(400, "LocationRequired", "The location property is required for this definition.")
    key = call.path.resource_id.lower()
    old = call.store.resources.get(key)
    found = old or Resource(f"{call.group_id}/providers/{kind}/{call.path.name}", call.path.name, kind, {})
    location = body["location"].replace(" ", "").lower()
    head: dict[str, Any] = {"location": location, "tags": mapping(body, "tags")}
    head.update({name: body[name] for name in _WRITTEN if body.get(name) is not None})
    properties = mapping(body, "properties")
    _check_joins(call, kind, properties, found.id)
    changed = fill(call.store, dataclasses.replace(found, body={**found.body, **head}), properties)
    if kind == INTERFACE:
        if old is not None:
            unlink(call.store, old)
        link(call.store, changed)
    call.store.keep(changed)
    return show(changed, 200 if old else 201)


def patch_resource(call: Call) -> Answer:
    """PATCH of the tags, and of all else that a disk has; Microsoft.Network has tags only. Raises ArmError."""
    found = find_resource(call)
    body = call.json()
    if "tags" in body:
        changed = {**found.body, "tags": mapping(body, "tags")}
        found = call.store.keep(dataclasses.replace(found, body=changed, etag=new_etag(found.kind)))
    if found.kind == DISK and body.keys() & {"sku", "properties"}:
        head = {**found.body, **({"sku": mapping(body, "sku")} if body.get("sku") is not None else {})}
        properties = {**found.body["properties"], **mapping(body, "properties")}
        found = call.store.keep(fill(call.store, dataclasses.replace(found, body=head), properties))
    return show(found, 200)


def delete_resource(call: Call) -> Answer:
    """DELETE: 200, or 204 if it was not there; raises ArmError 400 or 409 while something uses it."""
    found = call.store.resources.get(call.path.resource_id.lower())
    if found is None:
        return Answer(204)
    KINDS[found.kind].check_free(call.store, found)
    if found.kind == INTERFACE:
        unlink(call.store, found)
    del call.store.resources[found.id.lower()]
    call.store.forget_addresses(found.id)
    return Answer(200)


def find_resource(call: Call) -> Resource:
    """Return the resource of a request's path, or the one that the path's child hangs on; raises ArmError 404."""
    found = call.store.resources.get("/".join(call.path.resource_id.split("/")[:9]).lower())
    if found is None:
        raise resource_not_found(_kind(call), call.path.names[0], call.path.group)
    return found


def show(resource: Resource, status: int) -> Answer:
    """Return a resource as an answer."""
    headers = {"ETag": resource.etag} if resource.etag else {}
    return Answer(status, pretty(_shown(resource)).encode(), headers)


def _shown(resource: Resource) -> dict[str, Any]:
    body = resource.body
    etag = {"etag": resource.etag} if resource.etag else {}
    return {
        "name": resource.name,
        "id": resource.id,
        **etag,
        "location": body["location"],
        "tags": body["tags"],
        "properties": body["properties"],
        "type": resource.kind,
        **{name: body[name] for name in _SHOWN if name in body},
    }


def _kind(call: Call) -> str:
    return _NAMES[f"{call.path.namespace}/{call.path.types[0]}".lower()]


def _check_joins(call: Call, kind: str, properties: dict[str, Any], resource_id: str) -> None:
    """Check the caller's right to use what a network interface refers to, and whether its subscription is there."""
    if kind != INTERFACE:
        return
    for index, item in enumerate(items(properties, "ipConfigurations")):
        inner = item.get("properties")
        for name, right in (("subnet", f"{VNET}/subnets"), ("publicIPAddress", PUBLIC)):
            reference = inner.get(name) if isinstance(inner, dict) else None
            wanted = reference.get("id") if isinstance(reference, dict) else None
            if not isinstance(wanted, str):
                continue
            if not wanted.lower().startswith("/subscriptions/"):
                raise invalid_property_id(wanted, f"properties.ipConfigurations[{index}].properties.{name}.id")
            check_linked(call, [wanted], resource_id, kind=kind, right=f"{right}/join/action")
