# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""vm_system_identity: absent, present, again, check, diff, absent, again; and what it leaves alone."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.integration.estate import OTHER_SUBSCRIPTION, SUBSCRIPTION, TENANT, calls, names, system, vm_id

NOTHING = {"type": "None", "system_assigned": False, "principal_id": None, "tenant_id": None, "user_assigned": []}
ON, OFF = {"type": "SystemAssigned"}, {"type": "None"}
VM = "vm-web-01"


@pytest.mark.oldest
@pytest.mark.quick
def test_life(both) -> None:
    run = both(
        [
            system("absent already", VM, state="absent", diff=True),
            system("check", VM, check_mode=True, diff=True),
            system("enable", VM, diff=True),
            system("again", VM),
            system("check again", VM, check_mode=True),
            system("check absent", VM, state="absent", check_mode=True, diff=True),
            system("disable", VM, state="absent", diff=True),
            system("disabled again", VM, state="absent"),
        ]
    )
    changed = [line["task"] for line in run.results if line["result"]["changed"]]
    assert changed == ["check", "enable", "check absent", "disable"]

    enabled = run.result("enable")
    identity = enabled["identity"]
    assert identity["principal_id"]
    assert identity == {**NOTHING, **ON, "system_assigned": True, "principal_id": identity["principal_id"]} | {
        "tenant_id": TENANT
    }
    assert enabled["vm"] == {
        "id": vm_id(VM),
        "name": VM,
        "resource_group": "rg-web",
        "subscription_id": SUBSCRIPTION,
        "location": "westeurope",
    }
    assert enabled["lost_update_protection"] is True
    assert enabled["diff"] == {"before": NOTHING, "after": identity}
    predicted = {**identity, "principal_id": None, "tenant_id": None}
    assert run.result("check")["identity"] == predicted
    assert run.result("check")["diff"] == {"before": NOTHING, "after": predicted}
    assert run.result("absent already")["diff"] == {"before": NOTHING, "after": NOTHING}
    assert run.result("again")["identity"] == run.result("check again")["identity"] == identity
    assert run.result("check absent")["diff"] == run.result("disable")["diff"] == {"before": identity, "after": NOTHING}
    assert run.result("absent already")["identity"] == run.result("disabled again")["identity"] == NOTHING
    assert calls(both.emulator, VM) == ["GET", "GET", "GET", ON, "GET", "GET", "GET", "GET", OFF, "GET"]
    assert len(both.emulator.log("/operations/")) == 2
    always = {"changed", "vm", "identity", "invocation"}
    assert set(run.result("again")) - {"_ansible_no_log"} == always
    assert set(enabled) - {"_ansible_no_log"} == always | {"diff", "lost_update_protection"}
    # Reading and writing the VM, and asking for the end: nothing else was asked of Azure.
    assert len(both.emulator.log("^/subscriptions/")) == 12


def test_user_assigned_identities_stay(one) -> None:
    before = one.emulator.vm("vm-web-04")["identity"]["userAssignedIdentities"]
    run = one(
        [
            system("enable", "vm-web-04"),
            system("disable", "vm-web-04", state="absent"),
            # One of its identities was deleted: a write that named it would be refused.
            system("enable beside a deleted one", "vm-old-02"),
        ]
    )
    assert names(run.result("enable")) == names(run.result("disable")) == ["id-cache", "id-web"]
    assert run.result("enable")["identity"]["type"] == "SystemAssigned, UserAssigned"
    assert run.result("disable")["identity"]["type"] == "UserAssigned"
    assert calls(one.emulator, "vm-web-04") == [
        "GET",
        {"type": "SystemAssigned, UserAssigned"},
        "GET",
        {"type": "UserAssigned"},
    ]
    assert calls(one.emulator, "vm-old-02") == ["GET", {"type": "SystemAssigned, UserAssigned"}]
    for emulator in one.each():
        assert emulator.vm("vm-web-04")["identity"]["userAssignedIdentities"] == before
        assert emulator.vm("vm-web-04")["tags"] == {"role": "frontend"}


def test_id_in_any_spelling_and_its_subscription_wins(one) -> None:
    odd = vm_id("VM-WEB-01").upper().replace("/SUBSCRIPTIONS", "/Subscriptions")
    jump = vm_id("vm-jump-01", "rg-shared", OTHER_SUBSCRIPTION)
    run = one(
        [
            system("odd", vm_id=odd),
            system("same VM by name", VM.upper()),
            # AWX always sets subscription_id.
            system("elsewhere", vm_id=jump, subscription_id=SUBSCRIPTION),
        ],
        env={"AZURE_SUBSCRIPTION_ID": SUBSCRIPTION},
    )
    assert run.result("odd")["vm"]["id"] == vm_id(VM)
    assert run.result("same VM by name")["changed"] is False
    assert run.result("elsewhere")["vm"]["subscription_id"] == OTHER_SUBSCRIPTION
    assert one.emulator.vm("vm-jump-01")["identity"]["type"] == "SystemAssigned"


def test_operation_that_takes_time_is_waited_for(one) -> None:
    one.settings(operation_seconds=0.5)
    run = one([system("enable", VM)])
    assert run.result("enable")["identity"]["principal_id"]
    assert calls(one.emulator, VM) == ["GET", ON]
    assert len(one.emulator.log("/operations/")) == 2
    assert one.emulator.vm(VM)["provisioning_state"] == "Succeeded"


def test_wait_false_returns_what_azure_accepted(one) -> None:
    one.settings(operation_seconds=600)
    run = one([system("enable", VM, wait=False), system("again", VM), system("other", "vm-web-03", wait=False)])
    accepted = run.result("enable")
    assert accepted["changed"] is True
    assert accepted["operation"]["status"] == "InProgress"
    assert accepted["operation"]["url"].startswith(f"{one.emulator.url}/subscriptions/{SUBSCRIPTION}/providers/")
    assert accepted["identity"]["principal_id"] == run.result("again")["identity"]["principal_id"]
    assert "operation" not in run.result("again")
    assert calls(one.emulator, VM) == ["GET", ON, "GET"]
    assert not one.emulator.log("/operations/")


def test_azure_says_when_to_ask_again(one) -> None:
    one.settings(operation_seconds=0.2, retry_after=1)
    one([system("enable", VM)])
    [write] = one.emulator.log(VM, method="PATCH")
    [poll] = one.emulator.log("/operations/")
    waited = datetime.fromisoformat(poll["time"]) - datetime.fromisoformat(write["time"])
    assert 1.0 <= waited.total_seconds() < 3.0
