# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of signals in docs/fronts.md: who gets one in the middle of a change, and what goes on after it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest
import yaml
from ansible.release import __version__

from tests.integration.ansible_run import RunningPlay
from tests.integration.estate import system
from tests.integration.fronts import ESTATE
from tests.integration.processes import PROC, descendants, gone, kill

pytestmark = [pytest.mark.oldest, pytest.mark.skipif(not (PROC / "self" / "stat").exists(), reason="needs /proc")]

# From this release on each worker is a session of its own, to which ansible-playbook passes SIGINT and SIGTERM.
WORKERS_STAND_APART = tuple(int(part) for part in __version__.split(".")[:2]) >= (2, 19)
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL]
STOPS, ITEM, TASK = "stops", "the item goes on", "the task goes on"
HERE, MODULE = "in-process", "module"
HOSTS = {HERE: {}, MODULE: {"managed_identity_azure_in_process": False}}
WORK = system("enable", "vm-{{ inventory_hostname }}-{{ item }}", loop=[1, 2])
# Longer than any test, until the emulator's clock is told to run.
OPERATION, QUICK = 300.0, 300.0


class Worker(NamedTuple):
    """A worker, and the shell and the module below it, which are none in process."""

    pid: int
    below: dict[int, str]

    @property
    def module(self) -> int:
        """The module's own process, which is the last."""
        return list(self.below)[-1]


@contextmanager
def in_the_middle(emulator: Any, run: RunningPlay, number: int) -> Iterator[list[Worker]]:
    """The workers at the time when each waits for Azure to end its first item; nothing is left of them in the end."""
    while len(emulator.writes()) < number:
        assert run.process.poll() is None, run.wait().output
        time.sleep(0.02)
    below = descendants(run.process.pid)
    modules = {pid: descendants(pid) for pid in below if "AnsiballZ" not in below[pid]}
    assert len(modules) == number
    try:
        yield [Worker(*one) for one in modules.items()]
    finally:
        for pid in [run.process.pid, *below, *(pid for worker in modules for pid in descendants(worker))]:
            kill(pid, signal.SIGKILL)


def prepare(emulator: Any, hosts: list[str]) -> None:
    """Two VMs for each host, and operations that last."""
    estate = yaml.safe_load(ESTATE)
    vms = [{"name": f"vm-{host}-{item}", "group": "rg-web"} for host in hosts for item in (1, 2)]
    emulator.seed({**estate, "vms": [*estate["vms"], *vms]})
    emulator.settings(operation_seconds=OPERATION)


def written(emulator: Any) -> list[str]:
    return sorted(entry["path"].split("?")[0].rpartition("/vm-")[2] for entry in emulator.writes())


def check(worker: Worker, expected: str) -> None:
    """That of the worker and its module has ended what should, and the rest lives."""
    going_on = {STOPS: set(), ITEM: set(worker.below), TASK: {worker.pid, *worker.below}}[expected]
    assert gone({worker.pid, *worker.below} - going_on, 20)
    assert [pid for pid in going_on if gone({pid}, 0)] == []


def own_group(run: RunningPlay) -> list[int]:
    """What a terminal sends its signals to; the tests are in the same group."""
    group = os.getpgid(run.process.pid)
    return [pid for pid in (run.process.pid, *descendants(run.process.pid)) if os.getpgid(pid) == group]


ROWS = [
    # Sent to, signal, exit status, what becomes of (in process, module) from 2.19 on, and before.
    ("group", signal.SIGINT, 99, (STOPS, STOPS), (STOPS, STOPS)),
    ("group", signal.SIGTERM, -signal.SIGTERM, (STOPS, STOPS), (STOPS, STOPS)),
    ("group", signal.SIGHUP, -signal.SIGHUP, (TASK, TASK), (STOPS, STOPS)),
    ("group", signal.SIGKILL, -signal.SIGKILL, (TASK, TASK), (STOPS, STOPS)),
    ("playbook", signal.SIGINT, 99, (STOPS, STOPS), (STOPS, ITEM)),
    ("playbook", signal.SIGTERM, -signal.SIGTERM, (STOPS, STOPS), (TASK, TASK)),
    ("playbook", signal.SIGHUP, -signal.SIGHUP, (TASK, TASK), (TASK, TASK)),
    ("playbook", signal.SIGKILL, -signal.SIGKILL, (TASK, TASK), (TASK, TASK)),
]


@pytest.mark.parametrize(
    ("to", "number", "status", "apart", "together"), ROWS, ids=[f"{row[0]}-{row[1].name}" for row in ROWS]
)
def test_playbook(emulator, start_freely, to: str, number: int, status: int, apart: Any, together: Any) -> None:
    expected = dict(zip(HOSTS, apart if WORKERS_STAND_APART else together, strict=True))
    prepare(emulator, list(HOSTS))
    run = start_freely([WORK], hosts=HOSTS, warm=False)
    with in_the_middle(emulator, run, len(HOSTS)) as workers:
        found = {MODULE if worker.below else HERE: worker for worker in workers}
        for pid in own_group(run) if to == "group" else [run.process.pid]:
            kill(pid, number)
        assert run.process.wait(30) == status
        for host, worker in found.items():
            check(worker, expected[host])
        assert written(emulator) == sorted(f"{host}-1" for host in HOSTS)
        emulator.settings(time_scale=QUICK)
        assert gone(set(found[MODULE].below), 20)
        second = sorted(f"{host}-2" for host, what in expected.items() if what == TASK)
        end = time.monotonic() + 20
        while second and len(written(emulator)) < len(HOSTS) + len(second) and time.monotonic() < end:
            time.sleep(0.05)
    assert written(emulator) == sorted([*(f"{host}-1" for host in HOSTS), *second])


@pytest.mark.parametrize("front", ["in_process", "module"])
def test_worker(emulator, start, front: str) -> None:
    """To a worker that got no signal itself Ansible sends SIGTERM, as soon as it finds another one dead."""
    hosts = [*(number.name.lower() for number in SIGNALS), "untouched"]
    prepare(emulator, hosts)
    run = start([WORK], hosts={host: {} for host in hosts}, warm=False)
    with in_the_middle(emulator, run, len(hosts)) as workers:
        for worker, number in zip(workers, SIGNALS, strict=False):
            kill(worker.pid, number)
        play = run.wait()
        assert (play.rc, "A worker was found in a dead state" in play.output) == (1, True)
        for worker, number in zip(workers, [*SIGNALS, signal.SIGTERM], strict=True):
            passed_on = WORKERS_STAND_APART and number in (signal.SIGINT, signal.SIGTERM)
            check(worker, STOPS if passed_on else ITEM)
        emulator.settings(time_scale=QUICK)
        assert gone({pid for worker in workers for pid in worker.below}, 20)
    assert written(emulator) == sorted(f"{host}-1" for host in hosts)


@pytest.mark.parametrize("front", ["module"])
def test_module(emulator, start, front: str) -> None:
    hosts = [number.name.lower() for number in SIGNALS]
    prepare(emulator, hosts)
    run = start([WORK], hosts={host: {} for host in hosts}, warm=False)
    with in_the_middle(emulator, run, len(hosts)) as workers:
        for worker, number in zip(workers, SIGNALS, strict=True):
            kill(worker.module, number)
        assert gone({pid for worker in workers for pid in worker.below}, 20)
        emulator.settings(time_scale=QUICK)
        play = run.wait()
    assert play.rc == 2, play.output
    outcomes = [(line["outcome"], line["result"]["changed"]) for line in play.results if line["outcome"] != "failed"]
    assert sorted(outcomes) == [("item", True)] * len(hosts) + [("item_failed", False)] * len(hosts)
    assert all(emulator.vm(f"vm-{host}-1")["identity"]["type"] == "SystemAssigned" for host in hosts)
