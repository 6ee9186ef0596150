# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One identity and some machines in memory, with a script of what goes wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.gateways._reading import (
    OperationState,
    Reading,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import ManagedIdentityError
from ansible_collections.managed_identity.azure.plugins.module_utils.core._resource_id import (
    SCALE_SET,
    VIRTUAL_MACHINE,
    ResourceId,
    ResourceKind,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._rules import arm_error
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._holder import IdentityHolder
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._identity import Identity
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._user_assigned import UserAssigned
from tests.unit.core.azure import azure
from tests.unit.core.build import SUB, uai
from tests.unit.engine.fake import fail_with

__all__ = ["ID", "OTHER_SUB", "FakeIdentities", "FakeMachines", "body", "listed", "machine", "scale_set"]

ID = uai("a")
OTHER_SUB = "22222222-2222-3333-4444-555555555555"


def body(**more: Any) -> dict[str, Any]:
    """The identity as Azure describes it."""
    properties = {"tenantId": "t", "principalId": "p", "clientId": "c", "isolationScope": "None"}
    return {"id": str(ID), "location": "westeurope", "tags": {}, "properties": properties, **more}


def machine(name: str, subscription: str = SUB) -> ResourceId:
    return ResourceId.build(subscription, "rg", VIRTUAL_MACHINE, name)


def scale_set(name: str) -> ResourceId:
    return ResourceId.build(SUB, "rg", SCALE_SET, name)


def listed(resource: ResourceId | str) -> dict[str, Any]:
    """A resource in Azure's list of those that have the identity."""
    if isinstance(resource, ResourceId):
        where = {"resourceGroup": resource.resource_group, "subscriptionId": resource.subscription_id}
        return {"id": str(resource), "name": resource.name, "type": resource.type.lower(), **where}
    where = {"resourceGroup": "rg", "subscriptionId": SUB}
    return {
        "id": f"/subscriptions/{SUB}/resourceGroups/rg/providers/{resource}/x",
        "name": "x",
        "type": resource,
        **where,
    }


class FakeIdentities:
    """The identity, and who Azure says uses it.

    :param there: its body, None if it is not there
    :param events: what happens to the writes, one each: None (it is made), an error, or a callable that gets this and
        may raise
    """

    def __init__(self, there: dict[str, Any] | None, *, users: Any = (), events: tuple[Any, ...] = ()) -> None:
        self.there = there
        self.listing = users
        self.events = list(events)
        self.log: list[str] = []
        self.bodies: list[dict[str, Any]] = []
        self.knows_isolation = True
        self.ignores = False

    def _seen(self) -> UserAssigned:
        return UserAssigned.from_arm(self.there)

    async def read(self, identity: ResourceId, deadline: Any) -> UserAssigned | None:
        self.log.append("GET")
        return self._seen() if self.there else None

    def _next(self) -> None:
        event = self.events.pop(0) if self.events else None
        if callable(event):
            event(self)
        fail_with(event)

    async def put(self, identity: ResourceId, sent: dict[str, Any], deadline: Any) -> UserAssigned:
        self.log.append("PUT")
        self.bodies.append(sent)
        self._next()
        self.there = body(location=sent["location"], tags=sent["tags"])
        return self._seen()

    async def patch(self, identity: ResourceId, sent: dict[str, Any], deadline: Any) -> UserAssigned:
        self.log.append("PATCH")
        self.bodies.append(sent)
        self._next()
        assert self.there
        if not self.ignores:
            self.there = {
                **self.there,
                **sent,
                "properties": {**self.there["properties"], **sent.get("properties", {})},
            }
        return self._seen()

    async def delete(self, identity: ResourceId, deadline: Any) -> bool:
        self.log.append("DELETE")
        self._next()
        was, self.there = self.there, None
        return was is not None

    async def users(self, identity: ResourceId, deadline: Any) -> AsyncIterator[IdentityHolder]:
        self.log.append("USERS")
        fail_with(self.listing)
        for row in self.listing:
            yield IdentityHolder.from_list(row)


class FakeMachines:
    """VMs and scale sets with their identities; all that are in the subscription are listed.

    :param unlisted: errors of the lists, by kind
    :param refused: errors of reads and writes, by the machine's name
    """

    def __init__(self, machines: dict[ResourceId, Identity]) -> None:
        self.machines = dict(machines)
        self.unlisted: dict[ResourceKind, ManagedIdentityError] = {}
        self.unreadable: dict[str, ManagedIdentityError] = {}
        self.unwritable: dict[str, ManagedIdentityError] = {}
        self.invisible: set[str] = set()
        self.log: list[str] = []

    def _reading(self, target: ResourceId) -> Reading:
        policy = "Manual" if target.type == SCALE_SET.type else None
        return Reading(target, "westeurope", self.machines[target], '"1"', "Succeeded", upgrade_policy=policy)

    async def read(self, target: ResourceId, deadline: Any) -> Reading:
        self.log.append(f"GET {target.name}")
        fail_with(self.unreadable.get(target.name))
        if target not in self.machines:
            raise arm_error("gone", status=404, code="ResourceNotFound", call="GET", target=str(target))
        return self._reading(target)

    async def write(self, target: ResourceId, patch: dict[str, Any], etag: str | None, deadline: Any) -> Reading:
        self.log.append(f"PATCH {target.name}")
        fail_with(self.unwritable.get(target.name))
        self.machines[target] = azure(self.machines[target], patch, "p-new")
        return self._reading(target)

    async def operation(self, url: str, deadline: Any) -> OperationState:
        raise AssertionError("there are no operations here")

    async def list_all(
        self, kind: ResourceKind, subscription_id: str, resource_group: str | None, deadline: Any
    ) -> AsyncIterator[Reading]:
        self.log.append(f"LIST {kind.label}")
        fail_with(self.unlisted.get(kind))
        for target in self.machines:
            if (
                target.type == kind.type
                and target.subscription_id == subscription_id
                and target.name not in self.invisible
            ):
                yield self._reading(target)

    async def group_location(self, subscription_id: str, resource_group: str, deadline: Any) -> str:
        self.log.append("GROUP")
        return "northeurope"
