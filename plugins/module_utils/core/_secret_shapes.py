# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What secrets look like: keys, tokens, passwords and user information, wherever they stand.

Each shape is found in a time that is linear in the text: a run of characters is read by one attempt only, or the
attempt is bounded. What looks like an identifier (GUIDs, resource IDs, thumbprints, ETags, certificates in the URLs
of operations) is no shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from ._secret_words import NAMES, basic, named

__all__ = ["SHAPES", "USER_INFORMATION", "Shape", "Span"]

Span = tuple[int, int]
USER_INFORMATION = "user information"


@dataclass(frozen=True)
class Shape:
    """A kind of secret.

    :param kind: what it is, in words
    :param hints: without one of these in a text, it has none; in lower case where ``folds``
    :param spans: where the secrets of a text are, in order
    :param folds: whether case does not matter
    """

    kind: str
    hints: tuple[str, ...]
    spans: Callable[[str], Iterator[Span]]
    folds: bool = False


_BEGIN, _END = "-----BEGIN", "-----END"
_EDGE = re.compile(r"-----(?:(BEGIN)[A-Z0-9 +%]{0,64}-----|END(?:[A-Z0-9 +%]{0,64}-----)?)")
_UNTIL_QUOTE = re.compile(r"[^\"']*")
_OF_PEM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\\ \t\r\n"


def _pem(text: str) -> Iterator[Span]:
    """Blocks of PEM, also on one line; without an end they go to the next quote, without a beginning to what is none.

    Certificates count too: a certificate and its key are often one text, and cut anywhere.
    """
    begins: list[int] = []
    done = 0
    for edge in _EDGE.finditer(text):
        if edge.group(1):
            begins.append(edge.start())
            continue
        before = text[done : edge.start()]
        start = begins[0] if begins else edge.start() - len(before) + len(before.rstrip(_OF_PEM))
        begins, done = [], edge.end()
        yield start, done
    for begin in begins:
        if begin >= done:
            rest = _UNTIL_QUOTE.match(text, begin)
            done = rest.end() if rest else len(text)
            yield begin, done


_DOTTED = re.compile(r"[\w-]+(?:\.[\w-]*)*", re.ASCII)
_SHORTEST_JWT = 16


def _jwt(text: str) -> Iterator[Span]:
    """JSON web tokens; in the middle of a word only with a dot, since base64 of anything may hold the same letters."""
    for run in _DOTTED.finditer(text):
        word = run.group()
        at = word.find("eyJ")
        if at >= 0 and len(word) - at >= _SHORTEST_JWT and (at == 0 or "." in word[at:]):
            yield run.start() + at, run.end()


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    return (match.span("secret") for match in pattern.finditer(text))


def _by(kind: str, pattern: str, *hints: str, folds: bool = False) -> Shape:
    flags = re.ASCII | re.DOTALL | (re.IGNORECASE if folds else 0)
    return Shape(kind, hints, partial(_matches, re.compile(pattern, flags)), folds)


_B64 = r"[A-Za-z0-9+/_-]"
# Base64 may be broken into lines, which become blanks or a backslash and an n.
_B64_REST = rf"(?:{_B64}|(?:\s|\\[rn]){{1,8}}(?={_B64}{{20}}|{_B64}{{0,19}}=))*={{0,2}}"
# The first bytes of RFC 5958 and 8018 (private keys, encrypted or not), RFC 8017 (RSA), RFC 5915 (EC) and RFC 7292
# (PKCS 12): a sequence, and in it a version or an algorithm. A certificate begins with two sequences. The name
# that OpenSSH gave its form is text.
_DER_KEY = (
    rf"(?:MI[I-L]{_B64}{{2}}(?:[AQgw]IB(?:AzCC|ADAN|AAKC|ADCC)|[DTjz]B{_B64}BgkqhkiG9w0B)"
    rf"|MIACAQMw|M(?:C4CAQAw|HcCAQEE|I[GH]{_B64}AgE[AB])|b3BlbnNzaC1rZXktdjE"
    rf"|(?<!{_B64})MI[I-L](?!{_B64}{{2}}[DTjz]CC){_B64}{{96}})"
)

# Text in quotes, which may be part of text in quotes itself, once or twice escaped.
_QUOTED = (
    r"""(?:(?:"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)(?:\w[^\s"'<>]*)?"""
    r"""|\\+["'](?:[^"'\\]|\\{2,}["']?|\\(?!["'\\]))*)"""
)
_ASSIGNED = rf"""{NAMES}(?:\s?=\s?|%3d)(?![=\s])(?P<secret>\*{{8}}|{_QUOTED}|[^\s&"'<>]+)"""
_KEYED = rf"""{NAMES}\\*["']\s?:\s{{0,4}}(?P<secret>{_QUOTED})"""
_OPAQUE = r"(?:(?=[a-z._~+/-]*\d)[a-z0-9._~+/-]{12,}|[a-z0-9._~+/-]{32,})=*"
_SCHEME = r"(?:basic|bearer|digest|negotiate|ntlm|sharedkey\w{0,16})"
_AUTHORIZATION = (
    rf"""authorization\\*["']?\s{{0,4}}[:=]\s{{0,4}}\\*["']?{_SCHEME}\s{{1,4}}"""
    r"""(?P<secret>\*{8}|[^\s"'<>,]{4,})"""
)
# Without a sign of equality it is a sentence about a cookie.
_PAIR = r"""[^\s"'<>=;,:*]{1,64}=(?:\\*"[^"\s]*"?|[^\s"'<>;,]*)"""
_COOKIE = rf"""cookies?\\*["']?\s?:\s{{0,4}}\\*["']?(?P<secret>{_PAIR}(?:;\s{{0,4}}{_PAIR})*)"""

_IN_WORD = r"""[^\s"'<>]"""
_USER = r"""[^\s/:@"'<>=(,;\[\]{}]{1,64}"""
# Our own words for how to write it.
_SCHEME_END = "://(?!USER:PASSWORD@HOST)"
# A password with a slash in it makes the rest of it a path: what stands before that is no port then.
_ODD_AUTHORITY = (
    rf"""{_SCHEME_END}(?P<secret>[^\s/?#@:\["'<>]*:(?!\d{{1,5}}(?![^/?#\s,;)&"'<>]))(?![/\\]){_IN_WORD}{{1,256}})@"""
)
# Blanks in a password, between words that end no part of a sentence. "host:8443 or joe@corp" has a port. Here, and in
# the name of a cookie, there is no asterisk: what others have hidden must not make one out of what was none.
_PART = r"""[^\s"'<>@/?#*]{0,64}[^\s"'<>@/?#*,;:.)\]]"""
_BLANKS = (
    rf"""://(?P<secret>[^\s/?#@:\["'<>*]{{1,64}}:(?!\d{{1,5}}(?![^\s,;)&]))"""
    rf"""{_PART}(?:[ \t]{{1,4}}{_PART}){{1,3}})@[\w.\[-]"""
)
_BARE = (
    rf"""(?<![^\s"'<>=(,;\[])(?P<secret>{_USER}:(?![/\\]){_IN_WORD}{{1,128}})@[\w.-]{{1,253}}:\d{{1,5}}(?![a-z0-9])"""
)
_PROXY = rf"""proxy(?:["']?\s{{0,4}}[:=]|\s{{1,4}}is)?\s{{0,4}}["']?(?P<secret>{_USER}:(?![/\\]){_IN_WORD}{{1,128}})@"""

_GIVEN = (
    r"gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|npm_|pypi-AgE|dop_v1_|AGE-SECRET-KEY-1"
    # Short enough to be the end of a word, or to stand in base64.
    r"|(?<![A-Za-z0-9+/_-])(?:AIza|ya29\.|sk-ant-|hvs\.)"
)
_GIVEN_HINTS = (
    *("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "npm_", "pypi-AgE"),
    *("dop_v1_", "AGE-SECRET-KEY-1", "AIza", "ya29.", "sk-ant-", "hvs."),
)
_TOKEN_REST = r"(?=[A-Za-z0-9_-]{0,64}\d)[A-Za-z0-9_-]{20,}"
# Each name of a secret holds one of these.
_NAME_HINTS = ("secret", "passw", "pwd", "passphrase", "assertion", "token", "key", "sig")

SHAPES = (
    Shape("a key", (_BEGIN, _END), _pem),
    _by(USER_INFORMATION, _ODD_AUTHORITY, "://"),
    _by(USER_INFORMATION, _BLANKS, "://"),
    _by(USER_INFORMATION, rf"""{_SCHEME_END}(?P<secret>[^\s/?#"'<>\\]+)@""", "://"),
    _by(USER_INFORMATION, r"""%3a%2f%2f(?P<secret>(?:(?!%2f|%3f|%23)[^\s/?#&"'<>])+)%40""", "%3a%2f%2f", folds=True),
    _by(USER_INFORMATION, _BARE, "@", folds=True),
    _by(USER_INFORMATION, _PROXY, "proxy", folds=True),
    _by("a secret", _ASSIGNED, "=", "%3d", folds=True),
    _by("a secret", _KEYED, '":', '" :', "':", "' :", folds=True),
    Shape("a secret", _NAME_HINTS, named, folds=True),
    _by("a secret", rf"[?&]code=(?P<secret>{_IN_WORD}{{20,}})", "code=", folds=True),
    _by("a token", rf"bearer\s{{1,4}}(?P<secret>{_OPAQUE})", "bearer", folds=True),
    _by("a token", _AUTHORIZATION, "authorization", folds=True),
    Shape("a token", ("basic",), basic, folds=True),
    _by("a token", _COOKIE, "cookie", folds=True),
    # After those, whose names they would take for parts of a token.
    _by("a key", rf"(?P<secret>{_DER_KEY}{_B64_REST})", "MI", "MHcC", "MC4C", "b3Bl"),
    # A client secret of Entra ID, as its own scanners know it, and the key of a storage account: 64 bytes.
    _by("a client secret", r"(?P<secret>[\w~.-]{3}\dQ~[\w~.-]{31,})", "Q~"),
    _by("a key", r"(?<![A-Za-z0-9+/])(?P<secret>[A-Za-z0-9+/]{86}==)", "=="),
    # Tokens of services that CI jobs have beside Azure's, by the beginnings that these gave them to be found by.
    _by("a token", rf"(?P<secret>(?:{_GIVEN}){_TOKEN_REST})", *_GIVEN_HINTS),
    Shape("a token", ("eyJ",), _jwt),
)
