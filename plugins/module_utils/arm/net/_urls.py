# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. URLs that users and foreign answers give, and to which credentials or tokens go."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ...core._errors import InvalidInput

__all__ = ["checked_url"]

# Blanks, control characters, backslashes and lone surrogates: what comes after them is read differently by everybody.
_FORBIDDEN = re.compile(r"[\s\x00-\x20\x7f-\x9f\\\ud800-\udfff]")
_SHOWN = 200
_REMEDY = "Give an https URL, such as https://management.azure.com, without a user, a password or blanks."


def checked_url(url: str, spelled: str) -> str:
    """The URL as it is, if a client can do nothing with it but connect to the host that it shows.

    :param spelled: what gave it, for the error
    :raises InvalidInput: it is no URL, is not https, has no host or no possible port, or has user information
    """
    problem = _problem(url)
    if problem:
        # What stands before an @ may be a password, whatever is wrong with the rest.
        shown = "" if "@" in url else f"is {url[:_SHOWN]!r}, which "
        raise InvalidInput(f"{spelled} {shown}{problem}.", remedy=_REMEDY)
    return url


def _problem(url: str) -> str:
    if _FORBIDDEN.search(url):
        return "has a character that no URL has"
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
        if parts.scheme.lower() != "https" or not host:
            return "is not an https URL: tokens go there"
        if ":" not in host:
            host.encode("idna")
    except ValueError:
        return "is not a URL: its host or port cannot be one"
    return "has user information: nobody asks for it there" if "@" in parts.netloc else ""
