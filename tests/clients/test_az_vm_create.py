# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Azure CLI creates VMs: by a template that it deploys, with all that a VM stands on."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from tests.integration.estate import SUBSCRIPTION, identity_id, system, vm_id

NEW = ("--resource-group", "rg-web", "--name", "vm-new")
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web"


def public_key(owner: str) -> str:
    """A public key of whose parts the Azure CLI looks at the first one only, the name of the algorithm."""
    return f"ssh-rsa {base64.b64encode(bytes([0, 0, 0, 7]) + b'ssh-rsa' + owner.encode() * 40).decode()} {owner}"


KEY, OTHER_KEY = public_key("someone"), public_key("other")


def create(*more: str, key: str = KEY) -> tuple[str, ...]:
    """The command that creates the VM, or asks for it again."""
    login = ("--admin-username", "someone", "--ssh-key-values", key)
    return ("vm", "create", *NEW, "--image", "Ubuntu2204", "--size", "Standard_D2s_v5", *login, *more)


def test_a_vm_with_both_kinds_of_identity(emulator, az, play) -> None:
    command = create("--assign-identity", "[system]", identity_id("id-web"))
    made = az(*command)
    assert (made["powerState"], made["resourceGroup"]) == ("VM running", "rg-web")
    held = emulator.vm("vm-new")["identity"]
    assert held["type"] == "SystemAssigned, UserAssigned"
    assert made["identity"]["systemAssignedIdentity"] == held["principalId"]
    assert {key.lower() for key in held["userAssignedIdentities"]} == {identity_id("id-web").lower()}
    assert az("vm", "identity", "show", *NEW)["principalId"] == held["principalId"]
    shown = az("vm", "show", *NEW, "--show-details")
    assert (shown["privateIps"], shown["publicIps"]) == (made["privateIpAddress"], made["publicIpAddress"])
    # The same again is no change, and our modules see what it has made.
    again = az(*command)
    assert again["identity"] == made["identity"]
    after = az("vm", "show", *NEW, "--show-details")
    assert {**after, "etag": ""} == {**shown, "etag": ""}
    run = play([system("enabled", "vm-new"), system("disabled", "vm-new", state="absent")])
    assert [run.result(task)["changed"] for task in ("enabled", "disabled")] == [False, True]
    assert az("vm", "identity", "show", *NEW)["type"] == "UserAssigned"


def test_a_name_that_is_taken(emulator, az) -> None:
    az(*create())
    assert emulator.vm("vm-new")["identity"] is None
    refusal = az.refused(*create(key=OTHER_KEY))
    assert "Changing property 'linuxConfiguration.ssh.publicKeys' is not allowed." in refusal
    assert "(PropertyChangeNotAllowed)" in refusal or '"PropertyChangeNotAllowed"' in refusal


def test_a_vm_with_a_role_is_seen_and_deleted(emulator, az) -> None:
    made = az(*create("--assign-identity", "--role", "Reader", "--scope", GROUP))
    principal = made["identity"]["systemAssignedIdentity"]
    (given,) = [item for item in emulator.state()["role_assignments"] if item["principal_id"] == principal]
    assert given["scope"] == GROUP
    assert "vm-new" in [vm["name"] for vm in az("vm", "list", "--resource-group", "rg-web")]
    kinds = {item["type"]: item["name"] for item in az("resource", "list", "--resource-group", "rg-web")}
    assert {"Microsoft.Compute/virtualMachines", "Microsoft.Network/publicIPAddresses"} <= set(kinds)
    (found,) = az("resource", "list", "--name", "vm-new", "--resource-type", "Microsoft.Compute/virtualMachines")
    assert (found["id"], found["identity"]["principalId"]) == (vm_id("vm-new"), principal)
    (deployed,) = az("deployment", "group", "list", "--resource-group", "rg-web")
    assert deployed["properties"]["provisioningState"] == "Succeeded"
    az("vm", "delete", *NEW, "--yes")
    assert "vm-new" not in [vm["name"] for vm in az("vm", "list", "--resource-group", "rg-web")]


def test_a_vm_in_a_group_of_its_own(emulator, az) -> None:
    """There is no network yet: az makes one."""
    az("group", "create", "--name", "rg-new", "--location", "westeurope")
    emulator.settings(operation_seconds=2, retry_after=1)
    where = ("--resource-group", "rg-new", "--name", "vm-first")
    login = ("--admin-username", "someone", "--admin-password", "Not-a-secret-1")
    az("vm", "create", *where, "--image", "Debian12", "--size", "Standard_D2s_v5", *login)
    assert {item["name"] for item in az("resource", "list", "--resource-group", "rg-new")} >= {
        *("vm-first", "vm-firstVNET", "vm-firstNSG", "vm-firstPublicIP", "vm-firstVMNic")
    }
    assert all("Not-a-secret-1" not in str(line) for line in emulator.log())
    az("group", "delete", "--name", "rg-new", "--yes")


def test_a_template_of_ones_own(emulator, az, tmp_path: Path) -> None:
    group = {"type": "Microsoft.Network/networkSecurityGroups", "apiVersion": "2022-01-01", "name": "nsg-new"}
    shown = "[resourceId('Microsoft.Network/networkSecurityGroups', 'nsg-new')]"
    template = {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {"where": {"type": "string"}},
        "resources": [{**group, "location": "[parameters('where')]"}],
        "outputs": {"id": {"type": "string", "value": shown}},
    }
    file = tmp_path / "template.json"
    file.write_text(json.dumps(template))
    run = ("deployment", "group", "create", "--resource-group", "rg-web", "--name", "own", "--template-file", str(file))
    made = az(*run, "--parameters", "where=westeurope")
    assert made["properties"]["outputs"]["id"]["value"].endswith("/networkSecurityGroups/nsg-new")
    file.write_text(json.dumps({**template, "outputs": {"id": {"type": "string", "value": "[fancy('x')]"}}}))
    assert "The template function 'fancy' is not valid" in az.refused(*run, "--parameters", "where=westeurope")


def test_what_compute_refuses(emulator, az) -> None:
    emulator.settings(unavailable_sizes=["Standard_D2s_v5"])
    assert "SkuNotAvailable" in az.refused(*create())
    assert "vm-new" not in [vm["name"] for vm in emulator.state()["vms"]]
    missing = identity_id("id-missing")
    emulator.settings(unavailable_sizes=[])
    assert "id-missing" in az.refused(*create("--assign-identity", missing))
