# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Azure CLI on scale sets whose identities the vmss_* modules have changed, and the modules on what az has done."""

from __future__ import annotations

from typing import Any

from tests.integration.estate import identity_id, names, scale_set

NAME = "vmss-web"
HERE = ("--resource-group", "rg-web", "--name", NAME)


def latest(az: Any) -> dict[str, bool]:
    """Whether each instance has the set's latest model, as az tells it."""
    return {item["instanceId"]: item["latestModelApplied"] for item in az("vmss", "list-instances", *HERE)}


def test_az_sees_what_we_have_done(emulator, az, play) -> None:
    assert latest(az) == {"0": True, "1": True, "2": False}
    done = play([scale_set("user_identity", "assign", NAME, identities=["id-cache"])]).result("assign")
    shown = az("vmss", "show", *HERE)
    assert shown["id"] == done["vmss"]["id"]
    assert shown["identity"] == az("vmss", "identity", "show", *HERE)
    assert shown["identity"]["type"] == done["identity"]["type"] == "SystemAssigned, UserAssigned"
    assert shown["identity"]["principalId"] == done["identity"]["principal_id"]
    assigned = {key.lower(): item["principalId"] for key, item in shown["identity"]["userAssignedIdentities"].items()}
    assert assigned == {item["id"].lower(): item["principal_id"] for item in done["identity"]["user_assigned"]}
    assert list(assigned) == [identity_id("id-web"), identity_id("id-cache")]
    assert (shown["tags"], shown["sku"]["capacity"]) == ({"role": "frontend"}, 3)
    assert latest(az) == dict.fromkeys(("0", "1", "2"), False)


def test_az_sees_the_instances_after_the_roll_out(emulator, az, play) -> None:
    some = {"identities": ["id-cache"], "roll_out": ["0", "2"]}
    run = play([scale_set("user_identity", "some", NAME, **some)])
    assert run.result("some")["instances"] == {"old_model": ["1"], "updated": ["0", "2"]}
    assert latest(az) == {"0": True, "1": False, "2": True}
    play([scale_set("user_identity", "all", NAME, **{**some, "roll_out": "all"})])
    assert latest(az) == dict.fromkeys(("0", "1", "2"), True)
    play([scale_set("system_identity", "off", NAME, state="absent", roll_out="all")])
    assert latest(az) == dict.fromkeys(("0", "1", "2"), True)
    assert az("vmss", "identity", "show", *HERE)["type"] == "UserAssigned"
    play([scale_set("user_identity", "none", NAME, identities=[], purge=True, roll_out="all")])
    assert az("vmss", "identity", "show", *HERE) is None or az("vmss", "identity", "show", *HERE)["type"] == "None"


def test_what_az_did_is_no_change_to_us(emulator, az, play, front: str) -> None:
    az("vmss", "identity", "assign", *HERE, "--identities", "[system]", identity_id("id-cache"))
    az("vmss", "update-instances", *HERE, "--instance-ids", "*")
    emulator.clear_log()
    run = play(
        [
            scale_set("system_identity", "system", NAME, roll_out="all"),
            scale_set("user_identity", "user", NAME, identities=["ID-CACHE", "id-web"], roll_out="all"),
            scale_set("identity_info", "info", NAME, instances=True),
        ],
        front=front,
    )
    assert [run.result(name)["changed"] for name in ("system", "user", "info")] == [False] * 3
    assert run.result("user")["instances"] == {"old_model": [], "updated": []}
    [found] = run.result("info")["scale_sets"]
    assert (found["old_model"], sorted(names(found))) == ([], ["id-cache", "id-web"])
    assert emulator.writes() == []


def test_what_az_removed_we_see(emulator, az, play) -> None:
    az("vmss", "identity", "remove", *HERE, "--identities", "id-web")
    run = play(
        [
            scale_set("user_identity", "gone", NAME, identities=["id-web"], state="absent"),
            scale_set("identity_info", "info", NAME, instances=True),
        ]
    )
    assert run.result("gone")["changed"] is False
    [found] = run.result("info")["scale_sets"]
    assert (names(found), found["old_model"]) == ([], ["0", "1", "2"])
