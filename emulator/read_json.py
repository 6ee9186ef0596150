# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JSON from strangers: what could not be worked with or sent back is no JSON."""

from __future__ import annotations

import json
import typing as t

__all__ = ("read_json",)

_DEEPEST = 64


def read_json(data: bytes) -> t.Any:
    """Return the value of JSON text.

    Raises ValueError for anything else, and for NaN and infinity, halves of characters, and values nested too deep.
    """
    try:
        value = json.loads(data, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    if data.count(b"{") + data.count(b"[") > _DEEPEST:
        _check_depth(value)
    if b"\\ud" in data.lower():
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _refuse(constant: str) -> t.NoReturn:
    raise ValueError(f"it has {constant}")


def _check_depth(value: t.Any) -> None:
    level = [value]
    for _depth in range(_DEEPEST):
        level = [
            inner
            for item in level
            if isinstance(item, (dict, list))
            for inner in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return
    raise ValueError("it is nested too deep")
