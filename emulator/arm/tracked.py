# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ARM itself reads in the body of a tracked resource: which members it has, and that it stays where it is."""

from __future__ import annotations

import json
from typing import Any

from ..request.call import Call
from ..request.route import Route
from ..wire.errors import ArmError, invalid_content

__all__ = ["check_tracked"]

_TRACKED = ("machines", "disks", "networks", "identities")
_NAMES = (
    *("id", "name", "type", "location", "tags", "plan", "properties", "kind", "sku", "identity", "managedBy", "zones"),
    *("managedByExtended", "etag", "extendedLocation", "systemData", "resources", "placement", "scale", "apiVersion"),
)
# The names have no case.
_MEMBERS = {name.lower(): name for name in _NAMES}


def check_tracked(call: Call, route: Route) -> None:
    """Raise ArmError 400 for a member that no resource has, and 409 for another location than the resource's.

    Members that are written with other capitals get their own names.
    """
    if route.versions not in _TRACKED or call.method not in ("PUT", "PATCH") or len(call.path.types) != 1:
        return
    body = call.json()
    for name in body:
        if name.lower() not in _MEMBERS:
            raise _unknown_member(call, name)
    if not body.keys() <= set(_NAMES):
        body = {_MEMBERS[name.lower()]: value for name, value in body.items()}
        call.body = json.dumps(body).encode()
    location, found = body.get("location"), _location(call)
    if not isinstance(location, str) or found is None:
        return
    location = location.replace(" ", "").lower()
    if location != found:
        raise ArmError(
            409,
            "InvalidResourceLocation",
            f"The resource '{call.path.name}' already exists in location '{found}' in resource group "
            f"'{call.path.group}'. A resource with the same name cannot be created in location '{location}'. Please "
            "select a new resource name.",
        )


def _unknown_member(call: Call, name: str) -> ArmError:
    """Return the refusal in the words of azure-rest-api-specs#286."""
    before, _name, _after = call.body.decode("utf-8", "replace").partition(json.dumps(name))
    line, position = before.count("\n") + 1, len(before.rpartition("\n")[2]) + len(name) + 3
    return invalid_content(
        f"Could not find member '{name}' on object of type 'ResourceDefinition'. Path '{name}', line {line}, position "
        f"{position}."
    )


def _location(call: Call) -> str | None:
    key = call.path.resource_id.lower()
    found: Any = call.store.holder(key) or call.store.identities.get(key)
    if found is not None:
        return str(found.location)
    resource = call.store.resources.get(key)
    return None if resource is None else str(resource.body["location"])
