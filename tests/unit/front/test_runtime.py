# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a process keeps between operations, and the border at which errors become results."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.pipeline._journal import Journal
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import AccessError
from ansible_collections.managed_identity.azure.plugins.module_utils.front import _runtime
from ansible_collections.managed_identity.azure.plugins.module_utils.front._operation import Call, Operation
from ansible_collections.managed_identity.azure.plugins.module_utils.front._runtime import Runtime, runtime
from tests.unit.front.operations import echo

SIGNED_IN = {"client_id": "c", "tenant": "t", "secret": "s", "text": "x", "wait_timeout": 9}


class FakeSession:
    closed = 0

    def __init__(self, access: Any) -> None:
        self.machines = access
        self.journal = Journal()

    async def close(self) -> None:
        FakeSession.closed += 1


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The access of each session that is opened; a session's gateway is its access."""
    found: list[Any] = []

    async def open_session(access: Any, note: Any, _deadline: Any) -> FakeSession:
        found.append(access)
        note(access.source)
        return FakeSession(access)

    monkeypatch.setattr(_runtime, "open_session", open_session)
    return found


@pytest.fixture
def running() -> Iterator[Runtime]:
    running = Runtime()
    yield running
    running.close()


async def _connect(call: Call) -> dict[str, Any]:
    gateway: Any = (await call.connect()).machines
    return {"changed": False, "as": gateway.client_id}


CONNECT = Operation(run=_connect, arguments={})


def perform(running: Runtime, operation: Operation, **params: Any) -> dict[str, Any]:
    result, _warnings = running.perform(
        operation, {**SIGNED_IN, **params}, check_mode=False, diff_mode=False, note=lambda _words: None
    )
    return result


def test_sessions_go_by_what_they_were_resolved_from(running: Runtime, opened: list[Any]) -> None:
    seen = [perform(running, CONNECT, client_id=name)["as"] for name in ("a", "b", "a")]
    seen += [perform(running, CONNECT, client_id="a", secret=secret)["as"] for secret in ("s", "other")]
    assert seen == ["a", "b", "a", "a", "a"]
    assert [(access.client_id, access.secret) for access in opened] == [("a", "s"), ("b", "s"), ("a", "other")]


def test_no_session_is_opened_before_it_is_asked_for(running: Runtime, opened: list[Any]) -> None:
    assert perform(running, echo) == {"changed": False, "said": "x"}
    assert opened == []


def test_errors_become_results(running: Runtime) -> None:
    async def fail(call: Call) -> dict[str, Any]:
        call.warnings.append("careful")
        raise AccessError("No.", remedy="Try again.", status=401)

    operation = Operation(run=fail, arguments={})
    result, warnings = running.perform(
        operation, SIGNED_IN, check_mode=False, diff_mode=False, note=lambda _words: None
    )
    assert (result["failed"], result["changed"], result["msg"]) == (True, False, "401: No. Try again.")
    assert result["error"]["status"] == 401
    assert warnings == ["careful"]


def test_access_that_cannot_be_resolved_is_a_result_too(running: Runtime) -> None:
    result = perform(running, echo, cloud_environment="http://x")
    assert result["failed"] is True
    assert "not an https URL" in result["msg"]


@pytest.mark.parametrize("written", [0, 2])
def test_what_nobody_foresaw_names_the_last_call_and_what_was_written(
    running: Runtime, opened: list[Any], written: int
) -> None:
    async def bug(call: Call) -> dict[str, Any]:
        journal = (await call.connect()).journal
        for _one in range(written):
            journal.sends("PUT", "/somewhere", write=True)
        journal.sends("PUT", "/refused", write=True)
        journal.refused()
        journal.sends("GET", "/the/vm", write=False)
        raise KeyError("id")

    result = perform(running, Operation(run=bug, arguments={}))
    assert (result["failed"], result["changed"]) == (True, written > 0)
    assert result["msg"].startswith("GET /the/vm: The collection did not expect this: KeyError: 'id'.")
    assert ("sent 2 writes" in result["msg"]) is (written > 0)
    assert "please report it" in result["error"]["remedy"]
    # The next operation has a journal of its own.
    assert perform(running, Operation(run=bug, arguments={}))["changed"] is (written > 0)
    assert perform(running, echo)["said"] == "x"


def test_close_closes_sessions_and_loop(opened: list[Any]) -> None:
    running = Runtime()
    perform(running, CONNECT)
    before = FakeSession.closed
    running.close()
    assert FakeSession.closed == before + 1
    assert running._loop.is_closed()


def test_each_process_has_its_own() -> None:
    here = runtime()
    assert runtime() is here
    child = os.fork()
    if not child:
        os._exit(0 if runtime() is not here and runtime() is runtime() else 1)
    assert os.waitpid(child, 0)[1] == 0


class Log(logging.Handler):
    """As the handler of Ansible's log file: at the root. (pytest's own hears loggers that do not speak to the root.)"""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.name)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    """What reaches the root, with all libraries as talkative as they are before there is a runtime."""
    for name in ("aiohttp", "asyncio", "azure", "msal", "urllib3"):
        monkeypatch.setattr(logging.getLogger(name), "propagate", True)
    root, log = logging.getLogger(), Log()
    monkeypatch.setattr(root, "level", logging.DEBUG)
    root.addHandler(log)
    yield log
    root.removeHandler(log)


LIBRARIES = ["azure.identity", "azure.core.pipeline", "msal", "urllib3", "aiohttp.client", "asyncio"]


def test_libraries_log_nowhere(log: Log) -> None:
    for name in LIBRARIES:
        logging.getLogger(name).error("said by a library")
    assert log.heard == LIBRARIES
    log.heard.clear()
    # asyncio tells of every loop that is made.
    Runtime().close()
    for name in LIBRARIES:
        logging.getLogger(name).error("said by a library")
    assert log.heard == []


def test_interrupted_operation_leaves_the_runtime_usable(running: Runtime) -> None:
    class Struck(BaseException):
        pass

    def strike(_number: int, _frame: Any) -> None:
        raise Struck

    async def slow(call: Call) -> dict[str, Any]:
        os.kill(os.getpid(), signal.SIGALRM)
        await asyncio.sleep(30)
        return {}

    before = signal.signal(signal.SIGALRM, strike)
    try:
        with pytest.raises(Struck):
            perform(running, Operation(run=slow, arguments={}))
        assert perform(running, echo)["said"] == "x"
    finally:
        signal.signal(signal.SIGALRM, before)
