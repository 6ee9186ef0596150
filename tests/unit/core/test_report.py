# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report on a job: what is said of each virtual machine, whatever became of it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core.survey._report import OUTCOMES, merge, report

NOBODY = {"type": "None", "system_assigned": False, "principal_id": None, "user_assigned": []}
SYSTEM = {**NOBODY, "type": "SystemAssigned", "system_assigned": True, "principal_id": "p-1"}
BOTH = {**SYSTEM, "user_assigned": [{"id": "/app", "name": "app"}, {"id": "/logs", "name": "logs"}]}


def vm(name: str, identity: dict[str, Any]) -> dict[str, Any]:
    return {"id": f"/{name}", "name": name, "resource_group": "shop", "identity": identity}


def read(*vms: dict[str, Any], **failures: str) -> dict[str, Any]:
    there = [
        {"vms": [one], "ansible_loop_var": "x", "x": {"name": one["name"], "resource_group": "shop"}} for one in vms
    ]
    gone = [
        {
            "ansible_loop_var": "x",
            "x": {"name": name, "resource_group": "shop"},
            **({"failed": True, "msg": message} if message else {"vms": []}),
        }
        for name, message in failures.items()
    ]
    return {"results": there + gone}


def write(*results: tuple[dict[str, Any], dict[str, Any]]) -> dict[str, Any]:
    return {"results": [{"ansible_loop_var": "y", "y": one, **result} for one, result in results]}


WEB, DB = vm("web", NOBODY), vm("db", BOTH)


def test_every_outcome():
    found = report(
        read(WEB, DB, vm("job", NOBODY), lost="", hidden="GET ...:\n  403"),
        write(
            (WEB, {"changed": True, "identity": SYSTEM}),
            (vm("job", NOBODY), {"failed": True, "msg": "PATCH ...:\n 409  Conflict. "}),
        ),
    )
    assert found == {
        "lines": [
            "shop/web: changed; system-assigned identity with principal ID p-1, no user-assigned one",
            "shop/db: unchanged; system-assigned identity with principal ID p-1, user-assigned app, logs",
            "shop/job: FAILED: PATCH ...: 409 Conflict.",
            "shop/lost: FAILED: There is no such virtual machine.",
            "shop/hidden: FAILED: GET ...: 403",
        ],
        "summary": "5 virtual machines: 1 changed, 1 unchanged, 3 failed.",
        "grants": {"changed": 0, "failed": 0},
        "check": False,
        "changed": ["/web"],
        "unchanged": ["/db"],
        "failed": ["/job", "shop/lost", "shop/hidden"],
        "untouched": [],
        "principal_ids": {"/web": "p-1", "/db": "p-1"},
    }


@pytest.mark.parametrize("write", [None, {}, ""])
def test_what_was_not_reached_is_not_called_unchanged(write: Any):
    found = report(read(WEB), write)
    assert found["untouched"] == ["/web"]
    assert found["lines"] == ["shop/web: not touched; no system-assigned identity, no user-assigned one"]
    assert found["summary"] == "1 virtual machine: 1 not touched."


@pytest.mark.parametrize(
    "write", [{"results": []}, {"changed": False, "skipped": True}, {"results": [{"skipped": True}]}]
)
def test_nothing_to_write(write: dict[str, Any]):
    assert report(read(WEB), write)["unchanged"] == ["/web"]


def test_check_mode_says_what_would_be():
    there = {**SYSTEM, "principal_id": None}
    grants = {"results": [{"changed": True}, {"changed": False}]}
    found = report(read(WEB, DB), write((WEB, {"changed": True, "identity": there})), grants, check=True)
    assert found["lines"] == [
        "shop/web: would change; system-assigned identity with principal ID not known yet, no user-assigned one",
        "shop/db: unchanged; system-assigned identity with principal ID p-1, user-assigned app, logs",
    ]
    assert found["summary"] == (
        "2 virtual machines: 1 would change, 1 unchanged. Grants: 1 would change, 0 failed. "
        "Check mode: nothing was written."
    )
    assert found["principal_ids"] == {"/db": "p-1"}


def test_failed_grants_count():
    grants = {"results": [{"changed": True}, {"failed": True, "msg": "no"}]}
    assert report(read(WEB), write(), grants)["summary"].endswith(" Grants: 1 changed, 1 failed.")


def test_nothing_at_all():
    assert report({}) == {
        "lines": [],
        "summary": "0 virtual machines.",
        "grants": {"changed": 0, "failed": 0},
        "check": False,
        **{outcome: [] for outcome in OUTCOMES},
        "principal_ids": {},
    }


def test_a_failure_that_tells_the_identity_as_it_is_now():
    found = report(read(WEB), write((WEB, {"failed": True, "msg": "late", "identity": SYSTEM})))
    assert found["principal_ids"] == {"/web": "p-1"}
    assert found["failed"] == ["/web"]


def test_reports_of_many_hosts_become_one():
    grants = {"results": [{"changed": True}]}
    one = report(read(WEB), write((WEB, {"changed": True, "identity": SYSTEM})), grants)
    other = report(read(DB), None, grants)
    found = merge([one, other])
    assert found["lines"] == one["lines"] + other["lines"]
    assert (found["changed"], found["untouched"]) == (["/web"], ["/db"])
    assert found["principal_ids"] == {"/web": "p-1", "/db": "p-1"}
    assert found["summary"] == "2 virtual machines: 1 changed, 1 not touched. Grants: 2 changed, 0 failed."
    assert merge([one]) == one
    assert merge([]) == report({})


def test_a_vm_that_was_named_twice_is_told_of_once():
    assert report(read(WEB, DB, WEB), write())["unchanged"] == ["/web", "/db"]


def test_what_need_not_be_there_is_no_failure():
    lost = {"name": "lost", "resource_group": "shop"}
    gone = write((lost, {"changed": False, "vm": None, "identity": None, "vms": None}))
    found = report(read(WEB, lost=""), gone)
    assert found["lines"][1] == "shop/lost: unchanged: There is no such virtual machine, and need not be."
    assert (found["failed"], found["unchanged"]) == ([], ["/web", "shop/lost"])
    refused = write((lost, {"failed": True, "msg": "PATCH ...: 403"}))
    assert report(read(lost=""), refused)["failed"] == ["shop/lost"]
