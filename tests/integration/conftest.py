# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures: one emulator for all integration tests, reset for each; and playbooks run by real ansible-playbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.integration.ansible_run import FRONTS, Play, RunningPlay, start_play
from tests.integration.fronts import ESTATE, Fronts
from tests.support.emulator import Emulator


@pytest.fixture(scope="session")
def running_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator.start(directory=tmp_path_factory.mktemp("emulator")) as emulator:
        yield emulator


@pytest.fixture
def emulator(running_emulator: Emulator) -> Emulator:
    """The emulator with its estate as seeded, no faults, and an empty log."""
    # Not a reset, which goes back to the last seed: that of a test before, perhaps.
    running_emulator.seed(ESTATE)
    return running_emulator


def _starter(emulator: Emulator, directory: Path, front: str) -> Callable[..., RunningPlay]:
    runs = count()

    def start(playbook: Path | list[dict[str, Any]], *, env: dict[str, str] | None = None, **more: Any) -> RunningPlay:
        environment = {**emulator.env, **(env or {})}
        return start_play(playbook, directory / f"run{next(runs)}", environment, front=front, **more)

    return start


@pytest.fixture(params=sorted(FRONTS))
def front(request: pytest.FixtureRequest) -> str:
    """Each test that takes this, or start or play, runs twice: in the controller's process, and as a module."""
    return request.param


@pytest.fixture
def start(emulator: Emulator, tmp_path: Path, front: str) -> Callable[..., RunningPlay]:
    """Start a playbook or tasks against the emulator; keywords as of start_play, ``env`` over its variables."""
    return _starter(emulator, tmp_path, front)


@pytest.fixture
def play(start: Callable[..., RunningPlay]) -> Callable[..., Play]:
    """As ``start``, but waits for the end."""
    return lambda playbook, **more: start(playbook, **more).wait()


@pytest.fixture(scope="session")
def second_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator.start(directory=tmp_path_factory.mktemp("second")) as emulator:
        yield emulator


@pytest.fixture
def one(emulator: Emulator, tmp_path: Path) -> Fronts:
    """Run a playbook in the controller's process, which is much quicker than by modules."""
    return Fronts({"in_process": emulator}, tmp_path)


@pytest.fixture
def both(emulator: Emulator, second_emulator: Emulator, tmp_path: Path) -> Fronts:
    """Run a playbook through both fronts, and see that all they say and send is the same."""
    second_emulator.seed(ESTATE)
    return Fronts({"in_process": emulator, "module": second_emulator}, tmp_path)


@pytest.fixture
def start_freely(emulator: Emulator, tmp_path: Path) -> Callable[..., RunningPlay]:
    """As ``start``, once, and the collection chooses the front."""
    return _starter(emulator, tmp_path, "")


@pytest.fixture
def play_freely(start_freely: Callable[..., RunningPlay]) -> Callable[..., Play]:
    """As ``start_freely``, but waits for the end."""
    return lambda playbook, **more: start_freely(playbook, **more).wait()
