# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who sent a request to Microsoft Graph: the bearer token read, or Graph's 401."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping

import jwt

from ..cloud.model import Caller
from ..cloud.store import Store
from ..wire.errors import ArmError
from .tokens import Tokens

__all__ = ["GraphError", "authenticate_msgraph"]

# Those of the three clouds, and the application ID that is the same in all.
_AUDIENCES = (
    "https://graph.microsoft.com",
    "https://graph.microsoft.us",
    "https://microsoftgraph.chinacloudapi.cn",
    "00000003-0000-0000-c000-000000000000",
)


class GraphError(ArmError):
    """An error answer of Microsoft Graph: its body says when it was, and for which request."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        self.request_id = str(uuid.uuid4())
        more = {"request-id": self.request_id, **(headers or {})}
        super().__init__(status, code, message, gateway=False, headers=more)

    def body(self) -> dict[str, object]:
        """Return the JSON body."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
        inner = {"date": moment, "request-id": self.request_id, "client-request-id": self.request_id}
        return {"error": {"code": self.code, "message": self.message, "innerError": inner}}


def authenticate_msgraph(authorization: str | None, tokens: Tokens, store: Store, base_url: str) -> Caller:
    """Return the caller of an Authorization header; raises GraphError 401 with WWW-Authenticate."""
    scheme, _blank, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise _refused(base_url, "Access token is empty.")
    try:
        claims = tokens.read(token)
    except jwt.InvalidTokenError as error:
        raise _refused(base_url, "CompactToken parsing failed with error code: 80049217") from error
    if claims["exp"] <= tokens.clock.wall():
        raise _refused(base_url, "Lifetime validation failed, the token is expired.")
    if claims["aud"].rstrip("/") not in (*_AUDIENCES, base_url):
        raise _refused(base_url, "Access token validation failure. Invalid audience.")
    caller = store.callers.get(claims["oid"])
    if caller is None:
        # A managed identity has no right to the directory unless it is given one, which is not served.
        caller = Caller(claims["oid"], claims["tid"], claims["appid"], claims["oid"], roles=())
    return caller


def _refused(base_url: str, message: str) -> GraphError:
    challenge = f'Bearer realm="", authorization_uri="{base_url}/common/oauth2/authorize"'
    challenge += ', client_id="00000003-0000-0000-c000-000000000000"'
    return GraphError(401, "InvalidAuthenticationToken", message, {"WWW-Authenticate": challenge})
