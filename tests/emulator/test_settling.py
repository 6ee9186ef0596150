# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Operations end when they are due, in that order, whoever looks at what; those that run cost nobody anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from emulator.cloud.due import Due
from emulator.cloud.model import Holder, Operation, Outcome
from emulator.compute import settling
from emulator.control import serve_control
from emulator.state import StateFile
from tests.emulator.cloud import GROUP, SEED, SUBSCRIPTION, VM, Cloud

SYSTEM = {"type": "SystemAssigned"}
MACHINES = f"{GROUP}/providers/Microsoft.Compute/virtualMachines"
NEW = {"location": "westeurope", "properties": {"hardwareProfile": {"vmSize": "Standard_B1s"}}}


def operation(due: float, *, done: bool = False) -> Operation:
    """Return an operation on nothing."""
    holder = Holder("/h", "h", "g", "l", {})
    return Operation(f"{due}", holder, "write", Outcome(), 0.0, due, None, done)


def taken(due: Due, now: float) -> list[str]:
    """Take out all that is due by now."""
    found = []
    while (item := due.pop(now)) is not None:
        found.append(item.id)
    return found


def test_what_is_due_first_comes_first():
    due = Due(map(operation, (5.0, 1.0, float("inf"), 3.0)))

    assert taken(due, 3.0) == ["1.0", "3.0"]
    assert taken(due, 1e12) == ["5.0"]
    assert len(due) == 0


def test_what_has_ended_does_not_come_again():
    items = [operation(1.0), operation(2.0), operation(3.0, done=True)]
    due = Due(items)
    items[0].done = True

    assert taken(due, 10.0) == ["2.0"]


def test_what_was_preempted_does_not_pile_up():
    due = Due()
    for number in range(10_000):
        item = operation(1e9 + number)
        due.add(item)
        item.done = number % 100 != 0

    assert len(due) < 2_000
    assert len(taken(due, 1e10)) == 100


def kept_busy(directory: Path, count: int) -> Cloud:
    """Return a cloud whose machines are all in the middle of operations."""
    seed = {**SEED, "fleets": [{"prefix": "f", "count": count, "group": "rg"}]}
    cloud = Cloud(directory, seed, operation_seconds=100)
    for number in range(1, count + 1):
        assert cloud.patch(SYSTEM, f"{MACHINES}/f{number:05}").status == 200
    return cloud


@pytest.mark.parametrize(
    "path",
    [VM, f"{GROUP}/resources", f"{GROUP}/providers/Microsoft.Network/networkInterfaces", f"{MACHINES}/f00007"],
)
def test_what_runs_is_not_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str):
    cloud = kept_busy(tmp_path, 30)
    ended: list[str] = []
    real = settling.end_due
    monkeypatch.setattr(settling, "end_due", lambda *given: (ended.append(given[1].name), real(*given)))

    assert cloud.send("GET", path, version="2024-07-01" if "Compute" in path else "2021-04-01").status in (200, 400)
    assert ended == []
    cloud.now += 200
    assert cloud.send("GET", VM).status == 200
    assert len(ended) == 30
    assert cloud.send("GET", VM).status == 200
    assert len(ended) == 30


def test_any_request_ends_all_that_is_due(cloud: Cloud):
    cloud.patch(SYSTEM, seconds=10)
    vm = cloud.world.store.vms[VM.lower()]
    assert vm.pending

    cloud.now += 10
    # Even one that is refused.
    cloud.raw("GET", "/subscriptions")

    assert (vm.pending, vm.state) == ([], "Succeeded")


def test_the_control_api_shows_what_has_ended(cloud: Cloud):
    cloud.patch(SYSTEM, seconds=10)
    cloud.now += 10

    state = serve_control(cloud.world, "GET", "state", {}, b"")

    assert b'"operations":0' in state.body.replace(b" ", b"")


def test_what_a_state_file_brings_back_ends_too(cloud: Cloud, tmp_path: Path):
    cloud.patch(SYSTEM, seconds=10)
    state = StateFile(tmp_path / "cloud.json")
    state.save(cloud.world)
    again = Cloud(tmp_path)
    state.load(again.world)
    vm = again.world.store.vms[VM.lower()]
    assert len(vm.pending) == 1

    again.now += 20
    again.send("GET", f"/subscriptions/{SUBSCRIPTION}", version="2022-12-01")

    assert (vm.pending, vm.state) == ([], "Succeeded")


def test_what_went_with_its_group_ends_without_effect(cloud: Cloud):
    assert cloud.send("DELETE", VM, seconds=10).status == 202
    assert cloud.send("DELETE", GROUP, version="2021-04-01").status == 202
    assert cloud.send("PUT", GROUP, {"location": "westeurope"}, version="2021-04-01").status == 201
    assert cloud.send("PUT", VM, NEW).status == 201

    cloud.now += 20

    # The new machine has the old one's name, and nothing else of it.
    assert cloud.send("GET", VM).status == 200
    assert [item.done for item in cloud.world.store.operations.values()] == [True, True]
