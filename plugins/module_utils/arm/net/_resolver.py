# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Looks names up so that a name server which does not answer holds nobody up."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from ._sdk import AbstractResolver
from ._threads import in_thread

if TYPE_CHECKING:
    from aiohttp.abc import ResolveResult

__all__ = ["Resolver"]


class Resolver(AbstractResolver):
    """aiohttp's look-up of names, by the operating system."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a name.

        :raises OSError: it is not known
        """
        found = await in_thread(socket.getaddrinfo, host, port, family, socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
        return [
            {
                "hostname": host,
                "host": str(address[0]),
                "port": port,
                "family": kind,
                "proto": protocol,
                "flags": socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            }
            for kind, _type, protocol, _name, address in found
        ]

    async def close(self) -> None:
        """Nothing to close."""
