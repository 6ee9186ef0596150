# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""azure.azcollection, unchanged, with a real ansible-playbook against the emulator."""

from __future__ import annotations

import importlib.util
import os
import sys
import typing as t
import uuid
from pathlib import Path

import pytest

from tests.integration.ansible_run import Play, start_play
from tests.support.emulator import Emulator

_PLACES = [*os.environ.get("ANSIBLE_COLLECTIONS_PATH", "").split(":"), *sys.path]
_INSTALLED = any(place and (Path(place) / "ansible_collections/azure/azcollection").is_dir() for place in _PLACES)
pytestmark = pytest.mark.skipif(
    not _INSTALLED or importlib.util.find_spec("msgraph") is None,
    reason="azure.azcollection or what it imports is not installed; `nox --session azcollection` installs both",
)
_VM = "azure.azcollection.azure_rm_virtualmachine"
_IDENTITY = "azure.azcollection.azure_rm_userassignedidentity"
_ASSIGNMENT = "azure.azcollection.azure_rm_roleassignment"
_READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Emulator]:
    """One emulator for the module."""
    with Emulator.start(directory=tmp_path_factory.mktemp("emulator")) as running:
        yield running


@pytest.fixture
def play(emulator: Emulator, tmp_path: Path) -> t.Callable[..., Play]:
    """Runs tasks with azcollection's environment; the emulator is at its seed."""
    emulator.reset()
    environment = {
        **emulator.env,
        # It looks the endpoint up in the Azure CLI's cache of clouds, which must not be an old one.
        "AZURE_CONFIG_DIR": str(tmp_path / "azure"),
        "AZURE_DISABLE_INSTANCE_DISCOVERY": "true",
    }

    def run(*tasks: dict[str, t.Any]) -> Play:
        found = start_play(list(tasks), tmp_path / "play", environment, front="").wait(timeout=300)
        assert found.rc == 0, found.output
        return found

    return run


def vm_task(task: str, vm: str, **options: t.Any) -> dict[str, t.Any]:
    """Return a task on a VM."""
    return {"name": task, _VM: {"resource_group": "rg-web", "name": vm, **options}}


def changes(play: Play) -> dict[str, bool]:
    """Return what each task said about a change."""
    return {line["task"]: line["result"]["changed"] for line in play.results if "changed" in line["result"]}


def test_info(play: t.Callable[..., Play]) -> None:
    info = f"{_VM}_info"
    found = play(
        {"name": "one", info: {"resource_group": "rg-web", "name": "vm-app-01"}},
        {"name": "group", info: {"resource_group": "rg-web"}},
        {"name": "all", info: {}},
    )
    (vm,) = found.result("one")["vms"]
    assert (vm["power_state"], vm["provisioning_state"]) == ("running", "Succeeded")
    assert vm["identity"]["type"] == "SystemAssigned, UserAssigned"
    assert vm["network_interface_names"] == ["vm-app-01-nic"]
    assert len(found.result("group")["vms"]) == 8
    assert len(found.result("all")["vms"]) == 11


def test_system_identity(play: t.Callable[..., Play], emulator: Emulator) -> None:
    system = {"vm_identity": {"type": "SystemAssigned"}}
    found = play(
        vm_task("enable", "vm-web-01", **system),
        vm_task("again", "vm-web-01", **system),
    )
    assert changes(found) == {"enable": True, "again": False}
    identity = emulator.vm("vm-web-01")["identity"]
    assert found.result("enable")["ansible_facts"]["azure_vm"]["identity"]["principal_id"] == identity["principalId"]


def test_user_assigned_identities(play: t.Callable[..., Play], emulator: Emulator) -> None:
    wanted = emulator.identity("id-cache")["id"]
    users = {"type": "UserAssigned", "user_assigned_identities": {"id": [wanted], "append": True}}
    found = play(vm_task("append", "vm-web-03", vm_identity=users))
    assert changes(found) == {"append": True}
    kept = {key.lower() for key in emulator.vm("vm-web-03")["identity"]["userAssignedIdentities"]}
    assert kept == {wanted.lower(), emulator.identity("id-web")["id"].lower()}


def test_a_vm_from_nothing_to_nothing(play: t.Callable[..., Play], emulator: Emulator) -> None:
    user = "azureuser"
    key = {"path": f"/home/{user}/.ssh/authorized_keys", "key_data": "ssh-rsa AAAAB3NzaC1yc2E emulator"}
    login = {"admin_username": user, "ssh_password_enabled": False, "ssh_public_keys": [key]}
    image = {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"}
    system = {"vm_identity": {"type": "SystemAssigned"}}
    place = {
        "vm_size": "Standard_D2s_v5",
        "virtual_network_name": "vnet-westeurope",
        "managed_disk_type": "Premium_LRS",
    }
    found = play(
        vm_task("create", "vm-new", image=image, **login, **place, **system),
        vm_task("deallocate", "vm-new", allocated=False),
        vm_task("start", "vm-new", started=True),
        {"name": "info", f"{_VM}_info": {"resource_group": "rg-web", "name": "vm-new"}},
        vm_task("remove", "vm-new", state="absent", remove_on_absent=["all"]),
    )
    assert changes(found) == {"create": True, "deallocate": True, "start": True, "info": False, "remove": True}
    created = found.result("create")["ansible_facts"]["azure_vm"]
    assert created["identity"]["type"] == "SystemAssigned"
    assert created["network_profile"]["network_interfaces"][0]["properties"]["ip_configurations"][0][
        "private_ip_address"
    ]
    assert found.result("deallocate")["ansible_facts"]["azure_vm"]["powerstate"] == "deallocated"
    assert found.result("info")["vms"][0]["power_state"] == "running"
    assert "vm-new" not in [vm["name"] for vm in emulator.state()["vms"]]
    left = [item["path"] for item in emulator.log(r"/vm-new01\?", method="DELETE") if item["status"] == 200]
    assert len(left) == 3


def test_identities(play: t.Callable[..., Play], emulator: Emulator) -> None:
    name = {"resource_group": "rg-web", "name": "id-new"}
    found = play(
        {"name": "create", _IDENTITY: {**name, "location": "westeurope", "tags": {"a": "b"}}},
        {"name": "again", _IDENTITY: {**name, "location": "westeurope", "tags": {"a": "b"}}},
        {"name": "info", f"{_IDENTITY}_info": name},
        {"name": "all", f"{_IDENTITY}_info": {}},
        {"name": "remove", _IDENTITY: {**name, "state": "absent"}},
    )
    assert changes(found) == {"create": True, "again": False, "info": False, "all": False, "remove": True}
    (shown,) = found.result("info")["userassignedidentities"]
    assert shown["principal_id"] == found.result("create")["state"]["principal_id"]
    assert len(found.result("all")["userassignedidentities"]) == 7
    assert "id-new" not in [item["name"] for item in emulator.state()["identities"]]


def test_role_assignments(play: t.Callable[..., Play], emulator: Emulator) -> None:
    """With a name and without one; the second time each is found, in the end none is left."""
    principal = emulator.identity("id-web")["principal_id"]
    scope = emulator.vm("vm-web-01")["id"].partition("/providers/")[0]
    role = f"{scope.partition('/resourceGroups/')[0]}/providers/Microsoft.Authorization/roleDefinitions/{_READER}"
    unnamed = {"scope": scope, "assignee_object_id": principal, "role_definition_id": role}
    named = {**unnamed, "scope": emulator.vm("vm-web-01")["id"], "name": str(uuid.uuid4())}
    found = play(
        {"name": "role", "azure.azcollection.azure_rm_roledefinition_info": {"scope": scope, "role_name": "Reader"}},
        {"name": "named", _ASSIGNMENT: named},
        {"name": "named again", _ASSIGNMENT: named},
        {"name": "unnamed", _ASSIGNMENT: unnamed},
        {"name": "unnamed again", _ASSIGNMENT: unnamed},
        {"name": "of one", f"{_ASSIGNMENT}_info": {"assignee": principal}},
        {"name": "at a scope", f"{_ASSIGNMENT}_info": {"scope": scope, "strict_scope_match": True}},
    )
    expected = {"named": True, "named again": False, "unnamed": True, "unnamed again": False}
    assert {task: changed for task, changed in changes(found).items() if "named" in task} == expected
    assert [item["name"] for item in found.result("role")["roledefinitions"]] == [_READER]
    of_one = {(item["scope"], item["role_definition_id"]) for item in found.result("of one")["roleassignments"]}
    assert of_one == {(named["scope"], role), (scope, role)}
    assert principal in [item["assignee_object_id"] for item in found.result("at a scope")["roleassignments"]]
    held = {item["scope"] for item in emulator.state()["role_assignments"] if item["principal_id"] == principal}
    assert held == {scope, named["scope"]}
    gone = {"name": named["name"], "scope": named["scope"], "state": "absent"}
    found = play(
        {"name": "remove the named", _ASSIGNMENT: gone},
        {"name": "remove it again", _ASSIGNMENT: gone},
        {"name": "remove the unnamed", _ASSIGNMENT: {**unnamed, "state": "absent"}},
    )
    expected = {"remove the named": True, "remove it again": False, "remove the unnamed": True}
    # The results of the first play are in the same file.
    assert {task: changed for task, changed in changes(found).items() if task.startswith("remove")} == expected
    assert principal not in [item["principal_id"] for item in emulator.state()["role_assignments"]]
