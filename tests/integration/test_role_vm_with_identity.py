# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role vm_with_identity: identity, VM and grants in one go, one write for each; rights; and the end of the VM."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.integration.estate import vm_id
from tests.integration.fronts import ESTATE
from tests.integration.machines import NEW, NEW_VM
from tests.integration.role_plays import (
    ADMINISTRATOR,
    HERE,
    as_caller,
    caller,
    changes,
    facts,
    grants_of,
    group,
    nothing_written,
    play_of,
)
from tests.integration.user_role import ASSIGN, MAKE, delete_behind_the_back, there

ROLE, FACT = "vm_with_identity", "vm_with_identity_result"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
IDENTITY, TAGS = "id-shop", {"app": "shop"}
VM, GRANT = "Settle the virtual machine", "Settle the grants"
UNGRANT = "Take the system-assigned identity's roles away"


def wanted(**more: Any) -> list[dict[str, Any]]:
    given = {
        "vm": NEW_VM,
        "resource_group": "rg-web",
        "identity": IDENTITY,
        "identity_resource_group": "rg-identities",
        "identity_tags": TAGS,
        "identity_grants": [{"role": "Reader", "scope": group("rg-data")}],
        "system_assigned": True,
        "system_grants": [{"role": "Reader", "scope": group("rg-web")}],
        **NEW,
        "data_disks": [{"size_gb": 8, "delete_with_vm": False}],
    }
    return play_of(ROLE, **{**given, **more})


def writes(emulator) -> list[tuple[str, str]]:
    """The method and the kind of what each write was about."""
    written = [(entry["method"], entry["path"].partition("?")[0]) for entry in emulator.writes()]
    return [(method, path.rpartition("/providers/")[2].split("/")[1]) for method, path in written]


@pytest.mark.oldest
def test_life(one) -> None:
    assert changes(one(wanted(state="absent"))) == []

    run = one(wanted(), arguments=("--check", "--diff"))
    assert changes(run) == [MAKE, GRANT, VM, GRANT]
    assert "--- before" in run.output
    forecast = facts(run, FACT)
    assert (forecast["vm"]["id"], forecast["created"]) == (vm_id(NEW_VM), True)
    assert forecast["identity"]["type"] == "SystemAssigned, UserAssigned"
    assert forecast["identity"]["principal_id"] is None
    assert len(forecast["role_assignments"]) == 2
    assert nothing_written(one)

    run = one(wanted())
    assert changes(run) == [MAKE, GRANT, VM, GRANT]
    assert writes(one.emulator) == [
        ("PUT", "userAssignedIdentities"),
        ("PUT", "roleAssignments"),
        ("PUT", "virtualMachines"),
        ("PUT", "roleAssignments"),
    ]
    made = facts(run, FACT)
    system, user = one.emulator.vm(NEW_VM)["identity"]["principalId"], one.emulator.identity(IDENTITY)["principal_id"]
    assert made["identity"]["principal_id"] == system
    assert [item["principal_id"] for item in made["identity"]["user_assigned"]] == [user]
    assert (made["user_assigned_identity"]["principal_id"], made["user_assigned_identity"]["tags"]) == (user, TAGS)
    assert grants_of(one.emulator, user) == [(READER, group("rg-data"))]
    assert grants_of(one.emulator, system) == [(READER, group("rg-web"))]
    assert {item["principal_id"] for item in made["role_assignments"]} == {user, system}
    first = next(entry for entry in one.emulator.log(f"virtualMachines/{NEW_VM}[?]") if entry["method"] == "PUT")
    assert first["body"]["identity"]["type"] == "SystemAssigned, UserAssigned"

    one.clear_log()
    run = one(wanted())
    assert changes(run) == []
    assert {**facts(run, FACT), "created": True} == {**made, "role_assignments": facts(run, FACT)["role_assignments"]}
    assert sorted(facts(run, FACT)["role_assignments"], key=str) == sorted(made["role_assignments"], key=str)
    assert changes(one(wanted(), arguments=("--check", "--diff"))) == []
    assert changes(one(wanted(state="absent"), arguments=("--check", "--diff"))) == [UNGRANT, VM]
    assert nothing_written(one)

    run = one(wanted(state="absent"))
    assert changes(run) == [UNGRANT, VM]
    assert writes(one.emulator) == [("DELETE", "roleAssignments"), ("DELETE", "virtualMachines")]
    end = facts(run, FACT)
    assert end["vm"] is None
    assert vm_id(NEW_VM) in end["deleted"]
    assert [item["principal_id"] for item in end["removed_role_assignments"]] == [system]
    assert [item["name"] for item in end["identities"]] == [IDENTITY]
    assert [item["principal_id"] for item in end["role_assignments"]] == [user]
    assert [NEW_VM in disk for disk in end["kept"]] == [True]
    told = run.result(f"managed_identity.azure.{ROLE} : Tell what is left")["msg"]
    assert [part in str(told) for part in (IDENTITY, "/disks/", "/roleAssignments/")] == [True] * 3
    assert NEW_VM not in [item["name"] for item in one.emulator.state()["vms"]]
    assert (there(one.emulator, IDENTITY), grants_of(one.emulator, system)) == (True, [])
    assert grants_of(one.emulator, user) == [(READER, group("rg-data"))]

    assert changes(one(wanted(state="absent"))) == []
    assert changes(one(wanted())) == [VM, GRANT]


def test_on_an_empty_estate(one) -> None:
    """There are resource groups, and nothing else; and not even these."""
    seed = {name: yaml.safe_load(ESTATE)[name] for name in ("tenants", "subscriptions")}
    seed["callers"] = yaml.safe_load(ESTATE)["callers"][:1]
    one.seed({**seed, "groups": [{"name": name} for name in ("rg-web", "rg-identities", "rg-data")]})
    assert changes(one(wanted(), arguments=("--check",))) == [MAKE, GRANT, VM, GRANT]
    assert changes(one(wanted(state="absent"), arguments=("--check",))) == []
    one.seed(seed)
    assert "Resource group 'rg-web' could not be found" in one(wanted(), rc=2).output
    assert changes(one(wanted(state="absent"))) == []
    assert nothing_written(one)


def test_of_a_vm_that_exists_only_the_identities_are_changed(one) -> None:
    more = {"vm": "vm-web-03", "identity": IDENTITY, "system_grants": [], "data_disks": []}
    run = one(wanted(**more))
    assert changes(run) == [MAKE, GRANT, VM]
    assert [method for method, kind in writes(one.emulator) if kind == "virtualMachines"] == ["PATCH"]
    result = facts(run, FACT)
    assert [item["name"] for item in result["identity"]["user_assigned"]] == [IDENTITY, "id-web"]
    assert (result["created"], "size" in [item["option"] for item in result["differences"]]) == (False, False)
    assert changes(one(wanted(**more, purge=True, purge_keep="ID-W*\n"))) == []
    run = one(wanted(**more, purge=True, system_assigned=False))
    assert changes(run) == [VM]
    identity = facts(run, FACT)["identity"]
    assert (identity["type"], [item["name"] for item in identity["user_assigned"]]) == ("UserAssigned", [IDENTITY])


def test_system_assigned_alone(one) -> None:
    alone = {"identity": "", "identity_tags": "", "identity_grants": []}
    run = one(wanted(**alone))
    assert changes(run) == [VM, GRANT]
    assert facts(run, FACT)["user_assigned_identity"] == {}
    assert changes(one(wanted(**alone))) == []


def test_delays(one) -> None:
    """Two identities and their grants in one run at the first try, although the directory lags behind."""
    few = caller("few", *((role, HERE) for role in ADMINISTRATOR))
    one.add(callers=[few])
    one.settings(replication_seconds=2, operation_seconds=0.5)
    unknown = {"status": 400, "code": "PrincipalNotFound", "message": "Principal does not exist in the directory."}
    one.faults({"match": {"method": "PUT", "path": "/roleAssignments/"}, "times": 2, "action": unknown})
    assert changes(one(wanted(), env=as_caller(few))) == [MAKE, GRANT, VM, GRANT]
    assert changes(one(wanted(state="absent"), env=as_caller(few))) == [UNGRANT, VM]


MISSING = {
    "Virtual Machine Contributor": f"Microsoft.Compute/virtualMachines/write on {group('rg-web')}",
    "Managed Identity Contributor": "Microsoft.ManagedIdentity/userAssignedIdentities/write on "
    f"{group('rg-identities')}",
    "Managed Identity Operator": "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action on ",
    "Role Based Access Control Administrator": f"Microsoft.Authorization/roleAssignments/write on {group('rg-web')}",
}


def told(run) -> str:
    return run.result(f"managed_identity.azure.{ROLE} : The caller may do it")["msg"]


@pytest.mark.parametrize("role", MISSING)
def test_without_the_rights_nothing_is_written(one, role: str) -> None:
    few = caller("few", ("Reader", HERE), *((name, HERE) for name in ADMINISTRATOR if name != role))
    one.add(callers=[few])
    run = one(wanted(), rc=2, env=as_caller(few))
    assert f"The caller lacks {MISSING[role]}" in told(run)
    assert f"the role {role} has it." in told(run)
    assert told(run).endswith("Nothing was changed.")
    assert nothing_written(one)


def test_without_the_right_to_delete_the_grants_stay(one) -> None:
    few = caller("few", ("Reader", HERE), *((name, HERE) for name in ADMINISTRATOR[1:]))
    one.add(callers=[few])
    one(wanted())
    one.clear_log()
    assert changes(one(wanted(), env=as_caller(few))) == []
    run = one(wanted(state="absent"), rc=2, env=as_caller(few))
    assert f"The caller lacks Microsoft.Compute/virtualMachines/delete on {vm_id(NEW_VM)}" in told(run)
    run = one(wanted(state="absent", max_changes="0"), rc=2)
    assert "has 1 grants, and vm_with_identity_max_changes is 0. Nothing was changed." in run.output
    assert nothing_written(one)


def test_a_creation_that_fails_can_be_repeated(one) -> None:
    quota = {"status": 409, "code": "OperationNotAllowed", "message": "Operation could not be completed (quota)."}
    one.faults({"match": {"method": "PUT", "path": f"/virtualMachines/{NEW_VM}"}, "times": 1, "action": quota})
    run = one(wanted(), rc=2)
    assert "quota" in run.output
    assert changes(run) == [MAKE, GRANT]
    assert changes(one(wanted())) == [VM, GRANT]


def test_an_identity_that_was_made_again(one) -> None:
    one(wanted())
    old = one.emulator.identity(IDENTITY)["principal_id"]
    delete_behind_the_back(one)
    run = one(wanted())
    assert changes(run) == [MAKE, GRANT, ASSIGN]
    new = one.emulator.identity(IDENTITY)["principal_id"]
    assert [item["principal_id"] for item in facts(run, FACT)["identity"]["user_assigned"]] == [new]
    assert (grants_of(one.emulator, old), grants_of(one.emulator, new)) == ([], [(READER, group("rg-data"))])
    assert changes(one(wanted())) == []


def test_demands_that_the_identity_exists(one) -> None:
    run = one(wanted(identity_create="no"), rc=2)
    assert "does not exist, and vm_with_identity_identity_create is false. Nothing was changed." in run.output
    assert nothing_written(one)


def test_what_a_new_vm_lacks_is_told_before_the_first_write(one) -> None:
    assert "image" in one(wanted(image=""), rc=2).output
    assert nothing_written(one)


def test_twice_in_one_play(one) -> None:
    """What the role has found out of one VM is nothing to the next."""
    first = wanted()[0]["vars"]
    second = {**first, f"{ROLE}_vm": "vm-other", f"{ROLE}_identity": "", f"{ROLE}_identity_grants": []}
    tasks = [
        {"name": "role", "ansible.builtin.include_role": {"name": f"managed_identity.azure.{ROLE}"}, "vars": given}
        for given in (first, second, {**first, f"{ROLE}_state": "absent"}, second)
    ]
    run = one([*tasks, {"name": FACT, "ansible.builtin.debug": {"var": FACT}}])
    result = facts(run, FACT)
    assert (result["user_assigned_identity"], result["identity"]["type"]) == ({}, "SystemAssigned")
    assert [item["principal_id"] for item in result["role_assignments"]] == [result["identity"]["principal_id"]]
    assert "vm-other" in [item["name"] for item in one.emulator.state()["vms"]]
