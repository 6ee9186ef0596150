# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The execution environment: what ansible-builder makes of it, and that it asks for what is tested."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement

from tests.tools.link_collection import ROOT, link_collection

BUILDER = str(Path(sys.executable).with_name("ansible-builder"))


def lines(file: str) -> list[str]:
    """The lines of a file of requirements, without comments."""
    found = [re.sub(r"(^|\s)#.*", "", line).strip() for line in (ROOT / file).read_text(encoding="utf-8").splitlines()]
    return [line for line in found if line]


def builder(*arguments: str) -> str:
    done = subprocess.run([BUILDER, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stdout + done.stderr
    return done.stdout


def test_builder_finds_what_the_collection_needs() -> None:
    found = yaml.safe_load(builder("introspect", str(link_collection())))
    python = [line.split("  # ")[0] for line in found["python"]]
    assert python == lines("requirements.txt")
    assert [line.split("  # ")[0] for line in found["system"]] == lines("bindep.txt")


@pytest.fixture(scope="module")
def containerfile(tmp_path_factory: pytest.TempPathFactory) -> str:
    context = tmp_path_factory.mktemp("context")
    builder("create", "--output-filename", "Containerfile", "--context", str(context))
    constraints = "_build/constraints/execution-environment-constraints.txt"
    assert (context / constraints).read_text() == (ROOT / "execution-environment-constraints.txt").read_text()
    return (context / "Containerfile").read_text()


def test_the_image_has_a_named_base_and_is_not_run_by_root(containerfile: str) -> None:
    base = yaml.safe_load((ROOT / "execution-environment.yml").read_text())["images"]["base_image"]["name"]
    assert f'ARG EE_BASE_IMAGE="{base}"' in containerfile
    assert re.search(r":\d+\.\d+$", base), "the base image has no version"
    assert re.findall(r"^USER (\S+)$", containerfile, re.MULTILINE)[-1] == "1000"


def test_every_stage_keeps_to_the_versions(containerfile: str) -> None:
    base, *later = containerfile.split("\nFROM ")[1:]
    assert base.index("ENV PIP_CONSTRAINT=/etc/pip-constraints.txt") < base.index("pip install")
    assert [stage.split()[0] for stage in later] == ["base"] * 3


def test_the_versions_are_what_the_collection_takes() -> None:
    pinned = {name: spec for name, spec in _pins().items() if name != "ansible-core"}
    for line in (*lines("requirements.txt"), "ansible-runner"):
        requirement = Requirement(line)
        [exact] = list(pinned[requirement.name])
        assert exact.operator == "=="
        assert requirement.specifier.contains(exact.version), line


def _pins() -> dict[str, object]:
    """What holds for the interpreter that runs this."""
    pins = [Requirement(line) for line in lines("execution-environment-constraints.txt")]
    environment = default_environment()
    return {pin.name: pin.specifier for pin in pins if pin.marker is None or pin.marker.evaluate(environment)}


@pytest.mark.skipif("EXECUTION_ENVIRONMENT" not in os.environ, reason="of the session execution_environment")
def test_the_tests_run_with_these_versions() -> None:
    installed = {name: version(name) for name in ("ansible-core", "ansible-runner", "azure-identity", "aiohttp")}
    assert {name for name, there in installed.items() if not _pins()[name].contains(there)} == set()
