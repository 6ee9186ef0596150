# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two playbooks race on one VM: one switches the system identity, one adds and removes a user-assigned one.

They go on until 40 writes were refused because of the other's. What was accepted is then replayed from the emulator's
log by a model of its own, beside what an observer saw on the VM meanwhile: nothing may ever be lost.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.integration.ansible_run import Play, start_play
from tests.support.emulator import Emulator

SUBSCRIPTION = "11111111-2222-4333-8444-555555555555"
TENANT = "5a1d6c3e-0b7f-4f3c-9c53-0f4e1d2b8a10"
CALLERS = {"switcher": "7d1f4a0e-9d5b-4c7e-a3c8-000000000001", "assigner": "7d1f4a0e-9d5b-4c7e-a3c8-000000000002"}
SEED = {
    "tenants": [{"id": TENANT}],
    "subscriptions": [{"id": SUBSCRIPTION}],
    "groups": [{"name": "rg"}],
    "identities": [{"name": "id-kept", "group": "rg"}, {"name": "id-raced", "group": "rg"}],
    "vms": [{"name": "vm", "group": "rg", "user_identities": ["id-kept"]}],
    "callers": [{"name": name, "client_id": client_id, "secret": name} for name, client_id in CALLERS.items()],
}
VM = "/virtualMachines/vm[?]"
WANTED_CONFLICTS = 40
TASKS, ITEMS = 10, 100
LONGEST = 90.0


@dataclass(frozen=True)
class State:
    """The VM's identities in the model: the number of the write that enabled the system identity, and names."""

    system: int | None
    users: frozenset[str]

    def after(self, number: int, block: dict[str, Any]) -> State:
        """The state after write ``number``, by Azure's rules of merging."""
        kinds = {kind.strip() for kind in block["type"].split(",")}
        system = (self.system or number) if "SystemAssigned" in kinds else None
        given = {key.rpartition("/")[2]: value for key, value in block.get("userAssignedIdentities", {}).items()}
        users = (self.users | {name for name, value in given.items() if value is not None}) - {
            name for name, value in given.items() if value is None
        }
        return State(system, users if "UserAssigned" in kinds else frozenset())


@dataclass
class Race:
    """What happened: the log of the VM's PATCHes, what the VM was seen to be by number of its ETag, the two runs."""

    patches: list[dict[str, Any]] = field(default_factory=list)
    seen: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    runs: dict[str, Play] = field(default_factory=dict)

    @property
    def conflicts(self) -> Counter[int]:
        return Counter(line["status"] for line in self.patches if line["status"] in (409, 412))

    def look(self, emulator: Emulator) -> None:
        last = self.patches[-1]["n"] if self.patches else 0
        self.patches += emulator.log(VM, method="PATCH", since=last)
        vm = emulator.vm("vm")
        self.seen.setdefault(vm["etag"], []).append(vm["identity"] or {})


def tasks(module: str, options: dict[str, Any]) -> list[dict[str, Any]]:
    """There and back in loops until the file ``stop`` is there, and at last there."""
    common = {"resource_group": "rg", "name": "vm", **options}
    going = "lookup('ansible.builtin.fileglob', stop) | length == 0"
    race = {
        "name": "race",
        f"managed_identity.azure.{module}": {**common, "state": "{{ 'absent' if item is odd else 'present' }}"},
        # What is left of a loop is skipped item by item, which takes long; a loop over nothing ends at once.
        "loop": f"{{{{ range({ITEMS} if {going} else 0) | list }}}}",
        "when": going,
    }
    return [race] * TASKS + [{"name": "end", f"managed_identity.azure.{module}": {**common, "state": "present"}}]


PLAYS = {
    "switcher": tasks("vm_system_identity", {}),
    "assigner": tasks("vm_user_identity", {"identities": ["id-raced"]}),
}


def race(emulator: Emulator, fronts: dict[str, str], wanted: int, directory: Path) -> Race:
    """Let the two playbooks race until there were as many conflicts as wanted, watching the VM."""
    found, stop, end = Race(), directory / "stop", time.monotonic() + LONGEST

    def run(name: str) -> Play:
        env = {**emulator.env, "AZURE_CLIENT_ID": CALLERS[name], "AZURE_SECRET": name}
        return start_play(PLAYS[name], directory / name, env, front=fronts[name], variables={"stop": str(stop)}).wait()

    with ThreadPoolExecutor() as pool:
        runs: dict[str, Future[Play]] = {name: pool.submit(run, name) for name in PLAYS}
        while not all(future.done() for future in runs.values()):
            found.look(emulator)
            if found.conflicts.total() >= wanted or time.monotonic() > end:
                stop.touch()
            time.sleep(0.03)
    found.look(emulator)
    found.runs = {name: future.result() for name, future in runs.items()}
    return found


def replay(patches: list[dict[str, Any]]) -> Iterator[tuple[int, State]]:
    """The VM's ETag and identities after each accepted write, each checked as it goes."""
    state, etag, writes = State(None, frozenset({"id-kept"})), 1, Counter[str]()
    yield etag, state
    for line in patches:
        if line["status"] != 200:
            continue
        assert line["headers"].get("if-match") == f'"{etag}"', line
        etag += 1
        writes[line["caller"]] += 1
        before, state = state, state.after(etag, line["body"]["identity"])
        # Each writer's own identity is as that writer left it: each of its writes turns it over.
        assert (state.system is not None) == bool(writes["switcher"] % 2), line
        assert state.users == {"id-kept"} | ({"id-raced"} if writes["assigner"] % 2 else set()), line
        assert line["caller"] == "switcher" or state.system == before.system, line
        yield etag, state


def check_seen(seen: dict[int, list[dict[str, Any]]], states: dict[int, State]) -> dict[int, str]:
    """What was seen on the VM is what the log says; the principal IDs seen, by the write that made them."""
    principals: dict[int, str] = {}
    for etag, identities in seen.items():
        for identity in identities:
            users = {key.rpartition("/")[2] for key in identity.get("userAssignedIdentities", {})}
            assert users == states[etag].users, (etag, identity)
            principal, enabled = identity.get("principalId"), states[etag].system
            assert (principal is None) == (enabled is None), (etag, identity)
            if enabled is not None:
                assert principals.setdefault(enabled, principal) == principal, (etag, identity)
    return principals


def check_results(found: Race) -> set[str]:
    """Every task did what it was asked for, protected, and kept the third identity; the principal IDs made."""
    made: set[str] = set()
    owner_sees: dict[str, Callable[[dict[str, Any], set[str]], bool]] = {
        "switcher": lambda identity, _users: identity["system_assigned"],
        "assigner": lambda _identity, users: "id-raced" in users,
    }
    for name, run in found.runs.items():
        assert run.rc == 0, run.output
        items = run.items("race")
        assert len(items) < TASKS * ITEMS, f"{found.conflicts} after all items of {name}"
        for number, item in enumerate(items):
            assert item["changed"] is True, item
            assert item["lost_update_protection"] is True, item
            users = {user["name"] for user in item["identity"]["user_assigned"]}
            assert "id-kept" in users, item
            assert owner_sees[name](item["identity"], users) == (number % 2 == 0), item
            if name == "switcher" and number % 2 == 0:
                made.add(item["identity"]["principal_id"])
        if name == "switcher":
            made.add(run.result("end")["identity"]["principal_id"])
    return made


def _held_back(seconds: float, **which: Any) -> dict[str, Any]:
    """A fault: what is read of the VM arrives so late that another write may have been made meanwhile."""
    match = {"method": "GET", "path": VM, **({"caller": which.pop("caller")} if "caller" in which else {})}
    return {"match": match, "action": {"delay_after": seconds}, **which}


# Two quick writers; and one whose readings are old when it writes, against a quick one that hardly lets it through.
# Every other reading is on time in the first race: its writes meet the other's while that goes on (409), late ones
# after it (412).
RACES = {
    "in_process": ({"switcher": "in_process", "assigner": "in_process"}, WANTED_CONFLICTS, _held_back(0.005, every=2)),
    "both_fronts": ({"switcher": "in_process", "assigner": "module"}, 3, _held_back(0.1, caller="assigner")),
}


@pytest.mark.parametrize(("fronts", "wanted", "delay"), RACES.values(), ids=RACES)
def test_nothing_is_lost(fronts: dict[str, str], wanted: int, delay: dict[str, Any], tmp_path: Path) -> None:
    with Emulator.start(SEED, directory=tmp_path / "emulator", operation_seconds=0.005, retry_after=0) as emulator:
        emulator.faults(delay)
        found = race(emulator, fronts, wanted, tmp_path)
        end = emulator.vm("vm")
    states = dict(replay(found.patches))
    principals = check_seen(found.seen, states)
    made = check_results(found)
    print(
        f"{len(found.patches)} writes, refused {dict(found.conflicts)}; {len(found.seen)} of {len(states)} states seen"
    )
    assert found.conflicts.total() >= wanted
    assert {line["status"] for line in found.patches} <= {200, 409, 412}
    assert set(principals.values()) <= made
    # Nobody but its owner made a system identity: as many were made as the owner enabled.
    assert len(made) == len({state.system for state in states.values()} - {None})
    assert end["identity"]["type"] == "SystemAssigned, UserAssigned"
    assert {key.rpartition("/")[2] for key in end["identity"]["userAssignedIdentities"]} == {"id-kept", "id-raced"}
    assert end["etag"] == max(states)
