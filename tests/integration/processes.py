# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes of a playbook, by the kernel's own records."""

from __future__ import annotations

import os
import time
from pathlib import Path

__all__ = ["PROC", "descendants", "gone", "kill"]

PROC = Path("/proc")


def descendants(parent: int) -> dict[int, str]:
    """All processes below one, nearest first, with their command lines."""
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (above := _parent(int(entry.name))) is not None:
            children.setdefault(above, []).append(int(entry.name))
    found: dict[int, str] = {}
    waiting = [parent]
    while waiting:
        below = children.get(waiting.pop(0), [])
        found.update({pid: _command(pid) for pid in below})
        waiting.extend(below)
    return found


def gone(pids: set[int], seconds: float) -> bool:
    """Wait until all of these have ended; False if some live on."""
    end = time.monotonic() + seconds
    while any(_lives(pid) for pid in pids):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def kill(pid: int, number: int) -> bool:
    """Send a signal; False if there is no such process any more."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


def _stat(pid: int) -> list[str]:
    """State and what follows it; the name before it may hold blanks and parentheses."""
    try:
        return (PROC / str(pid) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _parent(pid: int) -> int | None:
    stat = _stat(pid)
    return int(stat[1]) if stat else None


def _lives(pid: int) -> bool:
    stat = _stat(pid)
    return bool(stat) and stat[0] != "Z"


def _command(pid: int) -> str:
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
