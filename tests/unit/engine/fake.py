# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A gateway to one VM in memory, with a script of what goes wrong, and a clock that only sleeps move."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.gateways._reading import (
    OperationState,
    Reading,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import ManagedIdentityError
from ansible_collections.managed_identity.azure.plugins.module_utils.core._resource_id import (
    VIRTUAL_MACHINE,
    ResourceId,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._rules import arm_error
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._identity import (
    Identity,
    UserIdentity,
)
from tests.unit.core.azure import azure
from tests.unit.core.build import SUB

VM = ResourceId.build(SUB, "rg", VIRTUAL_MACHINE, "vm1")
OPERATION = "https://arm.test/operations/1"


def next_event(events: list[Any]) -> Any:
    """Take what is scripted to happen next; None once nothing is."""
    return events.pop(0) if events else None


def fail_with(event: object) -> None:
    """Raise what is scripted, if it is an error."""
    if isinstance(event, ManagedIdentityError):
        raise event


class FakeClock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)

    def deadline(self, seconds: float = 600) -> Deadline:
        return Deadline(seconds, now=lambda: self.now, sleep=self.sleep)


class FakeGateway:
    """One VM that obeys Azure's rules.

    :param events: what happens to the writes, one each: None (it is made), an error (it is refused), or a callable
        that takes this gateway and ``make`` (which makes the change) and may raise
    :param states: what the operation answers, one a poll; the last one stays
    """

    def __init__(self, identity: Identity, *, etags: bool = True, events: tuple = (), states: tuple = ("Succeeded",)):
        self.identity = identity
        self.version = 1
        self.etags = etags
        self.events = list(events)
        self.states = list(states)
        self.operation_url: str | None = OPERATION
        self.provisioning = "Succeeded"
        self.orchestration_mode: str | None = None
        self.log: list[str] = []
        self.patches: list[dict[str, Any]] = []
        self.matches: list[str | None] = []
        self.before_write: Callable[[], None] = lambda: None
        self.before_read: Callable[[], None] = lambda: None

    async def reached(self, moment: str) -> None:
        """Wait until a request of this kind was sent."""
        for _turn in range(100):
            if moment in self.log:
                return
            await asyncio.sleep(0)
        raise AssertionError(f"no {moment} was sent")

    def change(self, identity: Identity) -> None:
        """What somebody else does to the VM."""
        self.identity = identity
        self.version += 1

    def _reading(self, **more: Any) -> Reading:
        etag = f'"{self.version}"' if self.etags else None
        said = {"orchestration_mode": self.orchestration_mode, **more}
        return Reading(VM, "westeurope", self.identity, etag, self.provisioning, **said)

    async def read(self, target: ResourceId, deadline: Deadline) -> Reading:
        self.log.append("GET")
        self.before_read()
        await asyncio.sleep(0)
        return self._reading()

    async def write(self, target: ResourceId, patch: dict[str, Any], etag: str | None, deadline: Deadline) -> Reading:
        self.log.append("PATCH")
        self.patches.append(patch)
        self.matches.append(etag)
        await asyncio.sleep(0)
        self.before_write()
        if etag is not None and etag != f'"{self.version}"':
            raise arm_error("Etag does not match.", status=412, code="PreconditionFailed", call="PATCH", target=str(VM))
        event = self.events.pop(0) if self.events else None
        if callable(event):
            event(self, lambda: self._make(patch))
        fail_with(event)
        return self._make(patch)

    def _make(self, patch: dict[str, Any]) -> Reading:
        before = self.identity
        self.change(azure(before, patch, "p-new"))
        fresh = [
            UserIdentity(item.id, None, None) if before.find(item.id) is None else item for item in self.identity.user
        ]
        answer = self._reading(operation_url=self.operation_url)
        return replace(answer, identity=Identity.of(self.identity.system, fresh), provisioning_state="Updating")

    async def operation(self, url: str, deadline: Deadline) -> OperationState:
        assert url == OPERATION
        self.log.append("POLL")
        await asyncio.sleep(0)
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        fail_with(state)
        return state if isinstance(state, OperationState) else OperationState(state, None, "no reason", None)
