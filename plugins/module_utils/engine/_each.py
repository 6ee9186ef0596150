# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The same for many things, some at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

__all__ = ["each"]

_AT_ONCE = 8
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


async def each(
    items: Sequence[_Item], do: Callable[[_Item], Awaitable[_Result]], *, at_once: int = _AT_ONCE
) -> list[_Result]:
    """What ``do`` gives for each item, in their order. The first error ends it, and what has begun is cancelled."""
    results: dict[int, _Result] = {}
    waiting = iter(enumerate(items))

    async def worker() -> None:
        for index, item in waiting:
            results[index] = await do(item)

    workers = [asyncio.ensure_future(worker()) for _unused in range(min(at_once, len(items)))]
    try:
        await asyncio.gather(*workers)
    finally:
        for one in workers:
            one.cancel()
    return [results[index] for index in range(len(items))]
