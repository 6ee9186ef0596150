# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Texts that become part of a URL's path: what none may hold, and where a URL leads.

Whoever reads a URL on its way normalises it: the HTTP client, proxies, the server. It decodes ``%2e``, takes ``..``
away with what stands before it, ends the path at ``?`` and ``#``, takes a backslash for a slash, and drops tabs and
line ends. A text that is not the same afterwards names another resource than the one that was shown, judged and
approved. All such texts pass here, whoever gave them: a task, a survey, or an answer that is followed.
"""

from __future__ import annotations

import re
from unicodedata import category, normalize

from ._errors import InvalidInput

__all__ = ["check_path", "check_segment", "same_path", "shown", "unseen"]

# No ID comes near; a server takes 16 KiB of a request's whole head (Windows' http.sys, KB 820129: MaxRequestBytes).
_LONGEST = 4096
_SHOWN = 400
_MARKS = r"%?#\\"
_ODD = re.compile(rf"[\x00-\x1f\x7f{_MARKS}]|[^\x00-\x7f]")
# Control and format characters, lone surrogates, ends of lines and paragraphs: nobody sees them, or what they do.
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
# Of other kinds, but nothing is drawn for them (Unicode's Default_Ignorable_Code_Point), and the empty Braille cell.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164"
    "\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
_HEAD = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#\\]*")
_TAIL = re.compile(r"[?#]")
_ENCODED = re.compile(rb"%([0-9A-Fa-f]{2})")
_REMEDY = r"Give it as Azure shows it: no segment is empty, . or .., and nothing in it is %, ?, #, \ or invisible."


def shown(value: object) -> str:
    """A value as messages show it: quoted, printable whatever it holds, on one line and not endless."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}... ({len(text)} characters)"


def unseen(text: str) -> str:
    """What a text holds that nobody can see, part of a sentence; empty if that is nothing."""
    return next((_holds(char) for char in text if _is_unseen(char)), "")


def check_path(text: str, what: str, remedy: str = _REMEDY) -> str:
    """Return a path, or the part of one, that every reader of a URL takes for what it says.

    :param what: what it is meant to be, such as "a scope"
    :raises InvalidInput: it is none; naming it, and the part that is wrong
    """
    problem = _problem(text)
    if problem:
        raise InvalidInput(f"{shown(text)} is not {what}: {problem}.", remedy=remedy)
    return text


def check_segment(text: str, what: str, remedy: str = _REMEDY) -> str:
    """Return a text that can be one segment of a path.

    :param what: what it is meant to be, such as "the name of an instance"
    :raises InvalidInput: it cannot; naming it, and the part that is wrong
    """
    if "/" in text:
        raise InvalidInput(f"{shown(text)} is not {what}: {_holds('/')}.", remedy=remedy)
    return check_path(text, what, remedy)


def same_path(url: str, meant: str, *, any_case: bool = False) -> bool:
    """Whether a URL leads to exactly the path that is meant, whatever normalises it on its way.

    :param url: the whole URL, or what follows its host, encoded as it is to be sent; its query is not looked at
    :param meant: a path with nothing encoded, such as a resource ID or what is below one
    :param any_case: whether the case of letters may differ, which ARM does not look at
    """
    # What is meant has nothing to normalise; so once decoded, an equal path has neither.
    path = _TAIL.split(_HEAD.sub("", url, count=1), maxsplit=1)[0]
    found = _decoded(path)
    same = found == meant or (any_case and found.lower() == meant.lower())
    return meant.startswith("/") and not _problem(meant) and same


def _decoded(path: str) -> str:
    """Bytes that are no UTF-8 become lone surrogates, which nothing that is meant holds."""
    spelt = path.encode("utf-8", "surrogatepass")
    return _ENCODED.sub(lambda found: bytes.fromhex(found[1].decode()), spelt).decode("utf-8", "surrogateescape")


def _problem(text: str) -> str:
    if not text:
        return "it is empty"
    if len(text) > _LONGEST:
        return f"it has {len(text)} characters"
    odd = next((char for char in _ODD.findall(text) if _is_wrong(char)), "")
    if odd:
        return _holds(odd)
    return next(filter(None, map(_problem_of_segment, text.removeprefix("/").split("/"))), "")


def _is_unseen(char: str) -> bool:
    return category(char) in _UNSEEN or _BLANK.match(char) is not None


def _is_wrong(char: str) -> bool:
    """No reader of URLs is known to take a fullwidth slash for a slash, but people are, and old code pages do."""
    return char.isascii() or _is_unseen(char) or any(part in rf"/{_MARKS}" for part in normalize("NFKC", char))


def _problem_of_segment(segment: str) -> str:
    if not segment:
        return "one of its segments is empty"
    if not normalize("NFKC", segment).strip(" ."):
        return f"it has the segment {segment!r}"
    return f"its segment {segment!r} begins or ends with a blank" if segment != segment.strip() else ""


def _holds(char: str) -> str:
    return f"it holds {char!r} (U+{ord(char):04X})"
