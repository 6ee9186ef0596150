# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""role_assignment: check, present, again, change, absent, again; principals, roles and scopes of every kind."""

from __future__ import annotations

import pytest

from tests.integration.estate import SUBSCRIPTION, identity_id, system, vm_id
from tests.integration.roles import (
    CONTRIBUTOR,
    GROUP,
    HERE,
    MANAGEMENT,
    OTHER_GROUP,
    READER,
    assignments,
    grant,
    principal_of,
    requests,
    seeded,
)

WEB = {"identity": "id-web", "resource_group": "rg-web"}
CONDITION = "@Resource[Microsoft.Storage/storageAccounts:name] StringEquals 'shop'"


@pytest.mark.oldest
def test_life(both) -> None:
    run = both(
        [
            grant("absent already", GROUP, **WEB, state="absent", diff=True),
            grant("check", GROUP, HERE, **WEB, check_mode=True, diff=True),
            grant("create", GROUP, HERE, **WEB, diff=True),
            grant("again", GROUP.lower().replace("resourcegroups", "RESOURCEGROUPS"), HERE, **WEB, role="READER"),
            grant("check words", GROUP, **WEB, description="why", condition=CONDITION, check_mode=True, diff=True),
            grant("words", GROUP, **WEB, description="why", condition=CONDITION, diff=True),
            grant("words again", GROUP, **WEB, description="why", condition=CONDITION, condition_version="2.0"),
            grant("words unset", GROUP, **WEB),
            grant("no words", GROUP, **WEB, description="", condition=""),
            grant("check absent", GROUP, HERE, **WEB, state="absent", check_mode=True, diff=True),
            grant("absent", GROUP, HERE, **WEB, state="absent", diff=True),
            grant("gone already", GROUP, HERE, **WEB, state="absent"),
        ]
    )
    changed = [line["task"] for line in run.results if line["result"]["changed"]]
    assert changed == ["check", "create", "check words", "words", "no words", "check absent", "absent"]

    create, principal = run.result("create"), principal_of(both.emulator, "id-web")
    at_group, at_subscription = create["role_assignments"]
    assert at_group == {
        "id": f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/{at_group['name']}",
        "name": at_group["name"],
        "scope": GROUP,
        "role": "Reader",
        "role_definition_id": f"{HERE}/providers/Microsoft.Authorization/roleDefinitions/{READER}",
        "principal_id": principal,
        "principal_type": "ServicePrincipal",
        "condition": None,
        "condition_version": None,
        "description": None,
    }
    assert create["principal_id"] == principal
    assert at_subscription["scope"] == HERE
    assert (
        run.result("check")["role_assignments"]
        == run.result("again")["role_assignments"]
        == [at_group, at_subscription]
    )
    after = {"role_assignments": [at_group, at_subscription]}
    nothing = {"role_assignments": []}
    assert create["diff"] == run.result("check")["diff"] == {"before": nothing, "after": after}
    worded = {**at_group, "description": "why", "condition": CONDITION, "condition_version": "2.0"}
    assert run.result("words")["diff"]["after"]["role_assignments"] == [worded]
    assert run.result("words")["diff"] == run.result("check words")["diff"]
    assert run.result("words unset")["role_assignments"] == [worded]
    assert run.result("no words")["role_assignments"] == [at_group]
    for task in ("check absent", "absent"):
        assert run.result(task)["removed"] == [at_group, at_subscription]
        assert run.result(task)["diff"] == {"before": after, "after": nothing}
    assert run.result("gone already")["role_assignments"] == run.result("gone already")["removed"] == []
    writes = [(item["method"], item["body"]) for item in both.emulator.log("/roleAssignments/")]
    plain = {"roleDefinitionId": at_group["role_definition_id"], "principalId": principal}
    plain = {**plain, "principalType": "ServicePrincipal"}
    words = {"description": "why", "condition": CONDITION, "conditionVersion": "2.0"}
    bodies = [plain, plain, {**plain, **words}, plain]
    assert writes == [*(("PUT", {"properties": body}) for body in bodies), ("DELETE", None), ("DELETE", None)]
    assert assignments(both.emulator, principal) == []


def test_as_little_is_asked_as_possible(one) -> None:
    one([grant("create", GROUP, HERE, OTHER_GROUP, identity=identity_id("id-web"))])
    # The built-in role is looked up once, whatever the number of scopes.
    assert sorted(requests(one.emulator)) == [
        ("GET", "roleAssignments"),
        ("GET", "roleAssignments"),
        ("GET", "roleAssignments"),
        ("GET", "roleDefinitions"),
        ("PUT", "roleAssignments"),
        ("PUT", "roleAssignments"),
        ("PUT", "roleAssignments"),
    ]
    (read,) = one.emulator.log("userAssignedIdentities/id-web")
    assert read["method"] == "GET"
    one.clear_log()
    one([grant("again", GROUP, principal_id=principal_of(one.emulator, "id-web").upper())])
    assert sorted(requests(one.emulator)) == [("GET", "roleAssignments"), ("GET", "roleDefinitions")]


def test_scopes_of_every_kind(one) -> None:
    one.add(management_groups=[{"name": "platform", "tenant": "5a1d6c3e-0b7f-4f3c-9c53-0f4e1d2b8a10"}])
    scopes = ["/", MANAGEMENT, HERE, OTHER_GROUP, vm_id("vm-web-01"), identity_id("id-app", "rg-identities")]
    tasks = [grant("grant", *scopes, **WEB), grant("again", *scopes, **WEB)]
    run = one([*tasks, grant("absent", *scopes, **WEB, state="absent")])
    made = run.result("grant")["role_assignments"]
    assert [item["scope"] for item in made] == scopes
    tail = f"/providers/Microsoft.Authorization/roleDefinitions/{READER}"
    bodies = [item["body"]["properties"] for item in one.emulator.log("/roleAssignments/", method="PUT")]
    other = OTHER_GROUP.partition("/resourceGroups")[0]
    prefixes = ["", "", HERE, other, HERE, HERE]
    assert [item["roleDefinitionId"] for item in bodies] == [prefix + tail for prefix in prefixes]
    assert run.result("again")["changed"] is False
    assert run.result("absent")["changed"] is True
    assert assignments(one.emulator, principal_of(one.emulator, "id-web")) == []


def test_roles_by_name_and_by_id(one) -> None:
    custom = "33333333-0000-4000-8000-000000000001"
    here = {"name": "Shop Operator", "id": custom, "actions": ["*/read"], "scopes": [HERE]}
    one.add(role_definitions=[here])
    full = f"{HERE}/providers/Microsoft.Authorization/roleDefinitions/{CONTRIBUTOR.upper()}"
    run = one(
        [
            grant("custom", GROUP, HERE, **WEB, role="shop operator"),
            grant("guid", GROUP, **WEB, role=CONTRIBUTOR.upper()),
            grant("definition", GROUP, **WEB, role=full),
            grant("elsewhere", OTHER_GROUP, **WEB, role="Shop Operator", ignore_errors=True),
            grant("no name", GROUP, **WEB, role="Raeder", ignore_errors=True),
            grant("no guid", GROUP, **WEB, role=custom.replace("1", "2"), ignore_errors=True),
        ]
    )
    assert {item["role"] for item in run.result("custom")["role_assignments"]} == {"Shop Operator"}
    assert run.result("custom")["role_assignments"][0]["role_definition_id"].endswith(custom)
    assert run.result("guid")["role_assignments"][0]["role"] == "Contributor"
    assert run.result("definition")["changed"] is False
    assert (
        "There is no role named 'Shop Operator' that can be assigned at " + OTHER_GROUP
        in run.result("elsewhere")["msg"]
    )
    assert "There is no role named 'Raeder'" in run.result("no name")["msg"]
    assert "There is no role with the ID" in run.result("no guid")["msg"]


def test_what_others_made_counts_whatever_its_name(one) -> None:
    principal = "44444444-0000-4000-8000-000000000001"
    made = seeded(principal, description="by hand")
    one.add(role_assignments=[made])
    options = {"principal_id": principal.upper()}
    run = one(
        [
            grant("there", GROUP, **options),
            grant("changed", GROUP, **options, description="by Ansible"),
            grant("absent", GROUP, **options, state="absent"),
        ]
    )
    assert run.result("there")["changed"] is False
    (item,) = run.result("there")["role_assignments"]
    assert (item["name"], item["description"]) == (made["name"], "by hand")
    # In place, under the name that it has.
    (item,) = run.result("changed")["role_assignments"]
    assert (item["name"], item["description"]) == (made["name"], "by Ansible")
    assert [item["name"] for item in run.result("absent")["removed"]] == [made["name"]]


def test_grants_above_and_below_are_others(one) -> None:
    principal = principal_of(one.emulator, "id-web")
    run = one([grant("above and below", HERE, vm_id("vm-web-01"), **WEB), grant("between", GROUP, **WEB)])
    assert run.result("between")["changed"] is True
    one([grant("absent", GROUP, **WEB, state="absent")])
    assert {item["scope"] for item in assignments(one.emulator, principal)} == {HERE, vm_id("vm-web-01")}


def test_the_system_identity_of_a_vm(one) -> None:
    vm = {"vm": "vm-web-01", "resource_group": "rg-web"}
    run = one(
        [
            grant("no identity", GROUP, **vm, ignore_errors=True),
            grant("nothing to remove", GROUP, **vm, state="absent"),
            grant("check", GROUP, **vm, check_mode=True, diff=True),
            system("enable", "vm-web-01"),
            grant("grant", GROUP, **vm),
            grant("again", GROUP, vm=vm_id("vm-web-01").upper().replace("/SUBSCRIPTIONS", "/subscriptions")),
        ]
    )
    failed = run.result("no identity")
    assert "has no system-assigned identity" in failed["msg"]
    assert "vm_system_identity" in failed["msg"]
    assert failed["changed"] is False
    (warning,) = run.result("nothing to remove")["warnings"]
    assert "has no system-assigned identity" in warning
    check = run.result("check")
    assert (check["changed"], check["principal_id"], check["role_assignments"][0]["id"]) == (True, None, None)
    assert "This would fail unless that is changed first" in check["warnings"][0]
    assert run.result("grant")["principal_id"] == run.result("enable")["identity"]["principal_id"]
    assert run.result("again")["changed"] is False


def test_what_is_not_there_yet(one) -> None:
    new = {"identity": "id-new", "resource_group": "rg-web"}
    nowhere = f"{HERE}/resourceGroups/rg-none"
    run = one(
        [
            grant("no identity", GROUP, **new, ignore_errors=True),
            grant("absent", GROUP, **new, state="absent"),
            grant("check", GROUP, **new, check_mode=True),
            grant("no vm", GROUP, vm="vm-none", resource_group="rg-web", ignore_errors=True),
            grant("null", GROUP, principal_id=None, check_mode=True),
            grant("null for real", GROUP, principal_id=None, ignore_errors=True),
            grant("no group", nowhere, **WEB, ignore_errors=True),
            grant("no group, check", nowhere, **WEB, check_mode=True),
            grant("no group, absent", nowhere, **WEB, state="absent"),
        ]
    )
    assert f"The identity {identity_id('id-new')} does not exist" in run.result("no identity")["msg"]
    assert "does not exist" in run.result("absent")["warnings"][0]
    assert (run.result("check")["changed"], run.result("check")["principal_id"]) == (True, None)
    assert f"The VM {vm_id('vm-none')} does not exist" in run.result("no vm")["msg"]
    assert run.result("null")["changed"] is True
    assert "principal_id is empty" in run.result("null")["warnings"][0]
    assert "is needed" in run.result("null for real")["msg"]
    assert "Resource group 'rg-none' could not be found" in run.result("no group")["msg"]
    assert run.result("no group, check")["changed"] is True
    assert "this would fail unless it is created first" in run.result("no group, check")["warnings"][0]
    assert run.result("no group, absent")["changed"] is False
    assert not [item for item in one.emulator.writes() if "roleAssignments" in item["path"]]
    assert SUBSCRIPTION in run.result("no group")["msg"]
