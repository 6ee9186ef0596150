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
_SIGNALS = (signal.SIGALRM, signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def run_interruptible(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine to its end on a loop of ours.

    A signal (a task's ``timeout``, Ctrl-C, a kill) cancels the coroutine, which starts no new change from then on,
    and has its ordinary effect once the coroutine has stopped. Raised inside the loop instead, an exception could
    get lost, or leave a resource between two changes that belong together.
    """
    if threading.current_thread() is not threading.main_thread():
        return loop.run_until_complete(work)
    return _Interrupts(loop).run(work)


class _Interrupts:
    """Holds signals back while a coroutine runs. Whatever the instant at which one comes, none is lost."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        found = {number: signal.getsignal(number) for number in _SIGNALS}
        self._ordinary = {number: handler for number, handler in found.items() if handler is not signal.SIG_IGN}
        self._loop = loop
        self._task: asyncio.Task[Any] | None = None
        self._came: list[int] = []
        self._over = False

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Run the coroutine, then let the signals act that came meanwhile."""
        try:
            for number in self._ordinary:
                signal.signal(number, self._on_signal)
            # Only now: a task that was made before and left behind by an exception would run with the next operation.
            self._task = self._loop.create_task(work)
            if self._came:
                self._task.cancel()
            return self._loop.run_until_complete(self._task)
        finally:
            self._over = True
            work.close()
            for number, handler in self._ordinary.items():
                signal.signal(number, handler or signal.SIG_DFL)
            self._act_on_all()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._over:
            self._act(number)
            return
        self._came.append(number)
        # Once: Ansible may send a second signal after the first, and changes that belong together go on after one.
        if self._task and len(self._came) == 1:
            self._loop.call_soon_threadsafe(self._task.cancel)

    def _act_on_all(self) -> None:
        """Every signal that came acts, also if one before it raises."""
        if self._came:
            try:
                self._act(self._came.pop(0))
            finally:
                self._act_on_all()

    def _act(self, number: int) -> None:
        """What the signal would have done without us."""
        handler = self._ordinary[signal.Signals(number)]
        if callable(handler):
            handler(number, None)
        else:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
