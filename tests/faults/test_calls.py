# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""That the campaign knows all calls: a call that no scenario makes would meet no fault."""

from __future__ import annotations

from tests.faults.calls import all_calls
from tests.faults.matrix import FAULTS, matrix, sample


def test_every_call_of_every_gateway_is_made(recordings) -> None:
    made = {call for recording in recordings.values() for call in recording.calls}
    assert len(made) > 20
    assert sorted(set(all_calls()) - made) == []


def test_every_fault_and_every_call_is_in_the_sample(recordings) -> None:
    cells = matrix(recordings)
    chosen = sample(cells)
    assert {cell.fault.name for cell in chosen} == set(FAULTS)
    assert {cell.request.call for cell in chosen} == {cell.request.call for cell in cells}
    assert len(chosen) < len(FAULTS) + 40
    assert chosen == sample(list(cells))


def test_cells_have_names_of_their_own(recordings) -> None:
    names = [cell.name for cell in matrix(recordings)]
    assert len(set(names)) == len(names)
