# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of Azure Resource Manager that answers from a list."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.pipeline._answer import ArmAnswer
from ansible_collections.managed_identity.azure.plugins.module_utils.core._resource_id import (
    IDENTITY,
    VIRTUAL_MACHINE,
    ResourceId,
)

__all__ = ["SUB", "UAI", "UAI_BODY", "VM", "FakeClient", "ask"]

SUB = "11111111-2222-3333-4444-555555555555"
VM = ResourceId.build(SUB, "rg", VIRTUAL_MACHINE, "vm1")
UAI = ResourceId.build(SUB, "rg", IDENTITY, "id-a")
UAI_BODY = {"id": str(UAI), "location": "westeurope", "properties": {"principalId": "p", "clientId": "c"}}


class FakeClient:
    """Answers from a list of (body, headers[, status]) and errors.

    It keeps what was asked: method, target, api-version, and what else was given.
    """

    endpoint = "https://arm.test"

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, str | None, dict[str, Any]]] = []

    async def request(
        self, method: str, target: str, deadline: Deadline, *, api_version: str | None = None, **details: Any
    ) -> ArmAnswer:
        self.asked.append((method, target, api_version, {name: value for name, value in details.items() if value}))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return ArmAnswer(*answer)

    async def send(self, request: Any, target: str, deadline: Deadline, **details: Any) -> ArmAnswer:
        """Note what one of Microsoft's clients makes as if it were made by us."""
        url = urlsplit(request.url)
        assert f"{url.scheme}://{url.netloc}" == self.endpoint
        assert unquote(url.path).lower() == target.lower()
        query = {name: value for name, (value,) in parse_qs(url.query).items()}
        made = {
            "query": {name: value for name, value in query.items() if name != "api-version"},
            "body": json.loads(request.content) if request.content else None,
            "only_new": request.headers.get("If-None-Match") == "*",
            "etag": request.headers.get("If-Match"),
        }
        return await self.request(
            request.method, target, deadline, api_version=query.get("api-version"), **made, **details
        )


def ask(coroutine: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(coroutine)
