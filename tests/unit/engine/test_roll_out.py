# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The roll-out of a scale set's model: who gets it, and what happens when Azure is busy, silent or wrong."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.gateways._reading import (
    Instance,
    OperationState,
    Reading,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import (
    ConnectionFailed,
    ManagedIdentityError,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._resource_id import SCALE_SET, ResourceId
from ansible_collections.managed_identity.azure.plugins.module_utils.core._rules import arm_error
from ansible_collections.managed_identity.azure.plugins.module_utils.engine.machines._instances import Chosen
from ansible_collections.managed_identity.azure.plugins.module_utils.engine.machines._roll_out import RollOut, roll_out
from tests.unit.core.build import SUB
from tests.unit.engine.fake import FakeClock, fail_with

SET = ResourceId.build(SUB, "rg", SCALE_SET, "set1")
BUSY = arm_error("no", status=409, code="Conflict")


class FakeSet:
    """A scale set with the instances 0, 1, 2, of which 0 is up to date; events are what becomes of each upgrade."""

    def __init__(self, *events: Any) -> None:
        self.behind = ["1", "2"]
        self.events = list(events)
        self.upgrades: list[list[str]] = []

    async def instances(self, _set: ResourceId, _deadline: Any) -> list[Instance]:
        return [Instance(number, number not in self.behind) for number in ("0", "1", "2")]

    async def upgrade(self, _set: ResourceId, chosen: list[str], _deadline: Any) -> Reading:
        self.upgrades.append(chosen)
        event = self.events.pop(0) if self.events else None
        if event != "ignored":
            fail_with(event)
            self.behind = [one for one in self.behind if one not in chosen]
        return replace(Reading.begun(SET), provisioning_state="Succeeded")

    async def operation(self, _url: str, _deadline: Any) -> OperationState:
        raise AssertionError("there is no operation")


def run(machines: FakeSet, wanted: list[str] | None, clock: FakeClock | None = None, seconds: float = 60) -> RollOut:
    deadline = (clock or FakeClock()).deadline(seconds)
    chosen = Chosen(all=True) if wanted is None else Chosen(tuple(wanted))
    return asyncio.run(roll_out(machines, SET, chosen, deadline))


@pytest.mark.parametrize(
    ("wanted", "upgrades", "updated", "behind"),
    [
        (None, [["1", "2"]], ["1", "2"], []),
        (["2"], [["2"]], ["2"], ["1"]),
        (["0"], [], [], ["1", "2"]),
    ],
)
def test_only_those_that_are_behind_and_wanted_are_upgraded(
    wanted: list[str] | None, upgrades: list, updated: list, behind: list
) -> None:
    machines = FakeSet()
    outcome = run(machines, wanted)
    assert (machines.upgrades, outcome.updated, outcome.behind, outcome.error) == (upgrades, updated, behind, None)


@pytest.mark.parametrize("event", [BUSY, arm_error("no", status=503, code="X"), ConnectionFailed("broken", sent=True)])
def test_a_busy_azure_is_asked_again_after_a_pause(event: Exception) -> None:
    machines, clock = FakeSet(event, event), FakeClock()
    outcome = run(machines, None, clock)
    assert (outcome.updated, outcome.error, len(machines.upgrades)) == (["1", "2"], None, 3)
    assert [2.5 <= pause <= 5 for pause in clock.slept[:2]] == [True, True]


def test_a_busy_azure_is_not_asked_for_ever() -> None:
    outcome = run(FakeSet(*[BUSY] * 99), None)
    assert "wait_timeout of 60 s would pass while waiting for another try" in str(outcome.error)
    assert outcome.behind == ["1", "2"]


@pytest.mark.parametrize(
    "event", [arm_error("no", status=403, code="X"), ConnectionFailed("refused", sent=False)], ids=str
)
def test_a_refusal_is_the_error(event: ManagedIdentityError) -> None:
    outcome = run(FakeSet(event), None)
    assert (outcome.error, outcome.updated, outcome.behind) == (event, [], ["1", "2"])


def test_success_without_effect_is_an_error() -> None:
    machines = FakeSet(*["ignored"] * 9)
    outcome = run(machines, None)
    assert "it still is not as desired" in str(outcome.error)
    assert (outcome.behind, len(machines.upgrades)) == (["1", "2"], 2)
