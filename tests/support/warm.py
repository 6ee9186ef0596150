# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-playbook as a child of a process that has the third-party packages imported: half the time of a start.

What runs is Ansible's own program with the environment, directory and output given; `warm_server.py` says how.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

__all__ = ["WarmProcess", "may_be_warm"]

_SERVER = Path(__file__).resolve().with_name("warm_server.py")
# Read by the interpreter before it runs anything, or by a package while it is imported.
_AT_START = ("PYTHON", "LC_", "LANG", "AIOHTTP_", "COVERAGE_")
# Tests start playbooks in threads, too.
_ONE_AT_A_TIME = threading.Lock()


def may_be_warm(environment: Mapping[str, str]) -> bool:
    """Whether a program with this environment may start from imported packages: COLD in ours says no."""
    here = {name: os.environ[name] for name in os.environ if name.startswith(_AT_START)}
    there = {name: environment[name] for name in environment if name.startswith(_AT_START)}
    # "MANAGED_IDENTITY_COLD=1 bin/test integration" is the same suite by the program itself.
    return "MANAGED_IDENTITY_COLD" not in os.environ and there.items() <= here.items()


@functools.cache
def _server() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    ours, theirs = socket.socketpair()
    with theirs:
        server = subprocess.Popen(
            [sys.executable, str(_SERVER), str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            # Pipes, as a run's output will be: the interpreter makes its files by what it finds at its start.
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=[theirs.fileno()],
        )
    atexit.register(server.wait)
    atexit.register(ours.close)
    return ours, server


def _fork(request: Path, output: int, status: int) -> int:
    """Have a request run, and return the number of its process."""
    with _ONE_AT_A_TIME:
        channel, server = _server()
        socket.send_fds(channel, [str(request).encode()], [output, status])
        said = channel.recv(32)
    if not said:
        raise RuntimeError(f"{_SERVER.name} has ended: {server.communicate()[1].decode(errors='replace')}")
    return int(said)


class WarmProcess:
    """A run of ansible-playbook; its methods are those of subprocess.Popen.

    :param command: the program's path and its arguments
    """

    def __init__(self, command: list[str], directory: Path, environment: Mapping[str, str]) -> None:
        request = directory / "request.json"
        wanted = {"command": command, "directory": str(directory), "environment": dict(environment)}
        request.write_text(json.dumps(wanted), encoding="utf-8")
        self.returncode: int | None = None
        self._output, output = os.pipe()
        self._status, status = os.pipe()
        self.pid = _fork(request, output, status)
        os.close(output)
        os.close(status)

    def poll(self) -> int | None:
        """The exit status, a negative signal number, or None while it runs."""
        if self.returncode is None and select.select([self._status], [], [], 0)[0]:
            self._ended()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; raises subprocess.TimeoutExpired."""
        if self.returncode is None:
            if not select.select([self._status], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("ansible-playbook", timeout or 0)
            self._ended()
        assert self.returncode is not None
        return self.returncode

    def _ended(self) -> None:
        self.returncode = int(os.read(self._status, 16))
        os.close(self._status)

    def communicate(self, timeout: float) -> tuple[str, None]:
        """Wait for its end, and return all that it and its children said; raises subprocess.TimeoutExpired."""
        said = b""
        end = time.monotonic() + timeout
        while select.select([self._output], [], [], max(0.0, end - time.monotonic()))[0]:
            if not (part := os.read(self._output, 1 << 16)):
                os.close(self._output)
                self.wait(max(0.0, end - time.monotonic()) + 1)
                return said.decode(errors="replace").replace("\r\n", "\n"), None
            said += part
        raise subprocess.TimeoutExpired("ansible-playbook", timeout, said)

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it has not ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)
