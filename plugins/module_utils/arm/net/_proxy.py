# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Which proxy the environment names: one reading of it for all that is sent."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from ...core._errors import InvalidInput

__all__ = ["Proxies", "Proxy"]

_FORM = "Write it as http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, with special characters percent-encoded."


@dataclass(frozen=True)
class Proxy:
    """A proxy for https URLs.

    :param url: without user information
    :param user: the name to give it; None if it takes none
    """

    url: str
    user: str | None = None
    password: str = field(default="", repr=False)

    @property
    def headers(self) -> dict[str, str]:
        """What a request to the proxy itself says of its user. Not to be shown."""
        if self.user is None:
            return {}
        user = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        return {"Proxy-Authorization": f"Basic {user}"}

    @property
    def with_user(self) -> str:
        """The URL for a client that takes user information there. Not to be shown."""
        if self.user is None:
            return self.url
        scheme, _slashes, rest = self.url.partition("://")
        return f"{scheme}://{quote(self.user, safe='')}:{quote(self.password, safe='')}@{rest}"


class Proxies:
    """The proxy that HTTPS_PROXY names, or else ALL_PROXY, in the environment that the process has now."""

    def __init__(self) -> None:
        named = getproxies()
        kind = next((kind for kind in ("https", "all") if named.get(kind, "").strip()), None)
        self._variable = _variable(kind) if kind else ""
        self._value = named[kind].strip() if kind else ""

    def of(self, url: str) -> Proxy | None:
        """The proxy by which a URL is reached; None if there is none, or NO_PROXY exempts the URL's host.

        As for curl, a value without a scheme is that of an http proxy.

        :raises InvalidInput: it cannot be used; the value is not shown, since it may hold a password
        """
        exempt = not self._value or proxy_bypass(urlsplit(url).hostname or "")
        return None if exempt else self._parsed

    @cached_property
    def _parsed(self) -> Proxy:
        return _parse(self._variable, self._value)


def _variable(kind: str) -> str:
    """How the variable is spelled; macOS may have it from its settings instead."""
    names = (f"{kind}_proxy", f"{kind}_proxy".upper())
    return next((name for name in names if os.environ.get(name)), names[1])


def _parse(variable: str, value: str) -> Proxy:
    value = value if "://" in value else f"http://{value}"
    scheme = value.partition("://")[0].lower()
    if scheme.startswith("socks"):
        raise InvalidInput(
            f"{variable} names a SOCKS proxy, which is not supported.",
            remedy="Name an http proxy, or exempt the host by NO_PROXY if it can be reached without.",
        )
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, {"http": 80, "https": 443}.get(scheme) if parts.port is None else parts.port
    except ValueError:
        raise _malformed(variable) from None
    whole = parts.path in ("", "/") and not parts.query and not parts.fragment
    if scheme not in ("http", "https") or not host or not port or not whole or not value.isprintable() or " " in value:
        raise _malformed(variable)
    url = f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
    if parts.username is None:
        return Proxy(url)
    return Proxy(url, unquote(parts.username), unquote(parts.password or ""))


def _malformed(variable: str) -> InvalidInput:
    return InvalidInput(f"{variable} is not the URL of a proxy.", remedy=_FORM)
