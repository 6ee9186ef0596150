# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Client assertions: tokens that a certificate's key signed, and tokens of others that an application trusts."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlsplit

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from ..cloud.model import Caller
from ..cloud.store import Store
from .errors import EntraError
from .jwts import check_jwt

__all__ = ["check_assertion"]

_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# How far a client's clock may be off: learn.microsoft.com/entra/identity-platform/certificate-credentials and the
# validation of tokens in Microsoft's libraries.
_SKEW = 300
_LAST = 253_402_300_799
_TIMES = ("nbf", "iat", "exp")
_PAGE = "Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials ."
_FEDERATION = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation"
# What the path of an audience has after the tenant: endpoints for tokens, issuers.
_ENDPOINTS = ("oauth2/v2.0/token", "oauth2/token", "v2.0", "")
_SHARED = ("common", "organizations")


def check_assertion(form: Mapping[str, str], tenant: str, caller: Caller, store: Store) -> None:
    """Raise EntraError, which says what is wrong, unless a request's assertion proves to be the caller."""
    token = form["client_assertion"]
    if form.get("client_assertion_type") != _TYPE:
        message = "The request body must contain the following parameter: 'client_assertion_type'."
        raise EntraError(900144, "invalid_request", message)
    if any(item.get("token") == token for item in caller.federated):
        return
    try:
        check_jwt(token)
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(token, options={"verify_signature": False})
        times = {name: _seconds(claims[name]) for name in _TIMES if claims.get(name) is not None}
    except (jwt.InvalidTokenError, ValueError) as error:
        message = "Invalid JWT token. Token format not valid."
        raise EntraError(50027, "invalid_request", message) from error
    _check_times(times)
    if "x5t" in header or "x5t#S256" in header:
        _check_certificate(token, header, claims, caller)
        _check_audience(claims.get("aud"), tenant, store)
    else:
        _check_federated(claims, caller)


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= _LAST:
        raise ValueError("not a time")
    return float(value)


def _check_times(times: Mapping[str, float]) -> None:
    """Raise EntraError if the time is not the assertion's, with the five minutes that clocks may differ.

    The real time counts, not the emulated cloud's, as who signs cannot know that.
    """
    now = time.time()
    begin = times.get("nbf", 0.0)
    # Its claim is the reason only where it is the one that fails.
    if times.get("iat", 0.0) > now + _SKEW:
        begin = max(begin, times["iat"])
    end = times.get("exp", _LAST)
    if begin <= now + _SKEW and now < end + _SKEW:
        return
    raise EntraError(
        700024,
        "invalid_client",
        f"Client assertion is not within its valid time range. Current time: {_moment(now)}, assertion valid from "
        f"{_moment(begin)}, expiry time of assertion {_moment(end)}. {_PAGE}",
    )


def _moment(seconds: float) -> str:
    # Azure shows seven digits.
    return f"{datetime.fromtimestamp(seconds, timezone.utc):%Y-%m-%dT%H:%M:%S.%f}0Z"


def _check_certificate(token: str, header: dict[str, Any], claims: dict[str, Any], caller: Caller) -> None:
    if str(claims.get("sub", "")).lower() != caller.client_id.lower() or claims.get("iss") != claims.get("sub"):
        message = f"Client assertion application identifier doesn't match 'client_id' parameter. {_PAGE}"
        raise EntraError(700021, "invalid_client", message)
    certificate = _find_certificate(header, caller)
    # Times and audience have words of their own.
    options: Any = {f"verify_{name}": False for name in (*_TIMES, "aud")}
    try:
        jwt.decode(token, certificate.public_key(), algorithms=["RS256", "PS256"], options=options)  # type: ignore[arg-type]
    except jwt.InvalidSignatureError as error:
        raise _bad_key(
            "The key was found, but use of the key to verify the signature failed.", header, caller
        ) from error
    except jwt.InvalidAlgorithmError as error:
        # As in microsoft-authentication-library-for-dotnet#4712.
        message = "Invalid JWT token. Unsupported key for the signing algorithm."
        raise EntraError(5002730, "invalid_request", message) from error
    except jwt.InvalidTokenError as error:
        raise EntraError(50027, "invalid_request", "Invalid JWT token. Token format not valid.") from error


def _find_certificate(header: dict[str, Any], caller: Caller) -> x509.Certificate:
    for pem in caller.certificates:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        short = _base64(certificate.fingerprint(hashes.SHA1()))
        long = _base64(certificate.fingerprint(hashes.SHA256()))
        if (header.get("x5t") or "").rstrip("=") == short or (header.get("x5t#S256") or "").rstrip("=") == long:
            return certificate
    raise _bad_key("The key was not found.", header, caller)


def _bad_key(reason: str, header: dict[str, Any], caller: Caller) -> EntraError:
    given = str(header.get("x5t") or header.get("x5t#S256"))
    thumbprint = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)).hex().upper()
    return EntraError(
        700027,
        "invalid_client",
        "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - "
        f"{reason}, Thumbprint of key used by client: '{thumbprint}', Please visit the Azure Portal, Graph Explorer or "
        f"directly use MS Graph to see configured keys for app Id '{caller.client_id}'.]",
    )


def _check_audience(given: object, tenant: str, store: Store) -> None:
    """Raise EntraError unless an audience is the tenant's token endpoint or issuer, on whatever host."""
    for audience in given if isinstance(given, list) else [given]:
        try:
            parts = urlsplit(audience if isinstance(audience, str) else "")
        except ValueError:
            continue
        name, _slash, rest = parts.path.strip("/").partition("/")
        known = name.lower() in _SHARED or store.resolve_tenant(name) == tenant
        if parts.scheme == "https" and known and rest.lower() in _ENDPOINTS:
            return
    message = f"Client assertion audience claim does not match Realm issuer. {_PAGE}"
    raise EntraError(700023, "invalid_client", message)


def _check_federated(claims: dict[str, Any], caller: Caller) -> None:
    given = claims.get("aud")
    audiences = given if isinstance(given, list) else [given]
    of_issuer = [item for item in caller.federated if item.get("issuer") == claims.get("iss")]
    of_subject = [item for item in of_issuer if item.get("subject") == claims.get("sub")]
    if any(item.get("audience", "api://AzureADTokenExchange") in audiences for item in of_subject):
        return
    if not any("issuer" in item for item in caller.federated):
        message = f"The client '{caller.client_id}'({caller.name}) has no configured federated identity credentials."
        raise EntraError(70025, "invalid_client", message)
    if not of_issuer:
        raise _no_match(700211, "issuer", claims.get("iss"))
    if not of_subject:
        raise _no_match(700213, "subject", claims.get("sub"))
    raise _no_match(700212, "audience", ", ".join(map(str, audiences)))


def _no_match(code: int, what: str, value: object) -> EntraError:
    return EntraError(
        code,
        "invalid_client",
        f"No matching federated identity record found for presented assertion {what} '{value}'. Check your federated "
        f"identity credential Subject, Audience and Issuer against the presented assertion. {_FEDERATION}",
    )


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
