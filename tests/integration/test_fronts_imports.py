# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SDK is imported once, before ansible-playbook forks its workers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.estate import system, user

pytestmark = pytest.mark.oldest

# Writes process and name of every module that is imported for the first time in a process.
WATCH = """
import os, sys
class Watch:
    def find_spec(self, name, path=None, target=None):
        with open(os.environ["TEST_IMPORTS"], "a") as file:
            file.write(f"{os.getpid()} {name}\\n")
sys.meta_path.insert(0, Watch())
"""
HEAVY = ("aiohttp", "azure.core.pipeline.policies", "azure.identity.aio", "msal", "cryptography")
# No worker may be the first to import any of these.
SHARED = (*HEAVY, "azure.identity", "azure.core.pipeline", "ansible_collections.managed_identity.azure")


@pytest.fixture
def imports(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    return {"PYTHONPATH": str(tmp_path), "TEST_IMPORTS": str(tmp_path / "imports")}


def seen(imports: dict[str, str]) -> list[tuple[str, str]]:
    lines = Path(imports["TEST_IMPORTS"]).read_text(encoding="utf-8").splitlines()
    return [(pid, name) for pid, _blank, name in (line.partition(" ") for line in lines)]


@pytest.mark.parametrize("strategy", ["linear", "free"])
def test_once_before_the_fork(one, imports: dict[str, str], strategy: str) -> None:
    task = {"resource_group": "rg-web", "name": "{{ inventory_hostname }}"}
    play = {
        "hosts": "all",
        "gather_facts": False,
        "strategy": strategy,
        "tasks": [{"name": "look", "managed_identity.azure.vm_identity_info": task}] * 2,
    }
    hosts = {vm: {} for vm in ("vm-web-01", "vm-web-02", "vm-web-03")}
    one([play], hosts=hosts, arguments=("--forks", "3"), env=imports)
    found = seen(imports)
    first = found[0][0]
    for name in HEAVY:
        assert [pid for pid, imported in found if imported == name] == [first], name
    workers = {name for pid, name in found if pid != first}
    assert {name for name in workers if name.startswith(SHARED)} == set()


def test_nothing_is_imported_where_no_task_needs_it(one, imports: dict[str, str]) -> None:
    one([{"name": "debug", "ansible.builtin.debug": {"msg": "x"}}], env=imports)
    assert [name for _pid, name in seen(imports) if name.startswith(("azure", "aiohttp"))] == []


def test_tasks_on_machines_import_no_client_of_microsofts(play, imports: dict[str, str]) -> None:
    """That of Compute takes a second and 115 MiB, which is more than all the rest of such a task."""
    play([system("enable", "vm-web-02"), user("assign", "vm-web-02", "id-web")], env=imports)
    names = {name for _pid, name in seen(imports)}
    assert "azure.core.pipeline" in names
    assert {name for name in names if name.startswith(("azure.mgmt", "azure.profiles"))} == set()


def test_a_task_on_an_identity_imports_the_client_for_it_and_no_other(play, imports: dict[str, str]) -> None:
    task = {"resource_group": "rg-web", "name": "id-new", "location": "westeurope"}
    play([{"name": "create", "managed_identity.azure.user_assigned_identity": task}], env=imports)
    names = {name for _pid, name in seen(imports)}
    assert "azure.mgmt.msi.aio" in names
    assert {name for name in names if name.startswith("azure.mgmt.compute")} == set()
