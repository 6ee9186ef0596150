# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What answers say of resources that have managed identities, and of changes of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ...core._errors import UnexpectedAnswer
from ...core._path import shown
from ...core._resource_id import ResourceId, ResourceKind
from ...core.identities._identity import IDENTITY_SHAPE, Identity
from ...core.wire._shape import Members, Needed, answered_id, shaped

if TYPE_CHECKING:
    from ..pipeline._answer import ArmAnswer

__all__ = ["ACCEPTED", "Instance", "OperationState", "Reading"]

# An answer of this status says that the write has begun, and may say nothing else.
ACCEPTED = 202
_RESOURCE = Needed(
    {
        "id": Needed(str),
        "name": Needed(str),
        "type": Needed(str),
        "location": Needed(str),
        "tags": Members(str),
        "etag": str,
        "identity": IDENTITY_SHAPE,
        "properties": Needed(
            {"provisioningState": Needed(str), "orchestrationMode": str, "upgradePolicy": {"mode": str}},
        ),
    }
)
_INSTANCE = Needed(
    {
        "id": Needed(str),
        "instanceId": Needed(str),
        "location": Needed(str),
        "tags": Members(str),
        "identity": IDENTITY_SHAPE,
        "properties": Needed({"latestModelApplied": bool}),
    }
)


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
        if said["type"].lower() != found.type.lower():
            raise UnexpectedAnswer(f"The answer calls it a {said['type']}.")
        properties = said["properties"]
        return cls(
            id=found,
            location=said["location"],
            identity=Identity.from_arm(said),
            etag=_etag(said.get("etag")),
            provisioning_state=properties.get("provisioningState"),
            orchestration_mode=properties.get("orchestrationMode"),
            upgrade_policy=(properties.get("upgradePolicy") or {}).get("mode"),
        )

    @classmethod
    def from_answer(cls, answer: ArmAnswer, asked: ResourceId) -> Reading:
        """Read an answer about ``asked``, with what its headers say.

        :raises UnexpectedAnswer: it does not describe the resource, and does not say that a write has begun either
        """
        begun = answer.status == ACCEPTED and answer.body is None
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
            # Whoever packs an answer on its way may change the header.
            etag=self.etag or _etag(answer.headers.get("ETag")),
            operation_url=answer.headers.get("Azure-AsyncOperation"),
            retry_after=answer.retry_after,
        )

    @property
    def told(self) -> bool:
        """Whether Azure described the resource at all: an answer of status 202 may be empty."""
        return self.location is not None

    @property
    def state(self) -> str:
        """The provisioning state in lower case, since Azure spells it in several ways; empty if it said none."""
        return (self.provisioning_state or "").lower()

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
            **self.id.to_result(),
            "location": self.location,
        }


def _etag(said: str | None) -> str | None:
    """An ETag that protects something: ``*`` is that of whatever there is."""
    return said if said and said.strip() != "*" else None


@dataclass(frozen=True)
class Instance:
    """An instance of a uniform scale set; ``current`` tells whether it has the scale set's latest model."""

    instance_id: str
    current: bool

    @classmethod
    def from_body(cls, body: Any, scale_set: ResourceId) -> Instance:
        """Read an instance as it stands in the list of a scale set.

        One that does not say that it has the latest model is taken for one of an older model.

        :raises UnexpectedAnswer: it describes none of that scale set
        """
        said = shaped(body, _INSTANCE)
        Identity.from_arm(said)
        if said["id"].lower() != f"{scale_set}/virtualMachines/{said['instanceId']}".lower():
            raise UnexpectedAnswer(f"The list holds what is elsewhere: {shown(said['id'])}.")
        return cls(said["instanceId"], bool(said["properties"].get("latestModelApplied")))


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
