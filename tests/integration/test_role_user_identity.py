# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role user_identity: an identity from its creation to its end, and what stands in the way of either."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.estate import OTHER_SUBSCRIPTION, identity_id, vm_id
from tests.integration.role_plays import (
    ADMINISTRATOR,
    HERE,
    as_caller,
    caller,
    changes,
    facts,
    grants_of,
    group,
    play_of,
)

ROLE = "user_identity"
READER, CONTRIBUTOR = "acdd72a7-3385-48ef-bd42-f606fba81ae7", "9980e02c-c2be-4d73-94e8-173b1dc7cf3c"
OTHER = f"/subscriptions/{OTHER_SUBSCRIPTION}"
NEW = "id-shop"
VMS = ["vm-web-01", "vm-web-02", vm_id("vm-batch-01", "rg-data")]
NAMES = ["vm-batch-01", "vm-web-01", "vm-web-02"]
GRANTS = [
    {"role": "Reader", "scopes": [group("rg-data"), group("rg-web")]},
    {"role": CONTRIBUTOR, "scope": group("rg-data")},
]
GRANTED = sorted([(READER, group("rg-data")), (READER, group("rg-web")), (CONTRIBUTOR, group("rg-data"))])
TRUST = [
    {"name": "main", "github": {"repository": "contoso/shop", "branch": "main"}},
    {
        "name": "cluster",
        "kubernetes": {"issuer": "https://oidc.example.com/a", "namespace": "shop", "service_account": "web"},
    },
]
MAKE, FEDERATE, GRANT = "Create the identity, or change it", "Trust whom it shall trust", "Settle the grants"
ASSIGN, REMOVE = "Assign the identity to the virtual machines", "Remove the identity from the virtual machines"
UNGRANT, DELETE = "Take all its roles away", "Remove it from whatever else has it, and delete it"


def wanted(**more: Any) -> list[dict[str, Any]]:
    """The role with all that an identity can have."""
    given = {
        "name": NEW,
        "resource_group": "rg-identities",
        "tags": {"app": "shop"},
        "credentials": TRUST,
        "grants": GRANTS,
        "vms": VMS,
        "vm_resource_group": "rg-web",
    }
    return play_of(ROLE, **{**given, **more})


def who_has(emulator, name: str = NEW) -> list[str]:
    """The machines with an entry of the identity."""
    state = emulator.state()
    return sorted(
        item["name"]
        for item in [*state["vms"], *state["scale_sets"]]
        for key in (item["identity"] or {}).get("userAssignedIdentities") or {}
        if key.rsplit("/", 1)[1].lower() == name
    )


def there(emulator, name: str = NEW) -> bool:
    return name in [item["name"] for item in emulator.state()["identities"]]


def trusted(emulator, name: str = NEW) -> list[str]:
    """The names of the identity's credentials."""
    credentials = emulator.state()["federated_credentials"]
    return sorted(item["name"] for item in credentials if f"/{name}/" in item["id"])


def nothing_written(fronts) -> bool:
    return not any(emulator.writes() for emulator in fronts.each())


def told(run) -> str:
    """What the role says of rights that are missing."""
    return run.result(f"managed_identity.azure.{ROLE} : The caller may do it")["msg"]


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


def test_both_fronts(both) -> None:
    playbook = wanted(vms="vm-web-01", grants=GRANTS[1:], credentials=TRUST[:1])
    assert changes(both(playbook)) == [MAKE, FEDERATE, GRANT, ASSIGN]
    retired = wanted(vms="vm-web-01", state="retired")
    assert changes(both(retired)) == [UNGRANT, REMOVE, DELETE]
    assert [there(emulator) for emulator in both.each()] == [False, False]


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
    assert changes(one(wanted(state="retired"), env=as_caller(few))) == [UNGRANT, REMOVE, DELETE]
    assert not there(one.emulator)


def without(*left_out: str) -> tuple[tuple[str, str], ...]:
    return (("Reader", HERE), *((role, HERE) for role in ADMINISTRATOR if role not in left_out))


MISSING = {
    "Virtual Machine Contributor": f"Microsoft.Compute/virtualMachines/write on {vm_id('vm-web-01')}",
    "Managed Identity Contributor": f"Microsoft.ManagedIdentity/userAssignedIdentities/write on {group('rg-identities')}",
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


def delete_behind_the_back(one, *names: str) -> None:
    """Delete identities as az would, leaving their entries on VMs, and their grants."""
    tasks = [
        {
            "name": "delete",
            "managed_identity.azure.user_assigned_identity": {"identity_id": name, "state": "absent", "force": True},
        }
        for name in names
    ]
    one(tasks)


def test_an_identity_that_was_made_again(one) -> None:
    one(wanted())
    old = one.emulator.identity(NEW)["principal_id"]
    delete_behind_the_back(one, identity_id(NEW, "rg-identities"))
    assert grants_of(one.emulator, old) == GRANTED

    assert changes(one(wanted(), arguments=("--check",))) == [MAKE, FEDERATE, GRANT, ASSIGN]
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
    delete_behind_the_back(one, identity_id(NEW, "rg-identities"))
    one(wanted(vms=[], grants=[]))
    refused = {"status": 403, "code": "AuthorizationFailed", "message": "Not now."}
    one.faults({"match": {"method": "PATCH", "path": "/virtualMachines/vm-web-02"}, "times": 1, "action": refused})
    one(wanted(), rc=2)
    assert changes(one(wanted())) == [ASSIGN]
    assert grants_of(one.emulator, old) == []
    assert grants_of(one.emulator, one.emulator.identity(NEW)["principal_id"]) == GRANTED
    assert changes(one(wanted())) == []


def test_retire_leaves_nothing(one) -> None:
    """No VM, scale set, grant or credential, whoever made it, and however often it is told to."""
    elsewhere = [
        {
            "role": READER,
            "scope": OTHER,
            "principal": "11111111-0000-4000-8000-00000000000a",
            "type": "ServicePrincipal",
        }
    ]
    one.add(role_assignments=elsewhere)
    one(wanted())
    principal = one.emulator.identity(NEW)["principal_id"]
    one(wanted(vms=["vm-web-03"], grants=[{"role": "Reader", "scopes": [OTHER, "/"]}]))
    assert len(grants_of(one.emulator, principal)) == 5

    # vm-web-03 is not named, and found.
    retire = wanted(state="retired", retire_scopes=f"{HERE}\n{OTHER_SUBSCRIPTION}")
    run = one(retire)
    assert changes(run) == [UNGRANT, REMOVE, DELETE]
    assert not there(one.emulator)
    assert who_has(one.emulator) == trusted(one.emulator) == grants_of(one.emulator, principal) == []
    assert len(grants_of(one.emulator, elsewhere[0]["principal"])) == 1
    result = facts(run, "user_identity_result")
    assert len(result["removed_role_assignments"]) == 5
    assert [vm.rpartition("/")[2] for vm in result["detached"]] == ["vm-web-03"]
    assert OTHER_SUBSCRIPTION in result["unseen"][0]
    assert changes(one(retire)) == []


def test_retire_again_after_a_failure(one) -> None:
    one(wanted())
    principal = one.emulator.identity(NEW)["principal_id"]
    refused = {"status": 403, "code": "AuthorizationFailed", "message": "Not now."}
    one.faults(
        {"match": {"method": "DELETE", "path": f"/userAssignedIdentities/{NEW}"}, "nth": 1, "action": refused},
        {"match": {"method": "PATCH", "path": "/virtualMachines/vm-web-02"}, "nth": 1, "action": refused},
        {"match": {"method": "DELETE", "path": "/roleAssignments/"}, "nth": 2, "action": refused},
    )
    for _failure in range(3):
        one(wanted(state="retired"), rc=2)
        assert there(one.emulator)
    assert changes(one(wanted(state="retired"))) == [DELETE]
    assert who_has(one.emulator) == grants_of(one.emulator, principal) == []
    assert not there(one.emulator)


def test_retire_one_that_is_gone_already(one) -> None:
    """Its grants are found by the principal that the entries on the VMs tell."""
    one(wanted())
    old = one.emulator.identity(NEW)["principal_id"]
    delete_behind_the_back(one, identity_id(NEW, "rg-identities"))
    assert changes(one(wanted(state="retired"))) == [UNGRANT, REMOVE]
    assert who_has(one.emulator) == grants_of(one.emulator, old) == []
    assert changes(one(wanted(state="retired"))) == []


def test_retire_refuses_what_something_else_uses(one) -> None:
    one.add(others=[{"type": "Microsoft.Web/sites", "name": "shop", "group": "rg-web", "user_identities": ["id-web"]}])
    one(wanted(name="id-web", resource_group="rg-web", vms=[], credentials=[]))
    one.clear_log()
    run = one(play_of(ROLE, name="id-web", resource_group="rg-web", state="retired"), rc=2)
    assert "microsoft.web/sites shop in rg-web" in run.output
    assert nothing_written(one)
    assert len(grants_of(one.emulator, one.emulator.identity("id-web")["principal_id"])) == 3


def test_retire_refuses_more_grants_than_expected(one) -> None:
    one(wanted())
    one.clear_log()
    run = one(wanted(state="retired", max_changes="2"), rc=2)
    assert "has 3 grants, and user_identity_max_changes is 2. Nothing was changed." in run.output
    assert nothing_written(one)


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


def test_answers_of_a_survey(one) -> None:
    issuer = "https://token.actions.githubusercontent.com"
    answers = {
        "state": "",
        "name": " id-shop ",
        "resource_group": "rg-identities",
        "create": "yes",
        "location": "",
        "tags": "app=shop\nnote=",
        "append_tags": "",
        "isolation_scope": "",
        "credentials": f"main {issuer} repo:contoso/shop:ref:refs/heads/main\n",
        "grants": f"Reader {group('rg-data')}\nReader {group('rg-web')}",
        "vms": "rg-web/vm-web-01\n\nrg-web/vm-web-02\n",
        "vm_resource_group": "",
        "purge": "",
        "purge_keep": "",
        "retire_scopes": "",
        "max_changes": "",
        "preflight": "",
        "replication_timeout": "",
    }
    variables = {f"user_identity_{name}": value for name, value in answers.items()}
    assert changes(one(play_of(ROLE), variables=variables)) == [MAKE, FEDERATE, GRANT, ASSIGN]
    assert one.emulator.identity(NEW)["tags"] == {"app": "shop", "note": ""}
    assert who_has(one.emulator) == ["vm-web-01", "vm-web-02"]
    run = one(play_of(ROLE), variables={**variables, "user_identity_state": "retired"})
    assert changes(run) == [UNGRANT, REMOVE, DELETE]


BAD = {
    "state": ("gone", "must be one of"),
    "name": ("", "Set user_identity_name to the full ID"),
    "resource_group": ("", "lacks its resource group"),
    "create": ("perhaps", "neither true nor false"),
    "tags": ("app", "has no name"),
    "append_tags": ("perhaps", "neither true nor false"),
    "isolation_scope": ("global", "must be one of"),
    "location": ("north/pole", "is not the name of a location"),
    "credentials": ([{"name": "main", "github": "contoso/shop"}], "Expected a mapping of repository"),
    "grants": ("Reader", "lacks its role"),
    "vms": ("rg-web/vm*", "is not the name of a virtual machine"),
    "purge": ("perhaps", "neither true nor false"),
    "retire_scopes": ("everywhere", "is not a subscription ID"),
    "max_changes": ("many", "is not a whole number"),
    "preflight": ("perhaps", "neither true nor false"),
    "replication_timeout": ("soon", "is not a whole number"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input(one, name: str) -> None:
    value, words = BAD[name]
    run = one(wanted(**{name: value}), rc=2)
    assert words in " ".join(run.output.split())
    assert nothing_written(one)


def test_twenty_one_credentials(one) -> None:
    many = [
        {"name": f"cred-{number}", "issuer": "https://a.example.com", "subject": f"{number}"} for number in range(21)
    ]
    run = one(wanted(credentials=many), rc=2)
    assert "Azure allows 20" in run.output
    assert nothing_written(one)
