# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A pytest fixture to copy: `azure_emulator` starts the emulator once and points the environment of each test at it.

EMULATOR_ROOT is the checkout of managed_identity.azure in which `emulator/` is. EMULATOR_SEED may name a seed.
"""

from __future__ import annotations

import os
import shlex
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def emulator_directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Start the emulator for the session; its env.sh, ca.pem and requests.jsonl are in this directory."""
    directory = tmp_path_factory.mktemp("azure")
    command = [sys.executable, "-m", "emulator", "--out", str(directory), "--quiet"]
    if seed := os.environ.get("EMULATOR_SEED"):
        command += ["--seed", str(Path(seed).absolute())]
    process = subprocess.Popen(command, cwd=os.environ["EMULATOR_ROOT"])
    while not (directory / "env.sh").exists():
        assert process.poll() is None, "the emulator did not start"
        time.sleep(0.05)
    yield directory
    process.terminate()
    assert process.wait(10) == 0


@pytest.fixture
def azure_emulator(emulator_directory: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The emulator at its seed; the variables of its env.sh are set while the test runs."""
    lines = [line for line in (emulator_directory / "env.sh").read_text().splitlines() if line.startswith("export ")]
    env = dict(shlex.split(line)[1].split("=", 1) for line in lines)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    reset = urllib.request.Request(f"{env['AZURE_CLOUD_ENVIRONMENT']}/_emulator/reset", method="POST")
    trusted = ssl.create_default_context(cafile=emulator_directory / "ca.pem")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusted))
    opener.open(reset).close()
    return env
