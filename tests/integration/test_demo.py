# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""bin/demo as a user runs it: what it prints, and that it leaves nothing running, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TABLE = """\
        VM           | identities before            | identities after
        ------------ | ---------------------------- | ------------------------
        vm-old-02    | id-retired, id-web           | system, id-web
        vm-web-01    | none                         | system, id-web
        vm-web-02    | system                       | system, id-web
        vm-web-03    | id-web                       | system, id-web
"""
EPITAPH = """\
        Here rests id-mayfly of westeurope.
        It was trusted by a branch of a repository, was a Reader all its life,
        and dwelt on vm-web-01 and vm-web-02.
        It left 0 grants behind, and no debts.
"""


@pytest.fixture
def demo(tmp_path: Path):
    """Start bin/demo in a session of its own, with its temporary files where the test can see them."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [str(ROOT / "bin" / "demo"), *arguments],
            env={**os.environ, "TMPDIR": str(tmp_path), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()


def left_over(directory: Path) -> list[str]:
    """The command lines of processes that still use files of this demo."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(directory) in line or "playbooks/demo.yml" in line:
            found.append(line)
    return found


def test_the_demo_shows_before_and_after(demo, tmp_path: Path) -> None:
    process = demo(AZURE_CLIENT_ID="of-somebody", AZURE_TENANT_ID="else", ANSIBLE_STDOUT_CALLBACK="none-such")
    output, _none = process.communicate(timeout=300)
    assert process.returncode == 0, output
    assert TABLE in output
    assert EPITAPH in output
    assert "--- before\n+++ after\n" in output
    assert "failed=0" in output
    assert os.listdir(tmp_path) == []
    assert left_over(tmp_path) == []


def test_arguments_go_to_ansible_playbook(demo, tmp_path: Path) -> None:
    process = demo("--extra-vars", "demo_identity=not!a!name")
    output, _none = process.communicate(timeout=300)
    assert process.returncode == 2, output
    assert "is not the name of a user-assigned identity" in output
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_demo_stops_what_it_started(demo, tmp_path: Path, number: int, code: int) -> None:
    process = demo()
    deadline = time.monotonic() + 240
    while not any("playbooks/demo.yml" in line for line in left_over(tmp_path)) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(process.pid, number)
    assert process.wait(timeout=30) == code
    assert os.listdir(tmp_path) == []
    assert left_over(tmp_path) == []
