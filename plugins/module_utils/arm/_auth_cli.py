# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Signs in as whoever is logged in to the Azure CLI."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from ._az_process import AZ_SECONDS
from ._clouds import Cloud
from ._method import Method, identity_package, no_check

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, AccessTokenInfo
    from azure.core.credentials_async import AsyncTokenCredential

    from ._access import Access

__all__ = ["METHOD", "Remembering"]

_RENEW_SECONDS = 300


class Remembering:
    """Keeps the token of a credential that keeps none itself: `az` takes a second to give one.

    :param credential: has ``get_token_info`` and ``close``, both async
    """

    def __init__(self, credential: Any) -> None:
        self._credential = credential
        self._tokens: dict[tuple[str, ...], AccessTokenInfo] = {}

    async def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """As ``AsyncTokenCredential.get_token``."""
        from azure.core.credentials import AccessToken

        token = await self.get_token_info(*scopes, options={k: v for k, v in options.items() if v})
        return AccessToken(token.token, token.expires_on)

    async def get_token_info(self, *scopes: str, options: Any = None) -> AccessTokenInfo:
        """As ``AsyncSupportsTokenInfo.get_token_info``; for a claims challenge or another tenant always a new one."""
        special = bool(options and (options.get("claims") or options.get("tenant_id")))
        token = self._tokens.get(scopes)
        if special or token is None or token.expires_on - time.time() < _RENEW_SECONDS:
            token = await self._credential.get_token_info(*scopes, options=options)
            if not special:
                self._tokens[scopes] = token
        return token

    async def close(self) -> None:
        """Close the credential and forget its tokens."""
        self._tokens.clear()
        await self._credential.close()

    async def __aenter__(self) -> Remembering:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.close()


def _build(access: Access, cloud: Cloud, transport: Any) -> AsyncTokenCredential:
    """With a subscription, `az` gives the token of the tenant that it is in, whichever is the current one."""
    return Remembering(
        identity_package().AzureCliCredential(subscription=access.subscription_id, process_timeout=AZ_SECONDS)
    )


METHOD = Method(
    name="cli",
    words="account of the Azure CLI",
    needs=(),
    allows=(),
    validate=no_check,
    build=_build,
)
