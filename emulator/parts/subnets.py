# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Subnets: children of a virtual network, kept in it."""

from __future__ import annotations

import dataclasses
from typing import Any, cast

from ..cloud.model import Resource
from ..request.call import Call
from ..wire.answers import Answer, pretty
from .errors import network_error
from .networks import shape_subnet
from .plain import find_resource
from .plain_kinds import new_etag
from .use import check_free_subnet

__all__ = ["delete_subnet", "get_subnet", "list_subnets", "put_subnet"]


def get_subnet(call: Call) -> Answer:
    """GET; raises ArmError 404."""
    network = find_resource(call)
    found = _find(network, call.path.name)
    if found is None:
        raise network_error("NotFound", f"Resource {network.id}/subnets/{call.path.name} not found.", 404)
    return Answer(200, pretty(found).encode(), {"ETag": found["etag"]})


def list_subnets(call: Call) -> Answer:
    """List the subnets of a virtual network; raises ArmError 404."""
    return Answer(200, pretty({"value": _all(find_resource(call))}).encode())


def put_subnet(call: Call) -> Answer:
    """PUT: 201 for a new subnet, 200 for an existing one; raises ArmError 400 or 404."""
    network = find_resource(call)
    name = call.path.name
    found = _find(network, name)
    shaped = shape_subnet(network, {**call.json(), "name": found["name"] if found else name})
    others = [item for item in _all(network) if item is not found]
    _keep(call, network, [*others, shaped])
    return Answer(200 if found else 201, pretty(shaped).encode(), {"ETag": shaped["etag"]})


def delete_subnet(call: Call) -> Answer:
    """DELETE: 200, or 204 if it was not there; raises ArmError 400 while something is in it."""
    network = find_resource(call)
    found = _find(network, call.path.name)
    if found is None:
        return Answer(204)
    check_free_subnet(call.store, found)
    _keep(call, network, [item for item in _all(network) if item is not found])
    return Answer(200)


def _keep(call: Call, network: Resource, subnets: list[dict[str, Any]]) -> None:
    changed = network.having(subnets=subnets)
    call.store.keep(dataclasses.replace(changed, etag=new_etag(network.kind)))


def _all(network: Resource) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", network.body["properties"]["subnets"])


def _find(network: Resource, name: str) -> dict[str, Any] | None:
    return next((item for item in _all(network) if item["name"].lower() == name.lower()), None)
