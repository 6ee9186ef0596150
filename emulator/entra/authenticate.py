# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who sent a request to ARM: the bearer token read, or ARM's 401."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timezone

import jwt

from ..cloud.model import Caller
from ..cloud.store import Store
from ..rights.directory import roles_of
from ..wire.errors import ArmError
from .tokens import Tokens

__all__ = ["authenticate", "rejected"]

_AUDIENCES = (
    "https://management.core.windows.net/",
    "https://management.core.windows.net",
    "https://management.azure.com/",
    "https://management.azure.com",
)


def authenticate(authorization: str | None, tokens: Tokens, store: Store, base_url: str, now: float) -> Caller:
    """Return the caller of an Authorization header with its roles of now; raises ArmError 401 with WWW-Authenticate."""
    if not authorization:
        message = "Authentication failed. The 'Authorization' header is missing."
        description = "The authentication failed because of missing 'Authorization' header."
        raise _refused(base_url, "AuthenticationFailed", message, description)
    scheme, _blank, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        message = "Authentication failed. The 'Authorization' header is provided in an invalid format."
        raise _refused(base_url, "AuthenticationFailed", message)
    try:
        claims = tokens.read(token)
    except jwt.InvalidTokenError as error:
        raise rejected(base_url) from error
    date = tokens.clock.wall()
    if claims["exp"] <= date:
        message = (
            f"The access token expiry UTC time '{_moment(claims['exp'])}' is earlier than current UTC time "
            f"'{_moment(date)}'."
        )
        raise _refused(base_url, "ExpiredAuthenticationToken", message)
    if claims["aud"] not in _AUDIENCES and claims["aud"].rstrip("/") != base_url:
        known = ",".join(f"'{audience}'" for audience in _AUDIENCES)
        message = (
            f"The access token has been obtained for wrong audience or resource '{claims['aud']}'. It should exactly "
            f"match with one of the allowed audiences {known}."
        )
        raise _refused(base_url, "InvalidAuthenticationTokenAudience", message)
    caller = store.callers.get(claims["oid"])
    if caller is None and "xms_mirid" in claims:
        resource = claims["xms_mirid"]
        caller = Caller(resource, claims["tid"], claims["appid"], claims["oid"], roles=(), resource=resource)
    if caller is None:
        raise rejected(base_url)
    if caller.roles is None:
        return caller
    return dataclasses.replace(caller, roles=roles_of(store, caller.object_id, now))


def rejected(base_url: str) -> ArmError:
    """Return the 401 for a token that is not ours."""
    return _refused(base_url, "InvalidAuthenticationToken", "The access token is invalid.")


def _refused(base_url: str, code: str, message: str, description: str | None = None) -> ArmError:
    challenge = (
        f'Bearer authorization_uri="{base_url}/", error="invalid_token", error_description="{description or message}"'
    )
    return ArmError(401, code, message, headers={"WWW-Authenticate": challenge})


def _moment(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return f"{moment.month}/{moment.day}/{moment.year} {moment.hour % 12 or 12}:{moment:%M:%S %p}"
