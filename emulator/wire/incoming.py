# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What clients may send: how much, and how long they may take for it."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from .errors import ArmError

__all__ = ["PatientServer", "read_body"]

_HEAD_SECONDS = 10
_IDLE_SECONDS = 75
_BODY_SECONDS = 10
_MOST_MEBIBYTES = 4


class PatientServer(web.Server):
    """Ends connections that do not get as far as a request; aiohttp waits an hour for it, or for ever."""

    def __init__(self, *given: Any, **named: Any) -> None:
        """Take what web.Server takes."""
        super().__init__(*given, request_factory=self._request, keepalive_timeout=_IDLE_SECONDS, **named)
        self._silent: dict[web.RequestHandler, asyncio.TimerHandle] = {}

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        """Begin to wait."""
        super().connection_made(handler, transport)
        self._silent[handler] = self._loop.call_later(_HEAD_SECONDS, transport.abort)

    def connection_lost(self, handler: web.RequestHandler, exc: BaseException | None = None) -> None:
        """Wait no more."""
        self._heard(handler)
        super().connection_lost(handler, exc)

    def _heard(self, handler: web.RequestHandler) -> None:
        if (waiting := self._silent.pop(handler, None)) is not None:
            waiting.cancel()

    def _request(
        self, message: Any, payload: Any, protocol: web.RequestHandler, writer: Any, task: Any
    ) -> web.BaseRequest:
        self._heard(protocol)
        most = _MOST_MEBIBYTES * 1024 * 1024
        return web.BaseRequest(message, payload, protocol, writer, task, self._loop, client_max_size=most)


async def read_body(incoming: web.BaseRequest) -> bytes:
    """Return the whole body; raises ArmError 413 for one that is too large, as Azure does.

    Raises ArmError 408 for one that does not come: the client is gone, or what it sends is no body. The words of 413
    are those of Azure/avdaccelerator#632, its size is documented for templates.
    """
    if not incoming.can_read_body:
        return b""
    try:
        return await asyncio.wait_for(incoming.read(), _BODY_SECONDS)
    except (ConnectionResetError, asyncio.TimeoutError) as error:
        raise ArmError(408, "RequestTimeout", "The body of the request is incomplete.") from error
    except web.HTTPRequestEntityTooLarge as error:
        message = f"The request content size exceeds the maximum size of {_MOST_MEBIBYTES} MB."
        raise ArmError(413, "RequestContentTooLarge", message) from error
