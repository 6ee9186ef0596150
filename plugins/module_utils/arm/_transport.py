# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. One aiohttp session, TLS context and set of proxies for all of a process's calls."""

from __future__ import annotations

import ssl
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from ._sdk import AioHttpTransport, ClientSession, DummyCookieJar, TCPConnector

__all__ = ["SharedTransport"]


class SharedTransport(AioHttpTransport):
    """azure-core's transport over a session of our own: proxies are read once, netrc is not used.

    Must be made inside a running event loop. Whoever uses it may close it without closing the session.

    :param context: the TLS context of every connection
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        session = ClientSession(
            connector=TCPConnector(ssl=context),
            cookie_jar=DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
        )
        # By itself aiohttp sends a PUT or DELETE again where a connection breaks, whether it was carried out or not.
        session._retry_connection = False
        super().__init__(session=session, session_owner=False, use_env_settings=False)
        self._own_session = session
        self._proxies = getproxies()

    async def send(self, request: Any, **config: Any) -> Any:
        """Send a request, by the environment's proxy unless its host is exempt."""
        if self._proxies and not proxy_bypass(urlsplit(request.url).hostname or ""):
            config.setdefault("proxies", self._proxies)
        return await super().send(request, **config)

    async def end(self) -> None:
        """Close the session itself."""
        await self._own_session.close()
