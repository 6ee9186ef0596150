# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. A blocking credential for async callers: each call runs in a thread."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from ..net._threads import in_thread

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, AccessTokenInfo

__all__ = ["InThread"]


class InThread:
    """Makes an async credential of a blocking one. A call that is cancelled ends in its thread, and nobody hears of it.

    :param credential: has ``get_token``, ``get_token_info`` and ``close``
    """

    def __init__(self, credential: Any) -> None:
        self._credential = credential
        self._turn = asyncio.Lock()

    async def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """As ``AsyncTokenCredential.get_token``."""
        async with self._turn:
            return await in_thread(self._credential.get_token, *scopes, **options)

    async def get_token_info(self, *scopes: str, options: Any = None) -> AccessTokenInfo:
        """As ``AsyncSupportsTokenInfo.get_token_info``."""
        async with self._turn:
            return await in_thread(self._credential.get_token_info, *scopes, options=options)

    async def close(self) -> None:
        """Close the blocking credential's own transport."""
        await in_thread(self._credential.close)

    async def __aenter__(self) -> InThread:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.close()
