# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. One aiohttp session, TLS context and proxy for all of a process's calls."""

from __future__ import annotations

import ssl
import zlib
from typing import Any

from ._proxy import Proxies
from ._resolver import Resolver
from ._sdk import AioHttpTransport, ClientSession, DummyCookieJar, ServiceResponseError, TCPConnector

__all__ = ["SharedTransport"]


class SharedTransport(AioHttpTransport):
    """azure-core's transport over a session of our own: netrc is not used, and no redirect is followed.

    Must be made inside a running event loop. Whoever uses it may close it without closing the session.

    :param context: the TLS context of every connection
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        session = ClientSession(
            connector=TCPConnector(ssl=context, resolver=Resolver()),
            cookie_jar=DummyCookieJar(),
            # By itself aiohttp asks for what azure-core cannot decode, if the libraries are there.
            headers={"Accept-Encoding": "gzip, deflate"},
            auto_decompress=False,
            trust_env=False,
        )
        # By itself aiohttp sends a PUT or DELETE again where a connection breaks, whether it was carried out or not.
        session._retry_connection = False
        super().__init__(session=session, session_owner=False, use_env_settings=False)
        self._own_session = session
        self._proxies = Proxies()

    async def send(self, request: Any, **config: Any) -> Any:
        """Send a request, by the environment's proxy unless the host is exempt or the option ``proxies`` is given.

        :raises InvalidInput: the proxy cannot be used
        :raises AzureError: no answer came, or none that can be read
        """
        proxy = None if "proxies" in config else self._proxies.of(request.url)
        if proxy:
            config["proxy"] = proxy.url
            config["proxy_headers"] = proxy.headers
        try:
            return await super().send(request, **config)
        except (zlib.error, ValueError) as error:
            # A body that is not what its header says, or a header of ours that cannot be sent: azure-core lets it pass.
            raise ServiceResponseError(error, error=error) from error

    async def end(self) -> None:
        """Close the session itself."""
        await self._own_session.close()
