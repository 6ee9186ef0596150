# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role system_identity: an identity's life on VMs of a list and on hosts of a play; rights, delays, surveys."""

from __future__ import annotations

import pytest

from tests.integration.estate import OTHER_SUBSCRIPTION, vm_id
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

ROLE = "system_identity"
READER, CONTRIBUTOR = "acdd72a7-3385-48ef-bd42-f606fba81ae7", "9980e02c-c2be-4d73-94e8-173b1dc7cf3c"
VMS = ["vm-web-01", vm_id("vm-web-04").upper(), {"resource_group": "rg-data", "name": "vm-batch-01"}]
IDS = [vm_id("vm-web-01"), vm_id("vm-web-04"), vm_id("vm-batch-01", "rg-data")]
GRANTS = [
    {"role": "Reader", "scopes": [group("rg-data"), group("rg-web")]},
    {"role": CONTRIBUTOR, "scope": group("rg-data"), "description": "batch"},
]
GRANTED = sorted([(READER, group("rg-data")), (READER, group("rg-web")), (CONTRIBUTOR, group("rg-data"))])
ON, GRANT, OFF = "Enable the system-assigned identity", "Settle the grants", "Disable the system-assigned identity"


def wanted(**more):
    return play_of(ROLE, vms=VMS, resource_group="rg-web", grants=GRANTS, **more)


def principals(emulator) -> list[str | None]:
    found = {item["id"].lower(): item["identity"] or {} for item in emulator.state()["vms"]}
    return [found[one.lower()].get("principalId") for one in IDS]


@pytest.mark.oldest
def test_life(one) -> None:
    assert changes(one(wanted(state="absent"))) == []

    run = one(wanted(), arguments=("--check",))
    assert changes(run) == [ON, GRANT]
    assert facts(run, "system_identity_principal_ids") == dict.fromkeys(IDS)
    run = one(wanted(), arguments=("--check", "--diff"))
    assert "--- before" in run.output
    assert one.emulator.writes() == []

    run = one(wanted())
    assert changes(run) == [ON, GRANT]
    known = dict(zip(IDS, principals(one.emulator), strict=True))
    assert facts(run, "system_identity_principal_ids") == known
    assert all(known.values())
    assert [grants_of(one.emulator, principal) for principal in known.values()] == [GRANTED] * 3
    told = facts(run, "system_identity_role_assignments")
    assert sorted(item["principal_id"] for item in told) == sorted([*known.values()] * 3)

    one.clear_log()
    run = one(wanted())
    assert changes(run) == []
    assert facts(run, "system_identity_principal_ids") == known
    assert len(facts(run, "system_identity_role_assignments")) == 9
    assert changes(one(wanted(state="absent"), arguments=("--check",))) == [GRANT, OFF]
    assert one.emulator.writes() == []

    run = one(wanted(state="absent"))
    assert changes(run) == [GRANT, OFF]
    assert facts(run, "system_identity_principal_ids") == dict.fromkeys(IDS)
    assert principals(one.emulator) == [None] * 3
    assert grants_of(one.emulator, *known.values()) == []
    assert changes(one(wanted(state="absent"))) == []


def test_both_fronts(both) -> None:
    given = {"vms": VMS[:1], "resource_group": "rg-web", "grants": GRANTS[1:]}
    assert changes(both(play_of(ROLE, **given), arguments=("--diff",))) == [ON, GRANT]
    assert changes(both(play_of(ROLE, **given, state="absent"))) == [GRANT, OFF]


def test_hosts_of_the_play(one) -> None:
    """Each host is a VM by its own variables; none of them is ever signed in to."""
    away = {"ansible_connection": "ssh", "ansible_host": "192.0.2.1", "ansible_become": True}
    one.add(vms=[{"name": "named", "group": "rg-web"}, {"name": "renamed", "group": "rg-web"}])
    hosts = {
        "full-id": {**away, "id": vm_id("vm-web-01"), "name": "x", "resource_group": "y"},
        "by-name": {**away, "name": "named", "resource_group": "rg-web"},
        "elsewhere": {
            **away,
            "name": "vm-jump-01",
            "resource_group": "RG-SHARED",
            "subscription_id": OTHER_SUBSCRIPTION,
        },
        "told": {**away, "id": "i-0abc", "system_identity_vm": "rg-web/renamed"},
    }
    run = one(play_of(ROLE, "all"), hosts=hosts, arguments=("-vvv",))
    found = {host: facts(run, "system_identity_principal_ids", host) for host in hosts}
    there = {item["id"]: (item["identity"] or {}).get("principalId") for item in one.emulator.state()["vms"]}
    assert {host: next(iter(ids)).rpartition("/")[2] for host, ids in found.items()} == {
        "full-id": "vm-web-01",
        "by-name": "named",
        "elsewhere": "vm-jump-01",
        "told": "renamed",
    }
    assert all(principal == there[vm] for ids in found.values() for vm, principal in ids.items())
    assert "runs as a module" not in run.output
    assert run.output.count("runs in the controller's worker process") >= 3 * len(hosts)


def test_a_host_that_is_no_vm(one) -> None:
    run = one(play_of(ROLE), rc=2)
    assert "localhost has neither the variable id nor resource_group and name" in run.output
    assert one.emulator.log("^/subscriptions/") == []


def test_a_vm_that_does_not_exist(one) -> None:
    run = one(play_of(ROLE, vms="vm-web-01\nvm-none", resource_group="rg-web"), rc=2)
    assert "There is no virtual machine vm-none in the resource group rg-web. Nothing was changed." in run.output
    assert one.emulator.writes() == []


def test_few_rights_and_delays(one) -> None:
    """Identity and three grants in one run at the first try, although the directory lags behind."""
    few = caller("few", *((role, HERE) for role in ADMINISTRATOR[:1] + ADMINISTRATOR[3:]))
    one.add(callers=[few])
    one.settings(replication_seconds=2, operation_seconds=0.5)
    unknown = {"status": 400, "code": "PrincipalNotFound", "message": "Principal does not exist in the directory."}
    one.faults({"match": {"method": "PUT", "path": "/roleAssignments/"}, "times": 2, "action": unknown})
    playbook = play_of(ROLE, vms="rg-web/vm-web-01", grants=GRANTS)
    assert changes(one(playbook, env=as_caller(few))) == [ON, GRANT]
    assert grants_of(one.emulator, one.emulator.vm("vm-web-01")["identity"]["principalId"]) == GRANTED

    one.clear_log()
    assert changes(one(playbook, env=as_caller(few))) == []
    assert one.emulator.writes() == []


MISSING = {
    "nothing-on-vms": (
        (("Reader", HERE), ("Role Based Access Control Administrator", HERE)),
        "The caller lacks Microsoft.Compute/virtualMachines/write on {vm}; the role Virtual Machine Contributor has "
        "it.",
    ),
    "no-grants": (
        (("Virtual Machine Contributor", HERE), ("Role Based Access Control Administrator", group("rg-web"))),
        "The caller lacks Microsoft.Authorization/roleAssignments/write on {data}; the role Role Based Access Control "
        "Administrator has it.",
    ),
}


@pytest.mark.parametrize("name", MISSING)
def test_without_the_rights_nothing_is_written(one, name: str) -> None:
    roles, words = MISSING[name]
    few = caller(name, *roles)
    one.add(callers=[few])
    playbook = play_of(ROLE, vms="rg-web/vm-web-01", grants=GRANTS)
    for arguments in ((), ("--check",)):
        run = one(playbook, rc=2, env=as_caller(few), arguments=arguments)
        told = run.result(f"managed_identity.azure.{ROLE} : The caller may do it")["msg"]
        assert words.format(vm=vm_id("vm-web-01"), data=group("rg-data")) in told
        assert told.endswith("Nothing was changed.")
    assert one.emulator.writes() == []


def test_who_changes_nothing_needs_no_rights(one) -> None:
    reader = caller("reader", ("Reader", HERE))
    one.add(callers=[reader])
    playbook = play_of(ROLE, vms="rg-web/vm-web-02", grants=GRANTS)
    one(playbook)
    assert changes(one(playbook, env=as_caller(reader))) == []


def test_a_lock_in_the_way(one) -> None:
    one.add(locks=[{"scope": vm_id("vm-web-01"), "name": "frozen", "level": "ReadOnly"}])
    run = one(play_of(ROLE, vms="rg-web/vm-web-01"), rc=2)
    assert f"A lock on {vm_id('vm-web-01')} forbids it" in run.output
    assert one.emulator.writes() == []


def test_a_role_that_does_not_exist(one) -> None:
    run = one(play_of(ROLE, vms="rg-web/vm-web-01", grants=f"Raeder {HERE}"), rc=2)
    assert "Raeder" in run.output
    assert one.emulator.writes() == []
