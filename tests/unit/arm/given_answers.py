# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client whose answers come from a list, down to status, headers and bytes; and gateways that use it."""

from __future__ import annotations

import asyncio
import inspect
import json
from types import SimpleNamespace
from typing import Any

from multidict import CIMultiDict

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.gateways._authorization import Authorization
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.gateways._directory import Directory
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.gateways._machine_identities import (
    MachineIdentities,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.gateways._user_assigned import (
    UserAssignedIdentities,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.gateways._vms import Vms
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.pipeline._client import ArmClient

__all__ = ["DEADLINE", "ENDPOINT", "Given", "gateways", "result_of"]

ENDPOINT = "https://arm.test"
DEADLINE = Deadline(999)


class Given:
    """Stands for azure-core's pipeline: gives the answers one after another, the last one again and again.

    :param answers: (status, body[, headers]) each; a body is JSON unless it is bytes
    """

    def __init__(self, *answers: tuple[Any, ...]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str]] = []

    async def run(self, request: Any, **_options: Any) -> Any:
        """Note the request, and answer."""
        self.asked.append((request.method, request.url))
        assert len(self.asked) < 50, "no end of requests"
        status, body, *rest = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        headers = CIMultiDict(rest[0] if rest else {})
        answer = SimpleNamespace(status_code=status, content=content, headers=headers, reason="Reason")
        return SimpleNamespace(http_response=answer, context={})


def gateways(given: Given) -> SimpleNamespace:
    """One new gateway of each class, by its class's name, and the client that they share."""
    pipeline: Any = given
    client = ArmClient(pipeline, ENDPOINT, None)
    classes = (MachineIdentities, UserAssignedIdentities, Authorization, Vms, Directory)
    return SimpleNamespace(client=client, **{one.__name__: one(client) for one in classes})


async def _collected(calling: Any) -> Any:
    return [item async for item in calling] if inspect.isasyncgen(calling) else await calling


def result_of(calling: Any) -> Any:
    """What a call of a gateway comes to; of one that gives items, the list of them."""
    return asyncio.run(_collected(calling))
