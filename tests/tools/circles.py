# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds modules that import each other, directly or through others, at run time or for types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.tools.imports import imports
from tests.tools.link_collection import ROOT

__all__ = ["circles", "module_imports"]


def module_imports(files: Iterable[Path]) -> dict[str, set[str]]:
    """The dotted names of the modules in ``files``, each with those of them that it imports."""
    modules = {".".join(file.relative_to(ROOT).with_suffix("").parts): file for file in files}
    # What is imported is a module, or a name in one.
    return {
        name: {found if found in modules else found.rpartition(".")[0] for found in imports(file)} & set(modules)
        for name, file in modules.items()
    }


def circles(graph: Mapping[str, Iterable[str]]) -> set[str]:
    """The nodes of ``graph`` (each with those that it leads to) that lie in circles, or lead from one to another."""
    left = {name: set(found) for name, found in graph.items()}
    while True:
        led_to = set().union(*left.values()) if left else set()
        # What leads nowhere, or what nothing leads to, is in no circle.
        kept = {name: found & set(left) for name, found in left.items() if found & set(left) and name in led_to}
        if kept == left:
            return set(left)
        left = kept
