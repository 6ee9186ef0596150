# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module vm by real ansible-playbook: a VM's life from nothing to nothing, and what is sent for it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.integration.estate import SUBSCRIPTION, identity_id, names, vm_id
from tests.integration.machines import KEY, NEW, NEW_VM, SUBNET, requests, vm

BOTH_KINDS = "SystemAssigned, UserAssigned"
DISK = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web/providers/Microsoft.Compute/disks"
LIFE = [
    vm("check", **NEW, system_assigned=True, identities=["id-web"], check_mode=True, diff=True),
    vm("create", **NEW, system_assigned=True, identities=["id-web"], diff=True),
    vm("again", **NEW, system_assigned=True, identities=["id-web"], diff=True),
    vm("check a change", system_assigned=False, identities=["id-cache"], check_mode=True, diff=True),
    vm("change", system_assigned=False, identities=["id-cache"], diff=True),
    vm("purge", identities=["id-cache"], purge=True),
    vm("untouched"),
    vm("check the end", state="absent", check_mode=True, diff=True),
    vm("delete", **NEW, state="absent", diff=True),
    vm("delete again", state="absent", diff=True),
]


@pytest.mark.oldest
def test_a_whole_life(both) -> None:
    run = both(LIFE)
    changed = {task["name"]: run.result(task["name"])["changed"] for task in LIFE}
    assert [name for name, value in changed.items() if not value] == ["again", "untouched", "delete again"]
    assert [name for name in changed if run.result(name)["created"]] == ["check", "create"]
    check_birth(run)
    check_changes(run)
    check_end(run)
    put, *_others = writes = [line for line in requests(both.emulator) if line[0] != "GET"]
    assert [line[0] for line in writes] == ["PUT", "PATCH", "PATCH", "DELETE"]
    assert put[1]["identity"] == {"type": BOTH_KINDS, "userAssignedIdentities": {identity_id("id-web"): {}}}
    # The identity is there in the first GET after the VM was made.
    assert [line[0] for line in requests(both.emulator)][:5] == ["GET", "GET", "PUT", "GET", "GET"]


def check_birth(run: Any) -> None:
    made, forecast = run.result("create"), run.result("check")
    assert set(forecast) ^ set(made) <= {"warnings"}
    assert forecast["vm"] == {**made["vm"], "location": "westeurope"}
    assert (forecast["identity"]["type"], names(forecast)) == (BOTH_KINDS, ["id-web"])
    assert forecast["identity"]["principal_id"] is None
    assert forecast["network_interface_ids"] is None
    assert made["vm"]["id"] == vm_id("vm-new")
    assert made["identity"]["principal_id"]
    assert [item["client_id"] is not None for item in made["identity"]["user_assigned"]] == [True]
    assert made["diff"] == {"before": None, "after": made["identity"]}
    assert len(made["network_interface_ids"]) == 1
    assert run.result("again")["identity"] == made["identity"]
    assert run.result("again")["diff"]["before"] == made["identity"]
    assert run.result("again")["differences"] == []


def check_changes(run: Any) -> None:
    for name in ("check a change", "change"):
        result = run.result(name)
        assert (result["identity"]["type"], names(result)) == ("UserAssigned", ["id-cache", "id-web"])
        assert result["diff"]["before"]["system_assigned"] is True
        assert result["diff"]["after"] == result["identity"]
    assert names(run.result("purge")) == ["id-cache"]
    assert run.result("purge")["lost_update_protection"] is True


def check_end(run: Any) -> None:
    gone, forecast = run.result("delete"), run.result("check the end")
    assert (gone["vm"], gone["identity"], gone["kept"]) == (None, None, [])
    assert gone["deleted"] == forecast["deleted"]
    assert gone["deleted"][0] == vm_id("vm-new")
    assert [one.rpartition("/")[0].rpartition("/")[2] for one in gone["deleted"][1:]] == ["disks", "networkInterfaces"]
    assert gone["diff"] == {"before": run.result("purge")["identity"], "after": None}
    assert run.result("delete again")["deleted"] == []


def test_all_that_a_vm_can_be_made_of(one) -> None:
    full = {
        **NEW,
        "location": "West Europe",
        "image": {"publisher": "Debian", "offer": "debian-12", "sku": "12-gen2"},
        "os_type": "linux",
        "computer_name": "new",
        "custom_data": "#cloud-config",
        "os_disk": {"size_gb": 64, "type": "Premium_LRS", "caching": "ReadOnly", "delete_with_vm": False},
        "data_disks": [{"size_gb": 8, "lun": 1}, {"size_gb": 16, "type": "StandardSSD_LRS", "delete_with_vm": False}],
        "zone": 2,
        "tags": {"team": "web", "costs": 7, "paid": True},
        "license_type": "RHEL_BYOS",
        "security_type": "TrustedLaunch",
        "secure_boot": False,
        "public_ip": True,
    }
    run = one(
        [
            vm("create", **full),
            vm("again", **full),
            vm("delete", state="absent"),
        ]
    )
    assert run.result("again")["changed"] is False
    assert run.result("again")["differences"] == []
    [body] = [line[1] for line in requests(one.emulator) if line[0] == "PUT"]
    properties = body["properties"]
    assert (body["location"], body["zones"], body["tags"]) == (
        "West Europe",
        ["2"],
        {"team": "web", "costs": "7", "paid": "true"},
    )
    assert properties["securityProfile"] == {
        "securityType": "TrustedLaunch",
        "uefiSettings": {"secureBootEnabled": False, "vTpmEnabled": True},
    }
    assert [disk["lun"] for disk in properties["storageProfile"]["dataDisks"]] == [1, 0]
    result = run.result("delete")
    assert sorted(one.partition("/providers/")[2].split("/")[1] for one in result["deleted"]) == [
        "disks",
        "networkInterfaces",
        "virtualMachines",
    ]
    assert len(result["kept"]) == 2
    left = one.emulator.log("^/subscriptions/")
    assert not [line for line in left if line["method"] == "DELETE" and "disks" in line["path"]]


def test_interfaces_that_exist_outlive_the_vm(one) -> None:
    one.add(vms=[{"name": "vm-gone", "group": "rg-web"}])
    nic = (
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web/providers/Microsoft.Network/networkInterfaces/vm-gone-nic"
    )
    options = {name: value for name, value in NEW.items() if name != "subnet_id"}
    run = one(
        [
            vm("free it", name="vm-gone", state="absent"),
            vm("check", **options, network_interfaces=["vm-gone-nic"], check_mode=True),
            vm("create", **options, network_interfaces=["vm-gone-nic"]),
            vm("by its ID", **options, network_interfaces=[nic.upper().replace("/SUBSCRIPTIONS", "/subscriptions")]),
            vm("taken", **options, name="vm-other", network_interfaces=nic, ignore_errors=True),
            vm("delete", state="absent"),
        ]
    )
    assert run.result("free it")["kept"][-1:] == [nic]
    assert run.result("check")["network_interface_ids"] == run.result("create")["network_interface_ids"] == [nic]
    assert run.result("by its ID")["differences"] == []
    assert "no other VM has" in run.result("taken")["msg"]
    assert run.result("taken")["left_behind"] == []
    assert run.result("delete")["kept"] == [nic]


def test_of_an_existing_vm_only_the_identities_change(one) -> None:
    other = {**NEW, "size": "Standard_D4s_v5", "zone": "1", "tags": {"role": "backend"}}
    run = one([vm("other", **{**other, "name": "vm-web-01"}, identities="id-web")])
    result = run.result("other")
    assert (result["changed"], result["created"], names(result)) == (True, False, ["id-web"])
    said = {item["option"]: (item["wanted"], item["found"]) for item in result["differences"]}
    assert said["size"] == ("Standard_D4s_v5", "Standard_D2s_v5")
    assert said["tags.role"] == ("backend", "frontend")
    assert said["zone"] == ("1", "none")
    [warning] = result["warnings"]
    assert vm_id("vm-web-01") in warning
    assert "size is 'Standard_D2s_v5' instead of 'Standard_D4s_v5'" in warning
    [patch] = [line[1] for line in requests(one.emulator, "vm-web-01") if line[0] == "PATCH"]
    assert list(patch) == ["identity"]


def test_without_waiting(one) -> None:
    one.settings(operation_seconds=1.5)
    run = one(
        [
            vm("create", **NEW, system_assigned=True, identities=["id-web"], wait=False),
            vm("wait for it", identities=["id-web"]),
            vm("delete", state="absent", wait=False),
            vm("wait for its end", state="absent"),
        ]
    )
    made = run.result("create")
    assert (made["created"], made["operation"]["status"]) == (True, "InProgress")
    assert made["identity"]["user_assigned"][0]["principal_id"] is None
    assert (run.result("wait for it")["changed"], run.result("wait for it")["created"]) == (False, False)
    assert run.result("wait for it")["identity"]["user_assigned"][0]["principal_id"]
    assert run.result("delete")["operation"]["url"].startswith("https://")
    assert run.result("wait for its end")["changed"] is False
    assert [line[0] for line in requests(one.emulator) if line[0] != "GET"] == ["PUT", "DELETE"]
    assert "vm-new" not in [item["name"] for item in one.emulator.state()["vms"]]


def test_an_empty_estate_in_check_mode(one) -> None:
    where = {"resource_group": "rg-none", "name": "vm-first"}
    run = one(
        [
            vm("check", **{**NEW, **where}, identities=["id-none"], check_mode=True),
            vm("absent", **where, state="absent"),
            vm("create", **{**NEW, **where}, ignore_errors=True),
        ]
    )
    result = run.result("check")
    assert (result["created"], result["vm"]["location"]) == (True, None)
    assert "The resource group rg-none does not exist: this would fail unless it is created first." in str(result)
    assert "id-none does not exist" in str(result["warnings"])
    assert run.result("absent")["changed"] is False
    assert "Check resource_group and the subscription." in run.result("create")["msg"]
    assert not one.emulator.writes()


@pytest.mark.oldest
def test_secrets_are_told_nowhere(both, tmp_path) -> None:
    password, data = "Sh4ll-stay-hidden", "#cloud-config with a t0ken of somebody"
    log = tmp_path / "ansible.log"
    secrets = {"admin_password": "{{ lookup('env', 'WORD') }}", "custom_data": "{{ lookup('env', 'DATA') }}"}
    options = {name: value for name, value in NEW.items() if name != "ssh_public_keys"}
    run = both(
        [
            vm("create", **options, **secrets),
            vm("again", **{**options, **secrets, "size": "Standard_D4s_v5"}, diff=True),
            vm("refused", **{**options, **secrets, "name": "vm-bad", "image": "a:b:c:d"}, ignore_errors=True),
        ],
        env={"WORD": password, "DATA": data, "ANSIBLE_LOG_PATH": str(log)},
        arguments=("-vvvv", "--diff"),
    )
    assert [item["option"] for item in run.result("again")["differences"]] == ["size"]
    told = run.output + log.read_text(encoding="utf-8") + json.dumps(run.results)
    told += json.dumps([emulator.log() for emulator in both.each()])
    assert "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER" in told
    for secret in (password, data, "I2Nsb3VkLWNvbmZpZyB3aXRo"):
        assert secret not in told
    body = next(line for line in both.emulator.log(method="PUT"))["body"]
    assert (
        body["properties"]["osProfile"]["adminPassword"] == body["properties"]["osProfile"]["customData"] == "********"
    )


def test_names_of_what_is_made_and_the_key(one) -> None:
    one([vm("create", **NEW)])
    [body] = [line[1] for line in requests(one.emulator, NEW_VM) if line[0] == "PUT"]
    assert "identity" not in body
    linux = body["properties"]["osProfile"]["linuxConfiguration"]
    assert linux["disablePasswordAuthentication"] is True
    assert linux["ssh"]["publicKeys"] == [
        {"path": f"/home/{NEW['admin_username']}/.ssh/authorized_keys", "keyData": KEY}
    ]
    [interface] = body["properties"]["networkProfile"]["networkInterfaceConfigurations"]
    assert interface["properties"]["ipConfigurations"][0]["properties"]["subnet"] == {"id": SUBNET}
    [line] = one.emulator.log(method="PUT")
    assert line["headers"]["if-none-match"] == "*"
