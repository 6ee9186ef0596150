# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the emulator's own tests."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from tests.emulator import recordings
from tests.emulator.cloud import Cloud
from tests.support.emulator import Emulator

# Where there are no recorded files, the tables of facts/ say what was in them.
collect_ignore = [] if recordings.names() else ["test_recordings.py"]


@pytest.fixture
def cloud(tmp_path: Path) -> Cloud:
    """A cloud of its own without sockets."""
    return Cloud(tmp_path)


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Emulator]:
    """One real process for the session."""
    with Emulator.start(directory=tmp_path_factory.mktemp("emulator")) as running:
        yield running


@pytest.fixture
def emulator(process: Emulator) -> Emulator:
    """The real process, back at its seed."""
    process.reset()
    return process
