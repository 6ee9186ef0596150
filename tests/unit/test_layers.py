# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Imports go down only: front, then engine, then arm, then core. The emulator has an order of its own."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.tools.circles import circles, module_imports
from tests.tools.imports import imports, imports_of_source, source_files
from tests.tools.link_collection import ROOT

UTILS = "plugins.module_utils"
# The packages of the emulator, bottom up: each may import those before it. The program stands in the folder itself.
EMULATOR = (
    "base",
    "wire",
    "templates",
    "limits",
    "cloud",
    "rights",
    "request",
    "entra",
    "authorization",
    "parts",
    "compute",
    "identity",
    "resource_graph",
    "resources",
    "arm",
    "seeding",
)
# The packages of a layer of the collection in the same way; an empty name is the layer's own folder.
PACKAGES = {
    "core": ("", "wire", "identities", "roles", "vm", "survey"),
    "arm": ("net", "auth", "pipeline", "gateways", ""),
    "engine": ("", "machines", "identities", "roles"),
    "front": ("", "machines", "identities", "roles"),
}
_LIBRARIES = {
    "aiohttp",
    "certifi",
    "cryptography",
    "jwt",
    "lark",
    "msgspec",
    "multidict",
    "re2",
    "trustme",
    "yaml",
    "yarl",
}
# What each part may import beside the standard library and itself.
ALLOWED = {
    "plugins/module_utils/core": set(),
    "plugins/module_utils/arm": {f"{UTILS}.core", "azure", "aiohttp", "cryptography", "yarl"},
    "plugins/module_utils/engine": {f"{UTILS}.core", f"{UTILS}.arm"},
    "plugins/module_utils/front": {f"{UTILS}.core", f"{UTILS}.arm", f"{UTILS}.engine", "ansible.module_utils"},
    "plugins/modules": {f"{UTILS}.front"},
    "plugins/doc_fragments": set(),
    "plugins/plugin_utils": {UTILS, "ansible"},
    "plugins/action": {f"{UTILS}.front", "plugins.plugin_utils"},
    "plugins/filter": {f"{UTILS}.core", "ansible.errors", "yaml"},
    "emulator/examples": {"pytest"},
    **{
        f"emulator/{name}": _LIBRARIES | {f"emulator.{lower}" for lower in EMULATOR[:place]}
        for place, name in enumerate(EMULATOR)
    },
    "emulator": _LIBRARIES,
}
LATE = {"azure", "msal", "aiohttp", "cryptography"}
# Of these, those that only some operations use.
TYPED = {"azure.mgmt"}


def _is_below(name: str, packages: set[str]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def _foreign(names: set[str], allowed: set[str]) -> set[str]:
    return {
        name for name in names if name.split(".")[0] not in sys.stdlib_module_names and not _is_below(name, allowed)
    }


def _name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def _part(file: Path) -> str:
    return next(part for part in ALLOWED if _name(file).startswith(f"{part}/"))


PLUGINS = source_files("plugins")
PYTHON = [*PLUGINS, *source_files("emulator")]


@pytest.mark.parametrize("file", PYTHON, ids=_name)
def test_imports_go_down_only(file: Path):
    part = _part(file)

    assert _foreign(imports(file), ALLOWED[part] | {part.replace("/", ".")}) == set()


def test_the_emulator_has_no_other_packages():
    folders = {
        file.relative_to(ROOT / "emulator").parts[0]
        for file in source_files("emulator")
        if file.parent.name != "emulator"
    }

    assert folders == {*EMULATOR, "examples"}


@pytest.mark.parametrize("tree", ["emulator", "plugins"])
def test_no_circles(tree: str):
    """Types count too: two files that name each other's classes are one idea, or one of them is in the wrong place."""
    assert circles(module_imports(source_files(tree))) == set()


@pytest.mark.parametrize("layer", PACKAGES)
def test_the_packages_of_a_layer_have_an_order(layer: str):
    root = ROOT / UTILS.replace(".", "/") / layer
    found = {
        file: _package(layer, file.parent.relative_to(root).parts) for file in source_files(str(root.relative_to(ROOT)))
    }
    order = PACKAGES[layer]

    above = {
        (_name(file), name)
        for file, package in found.items()
        for name in imports(file)
        if name.startswith(f"{UTILS}.{layer}.")
        and order.index(_package(layer, name.split(".")[3:-1])) > order.index(package)
    }

    assert set(found.values()) == set(order)
    assert above == set()


def _package(layer: str, parts: Sequence[str]) -> str:
    """The package of a layer that a dotted name is in, by the parts after the layer's own."""
    return parts[0] if parts and parts[0] in PACKAGES[layer] else ""


def _gateway_calls(file: Path) -> set[str]:
    """What is called on a session's gateway, such as ``session.machines.read``."""
    gateways = {"authorization", "directory", "machines", "user_assigned", "vms"}
    called = (node.func for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call))
    return {
        ast.unparse(func)
        for func in called
        if isinstance(func, ast.Attribute)
        and (func.value.attr if isinstance(func.value, ast.Attribute) else getattr(func.value, "id", "")) in gateways
    }


@pytest.mark.parametrize("file", source_files("plugins/module_utils/front"), ids=_name)
def test_the_front_does_no_input_or_output(file: Path):
    """It hands a session's gateways to the engine, and calls none."""
    gateways = {"_authorization", "_directory", "_machine_identities", "_user_assigned"}
    read = {name.split(".")[4] for name in imports(file) if name.startswith(f"{UTILS}.arm.gateways.")}

    assert read & gateways == set()
    assert _gateway_calls(file) == set()


def test_core_does_no_input_or_output():
    # A clock, a socket or a file in the core would be a second way for the world to get in.
    outside = {"os", "io", "pathlib", "socket", "ssl", "http", "urllib", "time", "random", "asyncio", "subprocess"}

    found = {_name(file): set(imports(file)) for file in source_files("plugins/module_utils/core")}

    assert {file: names for file, names in found.items() if any(name.split(".")[0] in outside for name in names)} == {}


def _top_imports(file: Path) -> set[str]:
    """What ``file`` imports as soon as it is imported itself; what stands in functions or for type checks is not."""
    top = [node for node in ast.parse(file.read_text()).body if isinstance(node, ast.Import | ast.ImportFrom)]
    return imports_of_source(ast.unparse(ast.Module(top, [])), ".".join(file.relative_to(ROOT).parent.parts))


def _loaded_with(starts: list[Path]) -> set[Path]:
    """``starts`` and all files of the repository that importing them imports."""
    seen: set[Path] = set()
    waiting = list(starts)
    while waiting:
        file = waiting.pop()
        if file not in seen:
            seen.add(file)
            names = {name for found in _top_imports(file) for name in (found, found.rpartition(".")[0])}
            modules = [ROOT / (name.replace(".", "/") + ".py") for name in names]
            waiting += [module for module in modules if module.is_file()]
    return seen


def test_the_sdk_is_imported_when_it_is_used():
    """A module that fails in its arguments, or for want of the SDK, has not begun to load the SDK."""
    files = _loaded_with(source_files("plugins/modules"))

    assert {_name(file) for file in files if any(_is_below(name, LATE) for name in _top_imports(file))} == set()


def test_one_file_imports_microsofts_clients_and_late():
    """That of Compute takes a second: whoever does not call it must not pay for it."""
    files = {_name(file) for file in PLUGINS if any(_is_below(name, TYPED) for name in imports(file))}

    assert files == {"plugins/module_utils/arm/pipeline/_typed_packages.py"}
    assert {name for name in _top_imports(ROOT / files.pop()) if _is_below(name, LATE)} == set()


def test_one_file_fails_a_module():
    users = {_name(file) for file in PLUGINS if "fail_json" in file.read_text()}

    assert len(users) <= 1
    assert all(user.startswith("plugins/module_utils/front/") for user in users)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import azure.core", {"azure.core"}),
        ("def f():\n    from azure.core import exceptions", {"azure.core.exceptions"}),
        ("from ._errors import ArmError", {"plugins.module_utils.core._errors.ArmError"}),
        ("from ..arm import _session", {"plugins.module_utils.arm._session"}),
        (
            "from ansible_collections.managed_identity.azure.plugins.module_utils.arm._session import Session",
            {"plugins.module_utils.arm._session.Session"},
        ),
    ],
)
def test_imports_are_found_however_they_are_written(source: str, expected: set[str]):
    assert imports_of_source(source, "plugins.module_utils.core") == expected


@pytest.mark.parametrize(
    ("name", "foreign"),
    [
        ("json", False),
        ("plugins.module_utils.core.identities._plan.Plan", False),
        ("plugins.module_utils.corelike.X", True),
        ("plugins.module_utils.arm.gateways._machine_identities.MachineIdentities", True),
        ("azure.core.exceptions", True),
        ("ansible.module_utils.basic", True),
    ],
)
def test_a_breach_is_seen(name: str, foreign: bool):
    assert bool(_foreign({name}, ALLOWED["plugins/module_utils/core"] | {"plugins.module_utils.core"})) is foreign


@pytest.mark.parametrize(
    ("source", "foreign"),
    [
        ("from ..request.call import Call", set()),
        ("from ..seeding import seed", {"emulator.seeding.seed"}),
        ("if TYPE_CHECKING:\n    from ..arm.routes import ROUTES", {"emulator.arm.routes.ROUTES"}),
        ("def f():\n    from ..world import World", {"emulator.world.World"}),
    ],
)
def test_a_breach_in_the_emulator_is_seen(source: str, foreign: set[str]):
    assert _foreign(imports_of_source(source, "emulator.compute"), ALLOWED["emulator/compute"]) == foreign


@pytest.mark.parametrize(
    ("graph", "found"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, set()),
        ({"a": {"b"}, "b": {"a"}}, {"a", "b"}),
        ({"a": {"a"}}, {"a"}),
        ({"top": {"a"}, "a": {"b"}, "b": {"c"}, "c": {"a", "low"}, "low": set()}, {"a", "b", "c"}),
    ],
)
def test_circles_are_found(graph: dict[str, set[str]], found: set[str]):
    assert circles(graph) == found
