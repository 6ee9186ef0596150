# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Resources that have managed identities, read and written; and what they are in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..core._errors import UnexpectedAnswer
from ..core._identity import IDENTITY_SHAPE, Identity
from ..core._resource_id import ResourceId, ResourceKind
from ..core._shape import Needed, answered_id, shaped
from ._deadline import Deadline
from ._versions import VersionedClient

if TYPE_CHECKING:
    from ._answer import ArmAnswer
    from ._client import ArmClient

__all__ = ["Gateway", "Instance", "OperationState", "Reading"]

# The oldest stable api-version of virtual machines that returns ETags; clouds that refuse it are asked by an older
# one, down to the first in which user-assigned identities are a map.
_VM_VERSION, _VM_OLDEST = "2024-07-01", "2018-06-01"
_SUBSCRIPTIONS_VERSION, _SUBSCRIPTIONS_OLDEST = "2022-12-01", "2016-06-01"
_GROUPS_VERSION, _GROUPS_OLDEST = "2021-04-01", "2016-06-01"
_RESOURCE = Needed(
    {
        "id": Needed(str),
        "type": str,
        "location": Needed(str),
        "etag": str,
        "identity": IDENTITY_SHAPE,
        "properties": Needed(
            {"provisioningState": str, "orchestrationMode": str, "upgradePolicy": {"mode": str}},
        ),
    }
)
_INSTANCE = Needed({"instanceId": Needed(str), "properties": {"latestModelApplied": bool}})
_OPERATION = Needed({"status": Needed(str), "name": str, "error": {"code": str, "message": str}})
_GROUP = Needed({"id": Needed(str), "location": Needed(str)})
_SUBSCRIPTION = Needed({"subscriptionId": Needed(str)})
# An answer of this status says that the write has begun, and may say nothing else.
_ACCEPTED = 202


@dataclass(frozen=True)
class Reading:
    """A resource as Azure described it at one moment, in answer to a read or a write.

    :param operation_url: where to ask how the write proceeds; None after a read, or where Azure gave none
    :param retry_after: seconds to wait before asking, if Azure said so
    :param orchestration_mode: of a scale set, Uniform or Flexible
    :param upgrade_policy: of a uniform scale set, Manual, Automatic or Rolling: how its instances get a new model
    """

    id: ResourceId
    location: str | None
    identity: Identity
    etag: str | None
    provisioning_state: str | None
    operation_url: str | None = None
    retry_after: float | None = None
    orchestration_mode: str | None = None
    upgrade_policy: str | None = None

    @classmethod
    def from_body(cls, body: Any, asked: ResourceId | None = None, kind: ResourceKind | None = None) -> Reading:
        """Read a resource as it stands in a list, or in an answer about ``asked``; the ID is as Azure spells it.

        :raises UnexpectedAnswer: it is not described, or another one is
        """
        said = shaped(body, _RESOURCE)
        found = answered_id(said["id"], kind, asked)
        if (said.get("type") or found.type).lower() != found.type.lower():
            raise UnexpectedAnswer(f"The answer calls it a {said['type']}.")
        properties = said["properties"]
        return cls(
            id=found,
            location=said["location"],
            identity=Identity.from_arm(said),
            etag=said.get("etag"),
            provisioning_state=properties.get("provisioningState"),
            orchestration_mode=properties.get("orchestrationMode"),
            upgrade_policy=(properties.get("upgradePolicy") or {}).get("mode"),
        )

    @classmethod
    def from_answer(cls, answer: ArmAnswer, asked: ResourceId) -> Reading:
        """Read an answer about ``asked``, with what its headers say.

        :raises UnexpectedAnswer: it does not describe the resource, and does not say that a write has begun either
        """
        begun = answer.status == _ACCEPTED and answer.body is None
        said = cls.begun(asked) if begun else answer.read(lambda body: cls.from_body(body, asked))
        return said.with_headers(answer)

    @classmethod
    def begun(cls, asked: ResourceId) -> Reading:
        """What is known of a resource where Azure has accepted a write, and says no more."""
        return cls(asked, None, Identity(), None, "Updating")

    def with_headers(self, answer: ArmAnswer) -> Reading:
        """The same, with what the headers of an answer say."""
        return replace(
            self,
            etag=answer.headers.get("ETag") or self.etag,
            operation_url=answer.headers.get("Azure-AsyncOperation"),
            retry_after=answer.retry_after,
        )

    @property
    def told(self) -> bool:
        """Whether Azure described the resource at all: an answer of status 202 may be empty."""
        return self.location is not None

    @property
    def changing(self) -> bool:
        """Whether Azure is in the middle of a change of the resource."""
        return self.provisioning_state in ("Creating", "Updating")

    @property
    def flexible(self) -> bool:
        """Whether it is a flexible scale set: its VMs have identities of their own, and no model to follow."""
        return (self.orchestration_mode or "").lower() == "flexible"

    @property
    def manual(self) -> bool:
        """Whether it is a scale set whose instances get a new model only when they are told to."""
        return (self.upgrade_policy or "").lower() == "manual"

    def to_result(self) -> dict[str, Any]:
        """The ``vm`` or ``vmss`` of results."""
        return {
            "id": str(self.id),
            "name": self.id.name,
            "resource_group": self.id.resource_group,
            "subscription_id": self.id.subscription_id,
            "location": self.location,
        }


@dataclass(frozen=True)
class Instance:
    """An instance of a uniform scale set; ``current`` tells whether it has the scale set's latest model."""

    instance_id: str
    current: bool

    @classmethod
    def from_body(cls, body: Any) -> Instance:
        """Read an instance as it stands in a list; one that does not say so is taken for one of an older model.

        :raises UnexpectedAnswer: it describes none
        """
        said = shaped(body, _INSTANCE)
        return cls(said["instanceId"], bool((said.get("properties") or {}).get("latestModelApplied")))


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


class Gateway:
    """Virtual machines and scale sets, as far as their identities go.

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
            "PATCH", str(target), deadline, body={"identity": patch}, etag=etag, fits=(200, _ACCEPTED)
        )
        return Reading.from_answer(answer, target)

    async def operation(self, url: str, deadline: Deadline) -> OperationState:
        """Ask how an operation stands, by the URL that Azure gave for it."""
        answer = await self._client.request("GET", url, deadline, fits=(200, _ACCEPTED))
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
        path = f"/subscriptions/{subscription_id}{group}/providers/{kind.type}"
        async for item in self._compute.items(path, deadline, lambda body: Reading.from_body(body, kind=kind)):
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
        return [item async for item in self._compute.items(path, deadline, Instance.from_body)]

    async def upgrade(self, scale_set: ResourceId, instance_ids: Sequence[str], deadline: Deadline) -> Reading:
        """Begin to give instances the scale set's latest model; the answer tells where to ask for the end."""
        body = {"instanceIds": list(instance_ids)}
        answer = await self._compute.request(
            "POST", f"{scale_set}/manualupgrade", deadline, body=body, fits=(200, _ACCEPTED)
        )
        return Reading.begun(scale_set).with_headers(answer)

    async def subscriptions(self, deadline: Deadline) -> list[str]:
        """The IDs of all subscriptions that the caller may see."""
        items = self._subscriptions.items("/subscriptions", deadline, lambda body: shaped(body, _SUBSCRIPTION))
        return [item["subscriptionId"] async for item in items]
