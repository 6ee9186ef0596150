# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is timed in processes of its own: calls of the bare SDK, imports, and the process of a module."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.benchmark.cases import GROUP, PLAYBOOK_PROGRAM, Cost, Sample, playbook_environment, spend
from tests.support.emulator import Emulator

__all__ = ["Imports", "Process", "bare_sdk", "imports", "module_processes"]

HERE = Path(__file__).resolve().parent
MODULE_RUNS = 5
_PLUGINS = "ansible_collections.managed_identity.azure.plugins.module_utils"
_IMPORTS = f"""
import time
times = [time.process_time()]
import ansible.module_utils.basic
times.append(time.process_time())
import {_PLUGINS}.front.machines._system_identity
times.append(time.process_time())
from {_PLUGINS}.arm._session import load_sdk
load_sdk()
times.append(time.process_time())
print(*(after - before for before, after in zip(times, times[1:])))
"""


class Imports(NamedTuple):
    """Seconds of CPU for importing Ansible's module base, then our code, then the SDK."""

    base: float
    code: float
    sdk: float


class Process(NamedTuple):
    """One process of a module: seconds on the clock, seconds of CPU, bytes at its peak."""

    wall: float
    cpu: float
    peak: float


def bare_sdk(emulator: Emulator, items: int) -> dict[str, Sample]:
    """What azure-mgmt-compute takes for a GET, and for a PATCH with its wait, once it is signed in."""
    emulator.reset()
    found: dict[str, Sample] = {}
    for change, operation in (("no change", "get"), ("change", "begin_update")):
        before = len(emulator.log("^/subscriptions/"))
        output = _python([str(HERE / "bare_sdk.py"), operation, GROUP, str(items)], emulator.env)
        first, wall, cpu = map(float, output.split())
        requests = (len(emulator.log("^/subscriptions/")) - before) / items
        found[f"bare SDK, {change}"] = Sample(Cost(first, 0, requests), Cost(wall, cpu, requests))
    return found


def imports(environment: dict[str, str]) -> Imports:
    """What a fresh process spends on imports, with warm caches."""
    return Imports(*map(float, _python(["-c", _IMPORTS], environment).split()))


def module_processes(emulator: Emulator, directory: Path) -> list[Process]:
    """Run the module by an interpreter that notes what each process took."""
    directory.mkdir()
    record, interpreter = directory / "processes.jsonl", directory / "python"
    words = [sys.executable, "-I", "-S", str(HERE / "metered.py"), str(record), sys.executable]
    interpreter.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', encoding="utf-8")
    interpreter.chmod(0o755)
    options = {"resource_group": GROUP, "name": "on00001"}
    task = {"managed_identity.azure.vm_system_identity": options, "loop": list(range(MODULE_RUNS))}
    playbook = directory / "playbook.yml"
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]), encoding="utf-8")
    variables = {"ansible_python_interpreter": str(interpreter), "managed_identity_azure_in_process": False}
    spend(
        [*PLAYBOOK_PROGRAM, str(playbook), "--extra-vars", json.dumps(variables)],
        playbook_environment(emulator, directory),
        directory,
    )
    return [Process(**json.loads(line)) for line in record.read_text(encoding="utf-8").splitlines()]


def _python(arguments: list[str], environment: dict[str, str]) -> str:
    run = subprocess.run(
        [sys.executable, *arguments], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise SystemExit(run.stderr)
    return run.stdout
