# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is timed: loops of one task in real ansible-playbook runs."""

from __future__ import annotations

import itertools
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.emulator import Emulator

__all__ = [
    "FRONTS",
    "GROUP",
    "PLAYBOOK_PROGRAM",
    "Case",
    "Cost",
    "Sample",
    "cases",
    "estate",
    "measure",
    "playbook_environment",
    "spend",
]

FRONTS = {"in_process": "true", "module": "false"}
GROUP = "rg-bench"
SUBSCRIPTION = "11111111-2222-4333-8444-555555555555"
PLAYBOOK_PROGRAM = [sys.executable, str(Path(sys.executable).with_name("ansible-playbook"))]
_STAMPS = "MANAGED_IDENTITY_STAMPS"
_STAMPED = {
    "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).resolve().parent / "callbacks"),
    "ANSIBLE_CALLBACKS_ENABLED": "stamps",
}
TENANT = "5a1d6c3e-0b7f-4f3c-9c53-0f4e1d2b8a10"


class Cost(NamedTuple):
    """What something took: seconds on the clock, seconds of CPU, requests to ARM, and the largest process's bytes."""

    wall: float
    cpu: float
    requests: float
    peak: float = 0.0


class Sample(NamedTuple):
    """One measurement of a case.

    :param first: a whole run with a loop of one item
    :param item: each further item: without the start of Ansible, imports, signing in and a new connection
    """

    first: Cost
    item: Cost


@dataclass(frozen=True)
class Case:
    """A loop of one task.

    :param change: for tasks of ours whether each item changes its VM: "change" or "no change"
    """

    name: str
    module: str
    options: dict[str, Any]
    front: str = ""
    change: str = ""


def estate(items: int) -> dict[str, Any]:
    """A seed with two fleets of VMs: ``on`` have a system identity, ``off`` have none."""
    fleet = {"group": GROUP, "count": items}
    return {
        "tenants": [{"id": TENANT}],
        "subscriptions": [{"id": SUBSCRIPTION}],
        "groups": [{"name": GROUP}],
        "fleets": [{"prefix": "on", "system_identity": True, **fleet}, {"prefix": "off", **fleet}],
        "callers": [{"name": "bench", "client_id": "7d1f4a0e-9d5b-4c7e-a3c8-000000000001", "secret": "emulator-only"}],
    }


def cases(fronts: list[str]) -> list[Case]:
    """The loops to time: an empty task for each front, and ours with and without a change."""
    found = [Case("debug", "ansible.builtin.debug", {"msg": "{{ item }}"})]
    for front in fronts:
        if front == "module":
            found.append(Case("ping (module)", "ansible.builtin.ping", {}))
        for change, fleet in (("no change", "on"), ("change", "off")):
            options = {"resource_group": GROUP, "name": f"{fleet}{{{{ '%05d' | format(item) }}}}"}
            module = "managed_identity.azure.vm_system_identity"
            found.append(Case(f"{front}, {change}", module, options, front, change))
    return found


def measure(case: Case, emulator: Emulator, items: int, directory: Path) -> Sample:
    """Run a case's loop with one item and with ``items`` of them.

    An item's CPU and requests are the runs' difference; its time on the clock is the median time from the end of one
    item to the end of the next, which a busy moment at the start of a run does not disturb.
    """
    first, _none = _run(case, emulator, 1, directory / "short")
    whole, between = _run(case, emulator, items, directory / "long")
    more = items - 1
    return Sample(first, Cost(between, (whole.cpu - first.cpu) / more, (whole.requests - first.requests) / more))


def _run(case: Case, emulator: Emulator, items: int, directory: Path) -> tuple[Cost, float]:
    emulator.reset()
    directory.mkdir(parents=True)
    task = {
        "name": case.name,
        case.module: case.options,
        "loop": list(range(1, items + 1)),
    }
    playbook = directory / "playbook.yml"
    # YAML contains JSON.
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]), encoding="utf-8")
    variables = {"managed_identity_azure_in_process": FRONTS[case.front]} if case.front else {}
    command = [*PLAYBOOK_PROGRAM, str(playbook), "--extra-vars", json.dumps(variables)]
    stamps = directory / "stamps"
    cost = spend(command, {**playbook_environment(emulator, directory), **_STAMPED, _STAMPS: str(stamps)}, directory)
    _check(emulator, case, items)
    ends = [float(line) for line in stamps.read_text(encoding="utf-8").splitlines()]
    between = statistics.median([after - before for before, after in itertools.pairwise(ends)] or [0.0])
    return cost._replace(requests=len(emulator.log("^/subscriptions/"))), between


def playbook_environment(emulator: Emulator, directory: Path) -> dict[str, str]:
    """What a run of ansible-playbook sees: nothing of the user's settings."""
    kept = ("PATH", "LANG", "LC_ALL", "TMPDIR", "ANSIBLE_COLLECTIONS_PATH")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        **emulator.env,
        "HOME": str(directory),
        "ANSIBLE_HOME": str(directory / ".ansible"),
        "ANSIBLE_LOCALHOST_WARNING": "False",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
    }


def spend(command: list[str], environment: dict[str, str], directory: Path) -> Cost:
    """Run a command; the CPU time is its own and that of all processes that it waited for.

    :raises SystemExit: it failed; with what it said
    """
    with (directory / "output.log").open("w+b") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=directory, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        _pid, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            raise SystemExit(f"{' '.join(command)} failed:\n{output.read().decode(errors='replace')}")
    return Cost(wall, used.ru_utime + used.ru_stime, 0, used.ru_maxrss * 1024)


def _check(emulator: Emulator, case: Case, items: int) -> None:
    """A figure of a loop that did something else than it should would be worth nothing."""
    written = sum(line["status"] == 200 for line in emulator.log("^/subscriptions/", method="PATCH"))
    if written != (items if case.change == "change" else 0):
        raise SystemExit(f"{case.name}: {items} items made {written} writes")
