# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Puts a token on requests to the cloud's own origin, and a new one where it is refused."""

from __future__ import annotations

from typing import Any

from ...core._errors import AccessError, ManagedIdentityError
from ...core.wire._challenge import claims_of
from ..auth._sign_in import SignIn
from ..net._origin import same_origin
from ..net._sdk import AsyncHTTPPolicy

__all__ = ["TokenPolicy"]

_UNAUTHORIZED = 401


class TokenPolicy(AsyncHTTPPolicy):
    """The last policy of a pipeline: behind retries, so that each attempt has a token that is valid then.

    :param sign_in: gives the tokens
    :param scope: what they are for
    :param endpoint: the only origin that they are sent to
    """

    def __init__(self, sign_in: SignIn, scope: str, endpoint: str) -> None:
        super().__init__()
        self._sign_in = sign_in
        self._scope = scope
        self._endpoint = endpoint

    async def send(self, request: Any) -> Any:
        """Send a request; if its token is refused once more, of any method: Azure has done nothing then.

        Where Azure goes on to ask for claims, the context's ``remedy`` says what to do about that.

        :raises ManagedIdentityError: it goes elsewhere
        :raises AccessError, WaitTimedOut: there is no token, or not in time
        """
        if not same_origin(self._endpoint, request.http_request.url):
            raise ManagedIdentityError(f"An answer of {self._endpoint} names a foreign address; no token goes there.")
        deadline = request.context["deadline"]
        token = await self._sign_in.token(self._scope, deadline)
        response = await self._send(request, token)
        if response.http_response.status_code != _UNAUTHORIZED:
            return response
        claims = claims_of(response.http_response.headers.get("WWW-Authenticate"))
        try:
            fresh = await self._sign_in.token(self._scope, deadline, refused=token, claims=claims)
        except AccessError as error:
            if claims is None:
                raise
            # Azure's own words tell what it asks for, and why; the sign-in's do not.
            request.context["remedy"] = self._sign_in.after_challenge(claims, error)
            return response
        if fresh != token:
            response = await self._send(request, fresh)
        if claims and response.http_response.status_code == _UNAUTHORIZED:
            request.context["remedy"] = self._sign_in.after_challenge(claims, None)
        return response

    async def _send(self, request: Any, token: str) -> Any:
        request.http_request.headers["Authorization"] = f"Bearer {token}"
        return await self.next.send(request)
