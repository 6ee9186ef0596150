# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. One aiohttp session, TLS context and proxy for all of a process's calls."""

from __future__ import annotations

import ssl
import zlib
from typing import Any

from ...core._errors import UnexpectedAnswer
from ._proxy import Proxies
from ._resolver import Resolver
from ._sdk import (
    AioHttpTransport,
    ClientResponse,
    ClientSession,
    DummyCookieJar,
    ServiceResponseError,
    TCPConnector,
)

__all__ = ["SharedTransport"]


# The longest pages of lists that Azure sends have some megabytes.
_LARGEST = 32 * 1024 * 1024


class _Bounded(ClientResponse):
    """An answer of aiohttp that is read no further than any of Azure's goes, unpacked."""

    _all: bytes | None = None

    async def read(self) -> bytes:
        """The unpacked body.

        :raises UnexpectedAnswer: it is too large to be one of Azure's
        """
        if self._all is None:
            parts: list[bytes] = []
            left = _LARGEST
            async for part in self.content.iter_any():
                left -= len(part)
                if left < 0:
                    self.close()
                    raise UnexpectedAnswer(
                        f"The answer is longer than {_LARGEST >> 20} MiB.", call=self.method, status=self.status
                    )
                parts.append(part)
            self._all = b"".join(parts)
        return self._all


class SharedTransport(AioHttpTransport):
    """azure-core's transport over a session of our own: netrc is not used, and no redirect is followed.

    Must be made inside a running event loop. Whoever uses it may close it without closing the session.

    :param context: the TLS context of every connection
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        session = ClientSession(
            connector=TCPConnector(ssl=context, resolver=Resolver()),
            cookie_jar=DummyCookieJar(),
            # What every version of aiohttp unpacks, piece by piece; azure-core does it at once, whatever comes of it.
            headers={"Accept-Encoding": "gzip, deflate"},
            response_class=_Bounded,
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
