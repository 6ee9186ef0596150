# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Blocking calls in threads that are not waited for: neither here nor at the process's end.

The event loop's own threads are joined when the process ends: one that hangs in a name's look-up would outlast any
wait_timeout.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Generic, TypeVar

__all__ = ["in_thread"]

T = TypeVar("T")


async def in_thread(function: Callable[..., T], *arguments: Any, **options: Any) -> T:
    """Call a function in a thread of its own. To cancel it ends the waiting, not the thread."""
    call: _Call[T] = _Call()
    work = partial(contextvars.copy_context().run, call.carry_out, partial(function, *arguments, **options))
    threading.Thread(target=work, daemon=True).start()
    return await call.answer


class _Call(Generic[T]):
    """A call that another thread carries out; to be made in the event loop that waits for its answer."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.answer: asyncio.Future[T] = self._loop.create_future()

    def carry_out(self, function: Callable[[], T]) -> None:
        """Call the function; what it returns or raises is the answer's."""
        with self:
            self._settle(partial(self.answer.set_result, function()))

    def _settle(self, how: Callable[[], None]) -> None:
        # The loop may have been closed meanwhile, or the answer cancelled: then nobody waits.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(lambda: None if self.answer.done() else how())

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if error is not None:
            self._settle(partial(self.answer.set_exception, error))
        return True
