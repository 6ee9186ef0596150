# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads which modules a Python file imports, wherever in the file it does so."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from tests.tools.link_collection import ROOT

__all__ = ["COLLECTION", "imports", "imports_of_source", "modules_in", "source_files"]

COLLECTION = "ansible_collections.managed_identity.azure"


def source_files(*folders: str) -> list[Path]:
    """The Python files below ``folders``, which are relative to the repository's root."""
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def modules_in(layer: str) -> list[ModuleType]:
    """The modules of a layer of module_utils and of its packages, imported."""
    name = f"{COLLECTION}.plugins.module_utils.{layer}"
    # Wherever it was imported from: the mutants lie in a tree of their own.
    root = Path(import_module(name).__path__[0])
    files = sorted(root.rglob("*.py"))
    return [import_module(".".join((name, *file.relative_to(root).with_suffix("").parts))) for file in files]


def imports(file: Path) -> set[str]:
    """The dotted names of all modules that ``file`` imports; those of the repository begin at its root."""
    return imports_of_source(file.read_text(), ".".join(file.relative_to(ROOT).parent.parts))


def imports_of_source(source: str, package: str) -> set[str]:
    """The same for ``source`` that lies in ``package``, as ``plugins.module_utils.core``."""
    return set(_names(ast.parse(source), package))


def _names(tree: ast.AST, package: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.removeprefix(f"{COLLECTION}.") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            outer = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*outer, *filter(None, [node.module])]).removeprefix(f"{COLLECTION}.")
            # What is imported may be a module as well as a name in one.
            yield from (f"{base}.{alias.name}" for alias in node.names)
