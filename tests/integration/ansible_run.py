# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs real ansible-playbook, and reads back every task's result."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support.warm import WarmProcess, may_be_warm

__all__ = ["Play", "start_play"]

HERE = Path(__file__).resolve().parent
FRONTS = {"in_process": "true", "module": "false"}
# Of the surroundings only this reaches ansible-playbook, so that nobody's own settings decide a test.
_KEPT = ("PATH", "LANG", "LC_ALL", "ANSIBLE_COLLECTIONS_PATH", "COVERAGE_PROCESS_START")


@dataclass
class Play:
    """A run of ansible-playbook.

    :param results: all task results in order, items of loops among them
    """

    rc: int
    output: str
    results: list[dict[str, Any]] = field(default_factory=list)

    def result(self, task: str) -> dict[str, Any]:
        """The result of the task of this name."""
        return self.all_of(task)[0]

    def all_of(self, task: str) -> list[dict[str, Any]]:
        """The results of the task of this name, one per host; without the items of a loop."""
        return list(self.by_host(task).values())

    def by_host(self, task: str) -> dict[str, dict[str, Any]]:
        """The results of the task of this name by host; without the items of a loop."""
        done = [line for line in self.results if line["task"] == task and line["outcome"] in ("ok", "failed")]
        return {line.get("host", ""): line["result"] for line in done}

    def items(self, task: str) -> list[dict[str, Any]]:
        """The results of a loop's items."""
        return [line["result"] for line in self.results if line["task"] == task and line["outcome"].startswith("item")]


class RunningPlay:
    """A run of ansible-playbook that goes on; ``wait`` ends it."""

    def __init__(self, process: subprocess.Popen[str] | WarmProcess, record: Path) -> None:
        self.process = process
        self._record = record

    def wait(self, timeout: float = 120) -> Play:
        """Wait for its end, at most ``timeout`` seconds."""
        output, _none = self.process.communicate(timeout=timeout)
        lines = self._record.read_text(encoding="utf-8").splitlines() if self._record.exists() else []
        return Play(self.process.returncode, output, [json.loads(line) for line in lines])


def start_play(
    playbook: Path | list[dict[str, Any]],
    directory: Path,
    environment: Mapping[str, str],
    *,
    front: str,
    arguments: tuple[str, ...] = (),
    variables: Mapping[str, Any] | None = None,
    hosts: Mapping[str, Mapping[str, Any]] | None = None,
    warm: bool = True,
) -> RunningPlay:
    """Start ``ansible-playbook``.

    :param playbook: a file, plays, or tasks to run on localhost, or on all ``hosts`` if there are any
    :param directory: an empty directory for the run's files; HOME is in it
    :param environment: what the run shall see beside the bare essentials
    :param front: in_process or module; "" leaves the choice to the collection
    :param arguments: further command-line arguments
    :param hosts: the inventory: host names with their variables; all are this machine
    :param warm: whether it may start from imported packages; not where its start or its end is what is tested
    """
    directory.mkdir(parents=True, exist_ok=True)
    if not isinstance(playbook, Path):
        where = {"hosts": "all" if hosts else "localhost", "gather_facts": False}
        plays = playbook if "hosts" in playbook[0] else [{**where, "tasks": playbook}]
        playbook = directory / "playbook.yml"
        playbook.write_text(yaml.safe_dump(plays, sort_keys=False), encoding="utf-8")
    if hosts:
        arguments = ("--inventory", str(_write_inventory(directory, hosts)), *arguments)
    chosen = {"managed_identity_azure_in_process": FRONTS[front]} if front else {}
    record = directory / "results.jsonl"
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    chosen_variables = json.dumps({**chosen, **(variables or {})})
    command = [program, str(playbook), "--extra-vars", chosen_variables, *arguments]
    return RunningPlay(_process(command, directory, {**_settings(directory, record), **environment}, warm), record)


def _settings(directory: Path, record: Path) -> dict[str, str]:
    """The environment of a run without what the test adds."""
    temporary = directory / "tmp"
    temporary.mkdir(exist_ok=True)
    return {
        **{name: os.environ[name] for name in _KEPT if name in os.environ},
        "HOME": str(directory),
        # A module that is killed leaves a folder there.
        "TMPDIR": str(temporary),
        "ANSIBLE_HOME": str(directory / ".ansible"),
        "ANSIBLE_REMOTE_TMP": str(directory / ".ansible" / "tmp"),
        "ANSIBLE_LOCALHOST_WARNING": "False",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
        "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callbacks"),
        "ANSIBLE_CALLBACKS_ENABLED": "record",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_INJECT_INVOCATION": "1",
        "MANAGED_IDENTITY_RECORD": str(record),
    }


def _process(
    command: list[str], directory: Path, environment: dict[str, str], warm: bool
) -> subprocess.Popen[str] | WarmProcess:
    if warm and may_be_warm(environment):
        return WarmProcess(command, directory, environment)
    return subprocess.Popen(
        command,
        cwd=directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _write_inventory(directory: Path, hosts: Mapping[str, Mapping[str, Any]]) -> Path:
    local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    inventory = directory / "inventory.yml"
    written = {"all": {"hosts": {name: dict(values) for name, values in hosts.items()}, "vars": local}}
    inventory.write_text(yaml.safe_dump(written), encoding="utf-8")
    return inventory
