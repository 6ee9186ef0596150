# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Text of others as a message can hold it: on one line, printable and not endless."""

from __future__ import annotations

__all__ = ["one_line", "shortened"]

_MORE = " ..."


def one_line(text: str) -> str:
    """The text without what nobody sees, or what a terminal obeys: each such character, and each end of a line, is
    a blank, and so are several in a row.
    """
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(text.split())


def shortened(text: str, longest: int) -> str:
    """The text, or its beginning and three dots, of at most ``longest`` characters."""
    return text if len(text) <= longest else text[: longest - len(_MORE)].rstrip() + _MORE
