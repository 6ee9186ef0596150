# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""role_assignment_info: by principal, role and scope; what is inherited; whose principal is gone; removal by a list."""

from __future__ import annotations

import pytest

from tests.integration.estate import SUBSCRIPTION, TENANT, identity_id, vm_id
from tests.integration.roles import (
    CONTRIBUTOR,
    GROUP,
    HERE,
    MANAGEMENT,
    OTHER_GROUP,
    READER,
    assignments,
    grant,
    grants,
    principal_of,
    requests,
    seeded,
)

PERSON = "44444444-0000-4000-8000-000000000001"
GONE = "44444444-0000-4000-8000-000000000002"
FOREIGN = "44444444-0000-4000-8000-000000000003"
TEAM = "44444444-0000-4000-8000-000000000004"
VM = vm_id("vm-web-02")
PARENT = MANAGEMENT.replace("platform", "company")
CLERK = {"AZURE_CLIENT_ID": "clerk-client", "AZURE_SECRET": "clerk-secret", "AZURE_CLIENT_SECRET": "clerk-secret"}


@pytest.fixture
def estate():
    """Grants at every kind of scope, of principals of every kind."""
    return {
        "management_groups": [
            {"name": "company", "tenant": TENANT},
            {"name": "platform", "tenant": TENANT, "parent": "company"},
            {"name": "sandbox", "tenant": TENANT, "parent": "platform"},
        ],
        "directory": [{"name": "Team", "id": TEAM}, {"name": "Person", "id": PERSON, "type": "User"}],
        "role_assignments": [
            seeded(PERSON, scope="/"),
            seeded(PERSON, scope=PARENT),
            seeded(PERSON, scope=MANAGEMENT),
            seeded(PERSON, scope=MANAGEMENT.replace("platform", "sandbox")),
            seeded(PERSON, scope=HERE, type="User"),
            seeded(PERSON, scope=GROUP, role=CONTRIBUTOR, type="User"),
            seeded(TEAM, scope=GROUP, type="Group"),
            seeded(GONE, scope=GROUP),
            seeded(GONE, scope=VM),
            seeded(GONE, scope=OTHER_GROUP),
            seeded(FOREIGN, scope=GROUP, type="ForeignGroup"),
        ],
        "callers": [
            {
                "name": "clerk",
                "client_id": "clerk-client",
                "secret": "clerk-secret",
                "roles": [{"role": "Reader", "scope": HERE}],
            },
        ],
    }


def found(result: dict) -> list[tuple[str, str]]:
    return [(item["scope"], item["principal_id"]) for item in result["role_assignments"]]


@pytest.mark.oldest
def test_what_is_listed(both, estate) -> None:
    both.add(**estate)
    run = both(
        [
            grants("group", scopes=[GROUP]),
            grants("inherited", scopes=[GROUP], inherited=True, principal_id=PERSON.upper()),
            grants("by role", scopes=[GROUP], role="contributor"),
            grants("by role's id", scopes=[GROUP], role=CONTRIBUTOR, principal_id=PERSON),
            grants("several", scopes=[VM, GROUP, VM.upper().replace("/SUBSCRIPTIONS", "/subscriptions"), OTHER_GROUP]),
            grants("subscription", principal_id=GONE),
            grants("identity", identity="id-web", resource_group="rg-web"),
            grants("no vm identity", vm="vm-web-01", resource_group="rg-web"),
            grants("no identity", identity=identity_id("id-none")),
        ]
    )
    of_group = [(GROUP, PERSON), (GROUP, TEAM), (GROUP, GONE), (GROUP, FOREIGN)]
    assert sorted(found(run.result("group"))) == sorted([*of_group, (VM, GONE)])
    item = next(item for item in run.result("group")["role_assignments"] if item["principal_id"] == TEAM)
    assert item == {
        "id": f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/{item['name']}",
        "name": item["name"],
        "scope": GROUP,
        "role": "Reader",
        "role_definition_id": f"{HERE}/providers/Microsoft.Authorization/roleDefinitions/{READER}",
        "principal_id": TEAM,
        "principal_type": "Group",
        "condition": None,
        "condition_version": None,
        "description": None,
        "principal_exists": None,
    }
    assert [scope for scope, _who in found(run.result("inherited"))] == ["/", HERE, GROUP]
    assert found(run.result("by role")) == found(run.result("by role's id")) == [(GROUP, PERSON)]
    assert run.result("by role")["role_assignments"][0]["role"] == "Contributor"
    several = found(run.result("several"))
    assert several[0] == (VM, GONE)
    assert several[-1] == (OTHER_GROUP, GONE)
    assert len(several) == len(of_group) + 2
    assert sorted(found(run.result("subscription"))) == sorted([(GROUP, GONE), (VM, GONE)])
    assert found(run.result("identity")) == []
    for task in ("no vm identity", "no identity"):
        assert run.result(task)["role_assignments"] == []
        assert "No grants can be found by it" in run.result(task)["warnings"][0]
    assert not both.emulator.writes()
    assert both.emulator.log("/v1.0/") == []


def test_management_groups(one, estate) -> None:
    one.add(**estate)
    run = one(
        [
            grants("group", scopes=[MANAGEMENT], principal_id=PERSON),
            grants("inherited", scopes=[MANAGEMENT], principal_id=PERSON, inherited=True),
            grants("root", scopes=["/"], principal_id=PERSON),
        ]
    )
    below = MANAGEMENT.replace("platform", "sandbox")
    assert [scope for scope, _who in found(run.result("group"))] == [MANAGEMENT, below]
    assert [scope for scope, _who in found(run.result("inherited"))] == ["/", PARENT, MANAGEMENT, below]
    assert {"/", PARENT, MANAGEMENT, HERE, GROUP} <= {scope for scope, _who in found(run.result("root"))}


def test_as_little_is_asked_as_possible(one) -> None:
    one([grants("mine", scopes=[GROUP], principal_id=principal_of(one.emulator, "id-web"))])
    assert requests(one.emulator) == [("GET", "roleAssignments")]


def test_grants_of_principals_that_are_gone(one, estate) -> None:
    one.add(**estate)
    run = one(
        [
            grants("gone", orphaned=True, scopes=[HERE, OTHER_GROUP], register="gone"),
            grants("of one", orphaned=True, principal_id=GONE, scopes=[VM]),
            grants("of one that is there", orphaned=True, vm="vm-web-02", resource_group="rg-web"),
            grant("too many", **removal(2), ignore_errors=True),
            grant("check", **removal(3), check_mode=True, diff=True),
            grant("remove", **removal(3), diff=True),
            grant("again", **removal(0)),
            grants("none", orphaned=True, scopes=[HERE, OTHER_GROUP]),
        ]
    )
    # A user and a group are there though they are no service principals; of another tenant's group nothing is known.
    assert sorted(found(run.result("gone"))) == sorted([(GROUP, GONE), (VM, GONE), (OTHER_GROUP, GONE)])
    assert {item["principal_exists"] for item in run.result("gone")["role_assignments"]} == {False}
    assert found(run.result("of one")) == [(VM, GONE)]
    assert found(run.result("of one that is there")) == []
    assert (
        "3 role assignments would be removed, and max_changes is 2. Nothing was removed."
        in run.result("too many")["msg"]
    )
    for task in ("check", "remove"):
        result = run.result(task)
        assert result["changed"] is True
        assert [item["id"] for item in result["removed"]] == [
            item["id"] for item in run.result("gone")["role_assignments"]
        ]
        assert (result["principal_id"], result["role_assignments"]) == (None, [])
        assert result["diff"]["after"] == {"role_assignments": []}
        assert len(result["diff"]["before"]["role_assignments"]) == 3
    assert (run.result("again")["changed"], run.result("again")["removed"]) == (False, [])
    assert found(run.result("none")) == []
    assert assignments(one.emulator, GONE) == []
    assert len(assignments(one.emulator, PERSON)) == 6
    (asked,) = {item["method"] for item in one.emulator.log("/v1.0/directoryObjects/getByIds")}
    assert asked == "POST"


def removal(most: int) -> dict:
    ids = "{{ gone.role_assignments | map(attribute='id') }}"
    return {"assignment_ids": ids, "max_changes": most, "state": "absent"}


def test_without_the_right_to_the_directory_nothing_is_guessed(one, estate) -> None:
    one.add(**estate)
    env = {**CLERK, "AZURE_SUBSCRIPTION_ID": SUBSCRIPTION}
    run = one([grants("list"), grants("gone", orphaned=True, ignore_errors=True)], env=env)
    assert run.result("list")["role_assignments"]
    failed = run.result("gone")
    assert failed["error"]["code"] == "Authorization_RequestDenied"
    assert "Directory.Read.All" in failed["msg"]
    assert "Directory Readers" in failed["msg"]
    assert "role_assignments" not in failed


# Principals of the estate that have grants in the subscription: the emulator's callers, and an identity.
OTHERS = ("operator", "auditor", "id-automation")


def test_more_principals_than_fit_into_one_request(one) -> None:
    many = [f"55555555-0000-4000-8000-{number:012}" for number in range(1005)]
    one.add(role_assignments=[seeded(principal, scope=HERE) for principal in many])
    run = one([grants("gone", orphaned=True)])
    assert len(run.result("gone")["role_assignments"]) == 1005
    assert [len(item["body"]["ids"]) for item in one.emulator.log("getByIds")] == [1000, 5 + len(OTHERS)]


def test_roles_that_are_gone_have_no_name(one) -> None:
    one.faults(
        {"match": {"path": f"roleDefinitions/{READER}"}, "action": {"status": 403, "code": "AuthorizationFailed"}}
    )
    one.add(role_assignments=[seeded(PERSON), seeded(PERSON, role=CONTRIBUTOR)])
    one.faults(
        {"match": {"path": f"roleDefinitions/{READER}"}, "action": {"status": 403, "code": "AuthorizationFailed"}}
    )
    run = one([grants("list", scopes=[GROUP])])
    assert {item["role"] for item in run.result("list")["role_assignments"]} == {None, "Contributor"}
