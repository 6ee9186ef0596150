# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Conformance: what Azure answered, the emulator answers, over whole recorded sequences; and our tables say the same.

Collected only where the recordings are; `test_facts.py` plays the tables anywhere.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.emulator import recorded_errors, recordings, write_facts
from tests.emulator.error_causes import CAUSES
from tests.emulator.facts import FOLDER
from tests.emulator.recorded_sequences import LEFT_OUT, REPLAYED, SEQUENCES, deployments, play, traffic, wanted


@pytest.mark.parametrize("title", SEQUENCES)
def test_recording(tmp_path: Path, title: str) -> None:
    replay, chosen = play(title, tmp_path), wanted(SEQUENCES[title].recording)
    missed = {item.number for item in chosen} - replay.seen
    assert not missed or SEQUENCES[title].script is deployments, f"neither replayed nor in LEFT_OUT: {sorted(missed)}"


def test_no_recording_is_forgotten() -> None:
    assert set(traffic()) == {item.recording for item in SEQUENCES.values()}
    concerned = {
        (name, item.number) for name, items in traffic().items() for item in items if recordings.is_concerned(item.path)
    }
    assert set(LEFT_OUT) <= concerned
    assert sum(len(wanted(name)) for name in traffic()) == len(concerned) - len(LEFT_OUT) == REPLAYED


def test_no_error_is_forgotten() -> None:
    found, concerned = recorded_errors.errors(), recorded_errors.concerned()
    assert len(found) == len(recordings.errors())
    assert set(CAUSES) <= set(concerned)
    assert set(recorded_errors.LEFT_OUT) <= set(concerned)
    assert len(recorded_errors.provoked()) == len(concerned) - len(recorded_errors.LEFT_OUT)


@pytest.mark.parametrize("title", SEQUENCES)
def test_the_table_is_what_was_recorded(title: str) -> None:
    assert (FOLDER / f"{title}.json").read_text(encoding="utf-8") == write_facts.written(write_facts.sequence(title))


def test_the_table_of_errors_is_what_was_recorded() -> None:
    assert (FOLDER / "errors.json").read_text(encoding="utf-8") == write_facts.written(write_facts.errors())
