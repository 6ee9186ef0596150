# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The transport: whatever is answered, an answer or an error of azure-core; and what retries make of headers."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

pytest.importorskip("azure.core")
pytest.importorskip("aiohttp")

from azure.core.exceptions import AzureError
from azure.core.pipeline import AsyncPipeline
from azure.core.rest import HttpRequest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._threads import in_thread
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._transport import SharedTransport
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.pipeline._retry import ArmRetryPolicy, was_sent
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import UnexpectedAnswer
from tests.support.proxy import connect_proxy
from tests.support.scripted import scripted_server
from tests.tools.link_collection import link_collection

GZIP = gzip.compress(b'{"value": []}' * 50)
SPOILT = GZIP[:12] + b"\xff" * 5 + GZIP[17:]
HEAD = b"HTTP/1.1 200 OK\r\n"


@asynccontextmanager
async def raw_server(answer: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that gives one answer, byte for byte, and what it was asked."""
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", asked
    finally:
        server.close()


@pytest.fixture
async def transport() -> AsyncIterator[SharedTransport]:
    made = SharedTransport(ssl.create_default_context())
    yield made
    await made.end()


@pytest.mark.parametrize(
    "answer",
    [
        HEAD + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde",
        HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(SPOILT) + SPOILT,
        HEAD + b"Content-Encoding: deflate\r\nContent-Length: 5\r\n\r\nabcde",
        HEAD + b"Content-Length: 50\r\n\r\nabcde",
        HEAD + b"Content-Length: -2\r\n\r\nabcde",
        HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nabcde",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabcde",
        HEAD + b"Bad Header: x\r\n\r\n",
        HEAD + b"X: a\x00b\r\n\r\n",
        HEAD + b"X: " + b"a" * 100_000 + b"\r\n\r\n",
        b"\x00\x01 nonsense\r\n\r\n",
        b"",
    ],
)
async def test_an_answer_that_cannot_be_read_is_an_error_of_azure_core(transport, answer) -> None:
    async with raw_server(answer) as (url, _asked):
        with pytest.raises(AzureError) as caught:
            await transport.send(HttpRequest("GET", url))
    assert was_sent(caught.value)


BOMB = gzip.compress(bytes(2**20)) * 200


@pytest.mark.parametrize(
    "answer",
    [
        HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB) + BOMB,
        HEAD + b"Content-Length: %d\r\n\r\n" % (40 * 2**20) + bytes(40 * 2**20),
    ],
    ids=["packed", "plain"],
)
async def test_an_answer_without_end_is_not_read_to_its_end(transport, answer) -> None:
    async with raw_server(answer) as (url, _asked):
        with pytest.raises((UnexpectedAnswer, AzureError)) as caught:
            await transport.send(HttpRequest("GET", url))
    if isinstance(caught.value, UnexpectedAnswer):
        assert caught.value.message == "The answer is longer than 32 MiB."


async def test_a_long_list_is_read(transport) -> None:
    body = b'{"value": []}' * 2**20
    packed = gzip.compress(body, 1)
    async with raw_server(HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed) as (
        url,
        _asked,
    ):
        answer = await transport.send(HttpRequest("GET", url))
    assert answer.content == body


async def test_a_header_that_cannot_be_sent_is_an_error_of_azure_core(transport) -> None:
    async with raw_server(HEAD + b"Content-Length: 2\r\n\r\n{}") as (url, asked):
        with pytest.raises(AzureError):
            await transport.send(HttpRequest("GET", url, headers={"If-Match": "a\r\nb"}))
    assert asked == []


async def test_only_what_azure_core_can_decode_is_asked_for_and_no_redirect_followed(transport) -> None:
    async with raw_server(b"HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n") as (url, asked):
        assert (await transport.send(HttpRequest("GET", url))).status_code == 302
    ((request),) = asked
    assert b"\r\nAccept-Encoding: gzip, deflate\r\n" in request


async def test_what_a_proxy_refuses_was_not_sent(monkeypatch) -> None:
    async with connect_proxy() as proxy:
        proxy.status = 502
        monkeypatch.setenv("HTTPS_PROXY", f"http://localhost:{proxy.port}")
        transport = SharedTransport(ssl.create_default_context())
        with pytest.raises(AzureError) as caught:
            await transport.send(HttpRequest("GET", "https://management.test"))
        await transport.end()
    assert not was_sent(caught.value)


@pytest.mark.parametrize(
    ("retry_after", "asked"),
    [("soon", 2), ("-1", 2), ("Sun, 06 Nov 1994 08:49:37 GMT", 2), ("3600", 1), ("Fri, 31 Dec 9999 23:59:59 GMT", 1)],
)
async def test_retry_after_is_obeyed_where_it_can_be_read_and_fits(retry_after, asked) -> None:
    async with scripted_server() as server:
        server.answers = [(429, {}, {"Retry-After": retry_after}), (200, {}, {})]
        transport = SharedTransport(server.context())
        pipeline = AsyncPipeline(transport, [ArmRetryPolicy()])
        answer = await pipeline.run(HttpRequest("PATCH", server.url), deadline=Deadline(20), retry_on_methods=())
        await transport.end()
    assert len(server.asked) == asked
    assert answer.http_response.status_code == (429 if asked == 1 else 200)


@pytest.mark.parametrize(("methods", "asked"), [((), 1), (("POST",), 2)])
async def test_a_post_that_reads_is_sent_again(methods, asked) -> None:
    async with scripted_server() as server:
        server.answers = [(503, {}, {}), (200, {}, {})]
        transport = SharedTransport(server.context())
        pipeline = AsyncPipeline(transport, [ArmRetryPolicy()])
        await pipeline.run(HttpRequest("POST", server.url), deadline=Deadline(20), retry_on_methods=methods)
        await transport.end()
    assert len(server.asked) == asked


async def test_a_name_server_that_does_not_answer_is_left_behind(transport, monkeypatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_options: time.sleep(1.5))
    begun = time.monotonic()
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(transport.send(HttpRequest("GET", "https://management.test")), 0.3)
    assert time.monotonic() - begun < 1


async def test_a_thread_gives_what_its_function_returns_or_raises() -> None:
    assert await in_thread(int, "7", base=8) == 7
    with pytest.raises(ValueError, match="invalid literal"):
        await in_thread(int, "x")


def test_a_thread_that_hangs_does_not_hold_the_process() -> None:
    program = f"""
import asyncio, sys, time
sys.path.insert(0, {str(link_collection())!r})
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._threads import in_thread
try:
    asyncio.run(asyncio.wait_for(in_thread(time.sleep, 60), 0.1))
except asyncio.TimeoutError:
    print("left")
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30)
    assert (ended.stdout, ended.stderr) == ("left\n", "")
