# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""identity_permissions_info: what callers of few rights have, lack and cannot know; locks; the writes themselves."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.estate import (
    OTHER_SUBSCRIPTION,
    SUBSCRIPTION,
    federated,
    identity_id,
    rights,
    system,
    user,
    vm_id,
)

HERE = f"/subscriptions/{SUBSCRIPTION}"
GROUP = f"{HERE}/resourceGroups/rg-web"
WEB, APP = identity_id("id-web"), identity_id("id-app", "rg-identities")
VM, SCALE_SET = vm_id("vm-web-01"), vm_id("vmss-web").replace("virtualMachines", "virtualMachineScaleSets")
UAI = "Microsoft.ManagedIdentity/userAssignedIdentities"
ASSIGN = f"{UAI}/assign/action"
WRITE = "Microsoft.Compute/virtualMachines/write"


def caller(name: str, *roles: tuple[str, str]) -> dict[str, Any]:
    """A caller that has these roles at these scopes, and no other right."""
    ids = {
        "client_id": f"7d1f4a0e-9d5b-4c7e-a3c8-{name:0>12.12}",
        "object_id": f"7d1f4a0e-9d5b-4c7e-a3c9-{name:0>12.12}",
    }
    return {"name": name, **ids, "secret": f"secret-{name}", "roles": [{"role": r, "scope": s} for r, s in roles]}


CALLERS = {
    item["name"]: item
    for item in (
        caller("a1", ("Virtual Machine Contributor", GROUP)),
        caller("a2", ("Virtual Machine Contributor", GROUP), ("Managed Identity Operator", WEB)),
        caller("a3", ("Reader", HERE)),
        caller("a4"),
        caller("a5", ("No networks", HERE)),
        caller("a6", ("Writes only", GROUP)),
        caller("a7", ("Contributor", HERE), ("Role Based Access Control Administrator", GROUP)),
        caller("a8", ("Managed Identity Contributor", GROUP)),
    )
}
CUSTOM = [
    {"name": "No networks", "actions": ["*"], "not_actions": [f"{UAI}/*/action", "Microsoft.Compute/*/write"]},
    {"name": "Writes only", "actions": ["Microsoft.Compute/virtualMachines/write"]},
]


def as_(name: str) -> dict[str, str]:
    return {"AZURE_CLIENT_ID": CALLERS[name]["client_id"], "AZURE_SECRET": CALLERS[name]["secret"]}


def lacks(action: str, scope: str, role: str) -> str:
    return f"The caller lacks {action} on {scope}; the role {role} has it."


def locked(scope: str) -> str:
    return f"A lock on {scope} forbids it; who may remove locks can remove it for the time of the change."


def states(result: dict[str, Any]) -> dict[tuple[str, str], str]:
    """State by action and last part of the scope."""
    return {
        (p["action"].split("/", 1)[1], str(p["scope"]).rpartition("/")[2]): p["state"] for p in result["permissions"]
    }


@pytest.fixture
def seeded(both):
    both.add(callers=list(CALLERS.values()), role_definitions=CUSTOM)
    return both


@pytest.fixture
def alone(one):
    one.add(callers=list(CALLERS.values()), role_definitions=CUSTOM)
    return one


def test_missing_rights_and_the_same_words_when_the_write_is_refused(seeded) -> None:
    here = {"resource_group": "rg-web", "vms": ["vm-web-01"], "identities": ["id-web", APP]}
    run = seeded(
        [
            rights("a VM Contributor", "assign", **here, environment=as_("a1")),
            user("assign", "vm-web-01", "id-web", APP, environment=as_("a1"), ignore_errors=True),
            rights("of one identity", "assign", **here, environment=as_("a2")),
            user("assign one", "vm-web-01", "id-web", environment=as_("a2")),
            rights("a reader", "enable", "disable", "remove", **here, environment=as_("a3")),
            system("enable", "vm-web-02", state="absent", environment=as_("a3"), ignore_errors=True),
        ]
    )
    result = run.result("a VM Contributor")
    missing = [lacks(ASSIGN, WEB, "Managed Identity Operator"), lacks(ASSIGN, APP, "Managed Identity Operator")]
    # APP is in a group where this caller has no right at all, and so cannot know.
    assert (result["allowed"], result["missing"], result["changed"]) == (False, missing[:1], False)
    assert [(item["operation"], item["action"], item["scope"], item["state"]) for item in result["permissions"]] == [
        ("assign", "Microsoft.Compute/virtualMachines/read", VM, "granted"),
        ("assign", WRITE, VM, "granted"),
        ("assign", ASSIGN, WEB, "missing"),
        ("assign", ASSIGN, APP, "unknown"),
    ]
    for sentence in missing:
        assert sentence in run.result("assign")["msg"]
    result = run.result("of one identity")
    assert states(result)[f"{UAI.split('/')[1]}/assign/action", "id-web"] == "granted"
    assert run.result("assign one")["changed"] is True
    result = run.result("a reader")
    assert result["missing"] == [lacks(WRITE, VM, "Virtual Machine Contributor")]
    assert [item["operation"] for item in result["permissions"]] == [
        n for n in ("enable", "disable", "remove") for _verb in "rw"
    ]
    assert lacks(WRITE, vm_id("vm-web-02"), "Virtual Machine Contributor") in run.result("enable")["msg"]


def test_each_scope_is_read_once(alone) -> None:
    twice = [VM, VM.upper().replace("/SUB", "/sub")]
    task = rights("first", "enable", "assign", "remove", vms=twice, identities=[WEB], loop=[1, 2])
    run = alone([task, rights("second", "enable", vms=[VM, SCALE_SET])])
    for result in run.items("first"):
        assert result["allowed"] is True
        assert len(result["permissions"]) == 2 + 3 + 2
    assert [item["action"] for item in run.result("second")["permissions"]][2:] == [
        f"Microsoft.Compute/virtualMachineScaleSets/{verb}" for verb in ("read", "write")
    ]
    # Each task is a process of its own, the items of a loop are not.
    assert len(alone.emulator.log("/permissions")) == 2 + 2
    assert len(alone.emulator.log("/locks")) == 1 + 2
    assert not alone.emulator.writes()


def test_what_roles_leave_out_and_what_cannot_be_known(alone) -> None:
    everything = {"vms": [VM], "identities": [WEB], "scopes": [GROUP], "resource_group": "rg-web"}
    run = alone(
        [
            rights("notActions", "assign", **everything, environment=as_("a5")),
            rights("no right at all", "enable", "grant", **everything, environment=as_("a4")),
            rights("no right to read", "enable", **everything, environment=as_("a6")),
            system("works all the same", "vm-web-01", environment=as_("a6"), ignore_errors=True),
            rights("a new VM", "create_vm", **everything, environment=as_("a7")),
        ]
    )
    result = run.result("notActions")
    assert result["missing"] == [
        lacks(WRITE, VM, "Virtual Machine Contributor"),
        lacks(ASSIGN, WEB, "Managed Identity Operator"),
    ]
    for task in ("no right at all", "no right to read"):
        result = run.result(task)
        assert {item["state"] for item in result["permissions"]} == {"unknown"}
        assert (result["allowed"], result["missing"]) == (True, [])
        assert result["permissions"][1]["explanation"] == (
            f"Whether the caller has {WRITE} on {VM} cannot be known: the caller may not read its permissions there."
        )
        assert f"The caller may not read the locks of {VM}: one may be in the way." in result["notes"]
    result = run.result("a new VM")
    network = [item for item in result["permissions"] if item["scope"] is None]
    assert [(item["action"], item["state"]) for item in network] == [
        ("Microsoft.Network/virtualNetworks/subnets/join/action", "unknown"),
        ("Microsoft.Network/networkInterfaces/join/action", "unknown"),
    ]
    assert "on the VM's subnet cannot be known: it is not named here." in network[0]["explanation"]
    assert result["allowed"] is True
    assert result["notes"] == [run.result("notActions")["notes"][0]]


def test_grants_identities_and_credentials(alone) -> None:
    scopes = [
        GROUP,
        HERE,
        "/providers/Microsoft.Management/managementGroups/none",
        f"/subscriptions/{OTHER_SUBSCRIPTION}",
    ]
    life = {"identities": [WEB, identity_id("id-none")], "resource_group": "rg-web"}
    grant = "Microsoft.Authorization/roleAssignments/write"
    credential = {"name": "fic", "issuer": "https://issuer.example.com", "subject": "s"}
    run = alone(
        [
            rights("grant", "grant", scopes=scopes, environment=as_("a7")),
            rights("life", "create_identity", "federate", "delete_identity", **life, environment=as_("a8")),
            rights("of a reader", "create_identity", "federate", "delete_identity", **life, environment=as_("a3")),
            federated("federate", "id-web", credential, environment=as_("a3"), ignore_errors=True),
        ]
    )
    found = {item["scope"]: item["state"] for item in run.result("grant")["permissions"] if item["action"] == grant}
    assert found == dict(zip(scopes, ["granted", "missing", "unknown", "unknown"], strict=True))
    assert run.result("grant")["missing"] == [lacks(grant, HERE, "Role Based Access Control Administrator")]
    result = run.result("life")
    users = f"{UAI}/listAssociatedResources/action"
    assert result["missing"] == [lacks(users, WEB, "Contributor"), lacks(users, identity_id("id-none"), "Contributor")]
    manager = "Managed Identity Contributor"
    sentence = lacks(f"{UAI}/federatedIdentityCredentials/write", WEB, manager)
    assert sentence in run.result("of a reader")["missing"]
    assert sentence in run.result("federate")["msg"]
    assert lacks(f"{UAI}/write", GROUP, manager) in run.result("of a reader")["missing"]


def test_what_is_not_there(alone) -> None:
    alone.faults(
        {
            "match": {"path": "/vm-none/providers/Microsoft.Authorization/(permissions|locks)"},
            "action": {"status": 404, "code": "ResourceNotFound", "message": "No."},
        }
    )
    run = alone(
        [
            rights("a resource", "enable", vms=[vm_id("vm-none")], environment=as_("a1")),
            rights("a group", "create_vm", resource_group="rg-none"),
        ]
    )
    result = run.result("a resource")
    assert [(item["scope"], item["state"]) for item in result["permissions"]] == [(GROUP, "granted")] * 2
    result = run.result("a group")
    assert {item["state"] for item in result["permissions"]} == {"unknown"}
    assert result["permissions"][0]["explanation"].endswith(
        f"on {HERE}/resourceGroups/rg-none cannot be known: it does not exist."
    )


def lock(name: str, scope: str, level: str) -> dict[str, str]:
    return {"name": name, "scope": scope, "level": level}


@pytest.mark.oldest
def test_locks(both) -> None:
    both.add(
        locks=[
            lock("frozen", vm_id("vm-web-01"), "ReadOnly"),
            lock("kept", GROUP, "CanNotDelete"),
            lock("still", f"{HERE}/resourceGroups/rg-identities", "ReadOnly"),
        ]
    )
    credential = {"name": "fic", "issuer": "https://issuer.example.com", "subject": "s"}
    run = both(
        [
            rights("all", "enable", "remove", "federate", "delete_identity", vms=[VM], identities=[WEB]),
            rights("a group", "create_identity", "grant", scopes=[GROUP, APP], identities=[APP]),
            rights("another VM", "enable", vms=[vm_id("vm-web-02")]),
            system("enable", "vm-web-01", ignore_errors=True),
            federated("write", APP, credential, ignore_errors=True),
        ]
    )
    frozen, kept = run.result("all")["locks"][1], run.result("all")["locks"][0]
    assert kept == {
        "id": f"{GROUP}/providers/Microsoft.Authorization/locks/kept",
        "name": "kept",
        "level": "CanNotDelete",
        "scope": GROUP,
        "operations": ["delete_identity"],
        "explanation": locked(GROUP),
    }
    assert (frozen["scope"], frozen["level"], frozen["operations"]) == (VM, "ReadOnly", ["enable", "remove"])
    assert run.result("all")["missing"] == []
    assert run.result("all")["allowed"] is False
    still = run.result("a group")["locks"]
    assert [(item["name"], item["operations"]) for item in still] == [("still", ["create_identity", "grant"])]
    assert run.result("another VM")["allowed"] is True
    assert frozen["explanation"] in run.result("enable")["msg"]
    assert still[0]["explanation"] in run.result("write")["msg"]
