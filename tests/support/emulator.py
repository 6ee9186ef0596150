# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An emulator in a process of its own, for tests: standard library and the public control API only.

emulator = Emulator.start(operation_seconds=1)
try:
    run_something(env={**os.environ, **emulator.env})
    assert [entry["method"] for entry in emulator.log("virtualMachines/vm-web-01")] == ["GET", "PATCH"]
finally:
    emulator.stop()
"""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import typing as t
import urllib.error
import urllib.request
from pathlib import Path

__all__ = ("Emulator", "EmulatorError", "refused_start")

_ROOT = Path(__file__).resolve().parents[2]


def refused_start(*arguments: str) -> tuple[int, str]:
    """Start an emulator that does not start; return its exit code and its words, which are no traceback."""
    command = [sys.executable, "-m", "emulator", *arguments]
    ended = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert "Traceback" not in ended.stderr, ended.stderr
    return ended.returncode, ended.stderr


class EmulatorError(RuntimeError):
    """The emulator did not start, or refused a request of the control API; the text is its own."""


class Emulator:
    """A running emulator. `url` is its address, `env` the variables of its env.sh, `directory` its files."""

    def __init__(self, process: subprocess.Popen[bytes], directory: Path) -> None:
        self._process = process
        self.directory = directory
        self.env = _read_env(directory / "env.sh")
        self.url = self.env["AZURE_CLOUD_ENVIRONMENT"]
        self._tls = ssl.create_default_context(cafile=str(directory / "ca.pem"))

    @classmethod
    def start(
        cls,
        seed: object | None = None,
        *,
        directory: Path | None = None,
        python: str = sys.executable,
        root: Path = _ROOT,
        timeout: float = 30.0,
        state: Path | None = None,
        **settings: t.Any,
    ) -> Emulator:
        """Start an emulator and wait until it serves.

        `seed`: a path, or the seed itself; default is the estate. `directory`: where its files go (default: a new
        temporary one). `python`: an interpreter that has what `emulator/requirements.txt` lists. `root`: where the
        package `emulator` is. `state`: a file for --state. `settings`: those of the control API; they win over the
        seed's and outlive `reset`.
        Raises EmulatorError with the emulator's own words.
        """
        directory = Path(tempfile.mkdtemp(prefix="emulator-")) if directory is None else directory
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "env.sh").unlink(missing_ok=True)
        command = [python, "-m", "emulator", "--port", "0", "--out", str(directory), "--quiet"]
        if seed is not None:
            path = seed if isinstance(seed, (str, Path)) else directory / "seed.json"
            if not isinstance(seed, (str, Path)):
                Path(path).write_text(json.dumps(seed), encoding="utf-8")
            command += ["--seed", str(path)]
        if state is not None:
            command += ["--state", str(state)]
        for name, value in settings.items():
            command += ["--set", f"{name}={json.dumps(value)}"]
        with (directory / "stderr.log").open("wb") as stderr:
            process = subprocess.Popen(command, cwd=root, stdin=subprocess.DEVNULL, stdout=stderr, stderr=stderr)
        _wait(process, directory, timeout)
        return cls(process, directory)

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    def stop(self) -> None:
        """Stop it and wait; raises EmulatorError if it did not end well."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(timeout=10)
        output = (self.directory / "stderr.log").read_text(encoding="utf-8", errors="replace")
        if code != 0 or "Traceback" in output:
            raise EmulatorError(f"the emulator ended with {code}:\n{output}")

    def __enter__(self) -> Emulator:
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def reset(self) -> None:
        """Go back to the seed: state and settings of the start, no faults, an empty log."""
        self.control("POST", "reset")

    def seed(self, seed: object) -> None:
        """Take another seed (a mapping, or YAML text)."""
        self.control("POST", "seed", seed)

    def settings(self, **changes: t.Any) -> dict[str, t.Any]:
        """Change settings, and return all of them."""
        return t.cast("dict[str, t.Any]", self.control("POST", "settings", changes))

    def faults(self, *faults: dict[str, t.Any]) -> None:
        """Put faults in force, after those that are already; none at all takes all back."""
        if faults:
            self.control("POST", "faults", list(faults))
        else:
            self.control("DELETE", "faults")

    def log(self, path: str = "", *, method: str | None = None, since: int = 0) -> list[dict[str, t.Any]]:
        """Return the requests after number `since` whose path with query matches a regular expression, in order."""
        entries = t.cast("list[dict[str, t.Any]]", self.control("GET", f"log?since={since}"))
        wanted = re.compile(path, re.IGNORECASE)
        return [item for item in entries if wanted.search(item["path"]) and method in (None, item["method"])]

    def writes(self, *, since: int = 0) -> list[dict[str, t.Any]]:
        """Return the requests to ARM that would change something."""
        changing = ("PUT", "PATCH", "POST", "DELETE")
        return [item for item in self.log("^/subscriptions/", since=since) if item["method"] in changing]

    def clear_log(self) -> None:
        """Forget the requests so far."""
        self.control("DELETE", "log")

    def state(self) -> dict[str, t.Any]:
        """Return the VMs, identities and locks as they are."""
        return t.cast("dict[str, t.Any]", self.control("GET", "state"))

    def vm(self, name: str) -> dict[str, t.Any]:
        """Return one VM of the state by its name."""
        return next(item for item in self.state()["vms"] if item["name"] == name)

    def identity(self, name: str) -> dict[str, t.Any]:
        """Return one user-assigned identity of the state by its name."""
        return next(item for item in self.state()["identities"] if item["name"] == name)

    def control(self, method: str, name: str, body: object | None = None) -> object:
        """Send a request to the control API and return its JSON; raises EmulatorError for a refusal."""
        data = None
        if body is not None:
            data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_emulator/{name}", data=data, method=method)
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=self._tls)
        )
        try:
            with opener.open(request, timeout=60) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise EmulatorError(f"{method} {name}: {error.read().decode(errors='replace')}") from error


def _wait(process: subprocess.Popen[bytes], directory: Path, timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while not (directory / "env.sh").exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            output = (directory / "stderr.log").read_text(encoding="utf-8", errors="replace")
            raise EmulatorError(f"the emulator did not start:\n{output}")
        time.sleep(0.02)


def _read_env(path: Path) -> dict[str, str]:
    pairs = [
        shlex.split(line)[1] for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("export ")
    ]
    return dict(pair.split("=", 1) for pair in pairs)


if os.name == "nt":
    raise EmulatorError("the emulator runs on POSIX systems only")
