# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Gives ansible-test a home in which its virtual environments can be made from the configured package index alone.

ansible-test passes nothing but HOME and PATH to what it starts, so pip's settings have to be in a file there, and it
downloads a bootstrap script for pip from elsewhere unless its cache holds one.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["make_home", "pip_settings", "pip_version"]

STUB = Path(__file__).with_name("get_pip_stub.py")


def pip_settings(listing: str) -> str:
    """The text of a pip.conf that says what ``pip config list`` (its output is ``listing``) says.

    A setting from the environment wins over the same one from a file, as it does in pip.
    """
    sections: dict[str, dict[str, str]] = {}
    for line in sorted(listing.splitlines(), key=lambda line: line.startswith(":env:.")):
        key, value = line.split("=", 1)
        section, name = key.rsplit(".", 1)
        section = "global" if section == ":env:" else section
        # pip separates several values by white space, and a file wants continuation lines indented.
        sections.setdefault(section, {})[name] = "\n    ".join(ast.literal_eval(value).split())
    return "".join(
        f"[{section}]\n" + "".join(f"{name} = {value}\n" for name, value in settings.items())
        for section, settings in sections.items()
    )


def pip_version(package: Path) -> str:
    """The version of pip that the ansible-test in ``package`` wants. Raises LookupError if it does not say."""
    source = (package / "_internal" / "python_requirements.py").read_text()
    match = re.search(r"pip=.([0-9.]+)", source)
    if match is None:
        raise LookupError(f"{package} names no version of pip")
    return match[1]


def make_home(home: Path, package: Path) -> None:
    """Write pip's settings and, unless it is there, the stand-in of ``package``'s pip bootstrap into ``home``."""
    settings = home / ".config" / "pip" / "pip.conf"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.touch(mode=0o600)  # an index address can hold a password
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    settings.write_text(pip_settings(subprocess.run([*pip, "config", "list"], check=True, stdout=-1, text=True).stdout))
    version = pip_version(package)
    cache = home / ".ansible" / "test" / "cache"
    bootstrap = cache / f"get_pip_{version.replace('.', '_')}.py"
    if not bootstrap.exists():
        cache.mkdir(parents=True, exist_ok=True)
        subprocess.run([*pip, "download", "--quiet", "--no-deps", "-d", str(cache), f"pip=={version}"], check=True)
        shutil.copy(STUB, bootstrap)
