# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Federated credentials of user-assigned identities. Writes under one identity take time and must not overlap."""

from __future__ import annotations

from typing import Any

from ..base.newest import forget_oldest
from ..cloud.model import FederatedCredential, UserIdentity
from ..request.call import Call, mapping
from ..wire.answers import Answer, compact, json_answer
from ..wire.errors import ArmError, resource_not_found
from . import federated_rules as rules

__all__ = ["delete_credential", "get_credential", "list_credentials", "put_credential"]

_KIND = "Microsoft.ManagedIdentity/userAssignedIdentities"
_MOST_BUSY = 10_000
_CHILD = f"{_KIND}/federatedIdentityCredentials"


def get_credential(call: Call) -> Answer:
    """GET; raises ArmError 404."""
    _parent(call, "read")
    found = call.store.credentials.get(call.path.resource_id.lower())
    if found is None:
        identity, name = call.path.names
        kind = f"{_KIND}/{identity}/federatedIdentityCredentials"
        raise resource_not_found(kind, name, call.path.group)
    return json_answer(200, _shown(found))


def list_credentials(call: Call) -> Answer:
    """List those of an identity, `$top` or a page of them at a time; raises ArmError 404."""
    parent = _parent(call, "read")
    items = [(item.id.lower(), item) for item in call.store.credentials_of(parent.id)]
    page, link = call.page(items, top=True)
    body: dict[str, Any] = {"value": [_shown(item) for item in page]}
    return json_answer(200, {**body, "nextLink": link} if link else body)


def put_credential(call: Call) -> Answer:
    """PUT: 201 for a new one, 200 for an existing one; raises ArmError 400, 404, 405 and 409."""
    parent = _parent(call, "write")
    if parent.location in call.settings.no_credentials_in:
        raise rules.not_enabled()
    name = call.path.name
    rules.check_name(name)
    properties = rules.read(mapping(call.json(), "properties"))
    known = {item.id.lower(): item for item in call.store.credentials_of(parent.id)}
    credential = FederatedCredential(f"{parent.id}/federatedIdentityCredentials/{name}", name, *properties)
    old = known.pop(credential.id.lower(), None)
    rules.check_others(credential, list(known.values()))
    seconds = _begin_write(call, parent)
    if old is not None:
        credential = credential._replace(id=old.id, name=old.name)
    call.store.credentials[credential.id.lower()] = credential
    headers = {} if old else {"Location": credential.id}
    return Answer(200 if old else 201, compact(_shown(credential)), headers, seconds)


def delete_credential(call: Call) -> Answer:
    """DELETE: 200, or 204 if it was not there; raises ArmError 404 and 409."""
    parent = _parent(call, "delete")
    if call.path.resource_id.lower() not in call.store.credentials:
        return Answer(204)
    seconds = _begin_write(call, parent)
    del call.store.credentials[call.path.resource_id.lower()]
    return Answer(200, seconds=seconds)


def _parent(call: Call, operation: str) -> UserIdentity:
    parent_id = "/".join(call.path.resource_id.split("/")[:9])
    found = call.store.identities.get(parent_id.lower())
    if found is None:
        shown = f"{call.group_id}/providers/{_KIND}/{call.path.names[0]}"
        raise ArmError(
            404,
            "ParentResourceNotFound",
            f"Failed to perform '{operation}' on resource(s) of type "
            f"'userAssignedIdentities/federatedIdentityCredentials', because the parent resource '{shown}' could not "
            "be found.",
        )
    return found


def _begin_write(call: Call, parent: UserIdentity) -> float:
    """Take the identity's one place for writes and return how long the write takes; raises ArmError 409."""
    key, seconds = parent.id.lower(), call.settings.credential_seconds
    if call.now < call.store.credentials_busy.get(key, float("-inf")):
        raise rules.written_concurrently(parent.id)
    busy = call.store.credentials_busy
    busy.pop(key, None)
    busy[key] = call.now + seconds
    forget_oldest(busy, _MOST_BUSY)
    return seconds


def _shown(item: FederatedCredential) -> dict[str, Any]:
    properties = {"issuer": item.issuer, "subject": item.subject, "audiences": list(item.audiences)}
    return {"id": item.id, "name": item.name, "type": _CHILD, "properties": properties}
