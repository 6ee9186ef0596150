# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. One page of a list: its items, and where the next one is."""

from __future__ import annotations

from typing import Any

from .._errors import UnexpectedAnswer
from ._shape import Needed, shaped

__all__ = ["read_page"]

_LINK = "nextLink"
_PAGE = Needed({"value": Needed([dict]), _LINK: str})


def read_page(body: Any) -> tuple[list[dict[str, Any]], str | None]:
    """The items of a page of Azure Resource Manager or Microsoft Graph, and the URL of the next page, if there is one.

    :raises UnexpectedAnswer: it is no page, or goes on in a way that Azure Resource Manager does not have
    """
    page: dict[str, Any] = shaped(body, _PAGE)
    other = next((name for name in page if name != _LINK and name.lower().endswith(_LINK.lower()) and page[name]), None)
    if other:
        raise UnexpectedAnswer(f"The list goes on where nobody follows it: its next page is in {other!r}.")
    return page["value"], page.get(_LINK) or None
