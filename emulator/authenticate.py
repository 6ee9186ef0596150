# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who sent a request to ARM: the bearer token read, or ARM's 401."""

from __future__ import annotations

import time
import typing as t

import jwt

from .errors import ArmError
from .model import Caller
from .store import Store
from .tokens import Tokens

__all__ = ("authenticate", "rejected")

_AUDIENCES = {"https://management.core.windows.net", "https://management.azure.com"}


def authenticate(authorization: str | None, tokens: Tokens, store: Store, base_url: str) -> Caller:
    """Return the caller of an Authorization header; raises ArmError 401 with WWW-Authenticate."""
    if not authorization:
        message = "Authentication failed. The 'Authorization' header is missing."
        raise _refused(base_url, message, "The authentication failed because of missing 'Authorization' header.")
    scheme, _blank, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        message = "Authentication failed. The 'Authorization' header is provided in an invalid format."
        raise _refused(base_url, message, "The access token is invalid.")
    try:
        claims = tokens.read(token)
    except jwt.InvalidTokenError as error:
        raise rejected(base_url) from error
    if claims["exp"] <= time.time():
        message = "Authentication failed. The access token has expired."
        raise _refused(base_url, message, "The access token has expired.")
    if claims["aud"].rstrip("/") not in _AUDIENCES | {base_url}:
        message = f"Authentication failed. The access token has been obtained for wrong audience or resource '{claims['aud']}'."
        raise _refused(base_url, message, "The access token has been obtained from wrong audience or resource.")
    caller = store.callers.get(claims["oid"])
    if caller is None and "xms_mirid" in claims:
        roles = store.principals.get(claims["oid"], ())
        caller = Caller(claims["xms_mirid"], claims["tid"], claims["appid"], claims["oid"], roles=roles)
    if caller is None:
        raise rejected(base_url)
    return caller


def rejected(base_url: str) -> ArmError:
    """Return the 401 for a token that is not ours."""
    return _refused(base_url, "Authentication failed. The access token is invalid.", "The access token is invalid.")


def _refused(base_url: str, message: str, description: str) -> ArmError:
    challenge: t.Final = (
        f'Bearer authorization_uri="{base_url}/", error="invalid_token", error_description="{description}"'
    )
    return ArmError(401, "AuthenticationFailed", message, headers={"WWW-Authenticate": challenge})
