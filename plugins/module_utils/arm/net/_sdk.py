# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The parts of aiohttp and azure-core that calls are made with, and whether they are there.

Importing this costs more than all of our own code: it is imported when a task needs it, or before Ansible forks.
"""

from __future__ import annotations

import os

__all__ = [
    "MISSING",
    "AbstractResolver",
    "AioHttpTransport",
    "AsyncHTTPPolicy",
    "AsyncPipeline",
    "AsyncRetryPolicy",
    "AzureError",
    "ClientAuthenticationError",
    "ClientConnectorError",
    "ClientHttpProxyError",
    "ClientResponse",
    "ClientSession",
    "DecodeError",
    "DummyCookieJar",
    "HttpRequest",
    "RequestIdPolicy",
    "ServiceRequestError",
    "ServiceResponseError",
    "TCPConnector",
    "UserAgentPolicy",
]

MISSING: ImportError | None = None
# aiohttp makes a TLS context when it is imported, from files that may be pipes which never end: ours is made later.
_READ_AT_IMPORT = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")
_SET_ASIDE = {name: os.environ.pop(name) for name in _READ_AT_IMPORT if name in os.environ}
try:
    from aiohttp import (
        ClientConnectorError,
        ClientHttpProxyError,
        ClientResponse,
        ClientSession,
        DummyCookieJar,
        TCPConnector,
    )
    from aiohttp.abc import AbstractResolver
    from azure.core.exceptions import (
        AzureError,
        ClientAuthenticationError,
        DecodeError,
        ServiceRequestError,
        ServiceResponseError,
    )
    from azure.core.pipeline import AsyncPipeline
    from azure.core.pipeline.policies import (
        AsyncHTTPPolicy,
        AsyncRetryPolicy,
        RequestIdPolicy,
        UserAgentPolicy,
    )
    from azure.core.pipeline.transport import AioHttpTransport
    from azure.core.rest import HttpRequest
except ImportError as error:
    MISSING = error

    def __getattr__(name: str) -> type:
        """A stand-in, so that files which name a part can be imported, and documented, without the packages."""
        return type(name, (), {})

finally:
    os.environ.update(_SET_ASIDE)
