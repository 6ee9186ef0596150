# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Azure CLI on scale sets, VMs and what they stand on, and on Resource Graph."""

from __future__ import annotations

import sysconfig
from pathlib import Path

import pytest

from tests.integration.estate import identity_id

SET = ("--resource-group", "rg-web", "--name", "vmss-web")
VM = ("--resource-group", "rg-web", "--name", "vm-web-01")
RESOURCE_GRAPH = Path(sysconfig.get_path("purelib")) / "azure-cli-extensions" / "resource-graph"


def users(identity) -> set[str]:
    return {key.rpartition("/")[2] for key in identity.get("userAssignedIdentities") or {}}


def test_scale_sets(emulator, az) -> None:
    assert [item["name"] for item in az("vmss", "list", "--resource-group", "rg-web")] == ["vmss-web"]
    before = az("vmss", "show", *SET)["identity"]
    assert (before["type"], users(before)) == ("SystemAssigned, UserAssigned", {"id-web"})
    az("vmss", "identity", "assign", *SET, "--identities", identity_id("id-app", "rg-identities"), "id-cache")
    az("vmss", "identity", "remove", *SET, "--identities", "id-web", "[system]")
    after = az("vmss", "identity", "show", *SET)
    assert (after["type"], users(after)) == ("UserAssigned", {"id-app", "id-cache"})
    principal = az("vmss", "identity", "assign", *SET)["systemAssignedIdentity"]
    assert principal != before["principalId"]
    az("vmss", "identity", "remove", *SET, "--identities", identity_id("id-app", "rg-identities"), "id-cache")
    assert az("vmss", "identity", "show", *SET)["type"] == "SystemAssigned"


def test_instances_keep_their_model_until_they_are_updated(emulator, az) -> None:
    def current() -> list[bool]:
        return [item["latestModelApplied"] for item in az("vmss", "list-instances", *SET)]

    assert current() == [True, True, False]
    az("vmss", "identity", "assign", *SET, "--identities", "id-cache")
    assert current() == [False, False, False]
    az("vmss", "update-instances", *SET, "--instance-ids", "1")
    assert current() == [False, True, False]
    assert users(az("vmss", "show", *SET, "--instance-id", "1")["identity"]) == {"id-web", "id-cache"}
    az("vmss", "update-instances", *SET, "--instance-ids", "*")
    assert current() == [True, True, True]


def test_what_vms_stand_on(emulator, az) -> None:
    assert {item["name"] for item in az("group", "list")} == {"rg-web", "rg-data", "rg-identities"}
    nics = az("network", "nic", "list", "--resource-group", "rg-web")
    (nic,) = [item for item in nics if item["name"] == "vm-web-01-nic"]
    assert nic["virtualMachine"]["id"] == emulator.vm("vm-web-01")["id"]
    (vnet,) = az("network", "vnet", "list", "--resource-group", "rg-web")
    assert nic["ipConfigurations"][0]["subnet"]["id"].startswith(vnet["id"])
    (shown,) = [vm for vm in az("vm", "list", "--show-details", "--resource-group", "rg-web") if vm["name"] == VM[-1]]
    assert shown["powerState"] == "VM running"
    assert shown["privateIps"] == nic["ipConfigurations"][0]["privateIPAddress"]


def test_a_vm_is_stopped_and_deleted(emulator, az) -> None:
    az("vm", "deallocate", *VM)
    assert az("vm", "show", *VM, "--show-details")["powerState"] == "VM deallocated"
    assert az("vm", "update", *VM, "--set", "tags.made=here")["tags"] == {"role": "frontend", "made": "here"}
    az("vm", "delete", *VM, "--yes")
    assert "(ResourceNotFound)" in az.refused("vm", "show", *VM)


def test_azure_asks_to_wait(emulator, az) -> None:
    """az tries again by itself after 429, and follows an operation that takes a while."""
    emulator.settings(operation_seconds=2, retry_after=1)
    slow = {"status": 429, "code": "TooManyRequests", "message": "Slow down.", "headers": {"Retry-After": 1}}
    emulator.faults({"match": {"method": "PATCH"}, "nth": 1, "action": slow})
    assert az("vm", "identity", "assign", *VM)["systemAssignedIdentity"]
    assert [line["status"] for line in emulator.log(method="PATCH")] == [429, 200]


def test_associated_resources(emulator, az) -> None:
    """An API that is a preview, which az calls in one of the old api-versions."""
    found = az("identity", "list-resources", "--resource-group", "rg-web", "--name", "id-web")
    assert {"vm-web-03", "vm-web-04"} <= {item["name"] for item in found}


@pytest.mark.skipif(not RESOURCE_GRAPH.is_dir(), reason="az has no extension resource-graph; bin/test clients adds it")
def test_resource_graph(emulator, az) -> None:
    query = "Resources | where type =~ 'microsoft.compute/virtualmachines' and identity.type has 'UserAssigned'"
    # Without id among the columns Azure gives no token for the next page.
    run = ("graph", "query", "--graph-query", f"{query} | project id, name | order by name asc")
    found = az(*run, "--first", "3")
    assert [row["name"] for row in found["data"]] == ["vm-app-01", "vm-app-02", "vm-db-01"]
    rest = az(*run, "--first", "100", "--skip-token", found["skip_token"])
    assert len(found["data"]) + len(rest["data"]) == found["total_records"] == 8
    assert "vm-web-04" in [row["name"] for row in rest["data"]]
