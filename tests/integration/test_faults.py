# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every request of every operation times every fault: the right end, or a failure that tells the whole story."""

from __future__ import annotations

import base64
import json
import re
import time
from itertools import pairwise

import pytest

from tests.integration.estate import TENANT, calls, identity_id, info, names, system, user, vm_id
from tests.integration.fault_cases import BROKEN, CASES, THROTTLED, Case, seed_of

TASK = user("assign", "{{ inventory_hostname }}", "id-cache", wait_timeout="{{ seconds }}", ignore_errors=True)
PARALLEL = ("--forks", "8")
REQUEST_ID = re.compile(r"request ID [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\)")
PARTNER = (
    "/subscriptions/99999999-aaaa-4bbb-8ccc-dddddddddddd/resourceGroups/rg-partner"
    "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-partner"
)
OPERATOR = {"AZURE_CLIENT_ID": "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c31", "AZURE_SECRET": "emulator-only-operator"}
AUDITOR = {"AZURE_CLIENT_ID": "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c41", "AZURE_SECRET": "emulator-only-auditor"}
# Some of each kind, since a module's process takes a second of its own.
IN_BOTH_FRONTS = (
    "read-500",
    "write-reset-after",
    "write-deletion",
    "operation-failed",
    "write-token-rejected-for-ever",
)


def run_cases(fronts, chosen: dict[str, Case]):
    fronts.add(vms=seed_of(list(chosen)))
    fronts.faults(*(case.emulated(vm) for vm, case in chosen.items()))
    hosts = {vm: {"seconds": case.seconds} for vm, case in chosen.items()}
    return fronts([TASK], hosts=hosts, arguments=PARALLEL)


def wait_for_late_answers(emulator) -> None:
    """Requests are in the emulator's log once they are answered: also those that nobody waits for any longer."""
    late = {vm for vm, case in CASES.items() if "delay" in case.fault or "delay_after" in case.fault}
    end = time.monotonic() + 30
    while len([entry for entry in emulator.log() if "delay" in entry.get("fault", "")]) < len(late):
        assert time.monotonic() < end, "there are requests without an end"
        time.sleep(0.1)


def check_case(emulator, vm: str, case: Case, result: dict) -> None:
    """What must hold whatever the fault was."""
    there = emulator.vm(vm)
    now = sorted(key.rsplit("/", 1)[1] for key in there["identity"]["userAssignedIdentities"])
    assert now == (["id-cache", "id-web"] if case.applied else ["id-web"])
    assert there["tags"] == {"case": vm}
    patches = [call for call in calls(emulator, vm) if call != "GET"]
    assert case.patches in (None, len(patches))
    assert all(patch == patches[0] for patch in patches)
    sent = [(entry["method"], entry["status"]) for entry in emulator.log(f"virtualMachines/{vm}[?]")]
    for one, following in pairwise(sent):
        # What may have been made is not sent again before a look: what was throttled or not let in was not made.
        assert following[0] != "PATCH" or one[0] == "GET" or one[1] in (401, 429)
    assert result["changed"] is case.applied
    if case.says is None:
        assert names(result) == now
        assert all(item["principal_id"] and item["client_id"] for item in result["identity"]["user_assigned"])
        assert "error" not in result
        return
    check_story(vm, case, result)
    if case.request != "read":
        assert names(result) == now


def check_story(vm: str, case: Case, result: dict) -> None:
    """A failure names the VM, the call, Azure's answer and request, and what to do, on one line and as data."""
    assert "error" in result, "it succeeded"
    message, error = result["msg"], result["error"]
    assert "\n" not in message
    # On a busy machine the time can end in the middle of one more try.
    ended_early = case.always and "passed while waiting for the answer" in message
    for part in (vm_id(vm), *(() if ended_early else case.says or ())):
        assert part in message
    assert re.match(r"(GET|PATCH|GET of the operation on) /", message)
    assert "&s=" not in message, "an operation's URL is signed, and 3.5 kB long"
    assert error["target"] == vm_id(vm)
    assert error["message"] in message
    assert error["remedy"] in message
    assert (error["status"] is None) == (error["request_id"] is None)
    assert bool(error["request_id"]) == bool(REQUEST_ID.search(message))


def test_every_request_times_every_fault(one) -> None:
    run = run_cases(one, CASES)
    wait_for_late_answers(one.emulator)
    results = run.by_host("assign")
    wrong = {}
    for vm, case in CASES.items():
        try:
            check_case(one.emulator, vm, case, results[vm])
        except AssertionError as error:
            wrong[vm] = f"{error} in {results[vm]}"
    assert not wrong, "\n".join(f"{vm}: {why}" for vm, why in wrong.items())

    # And when the fault is over, the same task gets there.
    one.faults()
    failed = {vm: {"seconds": 60} for vm, case in CASES.items() if case.says and case.converges}
    again = one([TASK], hosts=failed, arguments=PARALLEL).by_host("assign")
    assert {vm: (names(again[vm]), "error" in again[vm]) for vm in failed} == {
        vm: (["id-cache", "id-web"], False) for vm in failed
    }
    for vm in failed:
        assert again[vm]["changed"] is not CASES[vm].applied


@pytest.mark.oldest
def test_faults_through_both_fronts(both) -> None:
    chosen = {vm: CASES[vm] for vm in IN_BOTH_FRONTS}
    results = run_cases(both, chosen).by_host("assign")
    for emulator in both.each():
        for vm, case in chosen.items():
            check_case(emulator, vm, case, results[vm])


def test_real_refusals(one) -> None:
    """Those that the emulator makes by itself, as Azure does: nothing is changed, and the remedy names the cure."""
    one.add(
        locks=[{"name": "freeze", "scope": vm_id("vm-web-02")}],
        policies=[{"name": "no-vms", "scope": vm_id("vm-web-03")}],
    )
    refused = {
        "locked": (system("locked", "vm-web-02", state="absent"), f"A lock on {vm_id('vm-web-02')} forbids it"),
        "policy": (system("policy", "vm-web-03"), "An Azure Policy denies this change"),
        "unknown identity": (
            user("unknown identity", "vm-web-01", "id-web", "id-none"),
            "id-none does not exist: create it first, or correct its name or ID. This write changed nothing.",
        ),
        "no write": (
            system("no write", "vm-web-01", environment=AUDITOR),
            f"lacks Microsoft.Compute/virtualMachines/write on {vm_id('vm-web-01')}; "
            "the role Virtual Machine Contributor has it",
        ),
        "no assign": (
            user("no assign", "vm-web-01", "id-web", "id-cache", environment=OPERATOR),
            "The caller lacks Microsoft.ManagedIdentity/userAssignedIdentities/assign/action on "
            f"{identity_id('id-cache')}; the role Managed Identity Operator has it.",
        ),
        "other tenant": (user("other tenant", "vm-web-01", PARTNER), "in a subscription of the VM's own tenant"),
        "no VM": (system("no VM", "vm-none"), "Check the name, the resource group and the subscription."),
    }
    before = one.emulator.state()
    run = one([{**task, "ignore_errors": True} for task, _remedy in refused.values()])
    for name, (_task, remedy) in refused.items():
        result = run.result(name)
        assert remedy in result["msg"], name
        assert remedy in result["error"]["remedy"] + result["msg"]
        assert result["changed"] is False
        assert REQUEST_ID.search(result["msg"]), name
    assert one.emulator.state() == before
    # Removing takes no right on the identity.
    one([user("remove", "vm-web-04", "id-web", state="absent", environment=OPERATOR)])


def test_a_disabled_system_identity_that_is_enabled_at_once(one) -> None:
    one.settings(identity_slot_seconds=1)
    run = one([system("disable", "vm-web-02", state="absent"), system("enable", "vm-web-02")])
    assert run.result("enable")["identity"]["principal_id"]
    refused = [entry for entry in one.emulator.log("vm-web-02", method="PATCH") if entry["status"] == 409]
    assert refused


def test_reads_of_the_other_operations(one) -> None:
    """Lists by pages, client IDs, look-ups of check mode, the cloud itself, and signing in: each fails once."""
    one.settings(page_size=5)
    once = [
        ("GET", "/virtualMachines[?]api-version=[^&]*$", THROTTLED),
        ("GET", "/virtualMachines[?].*skiptoken", BROKEN),
        ("GET", "vm-web-02/.*identities/default", {"reset": "before"}),
        ("GET", "vm-app-01/.*identities/default", {"truncate": 9}),
        ("GET", "userAssignedIdentities/id-web[?]", {**THROTTLED, "headers": {"Retry-After": "1"}}),
        ("GET", "userAssignedIdentities/id-cache[?]", {"status": 503}),
        ("GET", "/metadata/endpoints", {"reset": "before"}),
        ("POST", "/oauth2/v2.0/token", BROKEN),
    ]
    one.faults(*({"match": {"method": method, "path": path}, "nth": 1, "action": act} for method, path, act in once))
    run = one(
        [
            info("list", resource_group="rg-web", client_ids=True),
            user("predict", "vm-web-01", "id-web", "id-cache", check_mode=True),
        ]
    )
    assert len(run.result("list")["vms"]) == 8
    assert len([vm for vm in run.result("list")["vms"] if vm["identity"]["client_id"]]) == 3
    assert all(item["principal_id"] for item in run.result("predict")["identity"]["user_assigned"])
    assert len([entry for entry in one.emulator.log() if "fault" in entry]) == len(once)


def test_reads_that_never_work(one) -> None:
    one.settings(page_size=5)
    paths = ("rg-web/.*skiptoken", "vm-db-02/.*identities/default", "userAssignedIdentities/id-web[?]")
    one.faults(*({"match": {"method": "GET", "path": path}, "action": BROKEN} for path in paths))
    hosts = {
        "second page": {"options": {"resource_group": "rg-web"}},
        "client ID": {"options": {"resource_group": "rg-data", "client_ids": True}},
    }
    look = {"managed_identity.azure.vm_identity_info": "{{ options | combine({'wait_timeout': 2}) }}"}
    predict = user("predict", "vm-web-01", "id-web", check_mode=True, wait_timeout=2, ignore_errors=True)
    run = one([{"name": "look", "ignore_errors": True, **look}, predict], hosts=hosts, arguments=PARALLEL)
    for result in (*run.all_of("look"), *run.all_of("predict")):
        # On a busy machine the time can end in the middle of one more try.
        ended_early = "passed while waiting for the answer" in result["msg"]
        assert "500 InternalServerError" in result["msg"] or ended_early
        assert "vms" not in result
        assert "skiptoken" not in result["msg"]
        assert result["changed"] is False
    assert all(any(entry["status"] == 500 for entry in one.emulator.log(path)) for path in paths)


def test_a_user_is_told_how_to_give_the_second_factor_and_an_application_is_not(one) -> None:
    claims = {"access_token": {"acrs": {"essential": True, "values": ["p1"]}}}
    encoded = base64.b64encode(json.dumps(claims).encode()).decode()
    said = "Resource 'vm-web-01' was disallowed by policy. Reasons: MFA is required."
    refusal = {
        "status": 401,
        "code": "RequestDisallowedByPolicy",
        "message": said,
        "headers": {"WWW-Authenticate": f'Bearer error="insufficient_claims", claims="{encoded}"'},
    }
    one.faults({"match": {"method": "PATCH"}, "action": refusal})
    ada = {"ad_user": "ada@contoso.onmicrosoft.com", "password": "emulator-only-password", "tenant": TENANT}
    run = one(
        [
            system("user", "vm-web-01", **ada, ignore_errors=True),
            system("application", "vm-web-01", ignore_errors=True),
        ]
    )
    for title in ("user", "application"):
        error = run.result(title)["error"]
        assert (error["status"], error["code"], error["message"]) == (401, "RequestDisallowedByPolicy", said)
        assert "tenant and cloud_environment" not in error["remedy"]
        assert not run.result(title)["changed"]
    command = run.result("user")["msg"].partition("`")[2].partition("`")[0]
    assert command.startswith(f"az login --tenant {TENANT} --claims-challenge ")
    assert json.loads(base64.b64decode(command.rpartition(" ")[2])) == claims
    assert "az login" not in run.result("application")["msg"]
