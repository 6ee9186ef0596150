# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module vm where something is in the way: what Azure refuses, others who are quicker, answers that do not come."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.integration.estate import SUBSCRIPTION, identity_id, names, vm_id
from tests.integration.machines import NEW, NEW_VM, requests, vm
from tests.integration.test_bad_input import OPERATOR

PUT = {"match": {"method": "PUT", "path": f"virtualMachines/{NEW_VM}[?]"}, "nth": 1}
WITH_IDENTITY = {**NEW, "system_assigned": True, "identities": ["id-web"]}

# What one task of a play asks for, and what its failure says; Azure has left nothing behind.
REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "quota": ({"size": "Standard_D32s_v5"}, "OperationNotAllowed", "quota is used up"),
    "sku": ({"size": "Standard_D4s_v5"}, "SkuNotAvailable", "Take another size, zone or region"),
    "size": ({"size": "Standard_Huge"}, "InvalidParameter", "Correct size"),
    "image": ({"image": "Canonical:ubuntu:99:latest"}, "PlatformImageNotFound", "Correct image; az vm image list"),
    "user": ({"admin_username": "root"}, "InvalidParameter", "Choose another admin_username"),
    "password": ({"admin_password": "weak"}, "InvalidParameter", "Choose another admin_password"),
    "subnet": ({"subnet_id": NEW["subnet_id"] + "2"}, "InvalidResourceReference", "default2 does not exist: create"),
    "identity": ({"identities": ["id-none"]}, "FailedIdentityOperation", "id-none does not exist: create it first"),
    "right": ({"environment": OPERATOR}, "LinkedAuthorizationFailed", "the role Managed Identity Operator has it"),
}


def test_what_azure_refuses_is_told_with_its_remedy(one) -> None:
    # Whatever the estate has, the size with 32 cores is too much, and the others are not.
    one.settings(cores_quota=33, unavailable_sizes=["Standard_D4s_v5"])
    wanted = {**WITH_IDENTITY, "ignore_errors": True, "diff": True}
    run = one([vm(name, **{**wanted, **options, "name": f"vm-{name}"}) for name, (options, _c, _s) in REFUSED.items()])
    for name, (_options, code, says) in REFUSED.items():
        result = run.result(name)
        assert (result["changed"], result["created"]) == (False, False), name
        assert result["error"]["code"] == code, name
        assert says in result["msg"]
        assert result["msg"].startswith(f"PUT {vm_id(f'vm-{name}')}: ")
        assert (result["left_behind"], "diff" in result, "vm" in result) == ([], False, False), name
        assert [line[0] for line in requests(one.emulator, f"vm-{name}")] == ["GET", "PUT", "GET"], name
    there = {item["name"] for item in one.emulator.state()["vms"]}
    assert there.isdisjoint(f"vm-{name}" for name in REFUSED)


@pytest.mark.oldest
def test_a_refusal_is_the_same_by_both_fronts(both) -> None:
    both.settings(cores_quota=8)
    run = both([vm("create", **{**WITH_IDENTITY, "size": "Standard_D32s_v5"}, ignore_errors=True)])
    assert [line["outcome"] for line in run.results] == ["failed"]
    assert run.result("create")["changed"] is False


def test_a_creation_that_fails_half_way_leaves_something_behind(one) -> None:
    late = {"outcome": "Failed", "code": "OSProvisioningTimedOut", "message": "OS Provisioning did not finish in time."}
    one.faults({**PUT, "action": {"operation": late}})
    keep = {"data_disks": [{"size_gb": 4, "delete_with_vm": False}]}
    run = one(
        [
            vm("create", **NEW, **keep, ignore_errors=True),
            vm("again", **NEW),
            vm("delete", state="absent"),
            vm("anew", **NEW),
        ]
    )
    result = run.result("create")
    assert (result["changed"], result["created"]) == (True, True)
    assert result["error"]["code"] == "OSProvisioningTimedOut"
    assert "a generalized image needs admin_username" in result["error"]["remedy"]
    assert "Azure has left behind the VM in the state Failed, with /subscriptions/" in result["msg"]
    removed, kept = run.result("delete")["deleted"], run.result("delete")["kept"]
    assert result["left_behind"] == [*removed, *kept]
    assert f"deletes that and leaves {kept[0]}." in result["msg"]
    assert len(kept) == 1
    assert "provisioning state is Failed" in str(run.result("again")["warnings"])
    assert run.result("again")["changed"] is False
    assert run.result("anew")["created"] is True


@pytest.mark.parametrize("front", ["in_process"])
def test_two_make_a_vm_of_one_name_at_the_same_time(start, emulator) -> None:
    emulator.settings(operation_seconds=1)
    # Whoever comes first is held up until the other one has looked, written and gone on.
    emulator.faults({**PUT, "action": {"delay": 10}})
    running = [start([vm("create", **NEW, identities=[name])]) for name in ("id-web", "id-cache")]
    plays = [one.wait() for one in running]
    results = [play.result("create") for play in plays]
    assert sorted(result["created"] for result in results) == [False, True]
    assert all(result["changed"] for result in results)
    loser = next(result for result in results if not result["created"])
    assert names(loser) == ["id-cache", "id-web"]
    assert loser["lost_update_protection"] is True
    puts = [line["status"] for line in emulator.log(f"virtualMachines/{NEW_VM}[?]", method="PUT")]
    assert sorted(puts) == [201, 412]
    assert {key.rpartition("/")[2] for key in emulator.vm(NEW_VM)["identity"]["userAssignedIdentities"]} == {
        "id-web",
        "id-cache",
    }


@pytest.mark.parametrize("front", ["in_process"])
def test_where_a_cloud_takes_no_conditions_it_says_so(start, emulator) -> None:
    emulator.settings(vm_api_versions=["2022-11-01"])
    put = {"method": "PUT", "path": f"virtualMachines/{NEW_VM}[?]api-version=2022"}
    emulator.faults({"match": put, "nth": 1, "action": {"delay": 10}})
    running = [start([vm("create", **NEW, identities=["id-web"])]) for _number in range(2)]
    results = [one.wait().result("create") for one in running]
    assert sorted(result["created"] for result in results) == [False, True]
    loser = next(result for result in results if not result["created"])
    assert (loser["changed"], loser["lost_update_protection"]) == (True, False)
    assert "this cloud takes no conditions: our write has changed it" in str(loser["warnings"])


# A fault of the PUT, and the requests that follow; the VM is there in the end.
UNHEARD = {
    "never made": ({"reset": "before"}, ["GET", "PUT", "GET", "PUT", "GET"]),
    "made": ({"reset": "after"}, ["GET", "PUT", "GET"]),
    "an answer cut off": ({"truncate": 20}, ["GET", "PUT", "GET"]),
    "broken": ({"status": 503, "code": "ServerBusy"}, ["GET", "PUT", "GET", "PUT", "GET"]),
    "throttled": (
        {"status": 429, "code": "TooManyRequests", "headers": {"Retry-After": "1"}},
        ["GET", "PUT", "PUT", "GET"],
    ),
    "conflict": ({"status": 409, "code": "Conflict"}, ["GET", "PUT", "GET", "PUT", "GET"]),
}


def test_a_creation_without_answer_is_looked_at_first(one) -> None:
    vms = {name: f"vm-{number}" for number, name in enumerate(UNHEARD)}
    for name, (action, _expected) in UNHEARD.items():
        put = {"match": {"method": "PUT", "path": f"virtualMachines/{vms[name]}[?]"}, "nth": 1}
        one.faults({**put, "action": action})
    run = one([vm(name, **WITH_IDENTITY, name=vms[name]) for name in UNHEARD])
    for name, (_action, expected) in UNHEARD.items():
        result = run.result(name)
        assert (result["changed"], result["created"], names(result)) == (True, True, ["id-web"]), name
        assert [line[0] for line in requests(one.emulator, vms[name])] == expected, name


def test_a_creation_that_takes_too_long_is_told_with_what_is_there(one) -> None:
    one.settings(operation_seconds=60)
    run = one([vm("create", **WITH_IDENTITY, wait_timeout=2, ignore_errors=True)])
    result = run.result("create")
    assert "wait_timeout of 2 s would pass while waiting for the change that Azure has accepted" in result["msg"]
    assert (result["changed"], result["created"]) == (True, True)
    assert result["left_behind"][0] == vm_id(NEW_VM)
    assert "Azure has left behind the VM in the state Creating" in result["msg"]


def test_a_deletion_without_answer_is_looked_at_first(one) -> None:
    path = {"method": "DELETE", "path": "virtualMachines/vm-web-01[?]"}
    one.faults({"match": path, "nth": 1, "action": {"reset": "after"}})
    run = one([vm("delete", name="vm-web-01", state="absent"), vm("again", name="vm-web-01", state="absent")])
    assert [run.result(name)["changed"] for name in ("delete", "again")] == [True, False]
    assert [line[0] for line in requests(one.emulator, "vm-web-01")].count("DELETE") == 1


def test_what_forbids_a_deletion(one) -> None:
    scope = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web"
    one.add(locks=[{"name": "keep", "scope": scope, "level": "CanNotDelete"}])
    auditor = {"AZURE_CLIENT_ID": "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c41", "AZURE_SECRET": "emulator-only-auditor"}
    run = one(
        [
            vm("lock", name="vm-web-01", state="absent", ignore_errors=True, diff=True),
            vm("right", name="vm-web-02", state="absent", ignore_errors=True, environment=auditor),
        ]
    )
    locked = run.result("lock")
    assert f"A lock on {scope} forbids it" in locked["msg"]
    assert (locked["changed"], locked["deleted"], locked["vm"]["name"]) == (False, [], "vm-web-01")
    assert locked["diff"]["before"] == locked["diff"]["after"] == locked["identity"]
    assert "The caller lacks Microsoft.Compute/virtualMachines/delete" in run.result("right")["msg"]


def test_a_vm_that_is_being_deleted_is_not_there_and_not_gone(one) -> None:
    one.settings(operation_seconds=30)
    run = one(
        [
            vm("delete", name="vm-web-01", state="absent", wait=False),
            vm("create", **{**NEW, "name": "vm-web-01"}, ignore_errors=True),
        ]
    )
    assert "The VM is being deleted. Run the task again once it is gone" in run.result("create")["msg"]
    assert [line[0] for line in requests(one.emulator, "vm-web-01") if line[0] != "GET"] == ["DELETE"]


NIC = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web/providers/Microsoft.Network/networkInterfaces/n"
# An option that cannot be right, and what is said of it; nothing may be sent.
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "name": ({"name": "vm web"}, "'vm web' is not the name of a virtual machine"),
    "group": ({"resource_group": "rg/web"}, "'rg/web' is not the name of a resource group"),
    "ID": ({"vm_id": identity_id("id-web")}, "not of a virtual machine"),
    "state": ({"state": "there"}, "value of state must be one of: present, absent"),
    "identity": ({"identities": ["x"]}, "'x' is not the name of a user-assigned identity"),
    "identity's group": ({"identity_resource_group": "a/b"}, "'a/b' is not the name of a resource group"),
    "purge": ({"purge": True}, "purge makes identities the exact set; it needs identities"),
    "keep": ({"identities": [], "purge_keep": ["id-*"]}, "it needs purge: true"),
    "URN": (
        {"image": "Ubuntu2404"},
        "image is 'Ubuntu2404', which names no image. Expected publisher:offer:sku:version",
    ),
    "image's ID": ({"image": {"id": NIC}}, "which is not the ID of an image"),
    "half an image": ({"image": {"publisher": "Debian"}}, "image lacks offer, sku"),
    "image's part": ({"image": {"urn": "a:b:c:d"}}, "which names no image"),
    "number": ({"image": 7}, "which names no image"),
    "private key": ({"ssh_public_keys": ["-----BEGIN PRIVATE KEY-----"]}, "something that is not a public key"),
    "keys of Windows": ({"os_type": "windows", "computer_name": "w"}, "A Windows VM takes no ssh_public_keys"),
    "name of Windows": (
        {"os_type": "windows", "name": "a-name-of-16-let", "ssh_public_keys": []},
        "at most 15 characters with Windows. Set computer_name",
    ),
    "os": ({"os_type": "macos"}, "value of os_type must be one of: linux, windows"),
    "custom data": ({"custom_data": "x" * 65536}, "custom_data has more than 65535 bytes"),
    "disk's size": ({"os_disk": {"size_gb": 0}}, "A disk's size_gb is 0; it must be 1 or more"),
    "disk's kind": ({"os_disk": {"type": "Floppy"}}, "value of type must be one of: Standard_LRS"),
    "no size": ({"data_disks": [{"lun": 1}]}, "missing required arguments: size_gb found in data_disks"),
    "luns": ({"data_disks": [{"size_gb": 1, "lun": 1}, {"size_gb": 1, "lun": 1}]}, "have the luns [1, 1]"),
    "lun": ({"data_disks": [{"size_gb": 1, "lun": 64}]}, "a number of its own, 0 to 63"),
    "encryption": ({"os_disk": {"security_encryption": "NonPersistedTPM"}}, "needs security_type: ConfidentialVM"),
    "zone": ({"zone": "9"}, "value of zone must be one of: 1, 2, 3"),
    "tag": ({"tags": {"a": ["b"]}}, "The value of the tag 'a' is not a text"),
    "plan": ({"plan": {"name": "p"}}, "missing required arguments: product, publisher found in plan"),
    "secure boot": ({"secure_boot": True}, "secure_boot needs security_type: TrustedLaunch or ConfidentialVM"),
    "vTPM": ({"vtpm": False, "security_type": "Standard"}, "vtpm needs security_type"),
    "security": ({"security_type": "Solid"}, "value of security_type must be one of"),
    "subnet": ({"subnet_id": "default"}, "'default' is not the ID of a subnet. Expected /subscriptions/"),
    "subnet's network": ({"subnet_id": f"{NIC}/subnets/default"}, "not of a virtual network"),
    "interface": ({"subnet_id": None, "network_interfaces": ["a b"]}, "'a b' is not the name of a network interface"),
    "both networks": ({"network_interfaces": [NIC]}, "mutually exclusive: network_interfaces|subnet_id"),
    "public address": (
        {"subnet_id": None, "public_ip": True},
        "missing parameter(s) required by 'public_ip': subnet_id",
    ),
    "security group": ({"network_security_group_id": NIC}, "not of a network security group"),
    "no time": ({"wait_timeout": 0}, "wait_timeout must be a positive number of seconds"),
    "unknown": (
        {"vm_size": "Standard_D2s_v5"},
        "Unsupported parameters for (managed_identity.azure.vm) module: vm_size",
    ),
}


def check_refused(fronts: Any, cases: dict[str, tuple[dict[str, Any], str]]) -> None:
    tasks = []
    for name, (options, _says) in cases.items():
        given = {key: value for key, value in {**NEW, **options}.items() if value is not None}
        tasks.append(vm(name, **given, ignore_errors=True))
    run = fronts(tasks)
    for name, (_options, says) in cases.items():
        result = run.result(name)
        assert says in result["msg"], (name, result["msg"])
        assert "\n" not in result["msg"], name
        assert "PRIVATE" not in json.dumps(result["msg"]), name
        assert result["changed"] is False
    for emulator in fronts.each():
        assert emulator.log() == []


def test_bad_input_is_refused_before_anything_is_sent(one) -> None:
    check_refused(one, BAD)


def test_bad_input_is_refused_in_the_same_words_by_both_fronts(both) -> None:
    some = ("URN", "private key", "disk's kind", "both networks", "public address", "luns", "unknown")
    check_refused(both, {name: BAD[name] for name in some})


def test_what_a_new_vm_lacks_is_told_before_a_write(one) -> None:
    run = one([vm("nothing", ignore_errors=True), vm("nothing in check mode", check_mode=True, ignore_errors=True)])
    for name in ("nothing", "nothing in check mode"):
        assert (
            f"{vm_id(NEW_VM)} does not exist, and to create it these options are missing: image, size, admin_username, "
            "subnet_id or network_interfaces. Set them, or correct the VM's name." in run.result(name)["msg"]
        )
        assert run.result(name)["changed"] is False
    assert not one.emulator.writes()


def test_a_vm_is_not_made_with_more_than_150_identities(one) -> None:
    many = [f"id-{number}" for number in range(151)]
    run = one(
        [
            vm("check", **NEW, identities=many, check_mode=True, ignore_errors=True),
            vm("create", **NEW, identities=many, ignore_errors=True),
        ]
    )
    for title in ("check", "create"):
        assert "no VM with 151 user-assigned identities: it takes 150 in one request" in run.result(title)["msg"]
        assert not run.result(title)["changed"]
    assert [line[0] for line in requests(one.emulator)] == ["GET", "GET"]
