# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Redirects over real azure-core, aiohttp and TLS: nobody follows one, neither with a token nor with a write."""

from __future__ import annotations

import pytest

pytest.importorskip("azure.core")
pytest.importorskip("aiohttp")

from azure.core.pipeline import AsyncPipeline

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._transport import SharedTransport
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.pipeline._client import ArmClient
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.pipeline._retry import ArmRetryPolicy
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import UnexpectedAnswer
from tests.support.scripted import scripted_server

WAYS = [("GET", False), ("POST", True), ("POST", False), ("PATCH", False), ("PUT", False), ("DELETE", False)]
STATUSES = (300, 301, 302, 303, 304, 307, 308)


@pytest.mark.parametrize(("method", "reads"), WAYS)
async def test_a_redirect_to_ones_own_host_is_not_followed(method: str, reads: bool) -> None:
    async with scripted_server() as server:
        transport = SharedTransport(server.context())
        client = ArmClient(AsyncPipeline(transport, [ArmRetryPolicy()]), server.url, None)
        for status in STATUSES:
            for place in (f"{server.url}/moved", "/moved"):
                # Whoever follows it finds what would be a success.
                server.answers = [(status, "" if status == 304 else {"id": "/x"}, {"Location": place}), (200, {}, {})]
                server.asked.clear()
                with pytest.raises(UnexpectedAnswer, match="a redirect") as caught:
                    await client.request(method, "/subscriptions/s", Deadline(20), body={"a": 1}, reads=reads)
                assert (caught.value.status, caught.value.call) == (status, method)
                assert [(asked[0], asked[1]) for asked in server.asked] == [(method, "/subscriptions/s")]
        await transport.end()
