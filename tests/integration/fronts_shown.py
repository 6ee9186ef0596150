# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run with -vvv shows of the fronts; and the surroundings in which a task cannot run in process."""

from __future__ import annotations

import re
import sys
from pathlib import Path

__all__ = ["IN_PROCESS", "PLUGINS", "fronts", "other_python", "source_notes"]

# Of the connection "elsewhere" and the become method "nobody_else".
PLUGINS = Path(__file__).resolve().parent / "plugins"
IN_PROCESS = "in process"

_TASK = re.compile(r"^TASK \[(?P<task>[^]]+)\]")
_SAID = re.compile(r"^<(?P<host>[^>]+)> managed_identity\.azure\.\w+: (?P<words>.*)$")
_MODULE = "runs as a module, because "


def fronts(output: str) -> dict[tuple[str, str], list[str]]:
    """By task and host, for each item of a loop: "in process", or why it ran as a module.

    The free strategy shows a task's name after all else: there it is empty.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for task, host, words in _said(output):
        if words.startswith(_MODULE):
            found.setdefault((task, host), []).append(words.removeprefix(_MODULE))
        elif words == "runs in the controller's worker process":
            found.setdefault((task, host), []).append(IN_PROCESS)
    return found


def source_notes(output: str) -> list[str]:
    """What is said of the credentials' source."""
    return [words for _task, _host, words in _said(output) if not words.startswith("runs ")]


def _said(output: str) -> list[tuple[str, str, str]]:
    found, task = [], ""
    for line in output.splitlines():
        if match := _TASK.match(line):
            task = match["task"]
        elif match := _SAID.match(line):
            found.append((task, match["host"], match["words"]))
    return found


def other_python(directory: Path) -> str:
    """Another interpreter by its path, which is the controller's in truth: modules run by it."""
    path = directory / "other-python"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    path.chmod(0o755)
    return str(path)
