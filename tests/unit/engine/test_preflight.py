# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of rights and locks, where, and what a refusal to tell them means."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import ArmError
from ansible_collections.managed_identity.azure.plugins.module_utils.core._rules import arm_error
from ansible_collections.managed_identity.azure.plugins.module_utils.core._scope import Scope
from ansible_collections.managed_identity.azure.plugins.module_utils.engine.roles._preflight import survey
from tests.unit.core.build import SUB

HERE = Scope.parse(f"/subscriptions/{SUB}")
GROUP = Scope.parse(f"{HERE}/resourceGroups/rg")
VM = Scope.parse(f"{GROUP}/providers/Microsoft.Compute/virtualMachines/vm1")
MANAGEMENT_GROUP = Scope.parse("/providers/Microsoft.Management/managementGroups/mg")
HELD = [{"actions": ["*"]}]
LOCKS = [
    {
        "id": "/subscriptions/x/providers/Microsoft.Authorization/locks/l",
        "name": "l",
        "properties": {"level": "ReadOnly"},
    }
]


class FakeAuthorization:
    """Answers HELD and LOCKS, or an error of the status given for a scope."""

    def __init__(self, **statuses: int) -> None:
        self.statuses = statuses
        self.log: list[tuple[str, str]] = []

    def _answer(self, what: str, scope: Scope, found: Any) -> Any:
        name = str(scope).rpartition("/")[2]
        self.log.append((what, name))
        if name in self.statuses:
            raise arm_error("no", status=self.statuses[name], code="X")
        return found

    async def permissions(self, scope: Scope, deadline: Deadline) -> Any:
        return self._answer("permissions", scope, HELD)

    async def locks(self, scope: Scope, deadline: Deadline) -> Any:
        return self._answer("locks", scope, LOCKS)


async def look(fake: FakeAuthorization, *scopes: Scope) -> Any:
    return await survey(fake, scopes, scopes, Deadline(9))


async def test_each_scope_is_read_once() -> None:
    fake = FakeAuthorization()
    seen = await look(fake, VM, GROUP, Scope.parse(str(VM).lower()), VM)
    assert sorted(fake.log) == [(what, name) for what in ("locks", "permissions") for name in ("rg", "vm1")]
    assert (seen.rights[VM].permissions, seen.rights[VM].scope, seen.locks[GROUP]) == (HELD, VM, LOCKS)


@pytest.mark.parametrize(
    ("statuses", "scope", "judged_at", "reason", "locks"),
    [
        ({"vm1": 403}, VM, VM, "the caller may not read its permissions there", None),
        ({"vm1": 404}, VM, GROUP, "", LOCKS),
        ({"vm1": 404, "rg": 403}, VM, GROUP, "the caller may not read its permissions there", None),
        ({"vm1": 404, "rg": 404}, VM, GROUP, "it does not exist", LOCKS),
        ({"rg": 404, SUB: 404}, GROUP, GROUP, "it does not exist", []),
        ({"mg": 404}, MANAGEMENT_GROUP, MANAGEMENT_GROUP, "Azure does not tell the caller's permissions there", []),
        ({"mg": 405}, MANAGEMENT_GROUP, MANAGEMENT_GROUP, "Azure does not tell the caller's permissions there", []),
    ],
)
async def test_what_cannot_be_known(
    statuses: dict[str, int], scope: Scope, judged_at: Scope, reason: str, locks: Any
) -> None:
    fake = FakeAuthorization(**statuses)
    seen = await look(fake, scope)
    assert seen.rights[scope].scope == judged_at
    assert (seen.rights[scope].permissions, seen.rights[scope].reason) == (None if reason else HELD, reason)
    assert seen.locks[scope] == locks


@pytest.mark.parametrize(
    ("scope", "statuses"), [(VM, {"vm1": 500}), (VM, {"vm1": 401}), (MANAGEMENT_GROUP, {"mg": 503})]
)
async def test_what_else_goes_wrong_is_an_error(scope: Scope, statuses: dict[str, int]) -> None:
    with pytest.raises(ArmError):
        await look(FakeAuthorization(**statuses), scope)
    with pytest.raises(ArmError):
        await survey(FakeAuthorization(vm1=500), [], [VM], Deadline(9))
