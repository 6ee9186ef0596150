# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JSON from strangers: what could not be worked with or sent back is no JSON."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

__all__ = ["check_size", "read_json"]

_DEEPEST = 64
_MOST = 1_000_000


def read_json(data: bytes, deepest: int = _DEEPEST) -> Any:
    """Return the value of JSON text.

    Raises ValueError for anything else, and for what not every reader reads alike or could not be sent back: NaN and
    infinity, whole numbers beyond 64 bits, a name twice in one object, halves of characters, values nested too deep.
    """
    try:
        value = json.loads(
            data, parse_constant=_refuse, parse_int=_whole, parse_float=_finite, object_pairs_hook=_object
        )
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    if data.count(b"{") + data.count(b"[") > deepest:
        check_size(value, deepest)
    if b"\\ud" in data.lower():
        json.dumps(value, ensure_ascii=False).encode()
    return value


def check_size(value: Any, deepest: int = _DEEPEST, most: int = _MOST) -> None:
    """Raise ValueError for a value that is nested too deep, has too many parts, or a number beyond 64 bits.

    What is there twice counts twice.
    """
    level, left = [value], most
    for _depth in range(deepest):
        inner: list[Any] = []
        for item in level:
            if isinstance(item, (dict, list)):
                left -= len(item)
                if left < 0:
                    raise ValueError(f"it has more than {most} parts")
                inner.extend(item.values() if isinstance(item, dict) else item)
            elif isinstance(item, int) and not _fits(item):
                raise ValueError("it has a number that 64 bits do not hold")
        if not inner:
            return
        level = inner
    raise ValueError("it is nested too deep")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"it has {constant}")


def _whole(text: str) -> int:
    # Nobody's message needs thousands of digits, and Python refuses them with a hint at its own settings.
    value = int(text) if len(text) <= 20 else 2**64
    if not _fits(value):
        raise ValueError(f"it has the number {text[:20]}..., which 64 bits do not hold")
    return value


def _fits(value: int) -> bool:
    return -(2**63) <= value < 2**64


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"it has the number {text[:20]}, which is too large")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for index, name in enumerate(names) if name in names[:index])
        raise ValueError(f"it has the name {twice[:80]!r} twice in one object")
    return found
