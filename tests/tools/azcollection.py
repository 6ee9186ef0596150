# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Unpacks azure.azcollection from the `ansible` package, and lists what its core imports.

    python -m tests.tools.azcollection WHEEL DIRECTORY

`ansible` itself wants a newer Python than the collection does, and all that the collection can use takes gigabytes.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tests.tools.unpack_collection import unpack

__all__ = ("needed",)

# Named by single modules only, which the tests do not use.
_UNUSED = re.compile(
    r"azure-(ai-ml|iot-hub|appconfiguration|containerregistry|eventhub|keyvault|servicebus)|pandas|oras|azure-keyvault-.*"
    r"|azure-mgmt-(apimanagement|appconfiguration|cosmosdb|devtestlabs|eventgrid|hdinsight|keyvault|managedservices"
    r"|recoveryservices|redis|resourcegraph)"
)


def needed(requirements: str) -> list[str]:
    """Return the lines of the collection's requirements without those that its core does not import."""
    lines = [line.strip() for line in requirements.splitlines()]
    names = {line: re.split(r"[=<>~!;\[ ]", line, maxsplit=1)[0].lower() for line in lines if line}
    return [line for line, name in names.items() if not line.startswith("#") and not _UNUSED.fullmatch(name)]


if __name__ == "__main__":
    collection = unpack(Path(sys.argv[1]), Path(sys.argv[2]), "azure.azcollection")
    wanted = needed((collection / "requirements.txt").read_text(encoding="utf-8"))
    (Path(sys.argv[2]) / "requirements.txt").write_text("\n".join(wanted) + "\n", encoding="utf-8")
