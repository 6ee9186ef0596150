# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The resources that we read and write at Azure, each call with our api-version."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..core._errors import ArmError, ManagedIdentityError
from ..core._identity import Identity, UserIdentity
from ..core._resource_id import IDENTITY, ResourceId
from ._deadline import Deadline

if TYPE_CHECKING:
    from ._client import ArmAnswer, ArmClient

__all__ = ["Gateway", "OperationState", "Reading", "VersionedClient"]

# The oldest stable api-version of virtual machines that returns ETags; clouds that refuse it are asked by an older
# one, down to the first in which user-assigned identities are a map.
_VM_VERSION, _VM_OLDEST = "2024-07-01", "2018-06-01"
_SUBSCRIPTIONS_VERSION, _SUBSCRIPTIONS_OLDEST = "2022-12-01", "2016-06-01"
_MSI_VERSION, _MSI_OLDEST = "2023-01-31", "2018-11-30"

_SUPPORTED = re.compile(r"supported (?:api-)?versions are '(?P<versions>[^']+)'", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """A resource as Azure described it at one moment, in answer to a read or a write.

    :param operation_url: where to ask how the write proceeds; None after a read, or where Azure gave none
    :param retry_after: seconds to wait before asking, if Azure said so
    """

    id: ResourceId
    location: str | None
    identity: Identity
    etag: str | None
    provisioning_state: str | None
    operation_url: str | None = None
    retry_after: float | None = None

    @classmethod
    def from_answer(cls, body: Mapping[str, Any], headers: Mapping[str, str], asked: ResourceId) -> Reading:
        """Read an answer about ``asked``; the ID is shown as Azure spells it."""
        wait = headers.get("Retry-After")
        return cls(
            id=ResourceId.parse(body.get("id") or str(asked)),
            location=body.get("location"),
            identity=Identity.from_arm(body),
            etag=headers.get("ETag") or body.get("etag"),
            provisioning_state=(body.get("properties") or {}).get("provisioningState"),
            operation_url=headers.get("Azure-AsyncOperation"),
            retry_after=float(wait) if wait and wait.isdigit() else None,
        )

    @property
    def changing(self) -> bool:
        """Whether Azure is in the middle of a change of the resource."""
        return self.provisioning_state in ("Creating", "Updating")

    def to_result(self) -> dict[str, Any]:
        """The ``vm`` of results."""
        return {
            "id": str(self.id),
            "name": self.id.name,
            "resource_group": self.id.resource_group,
            "subscription_id": self.id.subscription_id,
            "location": self.location,
        }


@dataclass(frozen=True)
class OperationState:
    """How a long-running operation stands: InProgress, Succeeded, Failed, Canceled or another word of Azure's.

    :param request_id: Azure's ID of the write that began it, which is the operation's own
    """

    status: str
    code: str | None
    message: str
    retry_after: float | None
    request_id: str | None = None


class VersionedClient:
    """Requests to one resource provider by one api-version, stepped down where a cloud refuses it."""

    def __init__(self, client: ArmClient, version: str, oldest: str) -> None:
        self._client = client
        self._version = version
        self._oldest = oldest

    async def request(self, method: str, target: str, deadline: Deadline, **details: Any) -> ArmAnswer:
        """As ArmClient.request; a version that the cloud does not know is replaced once for all requests."""
        try:
            return await self._client.request(method, target, deadline, api_version=self._version, **details)
        except ArmError as error:
            older = self._older_version(error)
            if not older:
                raise
            self._version = older
        return await self._client.request(method, target, deadline, api_version=self._version, **details)

    def _older_version(self, error: ArmError) -> str | None:
        """The newest version that an error lists and that serves us."""
        found = _SUPPORTED.search(error.message) if error.status == 400 else None
        known = [version.strip() for version in found["versions"].split(",")] if found else []
        usable = [version for version in known if self._oldest <= version < self._version and len(version) == 10]
        return max(usable, default=None)


class Gateway:
    """Virtual machines and user-assigned identities, read and written.

    Every method takes the deadline that bounds it, and raises what ArmClient.request raises.
    """

    def __init__(self, client: ArmClient) -> None:
        self._client = client
        self._compute = VersionedClient(client, _VM_VERSION, _VM_OLDEST)
        self._msi = VersionedClient(client, _MSI_VERSION, _MSI_OLDEST)
        self._subscriptions = VersionedClient(client, _SUBSCRIPTIONS_VERSION, _SUBSCRIPTIONS_OLDEST)
        self._seen: dict[ResourceId, UserIdentity | None] = {}

    async def read(self, target: ResourceId, deadline: Deadline) -> Reading:
        """Read one resource."""
        answer = await self._compute.request("GET", str(target), deadline)
        return Reading.from_answer(answer.body, answer.headers, target)

    async def write(
        self, target: ResourceId, patch: Mapping[str, Any], etag: str | None, deadline: Deadline
    ) -> Reading:
        """Send a PATCH whose body holds ``identity`` alone; with an ETag only if the resource still has it."""
        answer = await self._compute.request("PATCH", str(target), deadline, body={"identity": patch}, etag=etag)
        return Reading.from_answer(answer.body, answer.headers, target)

    async def operation(self, url: str, deadline: Deadline) -> OperationState:
        """Ask how an operation stands, by the URL that Azure gave for it."""
        answer = await self._client.request("GET", url, deadline)
        error = answer.body.get("error") or {}
        return OperationState(
            status=str(answer.body.get("status") or "Succeeded"),
            code=error.get("code"),
            message=str(error.get("message") or "Azure gave no reason."),
            retry_after=answer.retry_after,
            request_id=answer.body.get("name"),
        )

    async def list_vms(
        self, subscription_id: str, resource_group: str | None, deadline: Deadline
    ) -> AsyncIterator[Reading]:
        """All VMs of a resource group, or of a subscription, page by page."""
        group = f"/resourceGroups/{resource_group}" if resource_group else ""
        path = f"/subscriptions/{subscription_id}{group}/providers/Microsoft.Compute/virtualMachines"
        async for item in self._pages(self._compute, path, deadline):
            yield Reading.from_answer(item, {}, ResourceId.parse(item["id"]))

    async def subscriptions(self, deadline: Deadline) -> list[str]:
        """The IDs of all subscriptions that the caller may see."""
        return [item["subscriptionId"] async for item in self._pages(self._subscriptions, "/subscriptions", deadline)]

    async def _pages(self, provider: VersionedClient, path: str, deadline: Deadline) -> AsyncIterator[dict[str, Any]]:
        """The items of a list, page by page."""
        answer = await provider.request("GET", path, deadline)
        while True:
            for item in answer.body.get("value") or ():
                yield item
            following = answer.body.get("nextLink")
            if not following:
                return
            answer = await self._client.request("GET", following, deadline)

    async def identity_in_check_mode(self, wanted: ResourceId, deadline: Deadline) -> UserIdentity | None:
        """A user-assigned identity as it is there now, None if it is not; each asked once per process.

        Azure throttles reads of one identity to one in two seconds, and check mode changes nothing.
        """
        if wanted not in self._seen:
            try:
                answer = await self._msi.request("GET", str(wanted), deadline)
            except ArmError as error:
                if error.status != 404:
                    raise
                self._seen[wanted] = None
            else:
                said = answer.body.get("properties") or {}
                self._seen[wanted] = UserIdentity(wanted, said.get("principalId"), said.get("clientId"))
        return self._seen[wanted]

    async def system_client_id(self, vm: ResourceId, deadline: Deadline) -> str | None:
        """The client ID of a VM's system-assigned identity, which the VM itself does not tell."""
        path = f"{vm}/providers/{IDENTITY.type.split('/')[0]}/identities/default"
        answer = await self._msi.request("GET", path, deadline)
        client_id = (answer.body.get("properties") or {}).get("clientId")
        if not client_id:
            raise ManagedIdentityError("Azure's answer holds no client ID.", target=path, call="GET")
        return str(client_id)
