# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Why a sign-in failed: Entra ID's own words and code, and what to do about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ...core._errors import AccessError
from ...core._secrets import showable
from ...core.wire._challenge import login_command
from ._sign_in_transport import attempt_of

if TYPE_CHECKING:
    from ._access import Access

__all__ = ["explain", "explain_auth_error", "explain_challenge"]

# Meanings: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
_MFA = (
    "This user must sign in with a second factor, which a password alone cannot give. "
    "Sign in as an application or by the Azure CLI instead."
)
_REMEDIES = {
    "AADSTS50034": "Check ad_user: there is no such user in the tenant.",
    "AADSTS50055": "The user's password has expired: sign in once in a browser to change it.",
    "AADSTS50057": "The user's account is disabled.",
    "AADSTS50076": _MFA,
    "AADSTS50079": _MFA,
    "AADSTS50126": "Check ad_user and password.",
    "AADSTS50158": _MFA,
    "AADSTS53003": "A conditional access policy of the tenant forbids this sign-in: ask its administrator.",
    "AADSTS65001": "The user or an administrator must consent to the application first.",
    "AADSTS70021": "The application has no federated credential for this token's issuer, subject and audience.",
    "AADSTS90002": "Check tenant, and that cloud_environment is the cloud of the tenant.",
    "AADSTS500011": "Check cloud_environment: the tenant does not know this cloud's Resource Manager.",
    "AADSTS700016": "Check client_id, and that the application is in this tenant.",
    "AADSTS700024": "The token or certificate is not valid now: check its life and this machine's clock.",
    "AADSTS700027": "Upload this certificate to the application, or name the file of the one that is there.",
    "AADSTS700082": "The Azure CLI's login has expired: run `az login` again.",
    "AADSTS700211": "The application has no federated credential for this token's issuer.",
    "AADSTS700212": "The application has no federated credential for this token's audience.",
    "AADSTS700213": "The application has no federated credential for this token's subject.",
    "AADSTS7000112": "The application is disabled.",
    "AADSTS7000215": "Give the secret's value, not its ID, and check that it belongs to client_id.",
    "AADSTS7000218": "Give the application's secret, certificate or federated token.",
    "AADSTS7000222": "The secret has expired: make a new one for the application.",
}
# What azure-identity itself, the Azure CLI and the endpoint of managed identities say, in the order of looking.
_PHRASES = (
    (
        "CERTIFICATE_VERIFY_FAILED",
        "If the endpoint has a private certificate authority, name its file in REQUESTS_CA_BUNDLE.",
    ),
    ("Azure CLI not found", "Install the Azure CLI, or set another auth_source."),
    ("az login", "Run `az login` first."),
    ("Timed out waiting for Azure CLI", "Run `az account get-access-token` by hand to see what it waits for."),
    ("doesn't exist in cloud", "Run `az account list --refresh`, or check subscription_id and `az cloud show`."),
    (
        "no response from the IMDS endpoint",
        "This machine has no endpoint of managed identities: set another auth_source.",
    ),
    ("Multiple user assigned identities", "Name one of them by client_id or AZURE_CLIENT_ID."),
    ("has not been assigned to this resource", "Assign the identity to this machine, or check client_id."),
    ("No identity has been assigned", "Give this machine a managed identity, or set another auth_source."),
)
# Ways to sign in that are users: what such a way cannot do, and what to do after the sign-in.
_OF_USERS = {
    "cli": ("", "then the task again"),
    "password": (", which a password alone cannot give", "set auth_source: cli, and run the task again"),
}
# Those of the same list that it calls temporary, transient, retryable or throttling, or that mean a time-out.
_PASSING_CODES = frozenset(
    f"AADSTS{number}" for number in (40010, 50033, 80005, 90006, 90012, 90024, 90033, 90055, 90090, 90091)
)
# OAuth's own word, RFC 6749 section 4.1.2.1, which Entra ID gives with codes that no list has too.
_PASSING_WORD = "temporarily_unavailable"
_BUSY_REMEDY = "Entra ID could not answer at this moment: run the task again."
# A shorter one cannot be told from a word of the message.
_SHORTEST_SECRET = 4
# Longer than any sentence of Entra ID: a page of HTML, or whatever else stood in its place.
_LONGEST = 600
_NETWORK_REMEDY = "Check the network and the proxy settings, and that cloud_environment is the right cloud."
_DEFAULT = "Check the credential, tenant and cloud_environment."


def explain_auth_error(error: Exception, access: Access | None) -> AccessError:
    """Turn a failed sign-in into an error for the user: one line, a code, a remedy, and no secret.

    :param error: what the credential raised, mostly azure-core's ClientAuthenticationError; an AccessError stays itself
    :param access: what the credential was made from, if known
    """
    if isinstance(error, AccessError):
        return error
    source = f" of the {access.source}" if access else ""
    return explain(error, f"The sign-in{source} failed", access.secrets if access else ())


def explain(error: Exception, what: str, secrets: tuple[str, ...] = (), remedy: str = _DEFAULT) -> AccessError:
    """As ``explain_auth_error``, in other words.

    :param what: what failed
    :param secrets: what must not be shown, beside what looks like it
    :param remedy: what to do where nothing better is known
    """
    attempt = attempt_of(error)
    # azure-identity's own words for what our transport saw tell less.
    error = attempt or error
    text = str(getattr(error, "message", None) or error) or type(error).__name__
    found = re.search(r"AADSTS\d+", text)
    code = found.group() if found else None
    status = getattr(error, "status_code", None)
    busy = _is_busy(code, status, text)
    unreachable = _is_connection(error) and "CERTIFICATE_VERIFY_FAILED" not in text
    told = (attempt.remedy if attempt else "") or (_BUSY_REMEDY if busy else "")
    return AccessError(
        f"{what}: {_short(text, secrets)}",
        remedy=told or _remedy(code, text, _NETWORK_REMEDY if unreachable else remedy),
        code=code,
        status=status if isinstance(status, int) else None,
        request_id=_trace_id(text),
        passing=attempt.passing if attempt else busy or unreachable,
    )


def explain_challenge(kind: str, tenant: str | None, claims: str, error: AccessError | None) -> str:
    """The remedy where Azure refuses a token because it lacks claims, such as those of a second factor.

    Since October 2025 Azure asks users for a second factor before they change anything, and no applications or managed
    identities: https://learn.microsoft.com/entra/identity/authentication/concept-mandatory-multifactor-authentication

    :param kind: the way to sign in, as in ``Access.kind``
    :param claims: JSON that Azure asks for
    :param error: why no token with these claims could be had; None if Azure refuses that one, too
    """
    if kind in _OF_USERS:
        alone, then = _OF_USERS[kind]
        return (
            f"Azure wants a stronger sign-in of this user, mostly with a second factor{alone}. Run "
            f"`{login_command(claims, tenant)}`, {then}. An application or a managed identity is not asked for a "
            "second factor."
        )
    why = f" {error.message} {error.remedy}".rstrip() if error else ""
    return (
        f"Azure asks this application for claims that its token does not have.{why} See which Conditional Access "
        "policies of the tenant hold for it."
    )


def _is_connection(error: Exception) -> bool:
    """Whether no answer came."""
    from ..net._sdk import ServiceRequestError, ServiceResponseError

    return isinstance(error, (ServiceRequestError, ServiceResponseError, ConnectionError, TimeoutError))


def _is_busy(code: str | None, status: Any, text: str) -> bool:
    """Whether Entra ID, or what stands before it, says that it is busy or out of order, whoever signs in."""
    busy = isinstance(status, int) and (status in (408, 429) or status >= 500)
    return code in _PASSING_CODES or busy or _PASSING_WORD in text


def _remedy(code: str | None, text: str, default: str) -> str:
    if code in _REMEDIES:
        return _REMEDIES[code]
    return next((remedy for phrase, remedy in _PHRASES if phrase in text), default)


def _short(text: str, secrets: tuple[str, ...]) -> str:
    """The sentence that Entra ID means for people: without IDs and times of its own, which follow it, or any secret."""
    text = re.split(r"\s*Trace ID:", text)[0]
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, "********")
    match = re.search(r"AADSTS\d+:\s*(.+)", text, re.DOTALL)
    # Before it is cut, since half a key is not recognised.
    text = " ".join(showable(match.group(1) if match else text).split())
    text = text.removeprefix("Authentication failed: ")
    if len(text) > _LONGEST:
        return f"{text[:_LONGEST]} ..."
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _trace_id(text: str) -> Any:
    found = re.search(r"Trace ID:\s*([0-9A-Fa-f-]{36})", text)
    return found.group(1) if found else None
