# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The end of auto: the Azure CLI, then the managed identity. Remembers which worked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...core._errors import AccessError, InvalidInput
from ._explain import explain_auth_error

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, AccessTokenInfo

    from ._access import Access

__all__ = ["AutoChain", "Link"]

_REMEDY = (
    "Give client_id, tenant and secret (or set AZURE_CLIENT_ID, AZURE_TENANT and AZURE_SECRET), run `az login`, "
    "or run where there is a managed identity."
)


@dataclass(frozen=True)
class Link:
    """A source that only a call can tell about.

    :param kind: as in ``Access.kind``
    :param source: in human words
    :param make: makes its credential
    """

    kind: str
    source: str
    make: Callable[[], Any]


class AutoChain:
    """A credential that is the first one of several that gives a token.

    :param access: what was resolved; its ``lacks`` say why earlier sources were passed over
    :param links: the sources that are left, in their order
    :param note: is told, once, which source is used; later ``chosen`` has it
    """

    def __init__(self, access: Access, links: list[Link], note: Callable[[str], None]) -> None:
        self._access = access
        self._links = links
        self._note = note
        self._turn = asyncio.Lock()
        self._chosen: Any = None
        self.chosen: Link | None = None

    async def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """As ``AsyncTokenCredential.get_token``."""
        return await self._ask(lambda credential: credential.get_token(*scopes, **options))

    async def get_token_info(self, *scopes: str, options: Any = None) -> AccessTokenInfo:
        """As ``AsyncSupportsTokenInfo.get_token_info``."""
        return await self._ask(lambda credential: credential.get_token_info(*scopes, options=options))

    async def _ask(self, call: Callable[[Any], Awaitable[Any]]) -> Any:
        if self._chosen is None:
            async with self._turn:
                if self._chosen is None:
                    return await self._choose(call)
        return await call(self._chosen)

    async def _choose(self, call: Callable[[Any], Awaitable[Any]]) -> Any:
        from azure.core.exceptions import AzureError

        lacks, passing = list(self._access.lacks), False
        for link in self._links:
            try:
                credential = link.make()
                token = await call(credential)
            except (AzureError, AccessError, InvalidInput) as error:
                lacks.append(f"{link.source}: {_first_words(error, link)}")
                passing = isinstance(error, AccessError) and error.passing
                if passing:
                    # The next source may be somebody else, who is not meant while this one is only out of order.
                    break
            else:
                self._chosen, self.chosen = credential, link
                self._note(link.source)
                return token
        tried = " ".join(f"({number}) {lack}" for number, lack in enumerate(lacks, 1))
        raise AccessError(f"No source gives a credential. Tried: {tried}", remedy=_REMEDY, passing=passing)

    async def close(self) -> None:
        """Close the credential that was chosen."""
        if self._chosen is not None:
            await self._chosen.close()

    async def __aenter__(self) -> AutoChain:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.close()


def _first_words(error: Exception, link: Link) -> str:
    message = explain_auth_error(error, None).message
    return message.removeprefix("The sign-in failed: ").removeprefix(f"The sign-in of the {link.source} failed: ")
