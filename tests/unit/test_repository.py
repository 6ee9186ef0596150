# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to be there for every module, and what must not be anywhere in the repository."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

from tests.tools.copy_collection import tracked_files
from tests.tools.imports import source_files
from tests.tools.link_collection import ROOT

MODULES = sorted(file.stem for file in (ROOT / "plugins" / "modules").glob("*.py") if file.stem != "__init__")
ROLES = sorted(folder.name for folder in (ROOT / "roles").iterdir() if folder.is_dir())
FILES = tracked_files()
SOURCE_SUFFIXES = {".py", ".sh", ".toml", ".yml", ".yaml", ".cfg"}
LONGEST_FILE = 250
LONGEST_FUNCTION = 40
LONGEST_TASKS = 90
# Where an error that nobody foresaw ends: in the loop, which then looks at what became of a write, and at the border.
NETS = {"plugins/module_utils/engine/_converge.py", "plugins/module_utils/front/_runtime.py"}
# Spelled so that this file does not match itself.
LICENCE = r"SPDX-Licens[e]-Identifier: GPL-3\.0-or-later\n"
FORBIDDEN = {
    "a path of somebody's machine": r"/wor[k]/|/roo[t]/|/home/[a-z]+/|/Users/[A-Za-z]+/|/op[t]/(pypi|wheels)",
    "a host of a package registry": r"pypi\.or[g]|pythonhosted\.or[g]|registry\.npmj[s]|deb\.debia[n]\.org",
}


def _text(file: Path) -> str:
    """The file's text; of a file that is none, whatever decodes."""
    return (ROOT / file).read_text(errors="replace")


def _docs(module: str, name: str) -> str:
    tree = ast.parse(_text(Path(f"plugins/modules/{module}.py")))
    values = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name
    ]
    return ast.literal_eval(values[0]) if values else ""


def _mentions(folder: str, module: str) -> bool:
    """Whether a test below ``folder`` names the module, and not only one whose name begins or ends like it."""
    pattern = re.compile(rf"(?<![A-Za-z0-9]){module}(?![A-Za-z0-9_])")
    return any(
        pattern.search(str(file)) or pattern.search(_text(file))
        for file in FILES
        if file.is_relative_to(folder) and file.name not in ("test_repository.py", "conftest.py")
    )


@pytest.mark.parametrize("module", MODULES)
class TestModule:
    @pytest.mark.parametrize("name", ["DOCUMENTATION", "EXAMPLES", "RETURN"])
    def test_is_documented(self, module: str, name: str):
        assert yaml.safe_load(_docs(module, name))

    def test_declares_what_it_supports(self, module: str):
        documentation = yaml.safe_load(_docs(module, "DOCUMENTATION"))

        assert documentation["module"] == module
        assert documentation["version_added"]
        assert {"attributes", "extends_documentation_fragment"} & set(documentation)

    def test_examples_use_its_full_name(self, module: str):
        tasks = yaml.safe_load(_docs(module, "EXAMPLES"))

        assert any(f"managed_identity.azure.{module}" in task for task in tasks)

    def test_has_an_action_plugin(self, module: str):
        assert (ROOT / "plugins" / "action" / f"{module}.py").is_file()

    def test_is_in_the_action_group(self, module: str):
        assert module in yaml.safe_load(_text(Path("meta/runtime.yml")))["action_groups"]["all"]

    def test_has_unit_tests(self, module: str):
        assert _mentions("tests/unit", module)

    def test_has_integration_tests(self, module: str):
        assert _mentions("tests/integration", module)


def _playbooks_of(role: str) -> list[str]:
    """The playbooks that run a role."""
    runs = re.compile(rf"^\s*(?:- role|name): managed_identity\.azure\.{role}$", re.MULTILINE)
    return [file.stem for file in sorted((ROOT / "playbooks").glob("*.yml")) if runs.search(file.read_text())]


@pytest.mark.parametrize("role", ROLES)
class TestRole:
    def test_describes_every_variable(self, role: str):
        folder = Path("roles") / role
        options = yaml.safe_load(_text(folder / "meta/argument_specs.yml"))["argument_specs"]["main"]["options"]
        defaults = yaml.safe_load(_text(folder / "defaults/main.yml"))

        assert set(defaults) <= set(options)
        assert all(name.startswith(f"{role}_") and option["description"] for name, option in options.items())
        assert {name for name in options if not options[name].get("required")} == set(defaults)
        # Those that a template makes have no default that could be shown.
        shown = {name: value for name, value in defaults.items() if "{{" not in str(value)}
        assert {name: options[name].get("default") for name in shown} == shown

    def test_says_what_it_is(self, role: str):
        readme = _text(Path(f"roles/{role}/README.md"))

        assert yaml.safe_load(_text(Path(f"roles/{role}/meta/main.yml")))["galaxy_info"]["description"]
        assert f"role: managed_identity.azure.{role}" in readme
        assert all(f"`{name}`" in readme for name in yaml.safe_load(_text(Path(f"roles/{role}/defaults/main.yml"))))

    def test_has_short_task_files(self, role: str):
        tasks = [file for file in FILES if file.is_relative_to(f"roles/{role}/tasks")]

        assert tasks
        assert {str(file): lines for file in tasks if (lines := len(_text(file).splitlines())) > LONGEST_TASKS} == {}

    def test_makes_values_of_variables_in_one_place(self, role: str):
        """What a survey answers is a text; tasks see only what vars/main.yml has made of it."""
        names = "|".join(yaml.safe_load(_text(Path(f"roles/{role}/defaults/main.yml"))))
        used = re.compile(rf"(?<!_)\b({names})\b\s*[|}}]")
        files = [file for file in FILES if file.is_relative_to(f"roles/{role}/tasks")]

        assert {str(file): found for file in files if (found := used.findall(_text(file)))} == {}

    def test_has_a_playbook(self, role: str):
        assert role in _playbooks_of(role)

    def test_has_a_molecule_scenario(self, role: str):
        folder = ROOT / "extensions" / "molecule" / role
        sequence = yaml.safe_load((folder / "molecule.yml").read_text())["scenario"]["test_sequence"]

        assert {"converge", "idempotence", "verify", "check"} <= set(sequence)

    def test_has_integration_tests(self, role: str):
        assert (ROOT / "tests" / "integration" / f"test_role_{role}.py").is_file()


def test_action_group_and_action_plugins_name_modules_only():
    group = yaml.safe_load(_text(Path("meta/runtime.yml")))["action_groups"]["all"]
    actions = [file.stem for file in source_files("plugins/action") if file.stem != "__init__"]

    assert sorted(group) == MODULES
    assert actions == MODULES


def test_sanity_ignores_nothing():
    assert [file for file in FILES if file.is_relative_to("tests/sanity") and file.name.startswith("ignore")] == []


@pytest.mark.parametrize("file", [file for file in FILES if file.suffix in SOURCE_SUFFIXES], ids=str)
def test_source_says_its_licence(file: Path):
    text = _text(file)

    # changelog.yaml is rewritten by its tool; ansible-test wants __init__.py empty.
    generated = file == Path("changelogs/changelog.yaml") or (file.name == "__init__.py" and not text)
    assert generated or re.search(LICENCE, text[:600])


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nothing_leads_out_of_the_repository(what: str):
    pattern = re.compile(FORBIDDEN[what])

    assert [str(file) for file in FILES if (ROOT / file).is_file() and pattern.search(_text(file))] == []


def _handlers(file: Path) -> list[ast.ExceptHandler]:
    return [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.ExceptHandler)]


@pytest.mark.parametrize("file", source_files("plugins", "emulator"), ids=lambda file: str(file.relative_to(ROOT)))
class TestSource:
    def test_catches_nothing_that_it_does_not_know(self, file: Path):
        nets = 1 if str(file.relative_to(ROOT)) in NETS else 0
        caught = ["" if handler.type is None else ast.unparse(handler.type) for handler in _handlers(file)]

        everything = [types for types in caught if types == "" or re.search(r"\b(Base)?Exception\b", types)]
        assert everything == ["Exception"] * nets

    def test_is_short(self, file: Path):
        text = file.read_text()
        docs = sum(
            _length(node)
            for node in ast.parse(text).body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and _length(node) > 1
        )

        assert len(text.splitlines()) - docs <= LONGEST_FILE

    def test_has_short_functions(self, file: Path):
        functions = [
            node
            for node in ast.walk(ast.parse(file.read_text()))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]

        assert {node.name: _length(node) for node in functions if _length(node) > LONGEST_FUNCTION} == {}


def _length(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1
