# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ARM's filter by a tag: `tagName eq 'team' and tagValue eq 'data'`, in any order, and the name can be alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..wire.errors import invalid_filter
from ..wire.odata import Term, parse_filter

__all__ = ["has_tag", "read_tag_filter", "tag_of"]


def read_tag_filter(text: str) -> tuple[str | None, str | None]:
    """Return the name and the value that a tag must have, None where any will do; raises ArmError 400."""
    terms = parse_filter(text)
    if terms is None or not all(term.name in ("tagname", "tagvalue") and not term.call for term in terms):
        raise invalid_filter(text)
    return tag_of(terms, text)


def tag_of(terms: list[Term], text: str) -> tuple[str | None, str | None]:
    """Return the name and the value of conditions on a tag; raises ArmError 400 for two of a kind."""
    found = {term.name: term.arguments[0] for term in terms}
    if len(found) != len(terms):
        raise invalid_filter(text)
    return found.get("tagname"), found.get("tagvalue")


def has_tag(tags: Mapping[str, Any], name: str | None, value: str | None) -> bool:
    """Tell whether one tag has this name, which has no case, and this value, which has."""
    if name is None and value is None:
        return True
    return any(
        (name is None or key.lower() == name.lower()) and (value is None or str(given) == value)
        for key, given in tags.items()
    )
