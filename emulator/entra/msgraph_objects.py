# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The objects of a tenant's directory, as Microsoft Graph shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..cloud.model import Caller
from ..cloud.store import Store

__all__ = ["DirectoryObject", "objects_of"]


class DirectoryObject(NamedTuple):
    """A user, a group or a service principal; `names`, in lower case, are those that a filter finds it by."""

    id: str
    kind: str
    names: tuple[str, ...]
    properties: dict[str, Any]

    def shown(self, *, typed: bool = False) -> dict[str, Any]:
        """Return it as an item of a list; lists of several kinds say which each item is."""
        kind = {"@odata.type": f"#microsoft.graph.{self.kind}"} if typed else {}
        return {**kind, "id": self.id, **self.properties}


def objects_of(store: Store, tenant: str, latest: float) -> dict[str, DirectoryObject]:
    """Return the objects of a tenant by ID in lower case, but those made after `latest` (monotonic)."""
    found: dict[str, DirectoryObject] = {}
    for item in _all(store, tenant):
        if store.born.get(item.id.lower(), float("-inf")) <= latest:
            found[item.id.lower()] = item
    return found


def _all(store: Store, tenant: str) -> Iterator[DirectoryObject]:
    for caller in store.callers.values():
        if caller.tenant == tenant:
            yield _person(caller) if caller.username else _program(caller)
    for identity in store.identities.values():
        if identity.tenant_id == tenant:
            yield _managed(identity.principal_id, identity.client_id, identity.name, identity.id, explicit=True)
    for holder in store.holders():
        known = holder.identity or {}
        if known.get("principalId") and known.get("tenantId") == tenant:
            principal = str(known["principalId"])
            yield _managed(principal, holder.system_client_id, holder.name, holder.id, explicit=False)
    for principal, (kind, name, home) in store.directory.items():
        if home == tenant:
            yield DirectoryObject(principal, kind[0].lower() + kind[1:], (), {"displayName": name})


def _person(caller: Caller) -> DirectoryObject:
    shown: dict[str, Any] = {
        "businessPhones": [],
        "displayName": caller.name,
        "givenName": None,
        "jobTitle": None,
        "mail": None,
        "mobilePhone": None,
        "officeLocation": None,
        "preferredLanguage": None,
        "surname": None,
        "userPrincipalName": caller.username,
    }
    return DirectoryObject(caller.object_id, "user", (caller.username.lower(),), shown)


def _program(caller: Caller) -> DirectoryObject:
    return _service_principal(caller.object_id, caller.client_id, caller.name, "Application", [])


def _managed(principal: str, client: str, name: str, resource: str, *, explicit: bool) -> DirectoryObject:
    return _service_principal(principal, client, name, "ManagedIdentity", [f"isExplicit={explicit}", resource])


def _service_principal(
    principal: str, client: str, name: str, kind: str, alternative_names: list[str]
) -> DirectoryObject:
    shown: dict[str, Any] = {
        "deletedDateTime": None,
        "accountEnabled": True,
        "alternativeNames": alternative_names,
        "appDisplayName": name if kind == "Application" else None,
        "appId": client,
        "displayName": name,
        "servicePrincipalNames": [client],
        "servicePrincipalType": kind,
        "tags": [],
    }
    return DirectoryObject(principal, "servicePrincipal", (client.lower(),), shown)
