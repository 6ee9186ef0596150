# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Secrets that stand in plain text: ``name: value``, and ``Basic`` with what it encodes.

A colon after "token" or "secret" is as often that of a sentence: "secret: it is not set". What follows is taken for a
value only if no prose looks so, since to hide the words of a message helps nobody. A value is the first word that
follows, or a text in quotes, which

- has a digit beside other characters, and 6 or more of them, as generated secrets and most passwords have; or
- has 8 or more, of which one is a sign that no word has inside, or with small and large letters as no name has
  them: ``ManagedIdentityCredential`` is a name; or
- has 24 or more with nothing but letters in them, or 8 digits or more: longer than the words of messages.

Error codes (``AADSTS700016``), paths, URLs, hosts and addresses of mail are none, though they have digits and signs.
So a password that is one plain word is shown; nothing tells it from prose.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

__all__ = ["NAMES", "basic", "named"]

NAMES = (
    r"(?:secret|passw(?:or)?d|pwd|passphrase|assertion|(?:access|refresh|id|oidc|federated|bearer|sas)[_-]?token"
    r"|(?<![a-z])token|(?:account|access|subscription|api)[_-]?key|(?<![a-z])sig)"
)
_NAMED = re.compile(rf"{NAMES}\s?:\s{{0,4}}", re.ASCII | re.IGNORECASE)
# A backslash before a letter or a quote is that of JSON in a text. A word before a bracket is that of a call.
_QUOTED = r""""(?:[^"\\\n]|\\.)+"?|'(?:[^'\\\n]|\\.)+'?|\\{1,4}["'][^"'\\\n]+"""
_WORD = re.compile(rf"""(?:[^\s"'<>(\\]|\\(?![nrt"']))+|{_QUOTED}""")
_WHOLE = re.compile(rf"""(?:[^\s"'<>\\]|\\(?![nrt"']))+|{_QUOTED}""")
# No more of a word is looked at to judge it: each name of a text may be followed by the same long word.
_JUDGED = 128
_AROUND, _AFTER, _QUOTES = ".,:;!?)]}*`\\\"'", ".,:;)]}`\\\"'", "\\\"'"
_NO_VALUE = re.compile(
    r"[A-Z]{2,8}\d{1,8}|\d{4}-\d\d-\d\d(?:T[\d:.]*Z?)?|[{\[].*|\$[{(].*|\$[A-Z_]+"
    r"|(?:[A-Za-z]:|[.~]{0,2})[/\\][^+=]*|[a-z][a-z0-9+.-]{0,20}://.*"
    r"|(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,18}:\d{1,5}(?:/.*)?|(?:[a-z0-9-]{1,63}\.){2,8}[a-z]{2,18}(?:/.*)?"
    r"|(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?"
    r"|[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-z]{2,18}",
    re.ASCII | re.DOTALL,
)
_DIGIT = re.compile(r"\d")
_SIGN = re.compile(r"[A-Za-z][!#$%&+=@^~]+[A-Za-z]")
_AS_NAMES = re.compile(r"[a-z]*(?:[A-Z]+(?:[a-z]{2,}|[dfnosy]))*[A-Z]*s?")
_LETTERS = re.compile(r"[A-Za-z]+")
_SHORTEST, _SHORTEST_PLAIN, _LONGEST_WORD = 6, 8, 24


def named(text: str) -> Iterator[tuple[int, int]]:
    """Where the values are that follow a name and a colon, without quotes around the name."""
    done = 0
    for name in _NAMED.finditer(text):
        start = name.end()
        if start < done:
            continue
        word = _WORD.match(text, start, start + _JUDGED)
        if word and "********" not in word.group() and any(map(_is_value, word.group().split())):
            whole = (_WHOLE.match(text, start) or word).group().rstrip(_AFTER)
            done = start + len(whole)
            yield done - len(whole.lstrip(_QUOTES)), done


def _is_value(word: str) -> bool:
    """Whether no word of a sentence looks like it."""
    value = word.strip(_AROUND)
    if len(value) < _SHORTEST or _NO_VALUE.fullmatch(value):
        return False
    if _DIGIT.search(value):
        return len(value) >= _SHORTEST_PLAIN or not value.isdecimal()
    if _LETTERS.fullmatch(value) and (value.islower() or value.isupper()):
        return len(value) >= _LONGEST_WORD
    mixed = not all(map(_AS_NAMES.fullmatch, _LETTERS.findall(value)))
    return len(value) >= _SHORTEST_PLAIN and (mixed or _SIGN.search(value) is not None)


_BASIC = re.compile(r"\bbasic\s{1,4}(?P<secret>[a-z0-9+/_-]{8,}={0,2})", re.ASCII | re.IGNORECASE)
_OF_BASIC = 1024


def basic(text: str) -> Iterator[tuple[int, int]]:
    """Where user and password of RFC 7617 are: what follows "Basic", and is base64 of a text with a colon in it."""
    for found in _BASIC.finditer(text):
        spelt = found["secret"][:_OF_BASIC].translate({ord("-"): "+", ord("_"): "/", ord("="): None})
        try:
            told = base64.b64decode(spelt[: len(spelt) // 4 * 4] + _rest(spelt)).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
        if ":" in told and told.strip().isprintable():
            yield found.span("secret")


def _rest(spelt: str) -> str:
    """The last characters, filled up to four; one alone encodes nothing."""
    rest = spelt[len(spelt) // 4 * 4 :]
    return rest.ljust(4, "=") if len(rest) > 1 else ""
