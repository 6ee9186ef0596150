# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Tags of resources: their names are compared without case, their values with it.

Limits: learn.microsoft.com, azure-resource-manager/management/tag-resources.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._errors import InvalidInput

__all__ = ["checked_tags", "merged_tags", "same_tags"]

_FORBIDDEN = re.compile(r"[<>%&\\?/]")
_LONGEST_NAME, _LONGEST_VALUE, _MOST = 512, 256, 50


def checked_tags(given: Mapping[Any, Any]) -> dict[str, str]:
    """Tags as a user gave them; whole numbers become text.

    :raises InvalidInput: they cannot be tags of a resource
    """
    tags: dict[str, str] = {}
    for name, value in given.items():
        shown = f"The tag {str(name)!r}"
        if not isinstance(name, str) or not name.strip() or _FORBIDDEN.search(name) or len(name) > _LONGEST_NAME:
            raise InvalidInput(f"{shown} has no possible name: 1 to 512 characters, none of <>%&\\?/.")
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            raise InvalidInput(f"{shown} has a value that is not text: {value!r}.", remedy="Put it in quotes.")
        if len(str(value)) > _LONGEST_VALUE:
            raise InvalidInput(f"{shown} has a value of more than 256 characters.")
        if name.lower() in map(str.lower, tags):
            raise InvalidInput(f"{shown} is given twice: names of tags are compared without case.")
        tags[name] = str(value)
    return _not_too_many(tags)


def merged_tags(current: Mapping[str, str], wanted: Mapping[str, str], *, exact: bool) -> dict[str, str]:
    """The tags that a resource shall have; a tag that is there keeps the spelling of its name.

    :param exact: whether those that are not wanted go
    :raises InvalidInput: they would be too many
    """
    spelt = {name.lower(): name for name in current}
    kept = {} if exact else dict(current)
    return _not_too_many({**kept, **{spelt.get(name.lower(), name): value for name, value in wanted.items()}})


def same_tags(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two sets of tags are the same to Azure."""
    return _folded(one) == _folded(other)


def _folded(tags: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in tags.items()}


def _not_too_many(tags: dict[str, str]) -> dict[str, str]:
    if len(tags) > _MOST:
        raise InvalidInput(f"A resource has at most 50 tags, and these are {len(tags)}.")
    return tags
