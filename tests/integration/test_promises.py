# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The four promises of the README's first screen, each by a test of its name."""

from __future__ import annotations

from typing import Any

from tests.integration.estate import calls, identity_id, names, system, user, vm_id

AUDITOR = {"AZURE_CLIENT_ID": "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c41", "AZURE_SECRET": "emulator-only-auditor"}
# What a proxy, or a service on a bad day, answers to a read: nothing of it says which identities there are.
CARELESS: dict[str, dict[str, Any]] = {
    "empty": {"status": 200, "body": ""},
    "object": {"status": 200, "body": "{}"},
    "null": {"status": 200, "body": "null"},
    "list": {"status": 200, "body": "[]"},
    "page": {"status": 200, "body": "<html><title>Welcome</title></html>"},
    "accepted": {"status": 202, "body": ""},
    "no-content": {"status": 204, "body": ""},
    "redirect": {"status": 302, "body": "", "headers": {"Location": "https://example.org/"}},
    "other-vm": {"status": 200, "body": f'{{"id": "{vm_id("vm-web-01")}", "location": "x", "properties": {{}}}}'},
    "bare": {"status": 200, "body": '{"id": "%s", "location": "x", "properties": {}}'},
    "hidden": {
        "status": 200,
        "body": '{"id": "%s", "location": "x", "properties": {}, "identity": {"type": "SystemAssigned, UserAssigned"}}',
    },
}


def test_it_touches_nothing_else(one) -> None:
    before = {vm["name"]: vm for vm in one.emulator.state()["vms"]}
    run = one(
        [
            system("enable", "vm-web-03"),
            user("assign", "vm-web-03", "id-cache"),
            system("off", "vm-web-02", state="absent"),
        ]
    )
    assert run.result("assign")["changed"]
    after = {vm["name"]: vm for vm in one.emulator.state()["vms"]}
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"vm-web-02", "vm-web-03"}
    for name in changed:
        assert {key for key in after[name] if after[name][key] != before[name][key]} == {"identity", "etag"}
        # Each write holds identity alone: calls() sees to that.
        assert {type(call) for call in calls(one.emulator, name) if call != "GET"} == {dict}
    assert names(run.result("assign")) == ["id-cache", "id-web"]
    assert run.result("assign")["identity"]["system_assigned"]


def test_it_writes_only_if_something_changes(one) -> None:
    tasks = [
        system("enable", "vm-web-03"),
        user("assign", "vm-web-03", "id-web"),
        user("other spelling", "vm-web-03", identity_id("id-web").upper().replace("ID-WEB", "Id-Web")),
        user("nothing to remove", "vm-web-03", "id-cache", state="absent"),
        user("exact", "vm-web-03", "id-web", purge=True),
    ]
    predicted = one(tasks, arguments=("--check", "--diff"))
    assert predicted.result("enable")["changed"]
    assert not [call for call in calls(one.emulator, "vm-web-03") if call != "GET"]
    real = one(tasks, arguments=("--diff",))
    assert [real.result(task["name"])["changed"] for task in tasks] == [True, False, False, False, False]
    foretold = predicted.result("enable")["identity"]
    assert {**real.result("enable")["identity"], "principal_id": None, "tenant_id": None} == foretold
    one.clear_log()
    again = one(tasks)
    assert [again.result(task["name"])["changed"] for task in tasks] == [False] * 5
    assert calls(one.emulator, "vm-web-03") == ["GET"] * 5


def test_it_loses_no_update(one) -> None:
    """Not by another writer, and not by an answer that says nothing."""
    careless = {f"vm-{kind}": fault for kind, fault in CARELESS.items()}
    seed = {"group": "rg-web", "system_identity": True, "user_identities": ["id-web"]}
    one.add(vms=[{"name": name, **seed} for name in (*careless, "vm-overtaken")])
    faults = [
        {"match": {"method": "GET", "path": f"virtualMachines/{name}[?]"}, "action": _about(name, fault)}
        for name, fault in careless.items()
    ]
    late = {
        "match": {"method": "GET", "path": "virtualMachines/vm-overtaken[?]"},
        "nth": 2,
        "action": {"stale": {"writes": 1}},
    }
    one.faults(*faults, late)
    before = {name: one.emulator.vm(name)["identity"] for name in careless}

    assign = user("assign", "{{ inventory_hostname }}", "id-cache", ignore_errors=True)
    results = one([assign], hosts={name: {} for name in careless}, arguments=("--forks", "5")).by_host("assign")
    for name in careless:
        assert "error" in results[name], name
        assert results[name]["changed"] is False
        assert vm_id(name) in results[name]["msg"]
        assert set(calls(one.emulator, name)) == {"GET"}
        assert one.emulator.vm(name)["identity"] == before[name]

    one([user("theirs", "vm-overtaken", "id-cache"), user("ours", "vm-overtaken", "id-web", state="absent")])
    assert _statuses(one.emulator, "vm-overtaken", "PATCH") == [200, 412, 200]
    kept = one.emulator.vm("vm-overtaken")["identity"]
    assert [key.rpartition("/")[2] for key in kept["userAssignedIdentities"]] == ["id-cache"]
    assert kept["type"] == "SystemAssigned, UserAssigned"


def test_it_says_what_is_wrong(one) -> None:
    one.add(locks=[{"name": "freeze", "scope": vm_id("vm-web-02")}])
    run = one(
        [
            system("no right", "vm-web-01", environment=AUDITOR, ignore_errors=True),
            system("locked", "vm-web-02", state="absent", ignore_errors=True),
            user("unknown", "vm-web-03", "id-none", ignore_errors=True),
            system("no such", "vm-none", ignore_errors=True),
        ]
    )
    told = {
        "no right": (vm_id("vm-web-01"), "403", "AuthorizationFailed", "the role Virtual Machine Contributor has it"),
        "locked": (vm_id("vm-web-02"), "409", "ScopeLocked", f"A lock on {vm_id('vm-web-02')} forbids it"),
        "unknown": (vm_id("vm-web-03"), identity_id("id-none"), "does not exist: create it first"),
        "no such": (vm_id("vm-none"), "404", "ResourceNotFound", "Check the name"),
    }
    for title, parts in told.items():
        result = run.result(title)
        for part in (*parts, "request ID"):
            assert part.lower() in result["msg"].lower(), title
        assert result["error"]["request_id"]
        assert result["error"]["remedy"] in result["msg"]
        assert result["changed"] is False


def _about(name: str, fault: dict[str, Any]) -> dict[str, Any]:
    return {**fault, "body": fault["body"].replace("%s", vm_id(name))}


def _statuses(emulator: Any, vm: str, method: str) -> list[int]:
    return [entry["status"] for entry in emulator.log(f"virtualMachines/{vm}[?]") if entry["method"] == method]
