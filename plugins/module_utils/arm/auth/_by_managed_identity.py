# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Signs in as a managed identity of this machine. Never hangs where there is none."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from ._clouds import Cloud
from ._method import Method, identity_package, no_check
from ._sign_in_transport import BorrowedTransport

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

    from ._access import Access

__all__ = ["METHOD", "BoundedTransport"]

# Twice this is the longest wait where nothing answers: the endpoint is on the machine or its host, and answers at once.
_ANSWER_SECONDS = 4.5
# Where `auto` asks on the off chance, another cloud's metadata service may answer 404, as Azure's own does while it
# is updated: three attempts more take 5 s, azure-identity's five take 24 s.
_AUTO_RETRIES = 3


class BoundedTransport(BorrowedTransport):
    """A transport that gives up soon, and uses no proxy: the endpoint of managed identities is not beyond one.

    :param transport: azure-core's kind, async
    :param seconds: how long one request may take
    """

    def __init__(self, transport: Any, seconds: float = _ANSWER_SECONDS) -> None:
        super().__init__(transport)
        self._seconds = seconds

    async def send(self, request: Any, **options: Any) -> Any:
        """Send one request.

        :raises ServiceResponseTimeoutError: no answer came in time
        """
        from azure.core.exceptions import ServiceResponseTimeoutError

        options.setdefault("proxies", {})
        try:
            return await asyncio.wait_for(self._transport.send(request, **options), self._seconds)
        except asyncio.TimeoutError as error:
            raise ServiceResponseTimeoutError(f"no answer within {self._seconds} s", error=error) from error


def _build(access: Access, cloud: Cloud, transport: Any) -> AsyncTokenCredential:
    """azure-identity finds out where it runs (VM, App Service, Arc, ...), and retries 404, 410, 429 and 5xx."""
    retries = {"retry_connect": 1, "retry_read": 1, **({"retry_status": _AUTO_RETRIES} if access.lacks else {})}
    return identity_package().ManagedIdentityCredential(
        client_id=access.client_id, transport=BoundedTransport(transport), **retries
    )


METHOD = Method(
    name="msi",
    words="managed identity {client_id} of this machine",
    needs=(),
    allows=("client_id",),
    validate=no_check,
    build=_build,
)
