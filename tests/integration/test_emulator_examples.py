# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of the emulator do what they say when they are copied."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "emulator" / "examples"

TEST = """
import os


def test_environment(azure_emulator, emulator_directory):
    assert os.environ["AZURE_CLOUD_ENVIRONMENT"] == azure_emulator["AZURE_CLOUD_ENVIRONMENT"]
    assert (emulator_directory / "requests.jsonl").exists()
"""


def run(directory: Path, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
    surroundings = {**os.environ, "EMULATOR_ROOT": str(ROOT), "ANSIBLE_HOME": str(directory / "home"), **env}
    return subprocess.run(command, cwd=directory, env=surroundings, capture_output=True, text=True, check=False)


def test_the_pytest_fixture(tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / "conftest.py", tmp_path)
    (tmp_path / "test_it.py").write_text(TEST)
    done = run(tmp_path, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert (done.returncode, "1 passed" in done.stdout) == (0, True), done.stdout + done.stderr


@pytest.mark.parametrize("scenario", ["default"])
def test_the_molecule_scenario(tmp_path: Path, scenario: str) -> None:
    shutil.copytree(EXAMPLES / "molecule" / scenario, tmp_path / scenario)
    recaps = []
    for play in ("cleanup", "prepare", "converge", "converge", "cleanup"):
        command = (sys.executable, "-m", "ansible", "playbook", f"{scenario}/{play}.yml")
        done = run(tmp_path, *command, MOLECULE_EPHEMERAL_DIRECTORY=str(tmp_path / "scratch"))
        assert done.returncode == 0, done.stdout + done.stderr
        recaps.append(done.stdout.rpartition("PLAY RECAP")[2])
    assert ["changed=0" not in recap for recap in recaps] == [False, True, True, False, True]
    assert not (tmp_path / "scratch" / "azure" / "pid").exists()
