# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scenario without any fault: its requests, what they are answered, and what it does. All else is held against it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tests.faults.cloud import Cloud, started
from tests.faults.facts import guids
from tests.faults.heard import Heard
from tests.faults.requests import Request, decoy_path, requests_of
from tests.faults.scenarios import SCENARIOS, Scenario
from tests.faults.task import Ended, run_task

__all__ = ["Recording", "record_all", "recordings_from", "recordings_to"]

_SECONDS = 30
_READ = 200


@dataclass(frozen=True)
class Recording:
    """What a scenario does where nothing is in its way.

    :param requests: what it sends, in order
    :param bodies: by the label of a request, JSON as it is answered
    :param decoys: by the label of a request, JSON that describes another resource than the one asked for
    :param before: the control API's state at the start
    :param after: at the end
    :param result: its own
    :param known: the GUIDs that are the same in each run; all others Azure makes up
    :param calls: the methods of gateways that it reaches
    """

    scenario: str
    requests: list[Request]
    bodies: dict[str, Any]
    decoys: dict[str, Any]
    before: dict[str, Any]
    after: dict[str, Any]
    result: dict[str, Any]
    known: list[str]
    calls: list[str]


def record_all() -> dict[str, Recording]:
    """Record all scenarios, on an emulator of their own."""
    with started() as cloud:
        return {name: _record(cloud, scenario) for name, scenario in SCENARIOS.items()}


def _record(cloud: Cloud, scenario: Scenario) -> Recording:
    """Twice: what is another in the second run is made up by Azure."""
    first, second = _run(cloud, scenario), _run(cloud, scenario)
    known = guids([*first[1:3], first[3].result]) & guids([*second[1:3], second[3].result])
    requests, before, after, ended = second
    labels, others = ([one.label for one in run[0]] for run in (second, first))
    assert sorted(labels) == sorted(others), f"the requests of {scenario.name} differ from run to run"
    assert len(set(labels)) == len(labels), f"requests of {scenario.name} have the same label: {labels}"
    decoys = {one.label: _read(cloud, path) for one in requests if (path := decoy_path(one))}
    bodies = _bodies(ended.heard)
    return Recording(scenario.name, requests, bodies, decoys, before, after, ended.result, sorted(known), ended.calls)


def _run(cloud: Cloud, scenario: Scenario) -> tuple[list[Request], Any, Any, Ended]:
    cloud.begin(scenario)
    before = cloud.control("GET", "state")
    ended = run_task(scenario, cloud.environment(scenario), _SECONDS, watch=True)
    requests = requests_of(cloud.control("GET", "log"))
    after = cloud.control("GET", "state")
    assert not ended.crash, f"{scenario.name}: {ended.crash}"
    assert not ended.failed, f"{scenario.name} fails without any fault: {ended.result['msg']}"
    again = run_task(scenario, cloud.environment(scenario), _SECONDS)
    assert scenario.check or not (again.failed or again.changed), f"{scenario.name} again: {again.result}"
    return requests, before, after, ended


def _bodies(heard: Sequence[Heard]) -> dict[str, Any]:
    """What each request was answered, by its label. Nobody looks at what a DELETE is answered beside its status."""
    requests = requests_of([{"method": method, "path": path} for method, path, _body in heard])
    answered = zip(requests, heard, strict=True)
    return {request.label: body for request, (method, _path, body) in answered if method != "DELETE"}


def _read(cloud: Cloud, path: str) -> Any:
    answer = cloud.client.send("GET", path)
    return answer.json if answer.status == _READ and answer.body else None


def recordings_to(recordings: Mapping[str, Recording]) -> str:
    """As a text for another process."""
    return json.dumps({name: asdict(recording) for name, recording in recordings.items()})


def recordings_from(text: str) -> dict[str, Recording]:
    """Out of such a text."""
    found = json.loads(text)
    for recording in found.values():
        recording["requests"] = [Request(**request) for request in recording["requests"]]
    return {name: Recording(**recording) for name, recording in found.items()}
