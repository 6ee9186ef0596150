# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of Azure for roles, their assignments, the caller's rights and locks."""

from __future__ import annotations

from ansible_collections.managed_identity.azure.plugins.module_utils.arm._authorization import Authorization
from ansible_collections.managed_identity.azure.plugins.module_utils.arm._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.core._scope import Scope
from tests.unit.arm.fake_client import SUB, FakeClient, ask

DEADLINE = Deadline(999)
SCOPE = Scope.parse(f"/subscriptions/{SUB}/resourceGroups/rg")
PROVIDER = f"{SCOPE}/providers/Microsoft.Authorization"
ASSIGNMENT = f"{PROVIDER}/roleAssignments/11111111-0000-4000-8000-000000000001"


def test_what_does_not_change_is_read_once_for_each_scope() -> None:
    client = FakeClient(*(({"value": [{"n": number}]}, {}) for number in range(4)))
    authorization = Authorization(client)
    spelt = Scope.parse(str(SCOPE).upper().replace("/SUBSCRIPTIONS", "/subscriptions"))
    for scope in (SCOPE, spelt):
        assert ask(authorization.permissions(scope, DEADLINE)) == [{"n": 0}]
        assert ask(authorization.locks(scope, DEADLINE)) == [{"n": 1}]
        assert ask(authorization.roles_named(scope, "O'Brien", DEADLINE)) == [{"n": 2}]
    assert ask(authorization.permissions(Scope.parse("/"), DEADLINE)) == [{"n": 3}]
    assert client.asked == [
        ("GET", f"{PROVIDER}/permissions", "2022-04-01", {}),
        ("GET", f"{PROVIDER}/locks", "2020-05-01", {"query": {"$filter": "atScope()"}}),
        ("GET", f"{PROVIDER}/roleDefinitions", "2022-04-01", {"query": {"$filter": "roleName eq 'O''Brien'"}}),
        ("GET", "/providers/Microsoft.Authorization/permissions", "2022-04-01", {}),
    ]


def test_assignments_are_read_each_time() -> None:
    client = FakeClient(({"value": [{}]}, {}), ({"value": []}, {}))
    authorization = Authorization(client)
    assert ask(authorization.assignments(SCOPE, "atScope()", DEADLINE)) == [{}]
    assert ask(authorization.assignments(SCOPE, None, DEADLINE)) == []
    assert [asked[3] for asked in client.asked] == [{"query": {"$filter": "atScope()"}}, {}]


def test_one_assignment_and_one_role() -> None:
    client = FakeClient(({"name": "a"}, {}), ({}, {}, 204), ({}, {}, 200), ({"name": "r"}, {}))
    authorization = Authorization(client)
    assert ask(authorization.put_assignment(ASSIGNMENT, {"properties": {}}, DEADLINE)) == {"name": "a"}
    assert ask(authorization.delete_assignment(ASSIGNMENT, DEADLINE)) is False
    assert ask(authorization.delete_assignment(ASSIGNMENT, DEADLINE)) is True
    assert ask(authorization.role(SCOPE, "guid", DEADLINE)) == {"name": "r"}
    assert [asked[:2] for asked in client.asked] == [
        ("PUT", ASSIGNMENT),
        ("DELETE", ASSIGNMENT),
        ("DELETE", ASSIGNMENT),
        ("GET", f"{PROVIDER}/roleDefinitions/guid"),
    ]
