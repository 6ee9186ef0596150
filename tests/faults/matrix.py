# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The matrix: every request of every scenario times every fault, once and always; and a sample of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.faults.fault import Fault, Place
from tests.faults.faults_of_answers import answer_faults
from tests.faults.faults_of_azure import azure_faults
from tests.faults.faults_of_network import network_faults
from tests.faults.recording import Recording
from tests.faults.requests import Request
from tests.faults.scenarios import SCENARIOS

__all__ = ["FAULTS", "Cell", "matrix", "place_of", "sample"]

FAULTS = {fault.name: fault for family in (answer_faults, network_faults, azure_faults) for fault in family()}
_NOWHERE = "https://127.0.0.1:1"


@dataclass(frozen=True)
class Cell:
    """One fault at one request of one scenario.

    :param always: whether it comes from that request on, each time; else that one time
    """

    scenario: str
    request: Request
    fault: Fault
    always: bool

    @property
    def name(self) -> str:
        """As pytest knows it; a part of it selects, with -k."""
        return f"{self.scenario}/{self.request.label}/{self.fault.name}/{'always' if self.always else 'once'}"


def place_of(recording: Recording, request: Request, url: str, foreign: str) -> Place:
    """Where a request of a recording is faulted."""
    return Place(
        request, recording.bodies.get(request.label), recording.decoys.get(request.label), url=url, foreign=foreign
    )


def matrix(recordings: Mapping[str, Recording]) -> list[Cell]:
    """All of it. Sign-in and the look-up of the cloud are the same in all scenarios, and faulted in some."""
    return [
        Cell(name, request, fault, always)
        for name, recording in recordings.items()
        for request in recording.requests
        if SCENARIOS[name].signs_in or not (request.signs_in or request.finds_cloud)
        for fault in FAULTS.values()
        if fault.action(place_of(recording, request, _NOWHERE, _NOWHERE)) is not None
        for always in ((False,) if fault.comes_once else (False, True))
    ]


def sample(cells: Sequence[Cell]) -> list[Cell]:
    """Some cells in which every fault strikes, and every call is struck, the same ones each time."""
    met: dict[str, int] = {}
    chosen: list[Cell] = []
    for name in FAULTS:
        among = [cell for cell in cells if cell.fault.name == name]
        chosen.append(min(among, key=lambda cell: (met.get(cell.request.call, 0), _shuffled(cell))))
        met[chosen[-1].request.call] = met.get(chosen[-1].request.call, 0) + 1
    return [*chosen, *_unmet(cells, met)]


def _unmet(cells: Sequence[Cell], met: Mapping[str, int]) -> Iterator[Cell]:
    for call in sorted({cell.request.call for cell in cells} - set(met)):
        yield min((cell for cell in cells if cell.request.call == call), key=_shuffled)


def _shuffled(cell: Cell) -> str:
    """An order that has nothing to do with the cells', and is the same everywhere."""
    return hashlib.sha256(cell.name.encode()).hexdigest()
