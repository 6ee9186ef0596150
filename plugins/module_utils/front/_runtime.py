# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Runs operations: one event loop and one session per access, kept for a process's life."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Mapping
from typing import Any

from ..arm._session import Session, open_session
from ..arm.auth._access import Access
from ..arm.auth._resolve import resolve
from ..arm.net._deadline import Deadline
from ..arm.pipeline._journal import Journal
from ..core._errors import ManagedIdentityError, unforeseen
from ._failure import failure
from ._interrupts import run_interruptible
from ._operation import Call, Operation, deadline_of

__all__ = ["Performed", "Runtime", "runtime"]

Performed = tuple[dict[str, Any], list[str]]
Note = Callable[[str], None]

_FOREIGN_LOGGERS = ("aiohttp", "asyncio", "azure", "msal", "urllib3")


class Runtime:
    """What a process keeps between tasks."""

    def __init__(self) -> None:
        for name in _FOREIGN_LOGGERS:
            # What these write would end in Ansible's own log, if that is switched on.
            logging.getLogger(name).propagate = False
            logging.getLogger(name).addHandler(logging.NullHandler())
        self._loop = asyncio.new_event_loop()
        self._sessions: dict[Access, Session] = {}
        self._sources: dict[Access, str] = {}

    def perform(
        self, operation: Operation, params: Mapping[str, Any], *, check_mode: bool, diff_mode: bool, note: Note
    ) -> Performed:
        """Run one operation. This is the border at which errors become results.

        :param note: takes words for ``-vvv``
        :returns: the result, and warnings for the user
        """
        warnings: list[str] = []
        opened: list[Session] = []
        try:
            # The clock starts here: whatever takes long from now on counts.
            deadline = deadline_of(params)
            access = resolve(params, dict(os.environ))

            async def connect() -> Session:
                if not opened:
                    opened.append(await self._session(access, note, deadline))
                    opened[0].journal.begin()
                return opened[0]

            call = Call(params, check_mode, diff_mode, access, connect, deadline, warnings)
            result = run_interruptible(self._loop, operation.run(call))
        except ManagedIdentityError as error:
            result = failure(error)
        except Exception as error:  # noqa: BLE001 - the last net: no user's task ends in a traceback
            result = _surprise(error, opened[0].journal if opened else Journal())
        return result, warnings

    async def _session(self, access: Access, note: Note, deadline: Deadline) -> Session:
        def remember(source: str) -> None:
            self._sources[access] = source
            note(source)

        if access not in self._sessions:
            self._sessions[access] = await open_session(access, remember, deadline)
        elif access in self._sources:
            note(self._sources[access])
        return self._sessions[access]

    def close(self) -> None:
        """Close all connections and the loop; for a process that ends."""
        for session in self._sessions.values():
            self._loop.run_until_complete(session.close())
        self._loop.close()


def _surprise(error: Exception, journal: Journal) -> dict[str, Any]:
    """The result after an error that nobody foresaw; what the operation had written by then is told by its calls."""
    told = unforeseen(error, call=journal.call, target=journal.target)
    return failure(told, [f"sent {journal.writes} writes, which Azure has not refused"] if journal.writes else [])


_runtimes: dict[int, Runtime] = {}


def runtime() -> Runtime:
    """This process's runtime; a forked process gets its own."""
    process = os.getpid()
    if process not in _runtimes:
        _runtimes[process] = Runtime()
    return _runtimes[process]
