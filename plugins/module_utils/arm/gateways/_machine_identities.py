# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Resources that have managed identities, read and written; and what they are in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...core._resource_id import ResourceId, ResourceKind
from ...core.wire._shape import Needed, check_inside, shaped
from ..net._deadline import Deadline
from ..pipeline._typed import TypedOperation
from ..pipeline._typed_packages import COMPUTE
from ..pipeline._versions import VersionedClient
from ._reading import ACCEPTED, Instance, OperationState, Reading

if TYPE_CHECKING:
    from ..pipeline._client import ArmClient

__all__ = ["MachineIdentities"]

# The oldest stable api-version of virtual machines that returns ETags; clouds that refuse it are asked by an older
# one, down to the first in which user-assigned identities are a map.
_VM_VERSION, _VM_OLDEST = "2024-07-01", "2018-06-01"
_SUBSCRIPTIONS_VERSION, _SUBSCRIPTIONS_OLDEST = "2022-12-01", "2016-06-01"
_GROUPS_VERSION, _GROUPS_OLDEST = "2021-04-01", "2016-06-01"
_OPERATION = Needed({"status": Needed(str), "name": str, "error": {"code": str, "message": str}})
_GROUP = Needed({"id": Needed(str), "location": Needed(str)})
_SUBSCRIPTION = Needed({"subscriptionId": Needed(str)})


class MachineIdentities:
    """Virtual machines and scale sets, as far as their identities go: the hot path, so raw JSON over azure-core.

    Instances are listed in the same way, as every change of a scale set ends with it; their upgrade, which few ask
    for, goes by azure-mgmt-compute.
    Every method takes the deadline that bounds it, and raises what ArmClient.request raises.
    """

    def __init__(self, client: ArmClient) -> None:
        self._client = client
        self._compute = VersionedClient(client, _VM_VERSION, _VM_OLDEST)
        self._subscriptions = VersionedClient(client, _SUBSCRIPTIONS_VERSION, _SUBSCRIPTIONS_OLDEST)
        self._groups = VersionedClient(client, _GROUPS_VERSION, _GROUPS_OLDEST)

    async def read(self, target: ResourceId, deadline: Deadline) -> Reading:
        """Read one resource."""
        answer = await self._compute.request("GET", str(target), deadline)
        return Reading.from_answer(answer, target)

    async def write(
        self, target: ResourceId, patch: Mapping[str, Any], etag: str | None, deadline: Deadline
    ) -> Reading:
        """Send a PATCH whose body holds ``identity`` alone; with an ETag only if the resource still has it."""
        answer = await self._compute.request(
            "PATCH", str(target), deadline, body={"identity": patch}, etag=etag, fits=(200, ACCEPTED)
        )
        return Reading.from_answer(answer, target)

    async def operation(self, url: str, deadline: Deadline) -> OperationState:
        """Ask how an operation stands, by the URL that Azure gave for it."""
        answer = await self._client.request("GET", url, deadline, fits=(200, ACCEPTED))
        said = answer.read(lambda body: shaped(body, _OPERATION))
        error = said.get("error") or {}
        return OperationState(
            status=said["status"],
            code=error.get("code"),
            message=error.get("message") or "Azure gave no reason.",
            retry_after=answer.retry_after,
            request_id=said.get("name"),
        )

    async def list_all(
        self, kind: ResourceKind, subscription_id: str, resource_group: str | None, deadline: Deadline
    ) -> AsyncIterator[Reading]:
        """All resources of a kind in a resource group, or in a subscription, page by page."""
        group = f"/resourceGroups/{resource_group}" if resource_group else ""
        inside = f"/subscriptions/{subscription_id}{group}"

        def read(body: Any) -> Reading:
            reading = Reading.from_body(body, kind=kind)
            check_inside(reading.id, inside)
            return reading

        async for item in self._compute.items(f"{inside}/providers/{kind.type}", deadline, read):
            yield item

    async def group_location(self, subscription_id: str, resource_group: str, deadline: Deadline) -> str:
        """The location of a resource group."""
        path = f"/subscriptions/{subscription_id}/resourceGroups/{resource_group}"
        answer = await self._groups.request("GET", path, deadline)
        said = answer.read(lambda body: shaped(body, _GROUP))
        if said["id"].lower() != path.lower():
            raise answer.unexpected(f"The answer is about another resource group: {said['id']}.")
        return str(said["location"])

    async def instances(self, scale_set: ResourceId, deadline: Deadline) -> list[Instance]:
        """The instances of a uniform scale set."""
        path = f"{scale_set}/virtualMachines"
        items = self._compute.items(path, deadline, lambda body: Instance.from_body(body, scale_set))
        return [item async for item in items]

    def require_package(self) -> None:
        """See that instances can be upgraded from here, before what comes first is written.

        :raises MissingPackage: for want of a package they cannot
        """
        COMPUTE.require()

    async def upgrade(self, scale_set: ResourceId, instance_ids: Sequence[str], deadline: Deadline) -> Reading:
        """Begin to give instances the scale set's latest model; the answer tells where to ask for the end.

        :raises MissingPackage: azure-mgmt-compute is not there
        """
        parts = (scale_set.resource_group, scale_set.name)
        name = "virtual_machine_scale_sets.begin_update_instances"
        by = TypedOperation(self._client, COMPUTE, name, scale_set.subscription_id, parts)
        body = {"instanceIds": list(instance_ids)}
        answer = await self._compute.request(
            "POST", f"{scale_set}/manualupgrade", deadline, body=body, fits=(200, ACCEPTED), by=by
        )
        return Reading.begun(scale_set).with_headers(answer)

    async def subscriptions(self, deadline: Deadline) -> list[str]:
        """The IDs of all subscriptions that the caller may see."""
        items = self._subscriptions.items("/subscriptions", deadline, lambda body: shaped(body, _SUBSCRIPTION))
        return [item["subscriptionId"] async for item in items]
