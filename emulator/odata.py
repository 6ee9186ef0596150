# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The little of OData's $filter that Microsoft.Authorization and Microsoft.ManagedIdentity understand."""

from __future__ import annotations

import re
import typing as t

__all__ = ("Term", "parse_filter")

_CALL = re.compile(r"(?P<name>[A-Za-z]+)\(\s*(?P<inside>.*?)\s*\)", re.DOTALL)
_EQUALS = re.compile(r"(?P<name>[A-Za-z/]+)\s+eq\s+(?P<value>'(?:[^']|'')*'|[^'\s]+)", re.IGNORECASE)
_TEXT = re.compile(r"'((?:[^']|'')*)'")
_AND = re.compile(r"\s+and\s+(?=(?:[^']*'[^']*')*[^']*$)", re.IGNORECASE)


class Term(t.NamedTuple):
    """One condition: `name` in lower case (`eq` has the property's), its arguments, and whether it is a call."""

    name: str
    arguments: tuple[str, ...]
    call: bool


def parse_filter(text: str) -> list[Term] | None:
    """Return the conditions that `and` joins, none for an empty filter, or None for what this cannot read."""
    if not text.strip():
        return []
    found = [_term(part.strip()) for part in _AND.split(text.strip())]
    return None if None in found else t.cast("list[Term]", found)


def _term(text: str) -> Term | None:
    call = _CALL.fullmatch(text)
    if call is not None:
        inside = call["inside"]
        # contains(name, 'x') has a property before the text.
        words = re.sub(_TEXT, "", inside).replace(",", " ").split()
        texts = [item.replace("''", "'") for item in _TEXT.findall(inside)]
        return Term(call["name"].lower(), (*(word.lower() for word in words), *texts), True)
    equals = _EQUALS.fullmatch(text)
    if equals is None:
        return None
    value = equals["value"]
    if value.startswith("'"):
        value = value[1:-1].replace("''", "'")
    return Term(equals["name"].lower(), (value,), False)
