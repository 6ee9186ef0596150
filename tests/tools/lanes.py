# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All that CI runs, in two lanes side by side: whichever is free takes the next session.

Many sessions have phases that keep one core busy, or none. Each session's output comes whole, when it has ended, and
a table at the end tells how each went and what it took. Standard library only: nox's environment has nothing else.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any

__all__ = ["Ended", "Lanes", "table"]

# What takes longest comes first, so that no lane is alone for long at the end.
SESSIONS = (
    "integration",
    "sanity",
    "lint",
    "units",
    "execution_environment",
    "molecule",
    "integration_oldest",
    "units_oldest",
)
LANES = 2


@dataclass(frozen=True)
class Ended:
    """How a session ended: its exit status, and the seconds that passed and that the processors worked."""

    session: str
    status: int
    wall: float
    cpu: float


@dataclass
class Lanes:
    """Runs sessions, some at a time.

    :param command: the program that runs the session of this name
    :param out: where the sessions' output goes
    """

    command: Callable[[str], list[str]]
    out: IO[bytes]
    ended: list[Ended] = field(default_factory=list)
    _running: set[int] = field(default_factory=set)
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _stopped: bool = False

    def run(self, sessions: tuple[str, ...], lanes: int = LANES) -> None:
        """Run all sessions; returns when the last one has ended, or after ``stop``."""
        waiting = list(sessions)
        threads = [threading.Thread(target=self._lane, args=(waiting,), daemon=True) for _lane in range(lanes)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _lane(self, waiting: list[str]) -> None:
        while True:
            with self._turn:
                if not waiting or self._stopped:
                    return
                session = waiting.pop(0)
                self._say(f"{session} ...\n".encode())
                output = tempfile.TemporaryFile()  # noqa: SIM115 (the lane closes it)
                # A group of its own: what ends it ends its children too.
                process = subprocess.Popen(
                    self.command(session),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                )
                self._running.add(process.pid)
            begun = time.monotonic()
            _pid, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            seconds = time.monotonic() - begun
            with self._turn, output:
                self._running.discard(process.pid)
                self.ended.append(Ended(session, process.returncode, seconds, usage.ru_utime + usage.ru_stime))
                output.seek(0)
                self._say(f"\n=== {session} ===\n".encode() + output.read())

    def _say(self, text: bytes) -> None:
        self.out.write(text)
        self.out.flush()

    def stop(self) -> None:
        """End what runs, and begin nothing more."""
        with self._turn:
            self._stopped = True
            for pid in self._running:
                os.killpg(pid, signal.SIGINT)


def table(ended: list[Ended], wall: float) -> str:
    """What to show at the end: a line for each session, and their sums."""
    rows = [(one.session, "ok" if one.status == 0 else f"FAILED ({one.status})", one.wall, one.cpu) for one in ended]
    rows.append(("all", f"{sum(one.status != 0 for one in ended)} failed", wall, sum(one.cpu for one in ended)))
    lines = [f"{name:24}{result:16}{seconds:8.0f} s{cpu:10.0f} CPU s" for name, result, seconds, cpu in rows]
    return "\n".join(["", *lines, ""])


def main() -> int:
    """Run all; returns the exit status."""

    def interrupted(*_caught: Any) -> None:
        raise KeyboardInterrupt

    # In the background a shell has its children ignore the one; and CI sends the other.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupted)
    lanes = Lanes(lambda session: [sys.executable, "-m", "nox", "--session", session], sys.stdout.buffer)
    begun = time.monotonic()
    runner = threading.Thread(target=lanes.run, args=(SESSIONS,))
    runner.start()
    try:
        while runner.is_alive():
            runner.join(0.5)
    except KeyboardInterrupt:
        lanes.stop()
        runner.join()
        print(table(lanes.ended, time.monotonic() - begun), flush=True)
        return 130
    print(table(lanes.ended, time.monotonic() - begun), flush=True)
    return int(any(one.status != 0 for one in lanes.ended))


if __name__ == "__main__":
    sys.exit(main())
