# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures: an emulator, and the Azure CLI signed in to it as the emulator's README says."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.integration.ansible_run import FRONTS, Play, start_play
from tests.support.emulator import Emulator

# Only the one beside this Python: whatever else is on PATH may be a person's own.
PROGRAM = Path(sys.executable).with_name("az")
LONGEST = 120


class AzureCli:
    """Runs ``az`` with a configuration of its own.

    :param env: what it sees beside PATH
    """

    def __init__(self, env: dict[str, str]) -> None:
        self.env = {"PATH": f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8", **env}

    def __call__(self, *arguments: str) -> Any:
        """Run a command and return its JSON, None if it prints none; both are printed too."""
        print("$ az", shlex.join(arguments).replace(self.env["AZURE_SECRET"], "********"))
        run = subprocess.run(
            [str(PROGRAM), *arguments, "--only-show-errors", "--output", "json"],
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        print(run.stdout or "(no output)")
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout) if run.stdout.strip() else None


@pytest.fixture(scope="session")
def running_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    if not PROGRAM.exists():
        pytest.skip("the Azure CLI is not installed here; bin/test az runs these tests")
    with Emulator.start(directory=tmp_path_factory.mktemp("emulator")) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def az(running_emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> AzureCli:
    """The Azure CLI, with the emulator as its cloud, signed in as the service principal of ``env.sh``."""
    env = {name: value for name, value in running_emulator.env.items() if name != "ARM_CLOUD_METADATA_URL"}
    home = str(tmp_path_factory.mktemp("az"))
    az = AzureCli(
        {
            **env,
            "HOME": home,
            "AZURE_CONFIG_DIR": home,
            "AZURE_CORE_INSTANCE_DISCOVERY": "false",
            "AZURE_CORE_COLLECT_TELEMETRY": "false",
        }
    )
    az("version")
    az("cloud", "register", "--name", "emulator", "--endpoint-resource-manager", running_emulator.url)
    az("cloud", "set", "--name", "emulator")
    who = ("--username", env["AZURE_CLIENT_ID"], "--password", env["AZURE_SECRET"], "--tenant", env["AZURE_TENANT"])
    signed_in = az("login", "--service-principal", *who)
    assert env["AZURE_SUBSCRIPTION_ID"] in [item["id"] for item in signed_in]
    return az


@pytest.fixture
def emulator(running_emulator: Emulator) -> Emulator:
    """The emulator with its estate as seeded, and an empty log."""
    running_emulator.reset()
    return running_emulator


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
