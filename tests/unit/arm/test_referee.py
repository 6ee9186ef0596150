# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The referee: what our gateways send, and what Microsoft's own clients send for the same, into one transport."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

pytest.importorskip("azure.core")
pytest.importorskip("aiohttp")

from azure.core.exceptions import AzureError, ServiceRequestError
from azure.core.pipeline import AsyncPipeline
from azure.core.pipeline.transport import AsyncHttpTransport

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import ConnectionFailed
from tests.unit.arm.gateway_calls import CALLS
from tests.unit.arm.given_answers import ENDPOINT, gateways, result_of
from tests.unit.arm.twins import NO_TWIN, TWINS, WITHOUT, clients

OWN = ("MachineIdentities.", "UserAssignedIdentities.", "Vms.")
# By other clients, and by a client of a preview.
ELSEWHERE = ("MachineIdentities.group_location", "MachineIdentities.subscriptions", "UserAssignedIdentities.users")


class Recording(AsyncHttpTransport):
    """Notes each request, and sends none."""

    def __init__(self) -> None:
        self.requests: list[Any] = []

    async def send(self, request: Any, **_options: Any) -> Any:
        self.requests.append(request)
        raise ServiceRequestError("noted")

    async def open(self) -> None: ...
    async def close(self) -> None: ...
    async def __aexit__(self, *_details: object) -> None: ...


def described(request: Any) -> dict[str, Any]:
    """What Azure sees of a request."""
    url = urlsplit(request.url)
    # The clients of older generators make requests of azure-core's older kind.
    content = request.content if hasattr(request, "content") else request.body
    return {
        "method": request.method,
        "origin": f"{url.scheme}://{url.netloc}",
        # Some clients spell resourcegroups so; ARM does not look at case.
        "path": unquote(url.path).lower(),
        "query": sorted(parse_qsl(url.query, keep_blank_values=True)),
        "conditions": {name: request.headers.get(name) for name in ("If-Match", "If-None-Match")},
        "content": json.loads(content) if content else None,
        "type": request.headers.get("Content-Type") if content else None,
    }


def ours(name: str) -> dict[str, Any]:
    """The request that a gateway sends."""
    transport = Recording()
    pipeline: Any = AsyncPipeline(transport, [])
    with pytest.raises(ConnectionFailed):
        result_of(TWINS[name].ours(gateways(pipeline)))
    (request,) = transport.requests
    return described(request)


def theirs(name: str, version: str, **options: Any) -> dict[str, Any]:
    """The request that Microsoft's client sends."""
    transport = Recording()

    async def call() -> None:
        called = TWINS[name].theirs(clients(transport, version), **options)
        await (anext(called) if hasattr(called, "by_page") else called)

    with pytest.raises(AzureError, match="noted"):
        asyncio.run(call())
    (request,) = transport.requests
    return described(request)


def api_version(request: dict[str, Any]) -> str:
    """The one that a request names."""
    (version,) = (value for key, value in request["query"] if key == "api-version")
    return str(version)


def test_every_call_has_a_twin_or_a_reason() -> None:
    assert {name.partition(" ")[0] for name in TWINS} | set(NO_TWIN) == set(CALLS)
    assert not set(NO_TWIN) & set(TWINS)
    assert set(WITHOUT) <= set(TWINS)


@pytest.mark.parametrize("name", TWINS)
def test_a_call_sends_what_its_twin_sends(name: str) -> None:
    sent = ours(name)
    version = api_version(sent)
    assert sent["origin"] == ENDPOINT
    try:
        twin = theirs(name, version, api_version=version)
    except AttributeError:
        # The release has no such operation; that must be known, and why.
        assert name in WITHOUT
    else:
        assert twin == sent


@pytest.mark.parametrize("name", [name for name in TWINS if name.startswith(OWN) and name not in ELSEWHERE])
def test_our_api_version_is_the_client_s_own_or_older(name: str) -> None:
    """The releases that azcollection pins were made for it; newer ones speak a newer one, unless they are told."""
    version = api_version(ours(name))
    default = api_version(theirs(name, version))
    on = clients(Recording(), version)
    pinned = hasattr(on.msi if name.startswith("User") else on.compute, "DEFAULT_API_VERSION")
    assert default == version if pinned else default >= version


@pytest.mark.parametrize("part", ["method", "path", "query", "conditions", "content"])
def test_a_difference_is_seen(part: str) -> None:
    write = ours("MachineIdentities.write")
    others = (ours("MachineIdentities.write of a set"), ours("MachineIdentities.read"), ours("Authorization.role"))
    assert any(other[part] != write[part] for other in others)
