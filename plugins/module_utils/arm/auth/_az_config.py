# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Which cloud the Azure CLI is set to: a token that it gives is good there only."""

from __future__ import annotations

from collections.abc import Mapping
from configparser import Error as ConfigError
from configparser import RawConfigParser
from os.path import expanduser
from pathlib import Path

from ._file import read_regular

__all__ = ["active_cloud"]


def active_cloud(environ: Mapping[str, str]) -> str | None:
    """The cloud that `az cloud set` has chosen: its name, or its Resource Manager's URL if the user registered it.

    Read from the Azure CLI's own files, since asking `az` takes it a second.

    :return: None if the Azure CLI says nothing, and so uses AzureCloud
    """
    folder = Path(environ.get("AZURE_CONFIG_DIR") or Path(environ.get("HOME") or expanduser("~")) / ".azure")
    name = environ.get("AZURE_CLOUD_NAME") or _read(folder / "config", "cloud", "name")
    if not name:
        return None
    return _read(folder / "clouds.config", name, "endpoint_resource_manager") or name


def _read(file: Path, section: str, key: str) -> str | None:
    parser = RawConfigParser(strict=False)
    try:
        parser.read_string(read_regular(str(file)).decode("utf-8"))
    except (ConfigError, OSError, UnicodeDecodeError):
        # A damaged file is for the Azure CLI to tell about, if it is asked at all.
        return None
    return parser.get(section, key, fallback=None)
