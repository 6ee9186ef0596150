# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One cell of the matrix played: the task with the fault, the same task once that is over, and once more."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from tests.faults.cloud import Cloud
from tests.faults.fault import Place
from tests.faults.faults_of_azure import DAYS
from tests.faults.matrix import Cell, place_of
from tests.faults.recording import Recording
from tests.faults.requests import requests_of
from tests.faults.scenarios import SCENARIOS
from tests.faults.task import Ended, run_task

__all__ = ["Trial", "play"]

# What a fault that comes once leaves time for, and one that always comes shall use up, in seconds.
_ONCE, _ALWAYS, _AFTERWARDS = 15, 2, 60
_MARGIN = 0.3
_NOTHING = {"action": {"delay": 0}}


@dataclass(frozen=True)
class Trial:
    """What came of a cell.

    :param ended: how the task ended
    :param seconds: its wait_timeout
    :param before: the control API's state at its start
    :param after: at its end
    :param wrote: whether it sent a write
    :param visits: how many connections came to the foreign address
    :param again: how the same task ended once the fault was over; None where it only reads
    :param once_more: and after that; None if the one before changed nothing
    :param left: the state at the end of those
    """

    ended: Ended
    seconds: int
    before: dict[str, Any]
    after: dict[str, Any]
    wrote: bool
    visits: int
    again: Ended | None = None
    once_more: Ended | None = None
    left: dict[str, Any] | None = None


def play(cloud: Cloud, recording: Recording, cell: Cell) -> Trial:
    """Play a cell. The cloud may be in any state before; the fault is over afterwards."""
    scenario, fault = SCENARIOS[cell.scenario], cell.fault
    environment = cloud.environment(scenario)
    place = place_of(recording, cell.request, cloud.url, cloud.foreign.url)
    seconds = fault.seconds or (_ALWAYS if cell.always else _ONCE)
    cloud.begin(scenario)
    before = cloud.control("GET", "state")
    cloud.control("POST", "faults", _as_faults(cell, place))
    ended = run_task(scenario, environment, seconds)
    after = cloud.control("GET", "state")
    wrote = any(request.writes for request in requests_of(cloud.control("GET", "log")))
    _end(cloud, cell)
    visits = cloud.foreign.visits()
    if scenario.reads or scenario.check:
        return Trial(ended, seconds, before, after, wrote, visits)
    again = run_task(scenario, environment, _AFTERWARDS)
    once_more = run_task(scenario, environment, _AFTERWARDS) if again.changed and not again.failed else None
    left = cloud.control("GET", "state")
    return Trial(ended, seconds, before, after, wrote, visits, again, once_more, left)


def _as_faults(cell: Cell, place: Place) -> list[dict[str, Any]]:
    """As the emulator takes it. One that always comes lets the requests before it pass by a fault that is none."""
    match, nth = {"match": place.request.match}, place.request.nth
    acting = {**match, "action": cell.fault.action(place)}
    if not cell.always:
        return [{**acting, "nth": nth}]
    return [*([{**match, **_NOTHING, "times": nth - 1}] if nth > 1 else []), acting]


def _end(cloud: Cloud, cell: Cell) -> None:
    """Take the fault back, and wait until nothing of it can still act."""
    cloud.control("DELETE", "faults")
    if cell.fault.lasts:
        time.sleep(cell.fault.lasts + _MARGIN)
    if cell.fault.for_ever:
        cloud.put_forward(DAYS + 1)
