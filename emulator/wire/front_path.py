# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of a request's path before anything is looked for at it: made canonical, or refused.

No recording shows what ARM does with dot segments. It is built on .NET, whose System.Uri decodes ``%2e``, ``%2f`` and
``%5c`` and then compacts ``/./``, ``/../`` and ``//`` (learn.microsoft.com, system.uri, remarks on canonicalization),
behind Windows' http.sys. What is refused, and by whom:

- control characters: http.sys (KB 820129, AllowRestrictedChars);
- a ``%`` that is still there after decoding: ARM, reported word for word in Azure/azure-cli#25154;
- ``<>&?`` and the backslash: ASP.NET's requestPathInvalidCharacters by default, without ``%``, which comes first, and
  without ``*`` and ``:``, which names of DNS records and of billing accounts hold.
"""

from __future__ import annotations

import html

from .answers import Answer
from .errors import ArmError

__all__ = ["canonical_path", "check_encoding", "refusal"]

_DANGEROUS = "<>&?\\"
_INVALID_URL = (
    '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN""http://www.w3.org/TR/html4/strict.dtd">\r\n'
    "<HTML><HEAD><TITLE>Bad Request</TITLE>\r\n"
    '<META HTTP-EQUIV="Content-Type" Content="text/html; charset=us-ascii"></HEAD>\r\n'
    "<BODY><h2>Bad Request - Invalid URL</h2>\r\n"
    "<hr><p>HTTP Error 400. The request URL is invalid.</p>\r\n"
    "</BODY></HTML>\r\n"
)


def canonical_path(path: str) -> str:
    """Take a decoded path without its query; return it without empty and (RFC 3986, 5.2.4) dot segments."""
    found: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del found[-1:]
        elif segment not in ("", "."):
            found.append(segment)
    end = "/" if found and path.endswith(("/", "/.", "/..")) else ""
    return f"/{'/'.join(found)}{end}"


def refusal(path: str) -> Answer | None:
    """Take a decoded path without its query; return what the web server says to it, or None if it lets it pass."""
    if any(char < " " or "\x7f" <= char <= "\x9f" for char in path):
        return _page(_INVALID_URL, "us-ascii")
    dangerous = next((char for char in path if char in _DANGEROUS), "")
    if not dangerous:
        return None
    words = f"A potentially dangerous Request.Path value was detected from the client ({html.escape(dangerous)})."
    return _page(f"<!DOCTYPE html>\r\n<html>\r\n    <head><title>{words}</title></head>\r\n</html>\r\n")


def check_encoding(path: str, base_url: str) -> None:
    """Take a decoded path without its query; raises ArmError if it was encoded twice."""
    if "%" in path:
        uri = f"{base_url}{path}".replace("%", "%25")
        reason = f"The request URI '{uri}' is not valid, because it contains double encoding sequence '%25'."
        raise ArmError(400, "InvalidDoubleEncodedRequestUri", reason)


def _page(text: str, charset: str = "utf-8") -> Answer:
    return Answer(400, text.encode(), {"Content-Type": f"text/html; charset={charset}"})
