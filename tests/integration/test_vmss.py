# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""vmss_system_identity, vmss_user_identity, vmss_identity_info: as on VMs; and who of the instances has it."""

from __future__ import annotations

import pytest

from tests.integration.estate import OTHER_SUBSCRIPTION, identity_id, names, scale_set, vm_id, vmss_id

ALL = [str(number) for number in range(50)]
BIG = {"name": "vmss-big", "group": "rg-web", "capacity": 50}
JOBS = vmss_id("vmss-jobs", "rg-jobs", OTHER_SUBSCRIPTION)
UPGRADE = "manualupgrade"


def writes(emulator) -> list:
    """What was written to scale sets: the identity of each PATCH, the instances of each upgrade."""
    found = [entry for entry in emulator.log("/virtualMachineScaleSets/") if entry["method"] != "GET"]
    assert all(list(entry["body"]) in (["identity"], ["instanceIds"]) for entry in found)
    return [next(iter(entry["body"].values())) for entry in found]


def instances(emulator, name: str) -> list[dict]:
    """The instances of a scale set as they really are."""
    return next(item for item in emulator.state()["scale_sets"] if item["name"] == name)["instances"]


@pytest.mark.oldest
def test_life(both) -> None:
    both.add(scale_sets=[BIG])
    run = both(
        [
            scale_set("system_identity", "check", "vmss-big", roll_out="all", check_mode=True, diff=True),
            scale_set("system_identity", "enable", "vmss-big", diff=True),
            scale_set("system_identity", "enable again", "vmss-big"),
            scale_set("user_identity", "check the roll-out", "vmss-big", identities=["id-web"], roll_out="all")
            | {"check_mode": True},
            scale_set("user_identity", "assign", "vmss-big", identities=["id-web"], roll_out="all"),
            scale_set("user_identity", "assign again", "vmss-big", identities=["ID-WEB"], roll_out="all"),
            scale_set("system_identity", "disable", "vmss-big", state="absent", roll_out=["3", "4"]),
            scale_set("system_identity", "disable again", "vmss-big", state="absent", roll_out=["3", "4"]),
            scale_set("user_identity", "remove", "vmss-big", identities=["id-web"], state="absent", roll_out="all"),
            scale_set("user_identity", "remove again", "vmss-big", identities=["id-web"], state="absent"),
        ]
    )
    changed = [line["task"] for line in run.results if line["result"]["changed"]]
    assert changed == ["check", "enable", "check the roll-out", "assign", "disable", "remove"]
    said = {line["task"]: line["result"]["instances"] for line in run.results}
    assert said == {
        "check": {"old_model": [], "updated": ALL},
        "enable": {"old_model": ALL, "updated": []},
        "enable again": {"old_model": ALL, "updated": []},
        "check the roll-out": {"old_model": [], "updated": ALL},
        "assign": {"old_model": [], "updated": ALL},
        "assign again": {"old_model": [], "updated": []},
        "disable": {"old_model": [one for one in ALL if one not in ("3", "4")], "updated": ["3", "4"]},
        "disable again": {"old_model": [one for one in ALL if one not in ("3", "4")], "updated": []},
        "remove": {"old_model": [], "updated": ALL},
        "remove again": {"old_model": [], "updated": []},
    }
    assert run.result("check")["diff"]["after"]["type"] == run.result("enable")["diff"]["after"]["type"]
    assert run.result("enable")["vmss"] == {
        "id": vmss_id("vmss-big"),
        "name": "vmss-big",
        "resource_group": "rg-web",
        "subscription_id": vmss_id("").split("/")[2],
        "location": "westeurope",
        "orchestration_mode": "Uniform",
        "upgrade_policy": "Manual",
    }
    assert names(run.result("assign")) == ["id-web"]
    assert run.result("assign")["identity"]["system_assigned"]
    assert writes(both.emulator) == [
        {"type": "SystemAssigned"},
        {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {identity_id("id-web"): {}}},
        ALL,
        {"type": "UserAssigned"},
        ["3", "4"],
        {"type": "None"},
        ALL,
    ]


def test_after_the_roll_out_every_instance_has_the_identity_and_a_second_run_writes_nothing(one) -> None:
    one.add(scale_sets=[BIG])
    tasks = [scale_set("user_identity", "assign", "vmss-big", identities=["id-web", "id-cache"], roll_out="all")]
    one(tasks)
    ids = {identity_id("id-web"), identity_id("id-cache")}
    for emulator in one.each():
        found = instances(emulator, "vmss-big")
        assert [set(one["identity"]["userAssignedIdentities"]) for one in found] == [ids] * 50
    one.clear_log()
    assert not one(tasks).result("assign")["changed"]
    assert writes(one.emulator) == []


def test_an_instance_that_was_behind_before_is_told(one) -> None:
    run = one(
        [
            scale_set("system_identity", "off", "vmss-web", state="absent", roll_out="all", check_mode=True),
            scale_set("system_identity", "off", "vmss-web", state="absent", roll_out=["0", "2"]),
        ]
    )
    for line in run.results:
        assert any(
            "The instances 2 did not have the latest model before" in text for text in line["result"]["warnings"]
        )
    assert run.results[1]["result"]["instances"] == {"old_model": ["1"], "updated": ["0", "2"]}


BAD: dict[str, tuple[dict, str]] = {
    "all and one": ({"roll_out": ["all", "1"]}, "roll_out is none, all, or a list of instance IDs"),
    "no instance": ({"roll_out": []}, "roll_out is none, all, or a list of instance IDs"),
    "no wait": ({"roll_out": "all", "wait": False}, "it needs wait: true"),
    "name": ({"name": "x y"}, "'x y' is not the name of a scale set"),
    "ID": ({"vmss_id": vm_id("vm-web-01")}, "not of a scale set"),
}


def test_bad_input_is_told_before_any_request(one) -> None:
    tasks = []
    for name, (options, _says) in BAD.items():
        named = {} if "vmss_id" in options else {"resource_group": "rg-web", "name": "vmss-web"}
        tasks.append(scale_set("system_identity", name, **{**named, **options}, ignore_errors=True))
    run = one(tasks)
    for name, (_options, says) in BAD.items():
        assert says in run.result(name)["msg"]
    assert [line["outcome"] for line in run.results] == ["failed"] * len(BAD)
    assert one.emulator.log() == []


def test_what_cannot_be_rolled_out_is_told_before_any_write(one) -> None:
    run = one(
        [
            scale_set("system_identity", "unknown", "vmss-web", roll_out=["0", "7", "8"], ignore_errors=True),
            scale_set("system_identity", "flexible", vmss_id=JOBS, roll_out="all", ignore_errors=True),
        ]
    )
    assert "roll_out names instances that the scale set does not have: 7, 8" in run.result("unknown")["msg"]
    assert "It has 0, 1, 2." in run.result("unknown")["msg"]
    assert "A flexible scale set has no model to roll out" in run.result("flexible")["msg"]
    assert writes(one.emulator) == []


def test_a_flexible_scale_set_has_user_assigned_identities_only(one) -> None:
    run = one(
        [
            scale_set("system_identity", "check", vmss_id=JOBS, check_mode=True, ignore_errors=True),
            scale_set("system_identity", "enable", vmss_id=JOBS, ignore_errors=True),
            scale_set("system_identity", "disable", vmss_id=JOBS, state="absent"),
            scale_set("user_identity", "assign", vmss_id=JOBS, identities=[identity_id("id-web")]),
        ]
    )
    for title in ("check", "enable"):
        assert "A flexible scale set cannot have a system-assigned identity." in run.result(title)["msg"]
        assert "vmss_user_identity" in run.result(title)["error"]["remedy"]
        assert "vm_system_identity" in run.result(title)["error"]["remedy"]
        assert not run.result(title)["changed"]
        assert run.result(title)["vmss"]["orchestration_mode"] == "Flexible"
    assert not run.result("disable")["changed"]
    assert run.result("assign")["changed"]
    assert run.result("assign")["instances"] == {"old_model": [], "updated": []}
    assert writes(one.emulator) == [
        {"type": "UserAssigned", "userAssignedIdentities": {identity_id("id-web"): {}}},
    ]


@pytest.mark.oldest
def test_info(both) -> None:
    run = both(
        [
            scale_set("identity_info", "one", "vmss-web", instances=True, client_ids=True),
            scale_set("identity_info", "group", resource_group="rg-web"),
            scale_set("identity_info", "other", subscription_id=OTHER_SUBSCRIPTION, instances=True),
            scale_set("identity_info", "nobody", "vmss-none"),
        ]
    )
    [found] = run.result("one")["scale_sets"]
    assert (found["old_model"], found["upgrade_policy"], names(found)) == (["2"], "Manual", ["id-web"])
    assert found["identity"]["client_id"]
    [same] = run.result("group")["scale_sets"]
    assert "old_model" not in same
    [jobs] = run.result("other")["scale_sets"]
    assert (jobs["id"], jobs["old_model"], jobs["orchestration_mode"]) == (JOBS, [], "Flexible")
    assert run.result("nobody")["scale_sets"] == []


def test_a_busy_scale_set_is_tried_again(one) -> None:
    conflict = {"status": 409, "code": "Conflict", "message": "The request failed due to conflict."}
    one.faults({"match": {"method": "POST", "path": f"/{UPGRADE}"}, "nth": 1, "action": conflict})
    run = one([scale_set("user_identity", "assign", "vmss-web", identities=["id-cache"], roll_out="all")])
    assert run.result("assign")["instances"] == {"old_model": [], "updated": ["0", "1", "2"]}


def test_a_roll_out_that_fails_says_what_was_done(one) -> None:
    one.faults({"match": {"path": f"/{UPGRADE}"}, "action": {"operation": {"outcome": "Failed", "code": "X"}}})
    run = one([scale_set("user_identity", "assign", "vmss-web", identities=["id-cache"], roll_out="all")], rc=2)
    result = run.result("assign")
    assert "Done before: changed the identities of the scale set." in result["msg"]
    assert (result["changed"], result["error"]["code"]) == (True, "X")
    assert sorted(names(result)) == ["id-cache", "id-web"]
    assert result["instances"] == {"old_model": ["0", "1", "2"], "updated": []}
