# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. An interrupted operation stops in order, then the signal acts."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Coroutine
from types import FrameType
from typing import Any, TypeVar

__all__ = ["run_interruptible"]

_T = TypeVar("_T")
_SIGNALS = (signal.SIGALRM, signal.SIGINT, signal.SIGTERM)


def run_interruptible(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine to its end on a loop of ours.

    A signal (a task's ``timeout``, Ctrl-C, a kill) cancels the coroutine, which starts no new change from then on,
    and has its ordinary effect once the coroutine has stopped. Raised inside the loop instead, an exception could
    get lost, or leave a resource between two changes that belong together.
    """
    if threading.current_thread() is not threading.main_thread():
        return loop.run_until_complete(work)
    task = loop.create_task(work)
    pending: list[int] = []

    def interrupt(number: int, _frame: FrameType | None) -> None:
        pending.append(number)
        loop.call_soon_threadsafe(task.cancel)

    ordinary = {number: signal.signal(number, interrupt) for number in _SIGNALS}
    try:
        return loop.run_until_complete(task)
    finally:
        for number, handler in ordinary.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        for number in pending:
            handler = ordinary[number]
            if callable(handler):
                handler(number, None)
            else:
                os.kill(os.getpid(), number)
