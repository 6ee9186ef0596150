# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Copies what git would commit into a collections tree of its own.

ansible-test, ansible-lint and the documentation linter want the collection under ``ansible_collections``, with
nothing in it that git ignores. Run as a program with a name, it makes ``.build/NAME`` and prints the copy's path.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["ROOT", "copy_collection", "tracked_files"]

ROOT = Path(__file__).resolve().parents[2]


def tracked_files(root: Path = ROOT) -> list[Path]:
    """The files that git holds or would add, relative to ``root``; deleted ones are left out.

    Raises subprocess.CalledProcessError where ``root`` is not a git checkout.
    """
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    names = sorted(set(filter(None, listing.split("\0"))))
    return [Path(name) for name in names if (root / name).is_symlink() or (root / name).is_file()]


def copy_collection(name: str, root: Path = ROOT, without: str = "") -> Path:
    """Make ``.build/NAME/ansible_collections/managed_identity/azure`` afresh and return its path.

    The copy is a git repository of its own: inside the outer one ansible-test finds no files and passes.
    The top-level folder ``without`` is left out.
    """
    copy = root / ".build" / name / "ansible_collections" / "managed_identity" / "azure"
    shutil.rmtree(copy, ignore_errors=True)
    for file in (file for file in tracked_files(root) if file.parts[0] != without):
        (copy / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / file, copy / file, follow_symlinks=False)
    subprocess.run(["git", "init", "--quiet", "."], cwd=copy, check=True)
    return copy


if __name__ == "__main__":
    print(copy_collection(sys.argv[1]))
