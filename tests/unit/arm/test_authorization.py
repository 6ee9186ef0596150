# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of Azure for roles, their assignments, the caller's rights and locks."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.gateways._authorization import Authorization
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import UnexpectedAnswer
from ansible_collections.managed_identity.azure.plugins.module_utils.core._rules import arm_error
from ansible_collections.managed_identity.azure.plugins.module_utils.core._scope import Scope
from ansible_collections.managed_identity.azure.plugins.module_utils.core.roles._assignment import Assignment
from tests.unit.arm.fake_client import SUB, FakeClient, ask

DEADLINE = Deadline(999)
SCOPE = Scope.parse(f"/subscriptions/{SUB}/resourceGroups/rg")
PROVIDER = f"{SCOPE}/providers/Microsoft.Authorization"
ASSIGNMENT = f"{PROVIDER}/roleAssignments/11111111-0000-4000-8000-000000000001"


ROLE_GUID = "11111111-0000-4000-8000-00000000000A"
ROLE = {"id": f"{PROVIDER}/roleDefinitions/{ROLE_GUID}", "name": ROLE_GUID, "properties": {"roleName": "O'Brien"}}
LOCK = {"id": f"{PROVIDER}/locks/l", "name": "l", "properties": {"level": "ReadOnly"}}
SAID = {"scope": str(SCOPE), "roleDefinitionId": "/r/x", "principalId": "p"}
BODY = {"id": ASSIGNMENT, "name": ASSIGNMENT[-36:], "properties": SAID}


def test_what_does_not_change_is_read_once_for_each_scope() -> None:
    permissions = [{"actions": ["*"], "notActions": []}]
    lists: list[Any] = [permissions, [LOCK], [ROLE], []]
    client = FakeClient(*(({"value": items}, {}) for items in lists))
    authorization = Authorization(client)
    spelt = Scope.parse(str(SCOPE).upper().replace("/SUBSCRIPTIONS", "/subscriptions"))
    for scope in (SCOPE, spelt):
        assert ask(authorization.permissions(scope, DEADLINE)) == permissions
        assert ask(authorization.locks(scope, DEADLINE)) == [LOCK]
        assert [role.guid for role in ask(authorization.roles_named(scope, "O'Brien", DEADLINE))] == [
            ROLE["name"].lower()
        ]
    assert ask(authorization.permissions(Scope.parse("/"), DEADLINE)) == []
    assert client.asked == [
        ("GET", f"{PROVIDER}/permissions", "2022-04-01", {}),
        ("GET", f"{PROVIDER}/locks", "2020-05-01", {"query": {"$filter": "atScope()"}}),
        ("GET", f"{PROVIDER}/roleDefinitions", "2022-04-01", {"query": {"$filter": "roleName eq 'O''Brien'"}}),
        ("GET", "/providers/Microsoft.Authorization/permissions", "2022-04-01", {}),
    ]


def test_assignments_are_read_each_time() -> None:
    client = FakeClient(({"value": [BODY]}, {}), ({"value": []}, {}))
    authorization = Authorization(client)
    assert [one.id for one in ask(authorization.assignments(SCOPE, "atScope()", DEADLINE))] == [ASSIGNMENT]
    assert ask(authorization.assignments(SCOPE, None, DEADLINE)) == []
    assert [asked[3] for asked in client.asked] == [{"query": {"$filter": "atScope()"}}, {}]


def test_one_assignment_and_one_role() -> None:
    gone = arm_error("no", status=404, code="RoleAssignmentNotFound")
    wanted = Assignment.from_arm(BODY)
    client = FakeClient((BODY, {}), (None, {}, 204), (BODY, {}, 200), gone, (ROLE, {}))
    authorization = Authorization(client)
    assert ask(authorization.put_assignment(wanted, DEADLINE)) == wanted
    assert [ask(authorization.delete_assignment(ASSIGNMENT, DEADLINE)) for _time in range(3)] == [False, True, False]
    assert ask(authorization.role(SCOPE, ROLE["name"], DEADLINE)).name == "O'Brien"
    assert [asked[:2] for asked in client.asked] == [
        ("PUT", ASSIGNMENT),
        *[("DELETE", ASSIGNMENT)] * 3,
        ("GET", f"{PROVIDER}/roleDefinitions/{ROLE['name']}"),
    ]


def test_an_answer_about_something_else_is_none() -> None:
    other = {**BODY, "id": f"{ASSIGNMENT[:-1]}2", "name": f"{ASSIGNMENT[-36:-1]}2"}
    with pytest.raises(UnexpectedAnswer, match="about another role assignment"):
        ask(Authorization(FakeClient((other, {}))).put_assignment(Assignment.from_arm(BODY), DEADLINE))
    with pytest.raises(UnexpectedAnswer, match="about another role"):
        ask(Authorization(FakeClient((ROLE, {}))).role(SCOPE, "11111111-0000-4000-8000-00000000000b", DEADLINE))
