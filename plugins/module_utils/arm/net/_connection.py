# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Why no answer came, in words: one sentence and one remedy for each kind of trouble.

The libraries wrap what the operating system and OpenSSL said, each in its own way: the cause is looked for inside.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import Iterator
from typing import TypeGuard

from ._origin import without_user
from ._tls_errors import explain_tls

__all__ = ["causes", "explain_connection", "is_lasting"]

_INSIDE = ("inner_exception", "__cause__", "os_error", "certificate_error", "reason")
_USER = re.compile(r"[^\s/'\"@]*:[^\s/'\"]*@")
_CHECK = "Check cloud_environment, the network and the proxy settings."
_NAMES = "Check cloud_environment and DNS; where names are looked up by a proxy only, set HTTPS_PROXY."
_PROXY_REMEDIES = {
    403: "Have the proxy allow the address, or name its host in NO_PROXY.",
    407: "Put the proxy's user name and password into HTTPS_PROXY, http://USER:PASSWORD@HOST:PORT, percent-encoded.",
}
_PROXY_REMEDY = "Check that the proxy reaches the address, or name its host in NO_PROXY."
_TIMEOUTS = (asyncio.TimeoutError, TimeoutError)
# By name: of requests, urllib3, http.client and aiohttp not all are there, nor needed for anything else.
_TIMEOUT_NAMES = ("ReadTimeout", "ReadTimeoutError", "ConnectTimeout", "ConnectTimeoutError")
_BROKEN_NAMES = ("ClientPayloadError", "IncompleteRead", "ProtocolError", "ServerDisconnectedError")


def explain_connection(error: BaseException) -> tuple[str, str]:
    """What went wrong, as a sentence, and what to do about it, as another. Neither holds user information of a URL.

    :param error: what azure-core's transports raise, over aiohttp or requests
    """
    found = list(causes(error))
    where = _where(found)
    for explain in (_by_proxy, _by_tls, _by_system):
        for cause in found:
            said = explain(cause, where)
            if said:
                return said
    words = next(filter(None, (_shown(cause) for cause in reversed(found))), "no reason is given")
    return f"The connection to {where} failed: {words}.", _CHECK


def is_lasting(error: BaseException) -> bool:
    """Whether the same request would meet the same trouble: a certificate, or a proxy that does not let it pass."""
    return any(_is_tls(cause) or _proxy_status(cause) in _PROXY_REMEDIES for cause in causes(error))


def causes(error: BaseException) -> Iterator[BaseException]:
    """An error and all that it wraps, the outermost first."""
    seen: list[BaseException] = []
    waiting = [error]
    while waiting:
        one = waiting.pop(0)
        if not any(one is other for other in seen):
            seen.append(one)
            yield one
            inside = [getattr(one, name, None) for name in _INSIDE]
            waiting += [cause for cause in (*inside, *one.args) if isinstance(cause, BaseException)]


def _where(found: list[BaseException]) -> str:
    """Whom it was about, as far as the error tells: with requests it does not."""
    for cause in found:
        host, port = getattr(cause, "host", None), getattr(cause, "port", None)
        if isinstance(host, str) and host:
            return f"{'the proxy ' if type(cause).__name__ == 'ClientProxyConnectionError' else ''}{host}:{port}"
    return "the proxy" if any(type(cause).__name__ == "ProxyError" for cause in found) else "the server"


def _proxy_status(cause: BaseException) -> int | None:
    """The status by which a proxy refuses to CONNECT: aiohttp has an error of its own, http.client but words."""
    if type(cause).__name__ == "ClientHttpProxyError":
        return int(getattr(cause, "status", 0))
    words = re.match(r"Tunnel connection failed: ([0-9]{3})", str(cause)) if type(cause).__name__ == "OSError" else None
    return int(words.group(1)) if words else None


def _by_proxy(cause: BaseException, _where: str) -> tuple[str, str] | None:
    status = _proxy_status(cause)
    if status is None:
        return None
    said = getattr(cause, "message", None) or str(cause).rpartition(str(status))[2]
    url = without_user(str(getattr(getattr(cause, "request_info", None), "real_url", "")))
    words = " ".join(f"The proxy {url} refuses the connection: {status} {said}".split())
    return f"{words}.", _PROXY_REMEDIES.get(status, _PROXY_REMEDY)


def _by_tls(cause: BaseException, where: str) -> tuple[str, str] | None:
    return explain_tls(cause, where) if _is_tls(cause) else None


def _is_tls(cause: BaseException) -> TypeGuard[ssl.SSLError]:
    """Whether OpenSSL itself says it, not aiohttp, whose subclasses tell less; a broken connection is not meant."""
    return (
        isinstance(cause, ssl.SSLError) and type(cause).__module__ == "ssl" and not isinstance(cause, ssl.SSLEOFError)
    )


def _by_system(cause: BaseException, where: str) -> tuple[str, str] | None:
    name = type(cause).__name__
    if isinstance(cause, socket.gaierror):
        return f"The name of {where} cannot be looked up: {cause.strerror}.", _NAMES
    if isinstance(cause, ConnectionRefusedError):
        return f"The connection is refused by {where}.", _CHECK
    if isinstance(cause, (ConnectionError, ssl.SSLEOFError)) or name in _BROKEN_NAMES:
        return f"The connection to {where} broke off.", _CHECK
    if isinstance(cause, _TIMEOUTS) or (name in _TIMEOUT_NAMES and not isinstance(cause.__cause__, OSError)):
        return f"There was no answer from {where} in time.", _CHECK
    return None


def _shown(cause: BaseException) -> str:
    return " ".join(_USER.sub("", str(cause)).split()).rstrip(".")
