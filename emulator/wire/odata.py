# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The little of OData's $filter that Microsoft.Authorization and Microsoft.ManagedIdentity understand."""

from __future__ import annotations

import re
from typing import NamedTuple, cast

__all__ = ["Term", "parse_filter"]

# Read from left to right, never back: the time grows with the length alone.
_TOKEN = re.compile(r"'(?:[^']|'')*'|[(),]|[^\s(),']+")
_NAME = re.compile(r"[A-Za-z/]+")


class Term(NamedTuple):
    """One condition: `name` in lower case (`eq` has the property's), its arguments, and whether it is a call."""

    name: str
    arguments: tuple[str, ...]
    call: bool


def parse_filter(text: str) -> list[Term] | None:
    """Return the conditions that `and` joins, none for an empty filter, or None for what this cannot read."""
    if text.count("'") % 2:
        return None
    parts: list[list[str]] = [[]]
    for token in _TOKEN.findall(text):
        if token.lower() == "and":
            parts.append([])
        else:
            parts[-1].append(token)
    if parts == [[]]:
        return []
    found = [_term(part) for part in parts]
    return None if None in found else cast("list[Term]", found)


def _term(tokens: list[str]) -> Term | None:
    if len(tokens) == 3 and _NAME.fullmatch(tokens[0]) and tokens[1].lower() == "eq":
        return Term(tokens[0].lower(), (_text(tokens[2]),), False) if tokens[2] not in "()," else None
    if len(tokens) < 3 or tokens[1] != "(" or tokens[-1] != ")" or not _NAME.fullmatch(tokens[0]):
        return None
    inside = tokens[2:-1]
    if any(token in "()" for token in inside):
        return None
    # contains(name, 'x') has a property before the text.
    words = [token.lower() for token in inside if token != "," and not token.startswith("'")]
    texts = [_text(token) for token in inside if token.startswith("'")]
    return Term(tokens[0].lower(), (*words, *texts), True)


def _text(token: str) -> str:
    return token[1:-1].replace("''", "'") if token.startswith("'") else token
