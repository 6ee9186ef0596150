# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why no answer came: real connections that fail, over both of the libraries that make them."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

pytest.importorskip("azure.core")
pytest.importorskip("aiohttp")

from azure.core.exceptions import AzureError
from azure.core.pipeline.transport import AioHttpTransport, RequestsTransport
from azure.core.rest import HttpRequest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._connection import (
    explain_connection,
    is_lasting,
)
from tests.support.proxy import connect_proxy

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[Any]]
NOW = datetime.datetime.now(datetime.timezone.utc)
DAY = datetime.timedelta(days=1)


@asynccontextmanager
async def listening(handler: Handler, context: ssl.SSLContext | None = None):
    server = await asyncio.start_server(handler, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.transport.abort()


async def silent(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    return


async def plain(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


async def failure(library: str, url: str, authority: Path | None, proxy: str | None) -> AzureError:
    """What a library's transport raises."""
    options: dict[str, Any] = {"connection_timeout": 0.5, "read_timeout": 0.5}
    options["proxies"] = {"https": proxy} if proxy else {}
    request = HttpRequest("GET", url)
    verify = str(authority) if authority else True
    if library == "requests":
        with RequestsTransport(connection_verify=verify, **options) as blocking, pytest.raises(AzureError) as caught:
            await asyncio.to_thread(blocking.send, request, **options)
    else:
        async with AioHttpTransport(connection_verify=verify) as transport:
            with pytest.raises(AzureError) as caught:
                await transport.send(request, **options)
    return caught.value


@pytest.fixture(params=["aiohttp", "requests"])
def library(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def authority(tmp_path: Path) -> tuple[trustme.CA, Path]:
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return made, tmp_path / "ca.pem"


@pytest.mark.parametrize(
    ("host", "times", "trusted", "message", "remedy"),
    [
        ("localhost", {}, False, "from an authority that is not trusted here", "REQUESTS_CA_BUNDLE"),
        ("other.test", {}, True, "is for another host", "cloud_environment"),
        ("localhost", {"not_before": NOW - 3 * DAY, "not_after": NOW - DAY}, True, "has expired", "clock"),
        ("localhost", {"not_before": NOW + DAY, "not_after": NOW + 3 * DAY}, True, "is not valid yet", "clock"),
    ],
)
async def test_certificates_are_told_apart(authority, library, host, times, trusted, message, remedy) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority[0].issue_cert(host, **times).configure_cert(context)
    async with listening(plain, context) as port:
        error = await failure(library, f"https://localhost:{port}", authority[1] if trusted else None, None)
    said = explain_connection(error)
    assert said[0].startswith(f"The certificate of {f'localhost:{port}' if library == 'aiohttp' else 'the server'} ")
    assert message in said[0]
    assert remedy in said[1]
    assert ("REQUESTS_CA_BUNDLE" in said[1]) is (remedy == "REQUESTS_CA_BUNDLE")
    assert is_lasting(error)


@pytest.mark.parametrize(
    ("url", "message", "remedy", "lasting"),
    [
        ("https://nonexistent.invalid", "cannot be looked up", "DNS", False),
        ("https://localhost:1", "The connection is refused by", "network", False),
        (close, "broke off", "network", False),
        (silent, "no answer from the server in time", "network", False),
        (plain, "No TLS is spoken by", "Check the port", True),
    ],
)
async def test_networks_are_told_apart(authority, library, url, message, remedy, lasting) -> None:
    async with AsyncExitStack() as stack:
        if callable(url):
            url = f"https://localhost:{await stack.enter_async_context(listening(url))}"
        error = await failure(library, url, authority[1], None)
    said = explain_connection(error)
    assert message in said[0]
    assert said[0].endswith(".")
    assert remedy in said[1]
    assert is_lasting(error) is lasting


@pytest.mark.parametrize(
    ("status", "remedy", "lasting"),
    [(407, "user name and password into HTTPS_PROXY", True), (403, "NO_PROXY", True), (502, "NO_PROXY", False)],
)
async def test_what_a_proxy_refuses_is_told_as_the_proxys_without_its_password(
    library, status, remedy, lasting
) -> None:
    async with connect_proxy() as proxy:
        proxy.status = status
        error = await failure(library, "https://management.test", None, f"http://me:p%40ss@localhost:{proxy.port}")
    said = explain_connection(error)
    shown = f" http://localhost:{proxy.port}" if library == "aiohttp" else ""
    assert said[0] == f"The proxy{shown} refuses the connection: {status} Said so."
    assert remedy in said[1]
    assert is_lasting(error) is lasting


async def test_a_proxy_that_is_not_there_is_named(library) -> None:
    said = explain_connection(await failure(library, "https://management.test", None, "http://me:pass@localhost:1"))
    assert said[0] == f"The connection is refused by the proxy{' localhost:1' if library == 'aiohttp' else ''}."


@pytest.mark.parametrize(
    "words", ["http://me:hush@proxy:1 is odd", "me:hush@proxy", "x 'http://me:hu@sh@proxy' y", "http://:hush@proxy"]
)
def test_what_is_unknown_is_shown_without_user_information(words: str) -> None:
    said = explain_connection(AzureError("outer", error=ValueError(words)))
    assert said[0].startswith("The connection to the server failed: ")
    assert "hush" not in said[0]
    assert "sh@" not in said[0]
    assert "proxy" in said[0]
