# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Signs in as whoever is logged in to the Azure CLI."""

from __future__ import annotations

import json
import re
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ...core._errors import AccessError
from ._az_process import run_az
from ._clouds import Cloud
from ._method import Method, no_check

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, AccessTokenInfo
    from azure.core.credentials_async import AsyncTokenCredential

    from ._access import Access

__all__ = ["METHOD", "AzCli", "Remembering"]

_RENEW_SECONDS = 300
_COMMAND = ("account", "get-access-token", "--output", "json")
_AGAIN = "Run `az logout` and `az login`, or set another auth_source."


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


class AzCli:
    """Asks `az account get-access-token`. azure-identity does so too, but leaves `az` running where it is cancelled.

    :param subscription: with one, `az` gives the token of the tenant that it is in, whichever is the current one
    """

    def __init__(self, subscription: str | None) -> None:
        self._subscription = subscription

    async def get_token_info(self, *scopes: str, options: Any = None) -> AccessTokenInfo:
        """As ``AsyncSupportsTokenInfo.get_token_info``.

        :raises AccessError: `az` gives no token
        """
        from azure.core.credentials import AccessTokenInfo

        options = options or {}
        if options.get("claims"):
            raise AccessError("Azure asks for a new sign-in, which the Azure CLI cannot do by itself.", remedy=_AGAIN)
        named = {"--tenant": options.get("tenant_id"), "--subscription": self._subscription}
        more = [part for name, value in named.items() if value for part in (name, value)]
        output = await run_az(*_COMMAND, "--resource", _resource(*scopes), *more, remedy=_AGAIN)
        try:
            said = json.loads(output)
            return AccessTokenInfo(str(said["accessToken"]), _end_of(said))
        except (ValueError, LookupError, TypeError, OverflowError, RecursionError):
            # Not chained: the error may hold the token.
            raise AccessError("`az account get-access-token` did not answer with a token.", remedy=_AGAIN) from None

    async def close(self) -> None:
        """Nothing to close."""


def _resource(scope: str) -> str:
    """What a token is for, as `az` wants it. A cloud's metadata may name anything: it must not be an option of `az`."""
    resource = scope.removesuffix("/.default")
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z_.:/-]*", resource):
        raise AccessError("The cloud's metadata ask for tokens for something that is no URL.")
    return resource


def _end_of(said: dict[str, Any]) -> int:
    """When a token ends. Versions before 2.54 give local time only, see `az account get-access-token --help`."""
    if "expires_on" in said:
        return int(said["expires_on"])
    return int(datetime.strptime(said["expiresOn"], "%Y-%m-%d %H:%M:%S.%f").timestamp())


def _build(access: Access, cloud: Cloud, transport: Any) -> AsyncTokenCredential:
    return Remembering(AzCli(access.subscription_id))


METHOD = Method(
    name="cli",
    words="account of the Azure CLI",
    needs=(),
    allows=(),
    validate=no_check,
    build=_build,
)
