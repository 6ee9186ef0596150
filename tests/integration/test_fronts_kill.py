# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills at any instant, of playbook, worker and module: no VM is left half-way, and a new run ends well."""

from __future__ import annotations

import random
import signal
import time
from typing import Any

import pytest

from tests.integration.ansible_run import RunningPlay
from tests.integration.estate import user
from tests.integration.processes import PROC, descendants, gone, kill

pytestmark = pytest.mark.skipif(not (PROC / "self" / "stat").exists(), reason="needs /proc")

VMS = ["vm-web-01", "vm-web-02", "vm-web-03"]
TASK = {**user("assign", "{{ item }}", "id-cache"), "loop": VMS}
WRITES = "/virtualMachines/vm-web-0[123][?]"


def identities(emulator: Any, vm: str) -> set[str]:
    there = emulator.vm(vm)["identity"] or {}
    return {key.rpartition("/")[2] for key in there.get("userAssignedIdentities") or {}}


def wait_for_requests(emulator: Any, run: RunningPlay, number: int) -> None:
    while len(emulator.log("/Microsoft.Compute/")) < number:
        assert run.process.poll() is None, "it ended before"
        time.sleep(0.02)


def victim(run: RunningPlay, who: str, front: str) -> int | None:
    """The process to kill, if it is there."""
    if who == "playbook":
        return run.process.pid
    below = descendants(run.process.pid)
    if who == "module":
        return next((pid for pid in reversed(below) if "AnsiballZ" in below[pid] and "/bin/sh" not in below[pid]), None)
    return next(iter(below), None)


def kill_and_wait(emulator: Any, run: RunningPlay, who: str, front: str, number: int, after: int, delay: float) -> None:
    """Kill after a number of requests and a delay, and wait until all that it left behind has ended."""
    wait_for_requests(emulator, run, after)
    time.sleep(delay)
    others = set(descendants(run.process.pid))
    pid = victim(run, who, front)
    if pid is not None:
        kill(pid, number)
    run.wait()
    assert gone(others, 30), "something of the killed run lives on"


PLACES = [
    ("playbook", "in_process", signal.SIGKILL),
    ("playbook", "in_process", signal.SIGTERM),
    ("playbook", "in_process", signal.SIGINT),
    ("worker", "in_process", signal.SIGKILL),
    ("worker", "in_process", signal.SIGTERM),
    ("worker", "in_process", signal.SIGINT),
    ("playbook", "module", signal.SIGINT),
    ("worker", "module", signal.SIGTERM),
    ("module", "module", signal.SIGKILL),
    ("module", "module", signal.SIGTERM),
]


@pytest.mark.parametrize(("who", "front", "number"), PLACES, ids=lambda value: str(getattr(value, "name", value)))
def test_killed_run_leaves_nothing_half_way_and_the_next_one_ends_well(
    emulator, start, who: str, front: str, number: int
) -> None:
    before = {vm: identities(emulator, vm) for vm in VMS}
    emulator.settings(operation_seconds=0.5)
    chance = random.Random(f"{who} {front} {number}")
    kill_and_wait(emulator, start([TASK], warm=False), who, front, number, chance.randint(1, 7), chance.uniform(0, 0.4))
    writes = [entry["path"] for entry in emulator.writes()]
    assert len(writes) == len(set(writes)), "one VM was written to twice"
    for vm in VMS:
        assert identities(emulator, vm) in (before[vm], before[vm] | {"id-cache"})
    again = start([TASK]).wait()
    assert again.rc == 0, again.output
    assert [identities(emulator, vm) for vm in VMS] == [before[vm] | {"id-cache"} for vm in VMS]
    assert [entry["body"]["identity"] for entry in emulator.writes()] == [
        entry["body"]["identity"] for entry in emulator.writes() if list(entry["body"]) == ["identity"]
    ]
