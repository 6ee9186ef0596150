# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.ManagedIdentity: user-assigned identities, and the system identity of a VM or scale set as a resource."""

from __future__ import annotations

import re
from typing import Any, cast

from ..cloud.model import UserIdentity
from ..cloud.restrictions import has_isolation, has_restrictions, read_restrictions
from ..cloud.store import new_id
from ..request.call import Call, mapping
from ..rights import rbac
from ..wire.answers import Answer, json_answer
from ..wire.errors import ArmError, resource_not_found

__all__ = [
    "delete_identity",
    "get_identity",
    "get_system_identity",
    "list_identities",
    "patch_identity",
    "put_identity",
]

_KIND = "Microsoft.ManagedIdentity/userAssignedIdentities"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,127}")


def get_identity(call: Call) -> Answer:
    """GET; raises ArmError 404."""
    return json_answer(200, _shown(_find(call), call.version))


def put_identity(call: Call) -> Answer:
    """PUT: 201 for a new identity, 200 for an existing one, whose principal stays; raises ArmError 400."""
    body = call.json()
    name = call.path.name
    location = body.get("location")
    if not isinstance(location, str):
        raise ArmError(400, "LocationRequired", "The location property is required for this definition.")
    found = call.store.identities.get(call.path.resource_id.lower())
    if found is None:
        return _create(call, name, location, body)
    read_restrictions(found, mapping(body, "properties"), call.version)
    found.tags = mapping(body, "tags")
    return json_answer(200, _shown(found, call.version))


def patch_identity(call: Call) -> Answer:
    """PATCH of tags and properties; raises ArmError 404."""
    found = _find(call)
    body = call.json()
    read_restrictions(found, mapping(body, "properties"), call.version)
    if "tags" in body:
        found.tags = mapping(body, "tags")
    return json_answer(200, _shown(found, call.version))


def delete_identity(call: Call) -> Answer:
    """DELETE: 200, or 204 if it was not there. VMs keep the dangling entry, as they do in Azure."""
    found = call.store.identities.pop(call.path.resource_id.lower(), None)
    for credential in call.store.credentials_of(call.path.resource_id):
        del call.store.credentials[credential.id.lower()]
    return Answer(204 if found is None else 200)


def list_identities(call: Call) -> Answer:
    """List the identities of a group or a subscription, page by page."""
    scope = call.path.resource_id.lower().partition("/providers/")[0]
    items = [
        (key, item)
        for key, item in call.store.below(call.store.identities, scope)
        if rbac.allowed(call.caller, f"{_KIND}/read", item.id)
    ]
    page, link = call.page(items)
    body: dict[str, Any] = {"value": [_shown(item, call.version) for item in page]}
    return json_answer(200, {**body, "nextLink": link} if link else body)


def get_system_identity(call: Call) -> Answer:
    """GET of a system identity with its client ID; raises ArmError 404 if it or what has it is not there."""
    holder = call.store.holder(call.path.scope)
    if holder is None or "principalId" not in (holder.identity or {}):
        raise resource_not_found("Microsoft.ManagedIdentity/identities", "default", call.path.group)
    identity = cast("dict[str, Any]", holder.identity)
    properties = {
        "tenantId": identity["tenantId"],
        "principalId": identity["principalId"],
        "clientId": holder.system_client_id,
        "clientSecretUrl": f"https://control-{holder.location}.identity.azure.net{holder.id}/credentials/v2/systemassigned"
        f"?tid={identity['tenantId']}&oid={identity['principalId']}&aid={holder.system_client_id}",
    }
    body = {
        "id": f"{holder.id}/providers/Microsoft.ManagedIdentity/identities/default",
        "name": "default",
        "type": "Microsoft.ManagedIdentity/identities",
        "location": holder.location,
        "properties": properties,
    }
    return json_answer(200, body)


def _find(call: Call) -> UserIdentity:
    identity_id = "/".join(call.path.resource_id.split("/")[:9]).lower()
    found = call.store.identities.get(identity_id)
    if found is None:
        raise resource_not_found(_KIND, call.path.names[0], call.path.group)
    return found


def _create(call: Call, name: str, location: str, body: dict[str, Any]) -> Answer:
    path = call.path
    if not _NAME.fullmatch(name):
        raise ArmError(400, "BadRequest", f"The resource name '{name}' is invalid.", gateway=False)
    found = UserIdentity(
        id=f"/subscriptions/{path.subscription}/resourcegroups/{path.group}/providers/{_KIND}/{name}",
        name=name,
        location=location.replace(" ", "").lower(),
        tags=mapping(body, "tags"),
        tenant_id=call.store.subscriptions[path.subscription.lower()].tenant,
        principal_id=new_id(),
        client_id=new_id(),
    )
    read_restrictions(found, mapping(body, "properties"), call.version)
    call.store.identities[found.id.lower()] = found
    call.store.remember_born(found.principal_id, call.now)
    return json_answer(201, _shown(found, call.version), {"Location": found.id})


def _shown(found: UserIdentity, version: str) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    if has_isolation(version):
        properties["isolationScope"] = found.isolation_scope
    properties["tenantId"] = found.tenant_id
    properties["principalId"] = found.principal_id
    properties["clientId"] = found.client_id
    if version < "2018":
        properties["clientSecretUrl"] = (
            f"https://control-{found.location}.identity.azure.net{found.id}/credentials"
            f"?tid={found.tenant_id}&oid={found.principal_id}&aid={found.client_id}"
        )
    if has_restrictions(version):
        properties["assignmentRestrictions"] = {"providers": found.providers}
    return {
        "id": found.id,
        "name": found.name,
        "type": _KIND,
        "location": found.location,
        "tags": found.tags,
        "properties": properties,
    }
