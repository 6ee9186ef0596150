# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. A credential that gives a token or an error for the user: nothing else comes out of it."""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from ...core._errors import AccessError, ManagedIdentityError
from ._explain import explain_auth_error
from ._sign_in_transport import ODD_REMEDY, NotSignedIn

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, AccessTokenInfo

    from ._access import Access

__all__ = ["ODD_ANSWERS", "Guarded"]

# What azure-identity, MSAL and Python raise about an answer that is not what they expect: a field that is not there, is
# of another type or no number, JSON nested too deep, a body that is not compressed as it says.
ODD_ANSWERS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    zlib.error,
)
# A token goes into a header as it is, RFC 6750 section 2.1; AccessToken.expires_on is compared as a float.
_TOKEN = re.compile(r"[\x21-\x7e]+")
_LATEST = 10**11


class Guarded:
    """A credential of azure-identity, whose failures are errors of ours, whatever it was answered.

    :param credential: azure-core's kind, async
    :param access: what it was made from
    """

    def __init__(self, credential: Any, access: Access) -> None:
        self._credential = credential
        self._access = access

    async def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """As ``AsyncTokenCredential.get_token``.

        :raises AccessError: there is no token
        """
        token: AccessToken = await self._guard(self._credential.get_token(*scopes, **options))
        return token

    async def get_token_info(self, *scopes: str, options: Any = None) -> AccessTokenInfo:
        """As ``AsyncSupportsTokenInfo.get_token_info``.

        :raises AccessError: there is no token
        """
        token: AccessTokenInfo = await self._guard(self._credential.get_token_info(*scopes, options=options))
        return token

    async def close(self) -> None:
        """Close the credential."""
        await self._credential.close()

    async def __aenter__(self) -> Guarded:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.close()

    async def _guard(self, asked: Awaitable[Any]) -> Any:
        from aiohttp import ClientError
        from azure.core.exceptions import AzureError

        try:
            token = await asked
        except ManagedIdentityError:
            raise
        except ODD_ANSWERS as error:
            raise self._no_token() from error
        except (AzureError, ClientError, NotSignedIn, OSError, asyncio.TimeoutError) as error:
            raise explain_auth_error(error, self._access) from error
        if not _is_usable(getattr(token, "token", None), getattr(token, "expires_on", None)):
            raise self._no_token()
        return token

    def _no_token(self) -> AccessError:
        words = f"The sign-in of the {self._access.source} failed: the answer holds no token."
        return AccessError(words, remedy=ODD_REMEDY)


def _is_usable(token: object, expires_on: object) -> bool:
    return (
        isinstance(token, str)
        and _TOKEN.fullmatch(token) is not None
        and isinstance(expires_on, (int, float))
        and 0 < expires_on < _LATEST
    )
