# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Forks processes that become ansible-playbook, and have all that does not belong to Ansible imported already.

Ansible reads its settings while it is imported, so no module of Ansible's is: a child imports them under its own
environment, in its own directory, with its own output, and is from there on what the program would be. `warm.py` starts
this and speaks to it: a line per run comes in, with its output and a pipe that says at its end how it ended.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
from pathlib import Path
from typing import Any

# Whatever takes time; some are not there with every release.
IMPORTED = (
    "aiohttp",
    "azure.core.pipeline.policies",
    "azure.core.rest",
    "azure.identity.aio",
    "concurrent.futures",
    "cryptography.hazmat.primitives.serialization.pkcs12",
    "cryptography.x509",
    "getpass",
    "importlib.resources",
    "jinja2.nativetypes",
    "jinja2.sandbox",
    "logging.handlers",
    "msal",
    "multiprocessing.queues",
    "packaging.version",
    "resolvelib",
    "smtplib",
    "tempfile",
    "urllib.request",
    "yaml.cyaml",
)


def serve(channel: socket.socket) -> dict[str, Any]:
    """Fork a child for each request, and tell of their ends; returns in a child only, with what it is to run."""
    ended, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, lambda *_caught: None)
    running: dict[int, int] = {}
    selector = selectors.DefaultSelector()
    for readable in (channel.fileno(), ended):
        selector.register(readable, selectors.EVENT_READ)
    while True:
        ready = {key.fd for key, _events in selector.select()}
        if ended in ready:
            os.read(ended, 512)
            _tell_of_ends(running)
        if channel.fileno() not in ready:
            continue
        line, received, _flags, _address = socket.recv_fds(channel, 1 << 16, 2)
        if not line:
            sys.exit()
        output, status = received
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, interrupt)
            return _become(json.loads(Path(line.decode()).read_text(encoding="utf-8")), output)
        os.close(output)
        running[pid] = status
        channel.sendall(f"{pid}\n".encode())


def _tell_of_ends(running: dict[int, int]) -> None:
    """Write the exit status of each child that has ended into its pipe."""
    for pid, status in list(running.items()):
        found, ended = os.waitpid(pid, os.WNOHANG)
        if found:
            os.write(status, str(os.waitstatus_to_exitcode(ended)).encode())
            os.close(running.pop(pid))


def _become(request: dict[str, Any], output: int) -> dict[str, Any]:
    """Take on the environment, directory and output of a program that was just started."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for there, here in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(there, here)
    # Whatever else is open belongs to the server and to its other children.
    os.closerange(3, 256)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["directory"])
    sys.argv[:] = request["command"]
    sys.path[0] = os.path.dirname(request["command"][0])
    return request


def main() -> None:
    """Import, serve; and in a child, run the program."""
    for name in IMPORTED:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    # What is there now is never garbage, and a child does not copy it only to find that out.
    gc.freeze()
    serve(socket.socket(fileno=int(sys.argv[1])))
    from ansible.cli.playbook import main as ansible_playbook

    sys.exit(ansible_playbook())


if __name__ == "__main__":
    main()
