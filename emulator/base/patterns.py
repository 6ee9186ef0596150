# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Regular expressions from outside, in an engine whose time grows with the text alone, whatever the expression."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import re2

__all__ = ["Pattern", "read_pattern", "read_wildcards"]

_LONGEST = 1000
_MEMORY = 1024 * 1024

Pattern = Callable[[str], bool]


def read_pattern(text: str) -> Pattern:
    """Return whether a text has the pattern in it, without regard to case; raises ValueError.

    The syntax is RE2's (github.com/google/re2/wiki/Syntax): Python's without look-around and back-references.
    """
    if len(text) > _LONGEST:
        raise ValueError(f"is longer than {_LONGEST} characters")
    return _compiled(text)


@lru_cache(maxsize=1024)
def read_wildcards(text: str) -> Pattern:
    """Return whether a text is as one with wildcards says, without regard to case: `*` is any text.

    `/*/` also stands for one slash: Managed Identity Operator's `.../*/assign/action` grants `.../assign/action`.
    What is longer than 1,000 characters is no operation of Azure's, and stands for none.
    """
    if len(text) > _LONGEST:
        return lambda _given: False
    parts = [re2.escape(part).replace(r"\*", ".*") for part in text.split("/*/")]
    return _compiled(f"(?s)^(?:{'/(?:.*/)?'.join(parts)})$")


def _compiled(text: str) -> Pattern:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        found = re2.compile(text, options)
    except re2.error as error:
        reason = error.args[0]
        raise ValueError(reason.decode() if isinstance(reason, bytes) else str(reason)) from error
    except UnicodeEncodeError as error:
        raise ValueError("has half of a character") from error
    # A request may have bytes that are no UTF-8, which no pattern can name.
    return lambda given: found.search(given.encode("utf-8", "replace").decode()) is not None
