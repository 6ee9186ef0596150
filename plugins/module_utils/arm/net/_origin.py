# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Whether a URL is the cloud's own: only then may a token go there."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

__all__ = ["same_origin", "split_url", "without_user"]

_READ_IN_TWO_WAYS = re.compile(r"[\x00-\x20\\\x7f]")
_HTTPS_PORT = 443
_WITH_REGIONS = ("management.azure.com", "management.usgovcloudapi.net", "management.chinacloudapi.cn")


def split_url(url: str) -> SplitResult | None:
    """The parts of an https URL with a host and a valid port; None for anything else.

    What clients read in different ways is none: user information, backslashes, blanks and control characters.
    """
    if _READ_IN_TWO_WAYS.search(url):
        return None
    try:
        parts = urlsplit(url)
        valid = parts.scheme.lower() == "https" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if valid and "@" not in parts.netloc else None


def same_origin(endpoint: str, url: str) -> bool:
    """Whether a URL has the scheme, host and port of an endpoint, whatever their spelling.

    A host below that of one of Microsoft's own clouds counts as its own: Azure answers with URLs on hosts of a region,
    such as https://eastus2euap.management.azure.com.

    :param endpoint: an https URL that the user named, or that is known
    :param url: a URL that an answer named
    """
    own, other = split_url(endpoint), split_url(url)
    if own is None or other is None or (own.port or _HTTPS_PORT) != (other.port or _HTTPS_PORT):
        return False
    (name, is_address), there = _host(own.hostname or ""), _host(other.hostname or "")[0]
    if is_address or name not in _WITH_REGIONS or not there.endswith(f".{name}"):
        return there == name
    return all(there.removesuffix(f".{name}").split("."))


def without_user(url: str) -> str:
    """A URL without user information, fit to be shown."""
    before, slashes, rest = url.rpartition("://")
    authority, slash, path = rest.partition("/")
    return f"{before}{slashes}{authority.rpartition('@')[2]}{slash}{path}"


def _host(name: str) -> tuple[str, bool]:
    """A host's one spelling, and whether it is an IP address."""
    try:
        return str(ipaddress.ip_address(name)), True
    except ValueError:
        name = name.removesuffix(".").lower()
    if name.isascii():
        return name, False
    try:
        wire = name.encode("idna").decode("ascii").lower()
        # Old and new IDNA agree only on what comes back as it was: "ss" is not the host of "ß".
        return (wire if wire.encode("ascii").decode("idna") == name else name), False
    except UnicodeError:
        return name, False
