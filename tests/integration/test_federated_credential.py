# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""federated_credential: absent, present, again, check, diff, changed, absent, again; its limits; other writers."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.integration.ansible_run import FRONTS, Play, start_play
from tests.integration.estate import federated, identity_id
from tests.support.emulator import Emulator

AUDIENCE = "api://AzureADTokenExchange"
GITHUB = "https://token.actions.githubusercontent.com"
CLUSTER = "https://oidc.example.com/shop/"
AUTOMATION = identity_id("id-automation", "rg-identities")
MAIN = {"name": "gh-main", "github": {"repository": "contoso/shop", "branch": "main"}}
NEW_MAIN = {"name": "gh-main", "github": {"repository": "contoso@12/shop@34", "branch": "main"}}
POD = {"name": "pod", "kubernetes": {"issuer": CLUSTER, "namespace": "shop", "service_account": "app"}}
OTHER = {"name": "other", "issuer": "https://gitlab.com", "subject": "project_path:a/b", "audiences": ["api://x"]}


def plain(name: str) -> dict[str, str]:
    """A credential like any other."""
    return {"name": name, "issuer": "https://issuer.example.com", "subject": f"s-{name}"}


def shown(name: str, issuer: str, subject: str, audience: str = AUDIENCE) -> dict[str, Any]:
    return {"name": name, "issuer": issuer, "subject": subject, "audiences": [audience]}


def without_ids(result: dict[str, Any]) -> list[dict[str, Any]]:
    return [{key: value for key, value in item.items() if key != "id"} for item in result["federated_credentials"]]


def state(emulator: Emulator, identity: str = "id-web") -> list[dict[str, Any]]:
    """The credentials of an identity in the emulator, by name."""
    found = emulator.state()["federated_credentials"]
    mine = [item for item in found if f"/{identity}/federatedidentitycredentials/" in item["id"].lower()]
    return sorted(mine, key=lambda item: item["name"])


def asked(emulator: Emulator) -> list[tuple[str, str, int]]:
    """Method, last part of the path, and status of each request about credentials."""
    log = emulator.log("/federatedIdentityCredentials")
    return [(line["method"], line["path"].partition("?")[0].rpartition("/")[2], line["status"]) for line in log]


LIST = ("GET", "federatedIdentityCredentials", 200)


@pytest.mark.oldest
def test_life(both) -> None:
    run = both(
        [
            federated("absent already", "id-web", {"name": "gh-main"}, state="absent", diff=True),
            federated("check", "id-web", MAIN, POD, check_mode=True, diff=True),
            federated("create", "id-web", MAIN, POD, diff=True),
            federated("again", "id-web", {**MAIN, "name": "GH-Main"}, POD, diff=True),
            federated("change one, add one", "id-web", NEW_MAIN, POD, OTHER, diff=True),
            federated("check absent", "id-web", {"name": "pod"}, state="absent", check_mode=True, diff=True),
            federated("remove", "id-web", {"name": "POD"}, {"name": "none"}, state="absent", diff=True),
            federated("remove the rest", "id-web", NEW_MAIN, OTHER, state="absent"),
            federated("removed already", "id-web", NEW_MAIN, OTHER, state="absent"),
        ]
    )
    changed = [line["task"] for line in run.results if line["result"]["changed"]]
    assert changed == ["check", "create", "change one, add one", "check absent", "remove", "remove the rest"]
    main = shown("gh-main", GITHUB, "repo:contoso/shop:ref:refs/heads/main")
    new_main = shown("gh-main", GITHUB, "repo:contoso@12/shop@34:ref:refs/heads/main")
    pod = shown("pod", CLUSTER, "system:serviceaccount:shop:app")
    other = shown("other", "https://gitlab.com", "project_path:a/b", "api://x")
    for task in ("check", "create"):
        result = run.result(task)
        assert without_ids(result) == [main, pod]
        assert (result["created"], result["updated"], result["removed"]) == (["gh-main", "pod"], [], [])
        assert result["diff"] == {
            "before": {"federated_credentials": []},
            "after": {"federated_credentials": [main, pod]},
        }
        ids = [item["id"].lower() for item in result["federated_credentials"]]
        assert ids == [f"{identity_id('id-web')}/federatedIdentityCredentials/{n}".lower() for n in ("gh-main", "pod")]
    assert run.result("again")["federated_credentials"] == run.result("create")["federated_credentials"]
    assert run.result("again")["diff"]["before"] == run.result("again")["diff"]["after"]
    changed_one = run.result("change one, add one")
    assert without_ids(changed_one) == [new_main, other, pod]
    assert (changed_one["created"], changed_one["updated"]) == (["other"], ["gh-main"])
    assert without_ids(run.result("check absent")) == without_ids(run.result("remove")) == [new_main, other]
    assert run.result("remove")["removed"] == run.result("check absent")["removed"] == ["pod"]
    assert run.result("remove")["diff"] == run.result("check absent")["diff"]
    assert run.result("removed already")["federated_credentials"] == []
    for emulator in both.each():
        assert state(emulator) == []
        assert asked(emulator) == [
            *[LIST] * 3,
            ("PUT", "gh-main", 201),
            ("PUT", "pod", 201),
            *[LIST] * 2,
            ("PUT", "other", 201),
            ("PUT", "gh-main", 200),
            *[LIST] * 2,
            ("DELETE", "pod", 200),
            LIST,
            ("DELETE", "gh-main", 200),
            ("DELETE", "other", 200),
            LIST,
        ]
        writes = [line for line in emulator.writes() if line["method"] == "PUT"]
        assert writes[0]["body"] == {
            "properties": {"issuer": GITHUB, "subject": main["subject"], "audiences": [AUDIENCE]},
        }


def test_others_stay(one) -> None:
    tasks = [
        federated("add", AUTOMATION.upper().replace("/SUBSCRIPTIONS", "/subscriptions"), plain("new")),
        federated("remove", AUTOMATION, {"name": "new"}, state="absent"),
    ]
    run = one(tasks)
    assert [item["name"] for item in run.result("add")["federated_credentials"]] == ["fic-cluster", "new"]
    assert [item["name"] for item in run.result("remove")["federated_credentials"]] == ["fic-cluster"]


def test_an_identity_that_does_not_exist(one) -> None:
    run = one(
        [
            federated("present", "id-none", MAIN, ignore_errors=True),
            federated("check", "id-none", MAIN, POD, check_mode=True, diff=True),
            federated("absent", "id-none", MAIN, state="absent"),
            federated("no group", identity_id("id-a", "rg-none"), MAIN, check_mode=True),
        ]
    )
    failed = run.result("present")
    assert failed["msg"] == (
        f"{identity_id('id-none')}: The identity does not exist. Nothing was changed. "
        "Create it first, with user_assigned_identity, or correct its name or ID."
    )
    check = run.result("check")
    assert (check["changed"], check["created"]) == (True, ["gh-main", "pod"])
    assert check["warnings"] == [
        f"The identity {identity_id('id-none')} does not exist: this would fail unless it is created first."
    ]
    assert run.result("absent")["changed"] is False
    assert "warnings" not in run.result("absent")
    assert run.result("no group")["created"] == ["gh-main"]
    assert all(not emulator.writes() for emulator in one.each())


TWENTY = [plain(f"fic-{number:02}") for number in range(20)]


def race(emulator: Emulator, directory: Path, *tasks: list[dict[str, Any]]) -> list[Play]:
    """Run a playbook through each front, at once, on one emulator.

    The first credential is being written by somebody else while both start, so that both are refused at first.
    """
    emulator.settings(credential_seconds=12)
    slow = start_play([federated("slow", "id-web", TWENTY[0])], directory / "slow", emulator.env, front="in_process")
    until = time.monotonic() + 60
    while not state(emulator) and time.monotonic() < until:
        time.sleep(0.1)
    emulator.settings(credential_seconds=0.1)
    running = [
        start_play(tasks_, directory / front, emulator.env, front=front)
        for front, tasks_ in zip(sorted(FRONTS), tasks, strict=True)
    ]
    plays = [play.wait() for play in (slow, *running)]
    assert [play.rc for play in plays] == [0] * 3, "".join(play.output for play in plays)
    return plays[1:]


def refused(emulator: Emulator) -> set[str]:
    """The credentials whose write was refused because another one was going on."""
    return {name for _method, name, status in asked(emulator) if status == 409}


def test_twenty_at_once_with_other_writers(emulator, tmp_path) -> None:
    """Both write the same twenty: all are there, none twice, and the second run of each changes nothing."""
    tasks = [federated("write", "id-web", *TWENTY), federated("again", "id-web", *TWENTY)]
    plays = race(emulator, tmp_path, tasks, tasks)
    assert [item["name"] for item in state(emulator)] == [item["name"] for item in TWENTY]
    assert len({(item["issuer"], item["subject"]) for item in state(emulator)}) == 20
    assert "fic-01" in refused(emulator)
    for play in plays:
        assert len(play.result("write")["federated_credentials"]) == 20
        assert play.result("write")["created"] == [item["name"] for item in TWENTY[1:]]
        assert play.result("again")["changed"] is False


def test_two_writers_of_ten_each(emulator, tmp_path) -> None:
    halves = [[federated("write", "id-web", *half)] for half in (TWENTY[:10], TWENTY[10:])]
    plays = race(emulator, tmp_path, *halves)
    assert [item["name"] for item in state(emulator)] == [item["name"] for item in TWENTY]
    assert {"fic-01", "fic-10"} <= refused(emulator)
    created = [play.result("write")["created"] for play in plays]
    assert created == [[item["name"] for item in half] for half in (TWENTY[1:10], TWENTY[10:])]


@pytest.fixture
def with_eighteen(one):
    """The identity id-full has 18 credentials."""
    federated_ = [{key: item[key] for key in ("name", "issuer", "subject")} for item in TWENTY[:18]]
    one.add(identities=[{"name": "id-full", "group": "rg-web", "federated": federated_}])
    return one


def test_the_twenty_first_is_refused_before_any_write(with_eighteen) -> None:
    one = with_eighteen
    before = state(one.emulator, "id-full")
    three = [plain(f"new-{number}") for number in range(3)]
    tasks = [
        federated("too many", "id-full", *three, ignore_errors=True),
        federated("check", "id-full", *three, check_mode=True, ignore_errors=True),
        federated("twenty", "id-full", *TWENTY[:18], *three[:2]),
        federated("one more", "id-full", three[2], ignore_errors=True),
        federated("a change", "id-full", {**TWENTY[0], "subject": "other"}),
    ]
    run = one(tasks[:2])
    for task in ("too many", "check"):
        assert (
            "The identity has 18 federated credentials, and 3 more would make 21; Azure allows 20. Nothing was"
            in (run.result(task)["msg"])
        )
        assert run.result(task)["changed"] is False
    for emulator in one.each():
        assert asked(emulator) == [LIST] * 2
        assert state(emulator, "id-full") == before
    one.clear_log()
    run = one(tasks[2:])
    assert run.result("twenty")["created"] == ["new-0", "new-1"]
    assert "has 20 federated credentials, and 1 more would make 21" in run.result("one more")["msg"]
    assert run.result("a change")["updated"] == ["fic-00"]
    assert [method for method, _name, _status in asked(one.emulator)] == ["GET", "PUT", "PUT", "GET", "GET", "PUT"]
    assert len(state(one.emulator, "id-full")) == 20


def test_what_has_another_name_is_refused_before_any_write(one) -> None:
    moved = {
        **plain("fic-new"),
        "issuer": "https://oidc.example.com/cluster",
        "subject": "system:serviceaccount:shop:app",
    }
    run = one([federated("moved", AUTOMATION, plain("first"), moved, ignore_errors=True)])
    result = run.result("moved")
    assert (
        "The credential 'fic-cluster' of this identity has the issuer and subject of 'fic-new' already."
        in (result["msg"])
    )
    assert "remove 'fic-cluster' first, in a task with state: absent" in result["msg"]
    assert asked(one.emulator) == [LIST]


def fault(nth: int, method: str = "PUT", **action: Any) -> dict[str, Any]:
    return {"match": {"method": method, "path": "/federatedIdentityCredentials/"}, "nth": nth, "action": action}


def test_a_failure_says_what_was_done_before(one) -> None:
    one.faults(
        fault(3, status=400, code="BadRequest", message="No."),
        fault(2, "DELETE", status=400, code="BadRequest", message="No."),
    )
    three = [plain(f"fic-{number}") for number in range(3)]
    run = one(
        [
            federated("write", "id-web", *three, diff=True, ignore_errors=True),
            federated("remove", "id-web", *three, state="absent", ignore_errors=True),
        ]
    )
    result = run.result("write")
    assert "fic-2: 400 BadRequest: No. (request ID" in result["msg"]
    assert result["msg"].endswith(" Done before: created the credential fic-0; created the credential fic-1.")
    assert f"PUT {identity_id('id-web')}/federatedIdentityCredentials/fic-2: " in result["msg"]
    assert (result["changed"], result["created"]) == (True, ["fic-0", "fic-1"])
    assert [item["name"] for item in result["federated_credentials"]] == ["fic-0", "fic-1"]
    assert len(result["diff"]["after"]["federated_credentials"]) == 2
    result = run.result("remove")
    assert result["msg"].endswith("Done before: removed the credential fic-0.")
    assert [item["name"] for item in result["federated_credentials"]] == ["fic-1"]
    assert [item["name"] for item in state(one.emulator)] == ["fic-1"]


@pytest.mark.parametrize("action", [{"reset": "before"}, {"reset": "after"}, {"status": 503, "code": "X"}], ids=str)
def test_a_write_whose_answer_is_lost_is_looked_after_before_it_is_sent_again(one, action) -> None:
    one.faults(fault(1, **action), fault(1, "DELETE", **action))
    run = one(
        [
            federated("write", "id-web", plain("fic-0"), plain("fic-1")),
            federated("remove", "id-web", plain("fic-0"), plain("fic-1"), state="absent"),
        ]
    )
    assert run.result("write")["created"] == run.result("remove")["removed"] == ["fic-0", "fic-1"]
    made = action == {"reset": "after"}
    assert [method for method, _name, _status in asked(one.emulator)] == [
        *["GET", "PUT", "GET", *([] if made else ["PUT"]), "PUT"],
        *["GET", "DELETE", "GET", *([] if made else ["DELETE"]), "DELETE"],
    ]
    assert state(one.emulator) == []


def test_another_writer_that_never_ends(one) -> None:
    one.faults(
        {
            "match": {"method": "PUT", "path": "/federatedIdentityCredentials/fic-1"},
            "action": {
                "status": 409,
                "code": "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
                "message": "Too many.",
            },
        }
    )
    run = one([federated("write", "id-web", plain("fic-0"), plain("fic-1"), wait_timeout=4, ignore_errors=True)])
    result = run.result("write")
    assert "wait_timeout of 4 s would pass while waiting for another try" in result["msg"]
    assert "The last answer was: Too many." in result["msg"]
    assert result["msg"].endswith("Done before: created the credential fic-0.")
    tries = [line for line in asked(one.emulator) if line[1] == "fic-1"]
    assert 3 <= len(tries) <= 30


def test_a_region_without_federated_credentials(one) -> None:
    text = "The request format was unexpected: Support for federated identity credentials not enabled."
    one.faults(fault(1, status=405, code="MethodNotAllowed", message=text))
    result = one([federated("write", "id-web", MAIN, ignore_errors=True)]).result("write")
    assert "Azure has no federated credentials in the region of this identity: use an identity in" in result["msg"]
    assert result["changed"] is False
