# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy on loopback that opens tunnels, or refuses to, and keeps what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

__all__ = ["ConnectProxy", "connect_proxy"]


@dataclass
class ConnectProxy:
    """The proxy's state.

    :param status: what it answers to every CONNECT; 200 opens the tunnel
    :param to: where all tunnels lead, whatever host is asked for; None means to that host
    :param asked: the first line and the Proxy-Authorization header of each request
    """

    port: int = 0
    status: int = 200
    to: tuple[str, int] | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        kept = next((line.split(": ", 1)[1] for line in lines if line.lower().startswith("proxy-authorization")), "")
        self.asked.append((lines[0], kept))
        page = b"<html><title>No way</title></html>" if self.status != 200 else b""
        writer.write(f"HTTP/1.1 {self.status} Said so\r\nContent-Length: {len(page)}\r\n\r\n".encode() + page)
        if self.status == 200:
            host, _colon, port = lines[0].split()[1].rpartition(":")
            there = await asyncio.open_connection(*(self.to or (host.strip("[]"), int(port))))
            await asyncio.gather(_copy(reader, there[1]), _copy(there[0], writer))
        writer.close()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    except ConnectionError:
        pass
    target.close()


@asynccontextmanager
async def connect_proxy() -> AsyncIterator[ConnectProxy]:
    """A running proxy, in the running event loop."""
    proxy = ConnectProxy()
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.ensure_future(proxy.serve(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
