# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tools behind the checks: a check that cannot fail is worth nothing."""

from __future__ import annotations

import configparser
import subprocess
from pathlib import Path

import pytest

from tests.tools.ansible_test_home import pip_settings, pip_version
from tests.tools.copy_collection import copy_collection, tracked_files
from tests.tools.link_collection import link_collection
from tests.tools.mutation import score
from tests.tools.sanity import LEAST_TESTS, false_greens

ENOUGH = "".join(f'Running sanity test "test-{number}"\n' for number in range(LEAST_TESTS))


@pytest.mark.parametrize(
    ("output", "reasons"),
    [
        (ENOUGH, 0),
        (ENOUGH + 'WARNING: Skipping sanity test "import" on Python 3.8 because it could not be found.', 0),
        (ENOUGH + 'WARNING: Skipping sanity test "import" on Python 3.11 because it could not be found.', 1),
        (ENOUGH + 'WARNING: Skipping sanity test "import" on Python 3.1 because it could not be found.', 0),
        (ENOUGH + 'ERROR: Skipping sanity test "shellcheck", which needs shellcheck.', 1),
        (ENOUGH + "WARNING: All targets skipped.", 1),
        (ENOUGH.replace('"test-0"', '"test-1"'), 1),
        ("WARNING: All targets skipped.", 2),
        ("", 1),
    ],
)
def test_a_worthless_sanity_run_is_noticed(output: str, reasons: int):
    assert len(false_greens(output, "3.11")) == reasons


def test_pip_settings_survive_as_a_file():
    listing = "\n".join(
        [
            ":env:.find-links='/wheels'",
            "global.find-links='/other'",
            "global.extra-index-url='file:///one\\nfile:///two'",
            "install.no-binary='x'",
        ]
    )

    parsed = configparser.RawConfigParser()
    parsed.read_string(pip_settings(listing))

    assert parsed["global"]["find-links"] == "/wheels"
    assert parsed["global"]["extra-index-url"].split() == ["file:///one", "file:///two"]
    assert parsed["install"]["no-binary"] == "x"


def test_pip_without_settings_needs_none():
    assert pip_settings("") == ""


def test_the_version_of_pip_is_read_from_ansible_test(tmp_path: Path):
    source = tmp_path / "_internal" / "python_requirements.py"
    source.parent.mkdir()
    source.write_text("        pip='24.2',\n")
    assert pip_version(tmp_path) == "24.2"

    source.write_text("nothing")
    with pytest.raises(LookupError, match="names no version"):
        pip_version(tmp_path)


@pytest.mark.parametrize(
    ("killed", "timeout", "skipped", "expected"), [(9, 0, 0, 90.0), (8, 1, 0, 90.0), (8, 0, 2, 100.0), (0, 0, 0, 0.0)]
)
def test_the_mutation_score_counts_what_was_noticed(killed: int, timeout: int, skipped: int, expected: float):
    assert score({"total": 10, "killed": killed, "timeout": timeout, "skipped": skipped}) == expected


def test_no_mutants_is_no_score():
    with pytest.raises(ValueError, match="no mutant"):
        score({"total": 0, "killed": 0, "timeout": 0, "skipped": 0})


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A git checkout with a committed, a new, an ignored and a deleted file."""
    root = tmp_path / "checkout"
    for name in ("plugins/kept.py", "gone.py", "bin/program", "ignored.log"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    (root / ".gitignore").write_text("*.log\n.build/\n")
    subprocess.run(["git", "init", "--quiet", "."], cwd=root, check=True)
    subprocess.run(["git", "add", "."], cwd=root, check=True)
    (root / "gone.py").unlink()
    (root / "new.py").write_text("new")
    return root


def test_a_copy_holds_what_git_would_commit(checkout: Path):
    files = [".gitignore", "bin/program", "new.py", "plugins/kept.py"]
    assert [str(file) for file in tracked_files(checkout)] == files

    copy = copy_collection("name", checkout, without="bin")

    assert copy == checkout / ".build/name/ansible_collections/managed_identity/azure"
    assert (copy / "plugins/kept.py").read_text() == "plugins/kept.py"
    assert not (copy / "bin").exists()
    assert [str(file) for file in tracked_files(copy)] == [".gitignore", "new.py", "plugins/kept.py"]


def test_the_link_is_made_kept_and_mended(checkout: Path):
    link = link_collection(checkout) / "ansible_collections" / "managed_identity" / "azure"
    assert link.resolve() == checkout

    link_collection(checkout)
    link.unlink()
    link.symlink_to("/nowhere")
    link_collection(checkout)
    assert link.resolve() == checkout

    link.unlink()
    link.mkdir()
    with pytest.raises(OSError, match="in the way"):
        link_collection(checkout)
