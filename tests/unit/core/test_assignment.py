# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role assignments: names, what is there already, what is to be written; roles as users name them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import (
    InvalidInput,
    ManagedIdentityError,
    UnexpectedAnswer,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._scope import Scope
from ansible_collections.managed_identity.azure.plugins.module_utils.core.roles._assignment import (
    Assignment,
    check_principal,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core.roles._grant import (
    Grant,
    GrantStep,
    assignment_name,
    definition_id,
    plan_absent,
    plan_present,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core.roles._role import Role, WantedRole, the_role

SUB = "11111111-2222-3333-4444-555555555555"
GROUP = Scope.parse(f"/subscriptions/{SUB}/resourceGroups/rg")
MANAGEMENT = Scope.parse("/providers/Microsoft.Management/managementGroups/platform")
PRINCIPAL = "aaaaaaaa-0000-4000-8000-000000000001"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
NAME = "bbbbbbbb-0000-4000-8000-000000000002"


def body(scope: str = str(GROUP), principal: str = PRINCIPAL, role: str = READER, **more: Any) -> dict[str, Any]:
    """An assignment as Azure shows it."""
    definition = f"/subscriptions/{SUB}/providers/Microsoft.Authorization/roleDefinitions/{role}"
    said = {
        "scope": scope,
        "principalId": principal,
        "roleDefinitionId": definition,
        "principalType": "ServicePrincipal",
    }
    return {"id": f"{str(scope).rstrip('/')}/{KIND}/{NAME}", "name": NAME, "properties": {**said, **more}}


def there(**options: Any) -> list[Assignment]:
    return [Assignment.from_arm(body(**options))]


def test_a_name_is_the_same_for_the_same_scope_principal_and_role_in_any_case() -> None:
    # Names are made by everybody's runs: they must never change.
    name = assignment_name(GROUP, PRINCIPAL, READER)
    assert name == "6b348182-41f6-535c-9652-fa47f43d975f"
    assert assignment_name(Scope.parse(str(GROUP).replace("rg", "RG")), PRINCIPAL.upper(), READER.upper()) == name
    others = {
        assignment_name(MANAGEMENT, PRINCIPAL, READER),
        assignment_name(GROUP, PRINCIPAL.replace("1", "2"), READER),
        assignment_name(GROUP, PRINCIPAL, READER.replace("7", "8")),
        assignment_name(Scope.parse("/"), PRINCIPAL, READER),
    }
    assert len(others | {name}) == 5


@pytest.mark.parametrize(
    ("scope", "prefix"),
    [
        (str(GROUP), f"/subscriptions/{SUB}"),
        (f"/subscriptions/{SUB}", f"/subscriptions/{SUB}"),
        ("/", ""),
        (str(MANAGEMENT), ""),
    ],
)
def test_a_role_is_named_in_the_scopes_subscription_or_in_the_tenant(scope: str, prefix: str) -> None:
    expected = f"{prefix}/providers/Microsoft.Authorization/roleDefinitions/{READER}"
    assert definition_id(Scope.parse(scope), READER) == expected


@pytest.mark.parametrize("scope", [str(GROUP), str(MANAGEMENT), "/"])
def test_a_new_one(scope: str) -> None:
    parsed = Scope.parse(scope)
    (step,) = plan_present(parsed, READER, Grant(PRINCIPAL), [])
    name = assignment_name(parsed, PRINCIPAL, READER)
    assert step.changes
    assert step.before is None
    assert step.after is not None
    path = "" if scope == "/" else scope
    assert step.after.id == f"{path}/providers/Microsoft.Authorization/roleAssignments/{name}"
    assert step.after.body() == {
        "properties": {
            "roleDefinitionId": definition_id(parsed, READER),
            "principalId": PRINCIPAL,
            "principalType": "ServicePrincipal",
        }
    }
    assert step.said() == f"created the role assignment at {scope}"


def test_of_an_unknown_principal_no_id_is_foreseen() -> None:
    (step,) = plan_present(GROUP, READER, Grant(None), there())
    assert step.before is None
    assert step.after is not None
    assert (step.after.id, step.after.name, step.after.principal_id) == (None, None, None)


@pytest.mark.parametrize(
    ("found", "counts"),
    [
        ({}, True),
        ({"scope": str(GROUP).upper()}, True),
        ({"scope": f"{GROUP}/"}, True),
        ({"principal": PRINCIPAL.upper()}, True),
        ({"role": READER.upper()}, True),
        ({"principalType": "User"}, True),
        ({"scope": f"/subscriptions/{SUB}"}, False),
        ({"scope": f"{GROUP}/providers/Microsoft.Compute/virtualMachines/vm"}, False),
        ({"scope": f"{GROUP}2"}, False),
        ({"principal": PRINCIPAL.replace("1", "2")}, False),
        ({"role": READER.replace("7", "8")}, False),
    ],
)
def test_what_counts_as_there(found: dict[str, Any], counts: bool) -> None:
    (present,) = plan_present(GROUP, READER, Grant(PRINCIPAL), there(**found))
    assert present.changes is not counts
    absent = plan_absent(GROUP, READER, Grant(PRINCIPAL), there(**found))
    assert [step.said() for step in absent] == [
        f"removed the role assignment {item.id}" for item in there(**found)
    ] * counts
    assert all(step.changes and step.after is None for step in absent)


def test_one_at_the_root_is_found() -> None:
    (step,) = plan_present(Scope.parse("/"), READER, Grant(PRINCIPAL), there(scope="/"))
    assert not step.changes


CONDITION = {"condition": "@x", "conditionVersion": "2.0"}


@pytest.mark.parametrize(
    ("before", "grant", "written"),
    [
        ({}, {}, None),
        (CONDITION, {}, None),
        ({"description": "old"}, {}, None),
        ({"description": ""}, {"description": ""}, None),
        ({}, {"condition": ""}, None),
        (CONDITION, {"condition": "@x"}, None),
        (CONDITION, {"condition": "@y"}, {"condition": "@y", "conditionVersion": "2.0"}),
        (CONDITION, {"condition": ""}, {}),
        (CONDITION, {"description": "new"}, {**CONDITION, "description": "new"}),
        ({"description": "old"}, {"condition": "@x"}, {**CONDITION, "description": "old"}),
        ({"description": "old"}, {"description": ""}, {}),
        ({"principalType": "User"}, {"description": "new"}, {"principalType": "User", "description": "new"}),
        (
            {"delegatedManagedIdentityResourceId": "/d"},
            {"description": "new"},
            {"delegatedManagedIdentityResourceId": "/d", "description": "new"},
        ),
    ],
)
def test_condition_and_description_change_in_place(
    before: dict[str, Any], grant: dict[str, Any], written: dict[str, Any] | None
) -> None:
    (step,) = plan_present(GROUP, READER, Grant(PRINCIPAL, **grant), there(**before))
    assert step.changes is (written is not None)
    assert step.after is not None
    assert (step.after.id, step.after.name) == (f"{GROUP}/{KIND}/{NAME}", NAME)
    if written is not None:
        said = step.after.body()["properties"]
        plain = {name: said.pop(name) for name in ("roleDefinitionId", "principalId")}
        assert plain["principalId"] == PRINCIPAL
        assert said == {"principalType": "ServicePrincipal", **written}
        assert step.said() == f"updated the role assignment at {GROUP}"


def test_a_version_without_a_condition_is_none() -> None:
    item = Assignment.from_arm(body(conditionVersion="2.0"))
    assert (item.condition, item.condition_version) == (None, None)


@pytest.mark.parametrize("name", ["scope", "roleDefinitionId", "principalId"])
def test_an_answer_that_does_not_say_what_who_and_where_is_none(name: str) -> None:
    said = {"scope": "/", "roleDefinitionId": f"/x/{READER}", "principalId": PRINCIPAL}
    body = {"id": f"/{KIND}/{NAME}", "name": NAME, "properties": said}
    assert Assignment.from_arm(body).role_id == READER
    with pytest.raises(UnexpectedAnswer, match=name):
        Assignment.from_arm({**body, "properties": {**said, name: None}})
    with pytest.raises(UnexpectedAnswer):
        Assignment.from_arm({})


def test_a_result() -> None:
    assert there(description="why")[0].to_result("Reader") == {
        "id": f"{GROUP}/{KIND}/{NAME}",
        "name": NAME,
        "scope": str(GROUP),
        "role": "Reader",
        "role_definition_id": f"/subscriptions/{SUB}/providers/Microsoft.Authorization/roleDefinitions/{READER}",
        "principal_id": PRINCIPAL,
        "principal_type": "ServicePrincipal",
        "condition": None,
        "condition_version": None,
        "description": "why",
    }


def test_nothing_is_a_step_that_changes_nothing() -> None:
    assert not GrantStep(str(GROUP)).changes


@pytest.mark.parametrize("text", ["", "x", PRINCIPAL[:-1], f"{PRINCIPAL}0", PRINCIPAL.replace("-", "")])
def test_what_is_no_principal_id(text: str) -> None:
    with pytest.raises(InvalidInput, match="is not a principal ID"):
        check_principal(text)
    assert check_principal(f" {PRINCIPAL.upper()} ") == PRINCIPAL


KIND = "providers/Microsoft.Authorization/roleAssignments"


@pytest.mark.parametrize("text", [f"{GROUP}/{KIND}/{NAME}", f"/{KIND}/{NAME}", f" {MANAGEMENT}/{KIND.upper()}/{NAME}"])
def test_ids_of_assignments(text: str) -> None:
    assert Assignment.parse_id(text) == text.strip()


@pytest.mark.parametrize(
    "text", ["", NAME, f"{GROUP}/{KIND}/x", str(GROUP), f"/nowhere/{KIND}/{NAME}", f"x/{KIND}/{NAME}"]
)
def test_what_is_no_id_of_an_assignment(text: str) -> None:
    with pytest.raises(InvalidInput, match="is not"):
        Assignment.parse_id(text)


@pytest.mark.parametrize(
    ("text", "guid"),
    [
        ("Reader", None),
        (" Storage Blob Data Reader ", None),
        (READER.upper(), READER),
        (definition_id(GROUP, READER), READER),
        (definition_id(MANAGEMENT, READER.upper()), READER),
        ("A / B", None),
    ],
)
def test_roles_as_users_name_them(text: str, guid: str | None) -> None:
    assert WantedRole.parse(text) == WantedRole(text.strip(), guid)


@pytest.mark.parametrize("text", ["", " ", "/subscriptions/x", definition_id(GROUP, "Reader"), "x" * 513])
def test_what_is_no_role(text: str) -> None:
    with pytest.raises(InvalidInput, match="is not a role"):
        WantedRole.parse(text)


def definition(name: str, guid: str = READER, kind: str = "BuiltInRole") -> Role:
    path = f"/providers/Microsoft.Authorization/roleDefinitions/{guid}"
    return Role.from_arm({"id": path, "name": guid, "properties": {"roleName": name, "type": kind}})


def test_the_role_of_a_name() -> None:
    wanted = WantedRole.parse("reader")
    assert the_role(wanted, GROUP, [definition("Reader")]) == Role(READER, "Reader", anywhere=True)
    assert the_role(wanted, GROUP, [definition("READER", kind="CustomRole")]) == Role(READER, "READER")
    for found in ([], [definition("Readers")]):
        with pytest.raises(ManagedIdentityError, match="no role named 'reader' that can be assigned at"):
            the_role(wanted, GROUP, found)
    with pytest.raises(ManagedIdentityError, match=rf"2 roles are named 'reader' at .*/{READER}, .*/{NAME}"):
        the_role(wanted, GROUP, [definition("Reader", READER), definition("reader", NAME)])
