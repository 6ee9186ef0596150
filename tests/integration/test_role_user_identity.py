# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role user_identity: creation, trust, grants, assignment; an identity made again; rights and delays."""

from __future__ import annotations

import pytest

from tests.integration.estate import vm_id
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
)
from tests.integration.user_role import (
    ASSIGN,
    DELETE,
    FEDERATE,
    GRANT,
    GRANTED,
    MAKE,
    NAMES,
    NEW,
    REMOVE,
    ROLE,
    UNGRANT,
    delete_behind_the_back,
    trusted,
    wanted,
    who_has,
)


def told(run) -> str:
    """What the role says of rights that are missing."""
    return run.result(f"managed_identity.azure.{ROLE} : The caller may do it")["msg"]


@pytest.mark.oldest
def test_life(one) -> None:
    assert changes(one(wanted(state="absent"))) == []

    run = one(wanted(), arguments=("--check",))
    assert changes(run) == [MAKE, FEDERATE, GRANT, ASSIGN]
    assert facts(run, "user_identity_result")["identity"]["principal_id"] is None
    assert "--- before" in one(wanted(), arguments=("--check", "--diff")).output
    assert nothing_written(one)

    run = one(wanted())
    assert changes(run) == [MAKE, FEDERATE, GRANT, ASSIGN]
    result = facts(run, "user_identity_result")
    principal = one.emulator.identity(NEW)["principal_id"]
    assert result["identity"]["principal_id"] == principal
    assert result["identity"]["tags"] == {"app": "shop"}
    assert [item["name"] for item in result["federated_credentials"]] == trusted(one.emulator) == ["cluster", "main"]
    assert {item["principal_id"] for item in result["role_assignments"]} == {principal}
    assert grants_of(one.emulator, principal) == GRANTED
    assert who_has(one.emulator) == NAMES
    assert sorted(vm.rpartition("/")[2] for vm in result["vms"]) == NAMES
    assert all(vm["user_assigned"][0]["principal_id"] == principal for vm in result["vms"].values())

    one.clear_log()
    run = one(wanted())
    assert changes(run) == []
    again = facts(run, "user_identity_result")
    key = "role_assignments"
    assert sorted(again[key], key=str) == sorted(result[key], key=str)
    assert {name: value for name, value in again.items() if name != key} == {
        name: value for name, value in result.items() if name != key
    }
    assert changes(one(wanted(state="absent"), arguments=("--check", "--diff"))) == [REMOVE]
    assert changes(one(wanted(state="retired"), arguments=("--check", "--diff"))) == [UNGRANT, REMOVE, DELETE]
    assert nothing_written(one)

    assert changes(one(wanted(state="absent"))) == [REMOVE]
    assert who_has(one.emulator) == []
    assert changes(one(wanted(state="absent"))) == []
    assert grants_of(one.emulator, principal) == GRANTED


def test_few_rights_and_delays(one) -> None:
    """Identity and three grants in one run at the first try, although the directory lags behind."""
    few = caller("few", *((role, HERE) for role in ADMINISTRATOR))
    one.add(callers=[few])
    one.settings(replication_seconds=2, operation_seconds=0.5)
    unknown = {"status": 400, "code": "PrincipalNotFound", "message": "Principal does not exist in the directory."}
    one.faults({"match": {"method": "PUT", "path": "/roleAssignments/"}, "times": 2, "action": unknown})
    assert changes(one(wanted(), env=as_caller(few))) == [MAKE, FEDERATE, GRANT, ASSIGN]
    assert grants_of(one.emulator, one.emulator.identity(NEW)["principal_id"]) == GRANTED

    one.clear_log()
    assert changes(one(wanted(), env=as_caller(few))) == []
    assert nothing_written(one)

    # None of these roles may ask who uses an identity.
    run = one(wanted(state="retired"), rc=2, env=as_caller(few))
    assert "It cannot be known who uses the identity." in run.output
    assert nothing_written(one)


def without(*left_out: str) -> tuple[tuple[str, str], ...]:
    return (("Reader", HERE), *((role, HERE) for role in ADMINISTRATOR if role not in left_out))


MISSING = {
    "Virtual Machine Contributor": f"Microsoft.Compute/virtualMachines/write on {vm_id('vm-web-01')}",
    "Managed Identity Contributor": "Microsoft.ManagedIdentity/userAssignedIdentities/write on "
    f"{group('rg-identities')}",
    "Managed Identity Operator": "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action on ",
    "Role Based Access Control Administrator": f"Microsoft.Authorization/roleAssignments/write on {group('rg-web')}",
}


@pytest.mark.parametrize("role", MISSING)
def test_without_the_rights_nothing_is_written(one, role: str) -> None:
    few = caller("few", *without(role))
    one.add(callers=[few])
    run = one(wanted(), rc=2, env=as_caller(few))
    assert f"The caller lacks {MISSING[role]}" in told(run)
    assert f"the role {role} has it." in told(run)
    assert told(run).endswith("Nothing was changed.")
    assert nothing_written(one)


def test_an_identity_that_was_made_again(one) -> None:
    one(wanted())
    old = one.emulator.identity(NEW)["principal_id"]
    delete_behind_the_back(one)
    assert grants_of(one.emulator, old) == GRANTED

    assert changes(one(wanted(), arguments=("--check",)))[:3] == [MAKE, FEDERATE, GRANT]
    assert grants_of(one.emulator, old) == GRANTED
    run = one(wanted())
    assert changes(run) == [MAKE, FEDERATE, GRANT, ASSIGN]
    new = one.emulator.identity(NEW)["principal_id"]
    assert new != old
    assert grants_of(one.emulator, old) == []
    assert grants_of(one.emulator, new) == GRANTED
    for name in NAMES:
        [entry] = one.emulator.vm(name)["identity"]["userAssignedIdentities"].values()
        assert entry["principalId"] == new
    assert changes(one(wanted())) == []


def test_one_that_somebody_else_made_again(one) -> None:
    """The entries on the VMs are the only memory of the old principal: they are read before they are repaired."""
    one(wanted())
    old = one.emulator.identity(NEW)["principal_id"]
    delete_behind_the_back(one)
    one(wanted(vms=[], grants=[]))
    refused = {"status": 403, "code": "AuthorizationFailed", "message": "Not now."}
    one.faults({"match": {"method": "PATCH", "path": "/virtualMachines/vm-web-02"}, "times": 1, "action": refused})
    one(wanted(), rc=2)
    assert changes(one(wanted())) == [ASSIGN]
    assert grants_of(one.emulator, old) == []
    assert grants_of(one.emulator, one.emulator.identity(NEW)["principal_id"]) == GRANTED
    assert changes(one(wanted())) == []


def test_demands_that_it_exists(one) -> None:
    run = one(wanted(create="false"), rc=2)
    assert "does not exist, and user_identity_create is false. Nothing was changed." in run.output
    assert nothing_written(one)
    assert changes(one(wanted(name="id-app", create=False, tags="", vms=[], grants=[]))) == [FEDERATE]


def test_purge(one) -> None:
    keep = wanted(vms=["vm-web-04", "vm-app-01"], purge=True, purge_keep="ID-CA*\n", grants=[], credentials=[])
    assert changes(one(keep)) == [MAKE, ASSIGN]
    assert who_has(one.emulator) == ["vm-app-01", "vm-web-04"]
    assert who_has(one.emulator, "id-cache") == ["vm-web-04"]
    assert who_has(one.emulator, "id-app") == ["vm-app-02"]
    assert changes(one(keep)) == []


def test_twice_in_one_play(one) -> None:
    """What the role has found out of one identity is nothing to the next."""
    first, second = (
        wanted(name=name, vms="vm-web-01", credentials=[], grants=[])[0]["vars"] for name in ("id-one", "id-two")
    )
    tasks = [
        {"name": "role", "ansible.builtin.include_role": {"name": f"managed_identity.azure.{ROLE}"}, "vars": given}
        for given in (first, second, {**first, "user_identity_state": "absent"}, second)
    ]
    one(tasks)
    assert (who_has(one.emulator, "id-one"), who_has(one.emulator, "id-two")) == ([], ["vm-web-01"])
