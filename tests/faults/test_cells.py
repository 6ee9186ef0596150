# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault campaign: every request of every scenario times every fault, once and always.

Each cell runs one task with the fault, the same task again once the fault is over, and once more if that changed
anything; `judge` holds what came of it against all oracles. A cell is named SCENARIO/REQUEST/FAULT/once or always.

    bin/test faults                                         the whole matrix, with a report at its end
    bin/test faults -- -k vm-absent/DELETE                  what has this in its name
    bin/test faults -- -k vm-info/POST-token-1/token-null/once -vv    one cell: what it expected and what came
    pytest tests/faults                                     the sample that CI plays: every fault and every call

The scenarios are in `scenarios.py`, their start in `estate.py`, the faults in `faults_of_*.py`. A new call needs a
scenario that makes it (`test_calls.py`); a new fault is a line, and meets every request that it makes sense for.

Left out is what nobody could tell from the truth: a 200 or 204 to a DELETE that was not done.
"""

from __future__ import annotations

from dataclasses import asdict

import pytest

from tests.faults.judge import judge
from tests.faults.trial import play


def test_cell(cell, cloud, recordings, record_property) -> None:
    recording = recordings[cell.scenario]
    verdict = judge(recording, cell, play(cloud, recording, cell))
    record_property("verdict", {"cell": cell.name, **asdict(verdict)})
    if verdict.wrongs:
        said = [f"{wrong.kind}: expected {wrong.expected}\n  came: {wrong.came}" for wrong in verdict.wrongs]
        pytest.fail("\n".join(said), pytrace=False)
