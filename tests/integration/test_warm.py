# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""That a run which starts from imported packages is the program itself in all that a test can see."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.integration.ansible_run import Play, start_play
from tests.integration.estate import system
from tests.support.warm import WarmProcess, may_be_warm

pytestmark = pytest.mark.oldest

LOOKS = [
    {
        "name": "environment",
        "ansible.builtin.debug": {"msg": "{{ lookup('env', 'WORD') }} {{ lookup('env', 'HOME') }}"},
    },
    {"name": "paths", "ansible.builtin.debug": {"msg": "{{ [ansible_playbook_python, lookup('pipe', 'pwd')] }}"}},
    {"name": "colours", "ansible.builtin.debug": {"msg": "{{ lookup('config', 'ANSIBLE_NOCOLOR', 'DEFAULT_FORKS') }}"}},
    {"name": "encoding", "ansible.builtin.debug": {"msg": "äöü 漢字"}},
    system("enable", "vm-web-01", diff=True),
    system("wrong", "vm none"),
]


def run(emulator: Any, directory: Path, *, warm: bool, **more: Any) -> Play:
    environment = {**emulator.env, "WORD": "of the test", "ANSIBLE_FORKS": "3"}
    started = start_play(LOOKS, directory, environment, front="in_process", warm=warm, arguments=("-vvv",), **more)
    assert isinstance(started.process, WarmProcess) == (warm and may_be_warm({}))
    return started.wait()


def told(play: Play, directory: Path) -> tuple[int, str, str]:
    """All that a run has told, without what differs from run to run."""
    text = json.dumps([play.output, play.results]).replace(str(directory), "DIRECTORY")
    text = re.sub(r"ansible-local-\w+|ansible-tmp-[\d.-]+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "X", text)
    output, results = json.loads(re.sub(r"0:00:\d\d\.\d+|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+", "TIME", text))
    return play.rc, output, results


def test_a_warm_run_is_the_program_itself(emulator, tmp_path: Path) -> None:
    plays = {}
    for name, warm in (("warm", True), ("cold", False)):
        emulator.reset()
        plays[name] = told(run(emulator, tmp_path / name, warm=warm), tmp_path / name)
    assert plays["warm"][0] == 2
    assert plays["warm"] == plays["cold"]


def test_what_the_interpreter_reads_at_its_start_makes_it_cold() -> None:
    assert not may_be_warm({"PYTHONPATH": "/x"})
    assert not may_be_warm({"LC_ALL": "C"})
