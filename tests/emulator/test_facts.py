# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Conformance: the emulator answers as Azure was seen to answer, by our tables of facts; it needs no recordings."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from tests.emulator import facts
from tests.emulator.error_causes import CAUSES, ELSEWHERE, SEED, Asked, not_there, without_group
from tests.emulator.recorded_errors import NOT_FOUND
from tests.emulator.replay import start

# How many answers each table of a sequence has: fewer would mean that one was lost.
SEQUENCES = {
    "assignments": 15,
    "deployments": 6,
    "deployments_explicit": 4,
    "federated": 11,
    "identities": 5,
    "java": 34,
    "locks": 9,
    "vm": 22,
    "vm_explicit": 33,
}
ERRORS = {row["key"]: row for row in facts.load("errors")}
PROVOKED = 68


@pytest.mark.parametrize("name", SEQUENCES)
def test_sequence(tmp_path: Path, name: str) -> None:
    assert facts.play(name, tmp_path) == SEQUENCES[name]


def test_no_table_is_forgotten() -> None:
    assert {file.stem for file in facts.FOLDER.iterdir()} == {*SEQUENCES, "errors"}
    assert len(ERRORS) == PROVOKED
    assert set(CAUSES) <= set(ERRORS)


@pytest.mark.parametrize("key", ERRORS)
def test_error(tmp_path: Path, key: str) -> None:
    """Each error has its cause in the emulator, which answers it to the letter."""
    row = ERRORS[key]
    text = json.dumps(row["answer"], ensure_ascii=False)
    cause = CAUSES.get(key) or (not_there if NOT_FOUND.search(text) else None)
    assert cause, f"{key} has no cause"
    method, path = row["request"].split(" ", 1)
    body = row["body"] if cause is not without_group else None
    seed: dict[str, t.Any] = SEED
    if ELSEWHERE in text:
        seed = {**SEED, "tenants": [{"id": ELSEWHERE}, SEED["tenants"][1]]}
    asked, ours = cause(start(tmp_path, **seed).cloud, Asked(method, path, body, text))
    assert (ours.status, ours.json) == (row["status"], json.loads(asked.text))
    assert ("x-ms-failure-cause" in ours.headers) == row["gateway"]
    assert ours.text.startswith("{\r\n  ") == row["indented"]
