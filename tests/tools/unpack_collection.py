# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Unpacks one collection from a wheel of the `ansible` package.

python -m tests.tools.unpack_collection WHEEL DIRECTORY NAMESPACE.NAME
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

__all__ = ("unpack",)


def unpack(wheel: Path, directory: Path, collection: str) -> Path:
    """Unpack a collection below ``directory/ansible_collections``; return its own folder."""
    root = f"ansible_collections/{collection.replace('.', '/')}/"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(directory, [name for name in archive.namelist() if name.startswith(root)])
    return directory / root


if __name__ == "__main__":
    print(unpack(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
