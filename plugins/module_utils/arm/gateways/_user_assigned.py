# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Managed identities as resources: user-assigned ones, their credentials and their users."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from ...core._errors import ArmError, UnexpectedAnswer
from ...core._resource_id import IDENTITY, ResourceId
from ...core.identities._federated import FederatedCredential
from ...core.identities._holder import IdentityHolder
from ...core.identities._identity import UserIdentity
from ...core.identities._user_assigned import UserAssigned
from ...core.wire._shape import Needed, check_inside, shaped
from ..net._deadline import Deadline
from ..pipeline._typed import TypedOperation
from ..pipeline._typed_packages import MSI
from ..pipeline._versions import VersionedClient

if TYPE_CHECKING:
    from ..pipeline._answer import ArmAnswer
    from ..pipeline._client import ArmClient

__all__ = ["UserAssignedIdentities"]

# 2024-11-30 is the first stable api-version with isolationScope; 2018-11-30 the first stable one of all.
_VERSION, _OLDEST = "2024-11-30", "2018-11-30"
# Which resources have an identity is in this preview and the one before it only.
_USERS_VERSION, _USERS_OLDEST = "2022-01-31-preview", "2021-09-30-preview"
_SYSTEM = Needed({"properties": Needed({"clientId": Needed(str)})})


class UserAssignedIdentities:
    """The provider Microsoft.ManagedIdentity.

    Identities and their credentials go by azure-mgmt-msi. What tasks on machines ask stays raw, so that these need no
    more than azure-core; so does the list of users, which is in previews only.
    Every method takes the deadline that bounds it, and raises what ArmClient.request raises, or MissingPackage.
    """

    def __init__(self, client: ArmClient) -> None:
        self._client = client
        self._msi = VersionedClient(client, _VERSION, _OLDEST)
        self._users = VersionedClient(client, _USERS_VERSION, _USERS_OLDEST)
        self._seen: dict[ResourceId, UserIdentity | None] = {}

    async def read(self, identity: ResourceId, deadline: Deadline) -> UserAssigned | None:
        """A user-assigned identity; None if it, or its resource group, is not there.

        Azure throttles reads of one identity to one in two seconds: do not ask twice.
        """
        return await self._read(identity, deadline, self._identities("get", identity))

    async def _read(
        self, identity: ResourceId, deadline: Deadline, by: TypedOperation | None = None
    ) -> UserAssigned | None:
        try:
            return _about(identity, await self._msi.request("GET", str(identity), deadline, by=by))
        except ArmError as error:
            if error.not_there:
                return None
            raise

    async def put(self, identity: ResourceId, body: Mapping[str, Any], deadline: Deadline) -> UserAssigned:
        """Create a user-assigned identity, or write a whole one; returns it."""
        by = self._identities("create_or_update", identity)
        return _about(identity, await self._msi.request("PUT", str(identity), deadline, body=body, by=by))

    async def patch(self, identity: ResourceId, body: Mapping[str, Any], deadline: Deadline) -> UserAssigned:
        """Change what the body names; returns the identity."""
        by = self._identities("update", identity)
        return _about(identity, await self._msi.request("PATCH", str(identity), deadline, body=body, by=by))

    async def delete(self, identity: ResourceId, deadline: Deadline) -> bool:
        """Delete an identity; returns whether it was there."""
        return await self._msi.delete(str(identity), deadline, by=self._identities("delete", identity))

    async def list_all(
        self, subscription_id: str, resource_group: str | None, deadline: Deadline
    ) -> AsyncIterator[UserAssigned]:
        """All user-assigned identities of a resource group, or of a subscription, page by page."""
        group = f"/resourceGroups/{resource_group}" if resource_group else ""
        inside = f"/subscriptions/{subscription_id}{group}"

        def read(body: Any) -> UserAssigned:
            found = UserAssigned.from_arm(body)
            check_inside(found.id, inside)
            return found

        name = "list_by_resource_group" if resource_group else "list_by_subscription"
        parts = (resource_group,) if resource_group else ()
        by = TypedOperation(self._client, MSI, f"user_assigned_identities.{name}", subscription_id, parts)
        async for item in self._msi.items(f"{inside}/providers/{IDENTITY.type}", deadline, read, by=by):
            yield item

    async def users(self, identity: ResourceId, deadline: Deadline) -> AsyncIterator[IdentityHolder]:
        """The resources that have an identity, of every type, readable or not.

        The list may lag behind by minutes. One request a second is allowed to a whole tenant.
        """
        path = f"{identity}/listAssociatedResources"
        async for item in self._users.items(path, deadline, IdentityHolder.from_list, method="POST"):
            yield item

    async def credentials(self, identity: ResourceId, deadline: Deadline) -> list[FederatedCredential]:
        """The federated credentials of an identity."""

        def read(body: Any) -> FederatedCredential:
            return _credential_of(identity, body)

        by = self._credentials("list", identity)
        return [item async for item in self._msi.items(_credentials_of(identity), deadline, read, by=by)]

    async def put_credential(
        self, identity: ResourceId, credential: FederatedCredential, deadline: Deadline
    ) -> FederatedCredential:
        """Create or write a federated credential; returns it. Writes under one identity must not overlap."""
        path = f"{_credentials_of(identity)}/{credential.name}"
        by = self._credentials("create_or_update", identity, credential.name)
        answer = await self._msi.request("PUT", path, deadline, body=credential.to_body(), by=by)
        written = answer.read(lambda body: _credential_of(identity, body))
        if written.key != credential.key:
            raise answer.unexpected(f"The answer is about another credential: {written.name}.")
        return written

    async def delete_credential(self, identity: ResourceId, name: str, deadline: Deadline) -> bool:
        """Delete a federated credential; returns whether it was there."""
        by = self._credentials("delete", identity, name)
        return await self._msi.delete(f"{_credentials_of(identity)}/{name}", deadline, by=by)

    @property
    def knows_isolation(self) -> bool:
        """Whether the cloud's API, as far as it was asked, knows isolation scopes."""
        return self._msi.version >= _VERSION

    async def look_up(self, wanted: ResourceId, deadline: Deadline) -> UserIdentity | None:
        """A user-assigned identity as it was at the first look, None if it was not there; asked once per process.

        For operations that do not change identities themselves: Azure throttles reads of one to one in two seconds.
        """
        if wanted not in self._seen:
            there = await self._read(wanted, deadline)
            self._seen[wanted] = UserIdentity(wanted, there.principal_id, there.client_id) if there else None
        return self._seen[wanted]

    async def system_client_id(self, vm: ResourceId, deadline: Deadline) -> str | None:
        """The client ID of a VM's system-assigned identity, which the VM itself does not tell."""
        path = f"{vm}/providers/{IDENTITY.type.split('/')[0]}/identities/default"
        answer = await self._msi.request("GET", path, deadline)
        return str(answer.read(lambda body: shaped(body, _SYSTEM))["properties"]["clientId"])

    def _identities(self, name: str, identity: ResourceId) -> TypedOperation:
        return self._operation(f"user_assigned_identities.{name}", identity)

    def _credentials(self, name: str, identity: ResourceId, *credential: str) -> TypedOperation:
        return self._operation(f"federated_identity_credentials.{name}", identity, *credential)

    def _operation(self, name: str, identity: ResourceId, *below: str) -> TypedOperation:
        parts = (identity.resource_group, identity.name, *below)
        return TypedOperation(self._client, MSI, name, identity.subscription_id, parts)


def _about(identity: ResourceId, answer: ArmAnswer) -> UserAssigned:
    """The identity that was asked for, as an answer describes it."""
    found = answer.read(UserAssigned.from_arm)
    if found.id != identity:
        raise answer.unexpected(f"The answer is about another identity: {found.id}.")
    return found


def _credential_of(identity: ResourceId, body: Any) -> FederatedCredential:
    found = FederatedCredential.from_arm(body)
    if str(found.id).lower() != f"{_credentials_of(identity)}/{found.name}".lower():
        raise UnexpectedAnswer(f"The answer calls {found.id} a credential of {identity.name}.")
    return found


def _credentials_of(identity: ResourceId) -> str:
    return f"{identity}/federatedIdentityCredentials"
