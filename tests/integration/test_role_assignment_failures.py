# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""role_assignment where things go wrong: rights, replication, races, locks, failures half-way, wrong options."""

from __future__ import annotations

import time

import pytest

from tests.integration.estate import SUBSCRIPTION, identity_id, system, vm_id
from tests.integration.roles import (
    ADMIN_ROLE,
    GROUP,
    HERE,
    OTHER_GROUP,
    assignments,
    grant,
    grants,
    principal_of,
    requests,
    seeded,
)

WEB = {"identity": "id-web", "resource_group": "rg-web"}
PERSON = "44444444-0000-4000-8000-000000000001"
SCOPES = [GROUP, OTHER_GROUP, vm_id("vm-web-03")]
CLERK = {
    "AZURE_CLIENT_ID": "clerk-client",
    "AZURE_SECRET": "clerk-secret",
    "AZURE_CLIENT_SECRET": "clerk-secret",
    "AZURE_SUBSCRIPTION_ID": SUBSCRIPTION,
}
NOT_FOUND = {
    "status": 400,
    "code": "PrincipalNotFound",
    "message": "Principal 44444444000040008000000000000001 does not exist in the directory 5a1d6c3e.",
}


def clerk(*roles: tuple[str, str]) -> list[dict]:
    given = [{"role": role, "scope": scope} for role, scope in roles]
    return [{"name": "clerk", "client_id": "clerk-client", "secret": "clerk-secret", "roles": given}]


def absences(path: str = "roleAssignments/", **when: int) -> dict:
    return {"match": {"method": "PUT", "path": path}, "action": NOT_FOUND, **when}


def test_three_grants_for_a_fresh_identity_at_the_first_try(one) -> None:
    """With rights and replication switched on, and a directory that does not know the principal at first."""
    one.add(callers=clerk((ADMIN_ROLE, HERE), (ADMIN_ROLE, OTHER_GROUP), ("Virtual Machine Contributor", HERE)))
    one.settings(replication_seconds=600)
    one.faults(absences(times=1))
    tasks = [
        {**system("enable", "vm-web-01"), "register": "enabled"},
        grant("grant", *SCOPES, principal_id="{{ enabled.identity.principal_id }}"),
        grant("again", *SCOPES, vm=vm_id("vm-web-01")),
    ]
    run = one(tasks, env=CLERK)
    assert run.result("grant")["changed"] is True
    assert run.result("again")["changed"] is False
    assert run.result("again")["role_assignments"] == run.result("grant")["role_assignments"]
    principal = run.result("enable")["identity"]["principal_id"]
    assert {item["scope"] for item in assignments(one.emulator, principal)} == set(SCOPES)
    puts = one.emulator.log("roleAssignments/", method="PUT")
    assert [item["status"] for item in puts] == [400, 201, 201, 201]
    assert {item["body"]["properties"]["principalType"] for item in puts} == {"ServicePrincipal"}


def test_without_the_right_nothing_is_written(one) -> None:
    one.add(callers=clerk(("Reader", HERE), ("Reader", OTHER_GROUP)))
    run = one([grant("grant", *SCOPES, **WEB, ignore_errors=True)], env=CLERK)
    failed = run.result("grant")
    write = "Microsoft.Authorization/roleAssignments/write"
    assert f"The caller lacks {write} on {GROUP}; the role {ADMIN_ROLE} has it." in failed["msg"]
    assert f"Not tried: {SCOPES[1]}, {SCOPES[2]}." in failed["msg"]
    assert (failed["changed"], failed["role_assignments"]) == (False, [])
    assert failed["error"]["code"] == "AuthorizationFailed"
    assert requests(one.emulator).count(("PUT", "roleAssignments")) == 1
    assert assignments(one.emulator, principal_of(one.emulator, "id-web")) == []


def test_what_was_done_before_a_failure_is_told_and_the_next_run_goes_on(one) -> None:
    one.add(callers=clerk((ADMIN_ROLE, GROUP), ("Reader", HERE), ("Reader", OTHER_GROUP)))
    scopes = [GROUP, vm_id("vm-web-03"), OTHER_GROUP, HERE]
    run = one([grant("half", *scopes, **WEB, diff=True, ignore_errors=True)], env=CLERK)
    half = run.result("half")
    done = f"Done before: created the role assignment at {GROUP}; created the role assignment at {scopes[1]}."
    assert f"{done} Not tried: {HERE}." in half["msg"]
    assert half["changed"] is True
    assert [item["scope"] for item in half["role_assignments"]] == scopes[:2]
    assert half["diff"]["before"]["role_assignments"] == []
    assert half["diff"]["after"]["role_assignments"] == half["role_assignments"]
    one.clear_log()
    run = one([grant("again", *scopes, **WEB)])
    assert len(one.emulator.log("roleAssignments/", method="PUT")) == 2
    assert run.result("again")["changed"] is True


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (WEB, ("of the identity", "its directory does not know it yet: it was still replicating after 2 s.")),
        (
            {"vm": vm_id("vm-web-02")},
            ("of the VM", "still replicating after 2 s.", "Run the task again in some minutes"),
        ),
        (
            {"principal_id": PERSON},
            (f"has never seen the principal {PERSON}, in 2 s", "not its client ID (application"),
        ),
    ],
    ids=["identity", "vm", "raw"],
)
def test_a_principal_that_the_directory_does_not_know(one, options, words) -> None:
    one.faults(absences())
    started = time.monotonic()
    run = one([grant("grant", GROUP, HERE, **options, replication_timeout=2, ignore_errors=True)])
    assert time.monotonic() - started < 30
    failed = run.result("grant")
    for said in words:
        assert said in failed["msg"]
    assert failed["error"]["code"] == "PrincipalNotFound"
    assert 2 <= requests(one.emulator).count(("PUT", "roleAssignments")) <= 4
    # The scopes that were not tried were not waited for either.
    assert f"Not tried: {HERE}." in failed["msg"]


def test_the_time_for_the_task_ends_the_wait_for_the_principal(one) -> None:
    one.faults(absences())
    run = one([grant("grant", GROUP, **WEB, wait_timeout=3, ignore_errors=True)])
    assert (
        "wait_timeout of 3 s would pass while waiting for the directory to know the principal"
        in run.result("grant")["msg"]
    )


def test_somebody_else_makes_the_same_grant_at_the_same_time(one) -> None:
    """Azure's refusal of a second one is no error: the one that is there is read and reported."""
    principal = principal_of(one.emulator, "id-web")
    other = seeded(principal, description="of somebody else")
    one.add(role_assignments=[other])
    one.faults(
        {
            "match": {"method": "GET", "path": "/roleAssignments\\?"},
            "nth": 1,
            "action": {"status": 200, "body": '{"value": []}'},
        }
    )
    run = one([grant("grant", GROUP, **WEB)])
    assert run.result("grant")["changed"] is False
    (item,) = run.result("grant")["role_assignments"]
    assert (item["name"], item["description"]) == (other["name"], "of somebody else")
    answers = [(entry["method"], entry["status"]) for entry in one.emulator.log("/roleAssignments")]
    assert answers == [("GET", 200), ("PUT", 409), ("GET", 200)]


def test_an_answer_that_is_lost(one) -> None:
    one.faults({"match": {"method": "PUT", "path": "roleAssignments/"}, "nth": 1, "action": {"reset": "after"}})
    run = one([grant("grant", GROUP, **WEB)])
    assert run.result("grant")["changed"] is True
    assert len(run.result("grant")["role_assignments"]) == 1
    assert len(assignments(one.emulator, principal_of(one.emulator, "id-web"))) == 1


def test_locks(one) -> None:
    """A lock against deletion blocks the removal of grants, not their making."""
    one.add(locks=[{"name": "kept", "scope": GROUP, "level": "CanNotDelete"}])
    run = one(
        [
            grant("grant", GROUP, **WEB, register="made"),
            grant("absent", GROUP, **WEB, state="absent", ignore_errors=True),
            grant(
                "by id",
                assignment_ids="{{ made.role_assignments | map(attribute='id') }}",
                max_changes=1,
                state="absent",
                ignore_errors=True,
            ),
        ]
    )
    assert run.result("grant")["changed"] is True
    for task in ("absent", "by id"):
        failed = run.result(task)
        assert failed["error"]["code"] == "ScopeLocked"
        assert f"A lock on {GROUP} forbids it" in failed["msg"]
        assert (failed["changed"], failed["removed"]) == (False, [])


GRANT = {"principal_id": PERSON}
IDS = {"assignment_ids": [f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/{PERSON}"]}
GONE = {**IDS, "state": "absent", "max_changes": 1}
REFUSED_AT_ONCE = {
    "nobody": (grant("nobody", GROUP), "One of principal_id, vm, identity and assignment_ids is needed."),
    "empty": (
        grant("empty", GROUP, principal_id=""),
        "One of principal_id, vm, identity and assignment_ids is needed.",
    ),
    "two": (
        grant("two", GROUP, **WEB, **GRANT),
        "parameters are mutually exclusive: principal_id|vm|identity|assignment",
    ),
    "no guid": (grant("no guid", GROUP, principal_id="id-web"), "'id-web' is not a principal ID. Expected the GUID"),
    "no group": (grant("no group", GROUP, identity="id-web"), "'id-web' is a bare name. Set resource_group, too"),
    "group": (
        grant("group", GROUP, identity="id-web", resource_group="a/b"),
        "'a/b' is not the name of a resource group",
    ),
    "vm": (grant("vm", GROUP, vm="a b", resource_group="rg-web"), "'a b' is not the name of a virtual machine"),
    "vm's id": (grant("vm's id", GROUP, vm=identity_id("id-web")), "not of a virtual machine"),
    "identity": (grant("identity", GROUP, identity=vm_id("vm-web-01")), "not of a user-assigned identity"),
    "no role": (grant("no role", GROUP, **GRANT, role=""), "'' is not a role. Expected its name"),
    "role's id": (grant("role's id", GROUP, **GRANT, role=f"{HERE}/x"), "is not a role. Expected its name, its GUID"),
    "role unset": (grant("role unset", scopes=[GROUP], **GRANT), "role and scopes say what to grant, and where"),
    "no scopes": (
        grant("no scopes", role="Reader", scopes=[], **GRANT),
        "role and scopes say what to grant, and where",
    ),
    "scope": (grant("scope", "rg-web", **GRANT), "'rg-web' is not a scope. Expected /subscriptions/{GUID}"),
    "second scope": (grant("second scope", GROUP, "/subscriptions/x", **GRANT), "'x' is not a subscription ID"),
    "state": (grant("state", GROUP, **GRANT, state="there"), "value of state must be one of: present, absent"),
    "version": (grant("version", GROUP, **GRANT, condition="x", condition_version="1.0"), "must be one of: 2.0"),
    "lone version": (
        grant("lone version", GROUP, **GRANT, condition_version="2.0"),
        "condition_version is that of a con",
    ),
    "replication": (
        grant("replication", GROUP, **GRANT, replication_timeout=-1),
        "replication_timeout must not be neg",
    ),
    "time": (grant("time", GROUP, **GRANT, wait_timeout=0), "wait_timeout must be a positive number of seconds"),
    "max": (grant("max", GROUP, **GRANT, max_changes=1), "max_changes goes with assignment_ids only"),
    "ids present": (
        grant("ids present", **{**GONE, "state": "present"}),
        "assignment_ids goes with state: absent only",
    ),
    "ids without max": (grant("ids without max", **IDS, state="absent"), "assignment_ids needs max_changes"),
    "negative": (grant("negative", **{**GONE, "max_changes": -1}), "assignment_ids needs max_changes"),
    "id": (grant("id", **{**GONE, "assignment_ids": [GROUP]}), "is not the ID of a role assignment. Expected {scope}/"),
    "ids and role": (grant("ids and role", **GONE, role="Reader"), "parameters are mutually exclusive"),
    "ids and scopes": (grant("ids and scopes", **GONE, scopes=[GROUP]), "parameters are mutually exclusive"),
    "info principal": (grants("info principal", principal_id=""), "'' is not a principal ID"),
    "info scope": (grants("info scope", scopes=["x"]), "'x' is not a scope"),
    "info no scopes": (grants("info no scopes", scopes=[]), "scopes is empty. Leave it out"),
    "info role": (grants("info role", role="/x"), "'/x' is not a role"),
    "info bare": (grants("info bare", vm="vm-web-01"), "'vm-web-01' is a bare name. Set resource_group, too"),
    "info two": (grants("info two", vm="vm-web-01", **GRANT), "parameters are mutually exclusive"),
    "info time": (grants("info time", wait_timeout=-5), "wait_timeout must be a positive number of seconds"),
}


def test_wrong_options_are_told_before_anything_is_sent(one) -> None:
    run = one([{**task, "ignore_errors": True} for task, _says in REFUSED_AT_ONCE.values()])
    for name, (_task, says) in REFUSED_AT_ONCE.items():
        result = run.result(name)
        assert says in result.get("msg", ""), (name, result)
        assert "\n" not in result["msg"], name
    assert one.emulator.log() == []
