# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rights: patterns of actions as Azure reads them, and the roles that we name."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core._rights import (
    is_granted,
    lacks,
    locked,
    role_for,
)

ASSIGN = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"
WRITE = "Microsoft.Compute/virtualMachines/write"


def role(*actions: str, without: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"actions": list(actions), "notActions": list(without), "dataActions": [], "notDataActions": []}


@pytest.mark.parametrize(
    ("action", "permissions", "expected"),
    [
        (WRITE, [role("*")], True),
        (WRITE, [role("Microsoft.Compute/virtualMachines/*")], True),
        (WRITE, [role("microsoft.compute/VIRTUALMACHINES/Write")], True),
        (WRITE, [role("*/read")], False),
        (WRITE, [role("Microsoft.Compute/virtualMachines")], False),
        (WRITE, [role("Microsoft.Compute/virtualMachineScaleSets/*")], False),
        (WRITE, [], False),
        (WRITE, [{"actions": None}], False),
        # A star between slashes may be nothing at all: so is the right of Managed Identity Operator written.
        (ASSIGN, [role("Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action")], True),
        (ASSIGN, [role("Microsoft.ManagedIdentity/*/action")], True),
        (ASSIGN, [role("Microsoft.ManagedIdentity/userAssignedIdentities/*/read")], False),
        # A point is a point, and no other character.
        ("MicrosoftXCompute/virtualMachines/write", [role(WRITE)], False),
        # What one role leaves out another may give.
        (WRITE, [role("*", without=("Microsoft.Compute/*/write",))], False),
        (WRITE, [role("*", without=("Microsoft.Compute/*/write",)), role(WRITE)], True),
    ],
)
def test_what_is_granted(action: str, permissions: list[dict[str, Any]], expected: bool) -> None:
    assert is_granted(action, permissions) is expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (WRITE, "Virtual Machine Contributor"),
        ("microsoft.compute/virtualmachinescalesets/write", "Virtual Machine Contributor"),
        ("Microsoft.Compute/virtualMachines/read", "Reader"),
        (ASSIGN, "Managed Identity Operator"),
        ("Microsoft.ManagedIdentity/userAssignedIdentities/write", "Managed Identity Contributor"),
        ("Microsoft.ManagedIdentity/userAssignedIdentities/listAssociatedResources/action", "Contributor"),
        ("Microsoft.Authorization/roleAssignments/write", "Role Based Access Control Administrator"),
        ("Microsoft.Authorization/permissions/read", "Reader"),
        ("Microsoft.Storage/storageAccounts/write", None),
    ],
)
def test_roles(action: str, expected: str | None) -> None:
    assert role_for(action) == expected
    assert f"; {'the role ' + expected if expected else 'a role with this action'} has it." in lacks(action, "/x")


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        ("/subscriptions/x", "/subscriptions/x"),
        ("/subscriptions/x/providers/Microsoft.Authorization/roleAssignments/guid", "/subscriptions/x"),
        ("/subscriptions/x/providers/microsoft.authorization/roleassignments/guid", "/subscriptions/x"),
        ("/providers/Microsoft.Authorization/roleAssignments/guid", "/"),
        ("/x/userAssignedIdentities/a/federatedIdentityCredentials/b", "/x/userAssignedIdentities/a"),
        ("/x/userAssignedIdentities/a/federatedIdentityCredentials", "/x/userAssignedIdentities/a/federatedId"),
    ],
)
def test_a_right_is_missing_where_a_role_can_be_granted(scope: str, said: str) -> None:
    assert f" on {said}" in lacks(WRITE, scope)
    assert "/guid" not in lacks(WRITE, scope)


def test_locked() -> None:
    assert locked("/x").startswith("A lock on /x forbids it; ")
