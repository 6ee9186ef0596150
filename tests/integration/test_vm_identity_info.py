# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""vm_identity_info: one VM, a resource group, a subscription; pages; what is not there; client IDs."""

from __future__ import annotations

import pytest

from tests.integration.estate import OTHER_SUBSCRIPTION, SUBSCRIPTION, identity_id, info, user, vm_id

WEB = ["vm-app-01", "vm-app-02", "vm-old-01", "vm-old-02", "vm-web-01", "vm-web-02", "vm-web-03", "vm-web-04"]
DATA = ["vm-batch-01", "vm-db-01", "vm-db-02"]
LIST = "/providers/Microsoft.Compute/virtualMachines[?]"


def found(result: dict) -> list[str]:
    return sorted(item["name"] for item in result["vms"])


@pytest.mark.oldest
def test_life(both) -> None:
    both.settings(page_size=2)
    run = both(
        [
            info("by name", resource_group="rg-web", name="vm-app-01", client_ids=True),
            info("group", resource_group="RG-web", check_mode=True),
            info("subscription"),
            info("nobody", resource_group="rg-web", name="vm-none"),
            info("no group", resource_group="rg-none", ignore_errors=True),
        ]
    )
    assert not any(line["result"]["changed"] for line in run.results)
    [vm] = run.result("by name")["vms"]
    there = both.emulator.vm("vm-app-01")["identity"]
    app = both.emulator.identity("id-app")
    client_id = vm["identity"].pop("client_id")
    assert vm == {
        "id": vm_id("vm-app-01"),
        "name": "vm-app-01",
        "resource_group": "rg-web",
        "subscription_id": SUBSCRIPTION,
        "location": "westeurope",
        "identity": {
            "type": "SystemAssigned, UserAssigned",
            "system_assigned": True,
            "principal_id": there["principalId"],
            "tenant_id": there["tenantId"],
            "user_assigned": [
                {
                    "id": identity_id("id-app", "rg-identities"),
                    "name": "id-app",
                    "principal_id": app["principal_id"],
                    "client_id": app["client_id"],
                }
            ],
        },
    }
    assert client_id
    assert client_id not in (there["principalId"], app["client_id"])
    assert found(run.result("group")) == WEB
    assert found(run.result("subscription")) == sorted(WEB + DATA)
    assert run.result("nobody")["vms"] == []
    assert run.result("no group")["error"]["code"] == "ResourceGroupNotFound"
    assert "Check resource_group and the subscription." in run.result("no group")["msg"]
    # 8 and 11 VMs by two, and the group that is not there.
    assert len(both.emulator.log(LIST, method="GET")) == 4 + 6 + 1


def test_other_ways_to_name(one) -> None:
    jump = vm_id("vm-jump-01", "rg-shared", OTHER_SUBSCRIPTION)
    run = one(
        [
            info("id of another subscription", vm_id=jump.lower(), subscription_id=SUBSCRIPTION),
            info("id of nobody", vm_id=vm_id("vm-none", "rg-none"), ignore_errors=True),
            info("group of another subscription", resource_group="rg-shared", subscription_id=OTHER_SUBSCRIPTION),
            info("odd spellings", resource_group="rg-data"),
        ]
    )
    assert run.result("id of another subscription")["vms"] == run.result("group of another subscription")["vms"]
    assert run.result("id of another subscription")["vms"][0]["id"] == jump
    assert "ResourceGroupNotFound" in run.result("id of nobody")["msg"]
    spelt = {item["name"]: item for item in run.result("odd spellings")["vms"]}
    assert spelt["vm-db-01"]["resource_group"] == "RG-DATA"
    assert spelt["vm-db-01"]["identity"]["user_assigned"][0]["name"] == "id-data"


def test_client_ids_cost_one_read_per_system_identity(one) -> None:
    run = one([info("group", resource_group="rg-web", client_ids=True), info("without", resource_group="rg-web")])
    with_client_id = {item["name"] for item in run.result("group")["vms"] if item["identity"]["client_id"]}
    assert with_client_id == {"vm-web-02", "vm-app-01", "vm-app-02"}
    assert len(one.emulator.log("/identities/default")) == 3
    assert len(one.emulator.log("/Microsoft.Compute/")) == 3 + 2
    assert not any("client_id" in item["identity"] for item in run.result("without")["vms"])


def test_the_same_words_as_the_modules_that_change(one) -> None:
    run = one([user("unchanged", "vm-app-02"), info("read", resource_group="rg-web", name="vm-app-02")])
    unchanged, [read] = run.result("unchanged"), run.result("read")["vms"]
    assert read == {**unchanged["vm"], "identity": unchanged["identity"]}


def test_defaults_for_the_whole_group_of_modules(one) -> None:
    tasks = [
        info("read", name="vm-web-01"),
        {"name": "set", "managed_identity.azure.vm_system_identity": {"name": "vm-web-01"}},
        {"name": "assign", "managed_identity.azure.vm_user_identity": {"name": "vm-web-01", "identities": "id-web"}},
    ]
    defaults = {"group/managed_identity.azure.all": {"resource_group": "rg-web", "subscription_id": SUBSCRIPTION}}
    one(
        [{"hosts": "localhost", "gather_facts": False, "module_defaults": defaults, "tasks": tasks}],
        env={"AZURE_SUBSCRIPTION_ID": ""},
    )
    assert one.emulator.vm("vm-web-01")["identity"]["type"] == "SystemAssigned, UserAssigned"


def test_reader_may_read(one) -> None:
    auditor = {"AZURE_CLIENT_ID": "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c41", "AZURE_SECRET": "emulator-only-auditor"}
    run = one(
        [
            info("read", resource_group="rg-web", name="vm-web-02", client_ids=True),
            user("predict", "vm-web-02", "id-web", check_mode=True),
        ],
        env=auditor,
    )
    assert run.result("read")["vms"][0]["identity"]["client_id"]
    assert run.result("predict")["identity"]["user_assigned"][0]["principal_id"]
