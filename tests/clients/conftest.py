# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures: emulators, and the Azure CLI signed in to one as the emulator's README says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

pytest.register_assert_rewrite("tests.clients.azure_cli")

from tests.clients.azure_cli import PROGRAM, AzureCli  # noqa: E402
from tests.integration.ansible_run import FRONTS, Play, start_play  # noqa: E402
from tests.support.emulator import Emulator  # noqa: E402


@pytest.fixture(scope="session")
def running_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator.start(directory=tmp_path_factory.mktemp("emulator")) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def running_twin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator.start(directory=tmp_path_factory.mktemp("twin")) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def installed() -> None:
    """The test needs the Azure CLI."""
    if not PROGRAM.exists():
        pytest.skip("the Azure CLI is not installed here; bin/test clients runs these tests")


@pytest.fixture(scope="session")
def az(installed: None, running_emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> AzureCli:
    """The Azure CLI, with the emulator as its cloud, signed in as the service principal of ``env.sh``."""
    az = AzureCli.signed_in(running_emulator, tmp_path_factory.mktemp("az"))
    az("version")
    return az


@pytest.fixture
def emulator(running_emulator: Emulator) -> Emulator:
    """The emulator with its estate as seeded, and an empty log."""
    running_emulator.reset()
    return running_emulator


@pytest.fixture
def twin(running_twin: Emulator) -> Emulator:
    """Another emulator with the same estate."""
    running_twin.reset()
    return running_twin


@pytest.fixture(params=sorted(FRONTS))
def front(request: pytest.FixtureRequest) -> str:
    """A test that takes this runs twice: in the controller's process, and as a module."""
    return request.param


@pytest.fixture
def play(emulator: Emulator, tmp_path: Path) -> Callable[..., Play]:
    """Run tasks by real ansible-playbook and wait; ``env`` replaces the emulator's variables."""
    runs = count()

    def run(tasks: list[dict[str, Any]], *, front: str = "in_process", env: dict[str, str] | None = None) -> Play:
        done = start_play(tasks, tmp_path / f"run{next(runs)}", env or emulator.env, front=front).wait()
        assert done.rc == 0, done.output
        return done

    return run
