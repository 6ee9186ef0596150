# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Azure CLI, signed in to an emulator as the emulator's README says."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.emulator import Emulator

__all__ = ["PROGRAM", "AzureCli"]

# Only the one beside this Python: whatever else is on PATH may be a person's own.
PROGRAM = Path(sys.executable).with_name("az")
LONGEST = 120


class AzureCli:
    """Runs ``az`` with a configuration of its own.

    :param env: what it sees beside PATH
    """

    def __init__(self, env: dict[str, str]) -> None:
        self.env = {"PATH": f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8", **env}

    @classmethod
    def signed_in(cls, emulator: Emulator, home: Path, client: str = "", secret: str = "") -> AzureCli:
        """Register the emulator as a cloud and sign in: as the service principal of ``env.sh``, or as another one."""
        env = {name: value for name, value in emulator.env.items() if name != "ARM_CLOUD_METADATA_URL"}
        if client:
            # The SDK's names for the same are the first caller's.
            env = {name: value for name, value in env.items() if name != "AZURE_CLIENT_SECRET"}
            env |= {"AZURE_CLIENT_ID": client, "AZURE_SECRET": secret}
        az = cls(
            {
                **env,
                "HOME": str(home),
                "AZURE_CONFIG_DIR": str(home),
                "AZURE_CORE_INSTANCE_DISCOVERY": "false",
                "AZURE_CORE_COLLECT_TELEMETRY": "false",
            }
        )
        az("cloud", "register", "--name", "emulator", "--endpoint-resource-manager", emulator.url)
        az("cloud", "set", "--name", "emulator")
        who = ("--username", env["AZURE_CLIENT_ID"], "--password", env["AZURE_SECRET"], "--tenant", env["AZURE_TENANT"])
        assert env["AZURE_SUBSCRIPTION_ID"] in [item["id"] for item in az("login", "--service-principal", *who)]
        return az

    def __call__(self, *arguments: str) -> Any:
        """Run a command and return its JSON, None if it prints none; both are printed too."""
        run = self._run(arguments)
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout) if run.stdout.strip() else None

    def refused(self, *arguments: str) -> str:
        """Run a command that has to fail, and return what it says."""
        run = self._run(arguments)
        assert run.returncode != 0, run.stdout
        assert "Traceback" not in run.stderr
        return run.stderr

    def _run(self, arguments: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        print("$ az", shlex.join(arguments).replace(self.env["AZURE_SECRET"], "********"))
        run = subprocess.run(
            [str(PROGRAM), *arguments, "--only-show-errors", "--output", "json"],
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        print(run.stdout or run.stderr or "(no output)")
        return run
