# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measures how many mutants of the pure core its unit tests notice.

mutmut names a mutant by its file's path and finds it again by its module's name, so both have to be the same: it runs
in a tree of its own, in which the core lies at ``ansible_collections/managed_identity/azure/...``.
It does not mutate what stands outside functions, nor decorated functions such as properties.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.tools.copy_collection import ROOT, tracked_files

__all__ = ["FLOOR", "score"]

FLOOR = 90.0
"""Per cent of the mutants that have to be noticed."""

CORE = Path("plugins/module_utils/core")
TESTS = [Path("tests/unit/core"), Path("tests/support"), Path("tests/tools")]
COLLECTION = Path("ansible_collections/managed_identity/azure")
CONFTEST = """
from tests.tools.hypothesis_profiles import load_profile

load_profile()
"""
SETTINGS = f"""
[tool.pytest.ini_options]
addopts = ["--import-mode=importlib", "-q"]
pythonpath = ["."]
asyncio_mode = "auto"

[tool.mutmut]
source_paths = ["{COLLECTION / CORE}"]
pytest_add_cli_args_test_selection = ["tests/unit/core"]
use_git_change_detection = false
"""


def score(stats: dict[str, int]) -> float:
    """The per cent of mutants that were noticed, by a failure or by running too long.

    ``stats`` is what mutmut exports. Raises ValueError if there was no mutant.
    """
    mutants = stats["total"] - stats["skipped"]
    if mutants <= 0:
        raise ValueError("no mutant was made")
    return 100 * (stats["killed"] + stats["timeout"]) / mutants


def _make_tree(tree: Path) -> None:
    """Lay out the core and its tests in ``tree``, afresh."""
    shutil.rmtree(tree, ignore_errors=True)
    for file in tracked_files():
        source = CORE in file.parents
        if source or any(folder in file.parents for folder in TESTS):
            copy = tree / (COLLECTION / file if source else file)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, copy)
    (tree / "tests" / "conftest.py").write_text(CONFTEST)
    (tree / "pyproject.toml").write_text(SETTINGS)


def main() -> int:
    """Make the mutants, run the tests against them, print the survivors and the score; returns the exit status."""
    tree = ROOT / ".build" / "mutation"
    _make_tree(tree)
    env = {**os.environ, "HYPOTHESIS_PROFILE": "mutation"}
    mutmut = [sys.executable, "-m", "mutmut"]
    subprocess.run([*mutmut, "run", "--max-children", str(os.cpu_count() or 1)], cwd=tree, env=env, check=True)
    subprocess.run([*mutmut, "results"], cwd=tree, env=env, check=True)
    subprocess.run([*mutmut, "export-cicd-stats"], cwd=tree, env=env, check=True)
    stats = json.loads((tree / "mutants" / "mutmut-cicd-stats.json").read_text())
    reached = score(stats)
    print(f"Mutation score of {CORE}: {reached:.1f} % of {stats['total'] - stats['skipped']} mutants (floor {FLOOR} %)")
    print(f"To see a survivor: (cd {tree} && {' '.join(mutmut)} show NAME)")
    return reached < FLOOR


if __name__ == "__main__":
    sys.exit(main())
