# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs ``ansible-test sanity`` on a copy of the collection and refuses a pass that checked nothing.

Arguments are passed on to ansible-test. The exit status is not zero if a test failed or a guard did.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from tests.tools.ansible_test_home import make_home
from tests.tools.copy_collection import ROOT, copy_collection

__all__ = ["LEAST_TESTS", "false_greens"]

LEAST_TESTS = 20
"""ansible-core 2.16 to 2.21 have 23 to 26 sanity tests for a collection like this one."""


def false_greens(output: str, python: str, least: int = LEAST_TESTS) -> list[str]:
    """What makes a passed run of ansible-test worthless: nothing to check, or tests left out.

    ``python`` is the version that runs, as ``3.11``; ``least`` the number of tests that must have run.
    """
    reasons = ["it skipped all targets"] if "All targets skipped" in output else []
    reasons += [
        line.strip()
        for line in output.splitlines()
        if "Skipping sanity test" in line and ("on Python" not in line or re.search(rf"Python {python}\b", line))
    ]
    ran = set(re.findall(r'Running sanity test "([^"]+)"', output))
    if len(ran) < least:
        reasons.append(f"only {len(ran)} of at least {least} tests ran")
    return reasons


def _run(command: list[str], cwd: Path, home: Path) -> tuple[int, str]:
    """Run ``command`` showing its output as it comes; returns its exit status and the output."""
    env = {**os.environ, "HOME": str(home), "LC_ALL": "C.UTF-8"}
    lines = []
    with subprocess.Popen(
        command, cwd=cwd, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as run:
        assert run.stdout is not None
        for line in run.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    return run.returncode, "".join(lines)


def main(arguments: list[str]) -> int:
    """Run the sanity tests for the Python at hand; returns the exit status."""
    spec = find_spec("ansible_test")
    if spec is None or spec.origin is None:
        print("ansible-core is not installed beside this Python")
        return 1
    python = "{}.{}".format(*sys.version_info)
    home = ROOT / ".build" / "home"
    make_home(home, Path(spec.origin).parent)
    program = str(Path(sys.executable).with_name("ansible-test"))
    command = [program, "sanity", "--local", "--python", python, "--color", "no", *arguments]
    # ansible-test takes whatever lies in bin/ for Python; ours are shell programs, and shellcheck reads those.
    status, output = _run(command, copy_collection("sanity", without="bin"), home)
    # Whoever names tests to run knows that the others did not.
    reasons = [] if arguments else false_greens(output, python)
    for reason in reasons:
        print(f"This pass does not count: {reason}")
    return status or bool(reasons)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
