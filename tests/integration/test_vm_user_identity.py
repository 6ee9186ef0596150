# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""vm_user_identity: absent, present, again, check, diff, part of it there, absent, again; names, IDs and purges."""

from __future__ import annotations

import pytest

from tests.integration.estate import OTHER_SUBSCRIPTION, calls, identity_id, names, user, vm_id

USER, BOTH_KINDS = "UserAssigned", "SystemAssigned, UserAssigned"
WEB, CACHE = identity_id("id-web"), identity_id("id-cache")
APP, LOGS = identity_id("id-app", "rg-identities"), identity_id("id-logs", "rg-identities")
SHARED = identity_id("id-shared", "rg-shared", OTHER_SUBSCRIPTION)
RETIRED = identity_id("id-retired")
VM = "vm-web-01"


def patch(kind: str, *added: str, removed: tuple[str, ...] = ()) -> dict:
    return {"type": kind, "userAssignedIdentities": {**dict.fromkeys(removed), **{key: {} for key in added}}}


@pytest.mark.oldest
def test_life(both) -> None:
    run = both(
        [
            user("absent already", VM, "id-web", state="absent", diff=True),
            user("check", VM, "id-web", "id-cache", check_mode=True, diff=True),
            user("assign", VM, "id-web", "id-cache", diff=True),
            user("again", VM, "ID-CACHE", WEB.lower()),
            user("one more", VM, "id-web", "id-cache", APP, diff=True),
            user("check absent", VM, "id-web", "id-none", state="absent", check_mode=True),
            user("remove one", VM, "id-web", "id-none", state="absent", diff=True),
            user("remove the rest", VM, CACHE, APP, state="absent"),
            user("removed already", VM, CACHE, APP, state="absent"),
        ]
    )
    changed = [line["task"] for line in run.results if line["result"]["changed"]]
    assert changed == ["check", "assign", "one more", "check absent", "remove one", "remove the rest"]

    there = {name: both.emulator.identity(name) for name in ("id-web", "id-cache", "id-app")}
    known = {
        name: {"name": name, "principal_id": item["principal_id"], "client_id": item["client_id"]}
        for name, item in there.items()
    }
    web, cache, app = ({"id": key, **known[key.rsplit("/", 1)[1]]} for key in (WEB, CACHE, APP))
    nothing = {"type": "None", "system_assigned": False, "principal_id": None, "tenant_id": None, "user_assigned": []}
    assigned = {**nothing, "type": USER, "user_assigned": [cache, web]}
    assert run.result("assign")["identity"] == run.result("again")["identity"] == assigned
    assert run.result("assign")["diff"] == run.result("check")["diff"] == {"before": nothing, "after": assigned}
    assert run.result("check")["identity"] == assigned
    three = {**assigned, "user_assigned": [app, cache, web]}
    assert run.result("one more")["diff"] == {"before": assigned, "after": three}
    assert names(run.result("check absent")) == names(run.result("remove one")) == ["id-app", "id-cache"]
    assert run.result("removed already")["identity"] == run.result("absent already")["identity"] == nothing
    assert calls(both.emulator, VM) == [
        *["GET"] * 3,
        patch(USER, CACHE, WEB),
        # The new identities' principals are nowhere else than in the VM.
        *["GET"] * 3,
        patch(USER, APP),
        *["GET"] * 3,
        patch(USER, removed=(WEB,)),
        "GET",
        {"type": "None"},
        "GET",
    ]
    assert len(both.emulator.log("/operations/")) == 4
    # Azure was asked for the identities themselves only in check mode, once each.
    assert len(both.emulator.log("^/subscriptions/[^?]*userAssignedIdentities/")) == 2


def test_names_and_ids(one) -> None:
    run = one(
        [
            user("all ways", VM, "id-web", "id-web", WEB.upper(), SHARED),
            user("of another group", VM, "id-app", APP.lower(), identity_resource_group="rg-identities"),
            user("as the VM spells it", "vm-db-02", resource_group="rg-data", state="absent", identities=[SHARED]),
            user("the VM's subscription", "", "id-shared", vm_id=vm_id("vm-jump-01", "rg-shared", OTHER_SUBSCRIPTION)),
        ]
    )
    assert calls(one.emulator, VM) == ["GET", patch(USER, WEB, SHARED), "GET", "GET", patch(USER, APP), "GET"]
    assert names(run.result("of another group")) == ["id-app", "id-web", "id-shared"]
    assert calls(one.emulator, "vm-db-02") == ["GET", {"type": "SystemAssigned"}]
    assert calls(one.emulator, "vm-jump-01") == ["GET", patch(USER, SHARED), "GET"]


# The VM has the system-assigned identity, id-web and id-cache. Desired, what purge keeps, and the PATCH.
PURGES = {
    "subset": ([WEB], [], patch(BOTH_KINDS, removed=(CACHE,))),
    "superset": ([WEB, CACHE, APP], [], patch(BOTH_KINDS, APP)),
    "equal": ([WEB.lower(), CACHE.upper()], [], None),
    "disjoint": ([APP], [], patch(BOTH_KINDS, APP, removed=(WEB, CACHE))),
    "overlapping": ([WEB, APP], [], patch(BOTH_KINDS, APP, removed=(CACHE,))),
    "empty": ([], [], {"type": "SystemAssigned"}),
    "kept-by-name": ([APP], ["ID-CA*"], patch(BOTH_KINDS, APP, removed=(WEB,))),
    "kept-by-id": ([], ["*/resourceGroups/RG-WEB/*/id-w?b"], patch(BOTH_KINDS, removed=(CACHE,))),
    "all-kept": ([], ["id-*"], None),
    "pattern-of-no-one": ([], ["*/id"], {"type": "SystemAssigned"}),
}


@pytest.fixture
def estate_of_purges(one):
    """One VM per case."""
    vms = [
        {"name": name, "group": "rg-web", "system_identity": True, "user_identities": ["id-web", "id-cache"]}
        for name in PURGES
    ]
    one.add(vms=vms)
    return one


def test_purge_makes_the_exact_set(estate_of_purges) -> None:
    one = estate_of_purges
    task = user("exact", "{{ inventory_hostname }}", identities="{{ wanted }}", purge=True, purge_keep="{{ keep }}")
    again = {**task, "name": "again"}
    hosts = {name: {"wanted": wanted, "keep": keep} for name, (wanted, keep, _patch) in PURGES.items()}
    run = one([task, again], hosts=hosts)
    for name, (wanted, keep, body) in PURGES.items():
        result = run.by_host("exact")[name]
        assert result["changed"] is (body is not None), name
        assert [call for call in calls(one.emulator, name) if call != "GET"] == ([body] if body else []), name
        assert run.by_host("again")[name]["changed"] is False, name
        there = {item["id"].lower() for item in result["identity"]["user_assigned"]}
        assert there >= {item.lower() for item in wanted}, name
        assert keep or len(there) == len(wanted), name
        assert result["identity"]["system_assigned"] is True, name


def test_deleted_identity_that_is_still_on_a_vm(one) -> None:
    run = one(
        [
            user("add beside it", "vm-old-01", "id-cache"),
            user("check", "vm-old-01", "id-retired", state="absent", check_mode=True),
            user("remove it", "vm-old-01", "id-retired", state="absent"),
            user("purge it", "vm-old-02", "id-web", purge=True),
        ]
    )
    assert names(run.result("add beside it")) == ["id-cache", "id-retired"]
    assert names(run.result("check")) == names(run.result("remove it")) == ["id-cache"]
    assert calls(one.emulator, "vm-old-01") == [
        "GET",
        patch(USER, CACHE),
        *["GET"] * 3,
        patch(USER, removed=(RETIRED,)),
    ]
    assert calls(one.emulator, "vm-old-02") == ["GET", patch(USER, removed=(RETIRED,))]


def test_the_last_one_goes_by_the_type(one) -> None:
    one(
        [
            user("only a deleted one", "vm-old-01", "id-retired", state="absent"),
            user("beside the system identity", "vm-app-01", purge=True),
            user("nothing to remove", "vm-web-04", state="absent"),
        ]
    )
    assert calls(one.emulator, "vm-old-01") == ["GET", {"type": "None"}]
    assert calls(one.emulator, "vm-app-01") == ["GET", {"type": "SystemAssigned"}]
    assert calls(one.emulator, "vm-web-04") == ["GET"]


def test_check_mode_asks_for_each_identity_once(one) -> None:
    emulator = one.emulator
    run = one([user("check", "{{ item }}", "id-web", "id-cache", "id-none", check_mode=True, loop=[VM, "vm-web-02"])])
    for result in run.items("check"):
        assert result["changed"] is True
        [warning] = result["warnings"]
        assert identity_id("id-none") in warning
        assert "would fail unless it is created first" in warning
        found = {item["name"]: item["principal_id"] for item in result["identity"]["user_assigned"]}
        assert found["id-none"] is None
        assert found["id-web"] == emulator.identity("id-web")["principal_id"]
    # A loop is one process.
    assert len(emulator.log("^/subscriptions/[^?]*userAssignedIdentities/")) == 3
    assert not emulator.writes()


def test_wait_false_tells_what_is_not_known_yet(one) -> None:
    one.settings(operation_seconds=1.2)
    run = one([user("assign", VM, "id-web", wait=False), user("again", VM, "id-web")])
    [item] = run.result("assign")["identity"]["user_assigned"]
    assert item == {"id": WEB, "name": "id-web", "principal_id": None, "client_id": None}
    assert run.result("assign")["operation"]["status"] == "InProgress"
    # What another task has begun is waited for where the answer would lack something.
    assert run.result("again")["changed"] is False
    assert run.result("again")["identity"]["user_assigned"][0]["principal_id"]
    assert len(one.emulator.writes()) == 1


def test_more_than_150_go_into_several_writes(one) -> None:
    many = [f"id-{number:03}" for number in range(151)]
    one.add(identities=[{"name": name, "group": "rg-web"} for name in many])
    run = one(
        [
            user("check", VM, *many, check_mode=True),
            user("assign", VM, *many),
            user("again", VM, *many),
            user("remove", VM, purge=True),
        ]
    )
    assert [line["result"]["changed"] for line in run.results] == [True, True, False, True]
    assert names(run.result("check")) == names(run.result("assign")) == many
    assert names(run.result("remove")) == []
    writes = [entry for entry in calls(one.emulator, VM) if entry != "GET"]
    assert [len(patch.get("userAssignedIdentities", ())) for patch in writes] == [150, 1, 150, 0]
