# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One task in a process of its own, as Ansible's workers run it: forked, and killed if it does not end."""

from __future__ import annotations

import io
import json
import logging
import os
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from tests.faults.calls import watched
from tests.faults.heard import Heard, listened
from tests.faults.scenarios import Scenario

__all__ = ["GRACE", "Ended", "run_task"]

_ACTIONS = "ansible_collections.managed_identity.azure.plugins.action"
# So many seconds beyond wait_timeout a task may take; after as many again it is killed.
GRACE = 5.0


@dataclass(frozen=True)
class Ended:
    """How a task ended.

    :param result: as Ansible would show it; empty if it gave none
    :param seconds: how long it took
    :param shown: all else that somebody may read: what it printed or logged, and its words for -vvv
    :param crash: the traceback of what nobody caught, or that it was killed; empty if all went well
    :param calls: the methods of gateways that it reached, if it was watched
    :param heard: the answers that it got, if it was watched
    """

    result: dict[str, Any]
    seconds: float
    shown: str = ""
    crash: str = ""
    calls: list[str] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether it says so."""
        return bool(self.result.get("failed"))

    @property
    def changed(self) -> bool:
        """Whether it says so."""
        return bool(self.result.get("changed"))


def run_task(scenario: Scenario, environment: Mapping[str, str], wait_timeout: int, *, watch: bool = False) -> Ended:
    """Run a scenario's task and wait for its end.

    :param wait_timeout: seconds; more than twice GRACE beyond it kills the task
    :param watch: whether to note the calls and the answers
    """
    operation_of(scenario.module)
    reader, writer = os.pipe()
    begun = time.monotonic()
    with tempfile.TemporaryFile() as output:
        child = os.fork()
        if child == 0:
            os.close(reader)
            _work(scenario, environment, wait_timeout, writer, output.fileno(), watch)
        os.close(writer)
        try:
            said = _read(reader, begun + wait_timeout + 2 * GRACE)
        finally:
            seconds = time.monotonic() - begun
            os.close(reader)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        output.seek(0)
        printed = output.read().decode(errors="replace")
    found = json.loads(said) if said else {"result": {}, "crash": f"did not end in {seconds:.1f} s, and was killed"}
    return Ended(**{**found, "seconds": seconds, "shown": found.get("shown", "") + printed})


def operation_of(module: str) -> Any:
    """A module's operation, by the action plugin that runs it in the controller."""
    return import_module(f"{_ACTIONS}.{module}").ActionModule.operation


def _read(reader: int, end: float) -> bytes:
    """All that is written before a moment; nothing if the writer is not done by then."""
    found = b""
    while select.select([reader], [], [], max(0.0, end - time.monotonic()))[0]:
        part = os.read(reader, 1 << 16)
        if not part:
            return found
        found += part
    return b""


def _work(
    scenario: Scenario, environment: Mapping[str, str], wait_timeout: int, writer: int, output: int, watch: bool
) -> None:
    """In the child: run, say how it was, and be gone without any clean-up that a thread of ours could hold up."""
    try:
        os.dup2(output, 1)
        os.dup2(output, 2)
        sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
        os.environ.update(environment)
        log = io.StringIO()
        logging.getLogger().handlers = [logging.StreamHandler(log)]
        logging.getLogger().setLevel(logging.DEBUG)
        found = _perform(scenario, wait_timeout, watch)
        found["shown"] = found.get("shown", "") + log.getvalue()
        sys.stdout.flush()
        sys.stderr.flush()
        with open(writer, "wb") as pipe:
            pipe.write(json.dumps(found).encode())
    finally:
        os._exit(0)


def _perform(scenario: Scenario, wait_timeout: int, watch: bool) -> dict[str, Any]:
    from ansible_collections.managed_identity.azure.plugins.module_utils.front._runtime import Runtime
    from ansible_collections.managed_identity.azure.plugins.plugin_utils._wire import check_arguments, to_result

    operation, notes = operation_of(scenario.module), []
    calls, heard = (watched(), listened()) if watch else ([], [])
    checked = check_arguments(scenario.module, operation, {**scenario.options, "wait_timeout": wait_timeout})
    assert not checked.problem, checked.problem
    try:
        result, warnings = Runtime().perform(
            operation, checked.parameters, check_mode=scenario.check, diff_mode=True, note=notes.append
        )
        shown = to_result(result, warnings, checked, invocation=False)
    except BaseException:  # noqa: BLE001 - that there is none is what is tested
        return {"result": {}, "crash": traceback.format_exc(), "shown": "\n".join(notes)}
    return {"result": shown, "shown": "\n".join(notes), "calls": sorted(set(calls)), "heard": heard}
