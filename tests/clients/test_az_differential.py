# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random sequences of changes to the identities of VMs: what ``az`` makes of one, our modules have to make of it, too.

Each has an emulator of its own with the same estate. After each step both VMs are compared, in the end all of them.
"""

from __future__ import annotations

import dataclasses
import random
from typing import Any

import pytest

from tests.clients.azure_cli import AzureCli
from tests.integration.estate import identity_id, system, user
from tests.support.emulator import Emulator

STEPS = 10
# None, one kind, and both; an ID that Compute shows in upper case, with an identity that is spelt in lower case.
MACHINES = {"vm-web-01": "rg-web", "vm-web-03": "rg-web", "vm-app-01": "rg-web", "vm-db-01": "rg-data"}
# Few, so that steps meet.
IDENTITIES = {
    "rg-web": (identity_id("id-web"), identity_id("id-cache"), identity_id("id-app", "rg-identities")),
    "rg-data": (identity_id("id-data", "rg-data"), identity_id("id-app", "rg-identities")),
}


@dataclasses.dataclass(frozen=True)
class Step:
    """One change: of the system identity if there are no identities, else of these."""

    vm: str
    present: bool
    identities: tuple[str, ...]

    @property
    def group(self) -> str:
        return MACHINES[self.vm]

    def command(self) -> tuple[str, ...]:
        """The same for az."""
        named = ("--identities", *self.identities) if self.identities else ()
        verb = "assign" if self.present else "remove"
        return ("vm", "identity", verb, "--resource-group", self.group, "--name", self.vm, *named)

    def task(self, number: int) -> dict[str, Any]:
        """The same for ansible-playbook."""
        options = {"state": "present" if self.present else "absent", "resource_group": self.group}
        title = f"step {number}"
        return (
            user(title, self.vm, *self.identities, **options) if self.identities else system(title, self.vm, **options)
        )


def sequence(seed: int) -> list[Step]:
    """Steps on two VMs; identities are named by ID, and those in the VM's own group at times by name."""
    chance = random.Random(seed)
    machines = chance.sample(sorted(MACHINES), 2)

    def spelt(identity: str, group: str) -> str:
        name = identity.rpartition("/")[2]
        return name if identity == identity_id(name, group) and chance.random() < 0.5 else identity

    def step() -> Step:
        vm = chance.choice(machines)
        group = MACHINES[vm]
        picked = chance.sample(IDENTITIES[group], chance.choice((0, 0, 1, 1, 2)))
        return Step(vm, chance.random() < 0.5, tuple(spelt(identity, group) for identity in picked))

    return [step() for _number in range(STEPS)]


def seen(identity: dict[str, Any] | None) -> tuple[str, bool, frozenset[str]]:
    """The type, whether there is a principal, and the user-assigned identities; of ARM's form."""
    identity = identity or {}
    users = identity.get("userAssignedIdentities") or {}
    return identity.get("type", "None"), bool(identity.get("principalId")), frozenset(key.lower() for key in users)


def told(identity: dict[str, Any]) -> tuple[str, bool, frozenset[str]]:
    """The same of a module's result."""
    users = frozenset(item["id"].lower() for item in identity["user_assigned"])
    return identity["type"], bool(identity["principal_id"]), users


def estate(emulator: Emulator) -> dict[str, Any]:
    """The same of all VMs."""
    return {vm["id"].lower(): seen(vm["identity"]) for vm in emulator.state()["vms"]}


def walk(az: AzureCli, emulator: Emulator, steps: list[Step]) -> list[tuple[Any, Any]]:
    """Let az take the steps; what the VM was before each, and after it."""
    found = []
    for step in steps:
        before = seen(emulator.vm(step.vm)["identity"])
        kind, _principal, attached = before
        wanted = {(name if "/" in name else identity_id(name, step.group)).lower() for name in step.identities}
        if not step.present and kind != "None" and not wanted <= attached:
            # az refuses to take off what is not there, and all else with it: then it is asked for the rest.
            rest = tuple(sorted(wanted & attached))
            assert "are not associated with" in az.refused(*step.command())
            if rest:
                az(*dataclasses.replace(step, identities=rest).command())
        else:
            az(*step.command())
        found.append((before, seen(emulator.vm(step.vm)["identity"])))
    return found


@pytest.mark.parametrize("seed", [2, 3, 10])
def test_az_and_the_modules_end_alike(emulator, twin, az, play, seed: int) -> None:
    steps = sequence(seed)
    start = estate(twin)
    by_az = walk(az, emulator, steps)
    run = play([step.task(number) for number, step in enumerate(steps)], env=twin.env)
    for number, (step, (before, after)) in enumerate(zip(steps, by_az, strict=True)):
        result = run.result(f"step {number}")
        assert told(result["identity"]) == after, step
        assert result["changed"] is (before != after), step
    assert estate(emulator) == estate(twin) != start
    # What the sequence is for: some of its steps change something, some nothing.
    assert {before == after for before, after in by_az} == {True, False}
