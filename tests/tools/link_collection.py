# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes this checkout importable as ``ansible_collections.managed_identity.azure``, wherever it lies.

Run as a program it prints the collections path, for ``ANSIBLE_COLLECTIONS_PATH``.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

__all__ = ["ROOT", "link_collection"]

ROOT = Path(__file__).resolve().parents[2]


def link_collection(root: Path = ROOT) -> Path:
    """Put a link to ``root`` into a git-ignored collections tree and return that tree's path.

    The link is relative, so that a checkout can be moved; one that points elsewhere is replaced.
    Raises OSError if something else than a link is in its place.
    """
    tree = root / ".build" / "collections"
    link = tree / "ansible_collections" / "managed_identity" / "azure"
    target = Path("../../../..")
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.is_symlink() and link.readlink() != target:
        link.unlink(missing_ok=True)
    if not link.is_symlink():
        # Another test process may be doing the same.
        with contextlib.suppress(FileExistsError):
            link.symlink_to(target, target_is_directory=True)
    if link.resolve() != root:
        raise OSError(f"{link} is in the way: it should be a link to {root}")
    return tree


if __name__ == "__main__":
    print(link_collection())
