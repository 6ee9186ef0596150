# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""vm_user_identity with repair: an identity that was deleted and made again keeps no entry of the old principal."""

from __future__ import annotations

from tests.integration.estate import calls, identity, identity_id, names, user
from tests.integration.test_bad_input import check_line

USER = "UserAssigned"
VMS = ["vm-web-03", "vm-web-04", "vm-old-02"]
WEB = identity_id("id-web")


def repair(title: str, vm: str, *identities: str, **options) -> dict:
    return user(title, vm, *identities, repair=True, **options)


def made_again(name: str = "id-web") -> list[dict]:
    """Tasks that delete an identity and make it again."""
    return [identity("delete", name, state="absent", force=True), identity("make", name)]


def reads(emulator) -> list[str]:
    """The identities that were read."""
    entries = emulator.log("^/subscriptions/[^?]*userAssignedIdentities/", method="GET")
    return [entry["path"].partition("?")[0].rsplit("/", 1)[1] for entry in entries]


def test_an_identity_that_was_made_again(one) -> None:
    run = one(
        [
            *made_again(),
            user("not repaired", VMS[0], "id-web"),
            repair("check", VMS[0], "id-web", "id-cache", check_mode=True, diff=True),
            repair("repair", VMS[0], "id-web", "id-cache", diff=True),
            repair("again", VMS[0], "id-web", "id-cache"),
            repair("nothing stale", "vm-app-01", identity_id("id-app", "rg-identities")),
        ]
    )
    assert run.result("not repaired")["changed"] is False
    now = run.result("make")["user_assigned_identity"]
    for name in ("check", "repair"):
        result = run.result(name)
        assert result["changed"] is True
        there = {item["name"]: item["principal_id"] for item in result["identity"]["user_assigned"]}
        assert there == {"id-web": now["principal_id"], "id-cache": one.emulator.identity("id-cache")["principal_id"]}
        [before] = result["diff"]["before"]["user_assigned"]
        assert (before["name"], before["principal_id"] != now["principal_id"]) == ("id-web", True)
    assert run.result("check")["diff"] == run.result("repair")["diff"]
    assert (run.result("again")["changed"], run.result("nothing stale")["changed"]) == (False, False)
    # The last one goes by the type; one that is named in the same task comes with the one that is made again.
    assert [call for call in calls(one.emulator, VMS[0]) if call != "GET"] == [
        {"type": USER, "userAssignedIdentities": {WEB: None, identity_id("id-cache"): {}}},
        {"type": USER, "userAssignedIdentities": {WEB: {}}},
    ]


def test_a_loop_reads_each_identity_once(one) -> None:
    emulator = one.emulator
    one(made_again())
    one.clear_log()
    run = one([repair("repair", "{{ item }}", "id-web", loop=[*VMS, "vm-web-01"])])
    principal = emulator.identity("id-web")["principal_id"]
    for result in run.items("repair"):
        assert result["changed"] is True
        there = {item["name"]: item["principal_id"] for item in result["identity"]["user_assigned"]}
        assert there["id-web"] == principal
    # A loop is one process.
    assert reads(emulator) == ["id-web"]
    for vm in VMS:
        assert len([call for call in calls(emulator, vm) if call != "GET"]) == 2, vm
    assert [call for call in calls(emulator, "vm-web-01") if call != "GET"] == [
        {"type": USER, "userAssignedIdentities": {WEB: {}}}
    ]


def test_an_identity_that_is_not_there(one) -> None:
    run = one(
        [
            repair("gone", "vm-old-02", "id-retired", "id-none", "id-web", ignore_errors=True),
            repair("check", "vm-old-02", "id-retired", "id-none", check_mode=True),
            repair("purge", "vm-old-02", "id-web", purge=True),
        ]
    )
    check_line(
        run.result("gone"), f"These identities do not exist: {identity_id('id-retired')}, {identity_id('id-none')}."
    )
    assert "Nothing was changed." in run.result("gone")["msg"]
    warnings = run.result("check")["warnings"]
    assert [("id-retired" in one, "id-none" in one) for one in warnings] == [(True, False), (False, True)]
    assert names(run.result("purge")) == ["id-web"]
    assert [entry["body"] for entry in one.emulator.writes()] == [
        {"identity": {"type": USER, "userAssignedIdentities": {identity_id("id-retired"): None}}}
    ]


def test_bad_input(one) -> None:
    run = one([repair("absent", "vm-web-03", "id-web", state="absent", ignore_errors=True)])
    check_line(run.result("absent"), "it goes with state: present only")
    assert one.emulator.log() == []
