# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Managed identities as resources: user-assigned ones, their credentials and their users."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from ..core._errors import ArmError, ManagedIdentityError
from ..core._identity import UserIdentity
from ..core._resource_id import IDENTITY, ResourceId
from ._deadline import Deadline
from ._versions import VersionedClient

if TYPE_CHECKING:
    from ._client import ArmClient

__all__ = ["Identities"]

# 2024-11-30 is the first stable api-version with isolationScope; 2018-11-30 the first stable one of all.
_VERSION, _OLDEST = "2024-11-30", "2018-11-30"
# Which resources have an identity is in this preview and the one before it only.
_USERS_VERSION, _USERS_OLDEST = "2022-01-31-preview", "2021-09-30-preview"


class Identities:
    """The provider Microsoft.ManagedIdentity. Bodies are raw JSON, for the core to read.

    Every method takes the deadline that bounds it, and raises what ArmClient.request raises.
    """

    def __init__(self, client: ArmClient) -> None:
        self._msi = VersionedClient(client, _VERSION, _OLDEST)
        self._users = VersionedClient(client, _USERS_VERSION, _USERS_OLDEST)
        self._seen: dict[ResourceId, UserIdentity | None] = {}

    async def read(self, identity: ResourceId, deadline: Deadline) -> dict[str, Any] | None:
        """A user-assigned identity; None if it, or its resource group, is not there.

        Azure throttles reads of one identity to one in two seconds: do not ask twice.
        """
        try:
            return (await self._msi.request("GET", str(identity), deadline)).body
        except ArmError as error:
            if error.not_there:
                return None
            raise

    async def put(self, identity: ResourceId, body: Mapping[str, Any], deadline: Deadline) -> dict[str, Any]:
        """Create a user-assigned identity, or write a whole one; returns it."""
        return (await self._msi.request("PUT", str(identity), deadline, body=body)).body

    async def patch(self, identity: ResourceId, body: Mapping[str, Any], deadline: Deadline) -> dict[str, Any]:
        """Change what the body names; returns the identity."""
        return (await self._msi.request("PATCH", str(identity), deadline, body=body)).body

    async def delete(self, resource: str, deadline: Deadline) -> bool:
        """Delete an identity, or a credential of one, by its ID; returns whether it was there."""
        no_content = 204
        return (await self._msi.request("DELETE", resource, deadline)).status != no_content

    async def list_all(
        self, subscription_id: str, resource_group: str | None, deadline: Deadline
    ) -> AsyncIterator[dict[str, Any]]:
        """All user-assigned identities of a resource group, or of a subscription, page by page."""
        group = f"/resourceGroups/{resource_group}" if resource_group else ""
        async for item in self._msi.items(
            f"/subscriptions/{subscription_id}{group}/providers/{IDENTITY.type}", deadline
        ):
            yield item

    async def users(self, identity: ResourceId, deadline: Deadline) -> AsyncIterator[dict[str, Any]]:
        """The resources that have an identity, of every type, readable or not: id, name, type and so on.

        The list may lag behind by minutes. One request a second is allowed to a whole tenant.
        """
        async for item in self._users.items(f"{identity}/listAssociatedResources", deadline, method="POST"):
            yield item

    async def credentials(self, identity: ResourceId, deadline: Deadline) -> list[dict[str, Any]]:
        """The federated credentials of an identity."""
        path = f"{identity}/federatedIdentityCredentials"
        return [item async for item in self._msi.items(path, deadline)]

    async def put_credential(
        self, identity: ResourceId, name: str, body: Mapping[str, Any], deadline: Deadline
    ) -> dict[str, Any]:
        """Create or write a federated credential; returns it. Writes under one identity must not overlap."""
        path = f"{identity}/federatedIdentityCredentials/{name}"
        return (await self._msi.request("PUT", path, deadline, body=body)).body

    @property
    def knows_isolation(self) -> bool:
        """Whether the cloud's API, as far as it was asked, knows isolation scopes."""
        return self._msi.version >= _VERSION

    async def look_up(self, wanted: ResourceId, deadline: Deadline) -> UserIdentity | None:
        """A user-assigned identity as it was at the first look, None if it was not there; asked once per process.

        For operations that do not change identities themselves: Azure throttles reads of one to one in two seconds.
        """
        if wanted not in self._seen:
            body = await self.read(wanted, deadline)
            said = (body or {}).get("properties") or {}
            there = UserIdentity(wanted, said.get("principalId"), said.get("clientId"))
            self._seen[wanted] = there if body else None
        return self._seen[wanted]

    async def system_client_id(self, vm: ResourceId, deadline: Deadline) -> str | None:
        """The client ID of a VM's system-assigned identity, which the VM itself does not tell."""
        path = f"{vm}/providers/{IDENTITY.type.split('/')[0]}/identities/default"
        answer = await self._msi.request("GET", path, deadline)
        client_id = (answer.body.get("properties") or {}).get("clientId")
        if not client_id:
            raise ManagedIdentityError("Azure's answer holds no client ID.", target=path, call="GET")
        return str(client_id)
