# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Azure CLI on a VM that the module vm has made: what it sees of it, what it makes of its name, and its end."""

from __future__ import annotations

from typing import Any

from tests.clients.test_az_vm_create import KEY
from tests.integration.estate import identity_id
from tests.integration.machines import NEW, NEW_VM, vm

HERE = ("--resource-group", "rg-web", "--name", NEW_VM)
MADE = {
    **NEW,
    "ssh_public_keys": [KEY],
    "system_assigned": True,
    "identities": ["id-web"],
    "public_ip": True,
    "data_disks": [{"size_gb": 32}, {"size_gb": 8, "delete_with_vm": False}],
    "tags": {"made": "here"},
}


def listed(az: Any, *what: str) -> set[str]:
    return {item["name"] for item in az(*what, "list", "--resource-group", "rg-web") if NEW_VM in item["name"]}


def test_az_sees_the_vm_as_it_was_made(emulator, az, play) -> None:
    made = play([vm("create", **MADE)]).result("create")
    shown = az("vm", "show", *HERE, "--show-details")
    assert shown["id"] == made["vm"]["id"]
    assert (shown["location"], shown["tags"], shown["provisioningState"]) == ("westeurope", MADE["tags"], "Succeeded")
    assert shown["hardwareProfile"]["vmSize"] == MADE["size"]
    image = shown["storageProfile"]["imageReference"]
    assert [image[part] for part in ("publisher", "offer", "sku", "version")] == MADE["image"].split(":")
    assert shown["osProfile"]["linuxConfiguration"]["ssh"]["publicKeys"][0]["keyData"] == KEY
    assert shown["identity"]["type"] == "SystemAssigned, UserAssigned"
    assert shown["identity"]["principalId"] == made["identity"]["principal_id"]
    assert [key.lower() for key in shown["identity"]["userAssignedIdentities"]] == [identity_id("id-web").lower()]
    assert [disk["diskSizeGB"] for disk in shown["storageProfile"]["dataDisks"]] == [32, 8]
    assert [item["id"] for item in shown["networkProfile"]["networkInterfaces"]] == made["network_interface_ids"]
    assert shown["publicIps"]
    assert listed(az, "network", "nic") == {f"{NEW_VM}-nic"}
    assert len(listed(az, "disk")) == 3
    assert az("vm", "identity", "show", *HERE)["principalId"] == made["identity"]["principal_id"]


def test_what_az_changes_we_see_and_leave(emulator, az, play) -> None:
    play([vm("create", **MADE)])
    az("vm", "identity", "remove", *HERE, "--identities", "id-web")
    az("vm", "update", *HERE, "--set", "tags.made=there")
    run = play([vm("again", **MADE), vm("once more", **{**MADE, "tags": {"made": "there"}})])
    assert run.result("again")["changed"] is True
    assert [(one["option"], one["found"]) for one in run.result("again")["differences"]] == [("tags.made", "there")]
    assert (run.result("once more")["changed"], run.result("once more")["differences"]) == (False, [])
    assert len(az("vm", "identity", "show", *HERE)["userAssignedIdentities"]) == 1
    # Another image under the name: az is refused, as we leave it.
    login = ("--admin-username", "ada", "--ssh-key-values", KEY, "--size", MADE["size"])
    refusal = az.refused("vm", "create", *HERE, "--image", "Debian:debian-12:12:latest", *login)
    assert "PropertyChangeNotAllowed" in refusal
    assert az("vm", "show", *HERE)["storageProfile"]["imageReference"]["publisher"] == "Canonical"


def test_az_deletes_it_with_all_that_was_made_with_it(emulator, az, play) -> None:
    play([vm("create", **MADE)])
    az("vm", "delete", *HERE, "--yes")
    assert "(ResourceNotFound)" in az.refused("vm", "show", *HERE)
    assert listed(az, "network", "nic") == listed(az, "network", "public-ip") == set()
    assert len(listed(az, "disk")) == 1
    assert play([vm("gone", state="absent")]).result("gone")["changed"] is False


def test_az_sees_what_we_have_deleted(emulator, az, play) -> None:
    play([vm("create", **MADE), vm("delete", state="absent")])
    assert "(ResourceNotFound)" in az.refused("vm", "show", *HERE)
    assert listed(az, "network", "nic") == listed(az, "network", "public-ip") == set()
    assert len(listed(az, "disk")) == 1
