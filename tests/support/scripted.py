# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server on loopback that answers as it is told, one answer a request, and keeps what it was asked."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import trustme
from aiohttp import web

__all__ = ["ScriptedServer", "scripted_server"]

Answer = tuple[int, Any, dict[str, str]] | Callable[[web.Request], Any]


@dataclass
class ScriptedServer:
    """The server's state.

    :param answers: what comes next: (status, body, headers), or a function of the request; the last one stays
    :param asked: (method, path with query, headers, JSON body or a form's text) of each request
    """

    url: str
    authority: trustme.CA
    answers: list[Answer] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, str], Any]] = field(default_factory=list)

    def context(self) -> ssl.SSLContext:
        """The TLS context of a client that trusts the server."""
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return context

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Give the next answer."""
        body = await request.read()
        form = "urlencoded" in request.headers.get("Content-Type", "")
        sent = body.decode() if form else json.loads(body) if body else None
        self.asked.append((request.method, request.path_qs, dict(request.headers), sent))
        following = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if callable(following):
            return await following(request)
        status, content, headers = following
        text = content if isinstance(content, str) else json.dumps(content)
        return web.Response(status=status, text=text, headers=headers)


async def reset(request: web.Request) -> web.Response:
    """Close the connection without an answer."""
    request.transport.close()
    return web.Response()


async def hang(_request: web.Request) -> web.Response:
    """Do not answer for longer than any test waits."""
    await asyncio.sleep(2)
    return web.Response()


async def truncate(request: web.Request) -> web.StreamResponse:
    """Promise more than is sent."""
    response = web.StreamResponse(headers={"Content-Length": "100"})
    await response.prepare(request)
    await response.write(b'{"value":')
    request.transport.close()
    return response


@asynccontextmanager
async def scripted_server() -> AsyncIterator[ScriptedServer]:
    """A running server, over TLS with a certificate authority of its own."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    server = ScriptedServer("", authority)
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(application, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    server.url = f"https://localhost:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()
