# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs as AWX starts them: its private data directory, its variables, ansible-runner, credentials by its own code.

What AWX sets is described in its awx/main/tasks/jobs.py and awx/settings/defaults.py.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.integration.awx.awx_credentials import Credential, inject
from tests.tools.link_collection import ROOT, link_collection

__all__ = ["Job", "RunningJob", "start_job"]

IDENT = "42"
# What the terminal's colours are made of; AWX shows them, a log file does not.
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_LOCAL = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}


@dataclass
class Job:
    """A job that has ended.

    :param events: as AWX stores them, in their order
    :param folder: the private data directory
    """

    rc: int
    runner_output: str
    folder: Path
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def output(self) -> str:
        """What AWX shows as the job's output, without colours."""
        return _COLOUR.sub("", self.coloured_output)

    @property
    def coloured_output(self) -> str:
        """The same with them; the lines of a terminal end in two characters."""
        return "\n".join(event["stdout"] for event in self.events if event["stdout"]).replace("\r\n", "\n")

    @property
    def artifacts(self) -> dict[str, Any]:
        """What the job leaves to the next node of a workflow."""
        return next((event.get("event_data", {}).get("artifact_data", {}) for event in self.events[-1:]), {})

    def results(self, task: str) -> list[dict[str, Any]]:
        """The results of the task of this name, without the items of a loop."""
        ended = ("runner_on_ok", "runner_on_failed")
        data = [event["event_data"] for event in self.events if event["event"] in ended]
        return [item["res"] for item in data if item["task"].rpartition(" : ")[2] == task]

    def files_with(self, text: str) -> list[str]:
        """The files of artifacts/ in which a text stands."""
        files = [file for file in (self.folder / "artifacts").rglob("*") if file.is_file()]
        return sorted(str(file.relative_to(self.folder)) for file in files if text.encode() in file.read_bytes())


class RunningJob:
    """A job that goes on; ``wait`` ends it."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self.process = process
        self.folder = folder

    def wait(self, timeout: float = 180) -> Job:
        output, _none = self.process.communicate(timeout=timeout)
        files = (self.folder / "artifacts" / IDENT / "job_events").glob("*.json")
        # A job that was killed leaves halves of events that AWX never sees.
        events = [json.loads(file.read_text()) for file in files if "partial" not in file.name]
        return Job(self.process.returncode, output, self.folder, sorted(events, key=lambda event: event["counter"]))


def start_job(
    folder: Path,
    playbook: str | list[dict[str, Any]],
    *,
    task_env: Mapping[str, str],
    credentials: Sequence[Credential] = (),
    answers: Mapping[str, Any] | None = None,
    extra_vars: Mapping[str, Any] | None = None,
    arguments: Sequence[str] = (),
    hosts: Mapping[str, Mapping[str, Any]] | None = None,
    collections: Path | None = None,
) -> RunningJob:
    """Start a job.

    :param folder: becomes the private data directory
    :param playbook: a file of the project (which holds this collection's playbooks), or plays
    :param task_env: AWX's own setting "extra environment variables"
    :param answers: to the survey, or variables given at launch: AWX marks them as unsafe
    :param extra_vars: of the job template
    :param arguments: such as --check
    :param hosts: the inventory; localhost if there is none
    :param collections: what the project's requirements were installed to; this collection itself if it is not given
    """
    for name in ("artifacts", "cp", "env", "home", "inventory"):
        (folder / name).mkdir(parents=True)
    playbook = _write_project(folder, playbook, collections)
    _write_inventory(folder / "inventory" / "hosts", hosts or {"localhost": _LOCAL})
    env, extra_arguments = inject(credentials, folder)
    _write_json(folder / "env" / "envvars", {**_job_env(folder), **task_env, **env})
    (folder / "env" / "extravars").write_text(_extra_vars(answers or {}, extra_vars or {}), encoding="utf-8")
    (folder / "env" / "cmdline").write_text(" ".join(["-u", "root", *extra_arguments, *arguments]), encoding="utf-8")
    _write_json(folder / "env" / "settings", {"suppress_ansible_output": True, "suppress_output_file": True})
    programs = Path(sys.executable).parent
    process = subprocess.Popen(
        [str(programs / "ansible-runner"), "run", str(folder), "-p", playbook, "-i", IDENT],
        env={"HOME": str(folder / "home"), "PATH": f"{programs}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return RunningJob(process, folder)


def _write_project(folder: Path, playbook: str | list[dict[str, Any]], collections: Path | None) -> str:
    """The project with this collection's playbooks, and the collection where AWX puts those of a project's needs."""
    shutil.copytree(ROOT / "playbooks", folder / "project" / "playbooks")
    (folder / "requirements_collections").symlink_to(collections or link_collection())
    if isinstance(playbook, str):
        return playbook
    plays = playbook if "hosts" in playbook[0] or "ansible.builtin.import_playbook" in playbook[0] else None
    plays = plays or [{"name": "Job", "hosts": "all", "gather_facts": False, "tasks": playbook}]
    (folder / "project" / "job.yml").write_text(yaml.safe_dump(plays, sort_keys=False), encoding="utf-8")
    return "job.yml"


def _write_inventory(file: Path, hosts: Mapping[str, Mapping[str, Any]]) -> None:
    """AWX makes a script that prints the inventory."""
    inventory = {"all": {"hosts": list(hosts)}, "_meta": {"hostvars": {name: dict(hosts[name]) for name in hosts}}}
    file.write_text(f"#! /usr/bin/env python3\n# -*- coding: utf-8 -*-\nprint({json.dumps(inventory)!r})\n")
    file.chmod(0o700)


def _job_env(folder: Path) -> dict[str, str]:
    collections = f"{folder / 'requirements_collections'}:{folder / 'home' / '.ansible' / 'collections'}"
    return {
        "ANSIBLE_COLLECTIONS_PATH": collections,
        "ANSIBLE_COLLECTIONS_PATHS": collections,
        "ANSIBLE_FORCE_COLOR": "True",
        "ANSIBLE_HOST_KEY_CHECKING": "False",
        "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True",
        "ANSIBLE_PARAMIKO_RECORD_HOST_KEYS": "False",
        "ANSIBLE_RETRY_FILES_ENABLED": "False",
        "ANSIBLE_SSH_CONTROL_PATH_DIR": str(folder / "cp"),
        "ANSIBLE_UNSAFE_WRITES": "1",
        "AWX_HOST": "https://awx.example.com",
        "AWX_PRIVATE_DATA_DIR": str(folder),
        "INVENTORY_ID": "1",
        "JOB_ID": IDENT,
        "MAX_EVENT_RES": "700000",
        "PROJECT_REVISION": "0" * 40,
    }


class _UnsafeDumper(yaml.SafeDumper):
    def represent_data(self, data: Any) -> yaml.Node:
        return self.represent_scalar("!unsafe", data) if isinstance(data, str) else super().represent_data(data)


def _extra_vars(answers: Mapping[str, Any], extra_vars: Mapping[str, Any]) -> str:
    """What a user gave at launch is unsafe, names too; what stands in the job template is not."""
    about = {f"{who}_{what}": value for who in ("awx", "tower") for what, value in _ABOUT.items()}
    trusted = yaml.safe_dump({**about, **extra_vars}) if extra_vars else yaml.safe_dump(about)
    return trusted + (yaml.dump(dict(answers), Dumper=_UnsafeDumper) if answers else "")


_ABOUT = {
    "job_id": 42,
    "job_launch_type": "manual",
    "job_template_id": 9,
    "job_template_name": "Identities",
    "project_revision": "0" * 40,
    "user_id": 1,
    "user_name": "admin",
    "user_email": "admin@example.com",
    "inventory_id": 1,
    "inventory_name": "Localhost",
}


def _write_json(file: Path, values: Mapping[str, Any]) -> None:
    file.write_text(json.dumps(values), encoding="utf-8")
    file.chmod(0o600)
