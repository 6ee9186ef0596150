# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which assignments are at a scope and below it, and of whose principals the directory can tell."""

from __future__ import annotations

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core._scope import Scope
from ansible_collections.managed_identity.azure.plugins.module_utils.core.roles._assignment import Assignment
from ansible_collections.managed_identity.azure.plugins.module_utils.core.roles._listing import (
    at_or_below,
    is_unclear,
    judgeable,
)

HERE = "/subscriptions/11111111-2222-3333-4444-555555555555"
GROUP = f"{HERE}/resourceGroups/rg"
VM = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/vm"
COMPANY, PLATFORM, SANDBOX = (
    f"/providers/Microsoft.Management/managementGroups/{name}" for name in ("company", "platform", "sandbox")
)


def listed(*scopes: str) -> list[Assignment]:
    return [Assignment(f"{scope}/ID", "name", scope, "role", "principal") for scope in scopes]


@pytest.mark.parametrize(
    ("scope", "above", "expected"),
    [
        (VM, (), [VM.upper()]),
        (GROUP, (), [GROUP, VM.upper()]),
        (HERE, (), [HERE, GROUP, f"{GROUP}2", VM.upper()]),
        (PLATFORM, (f"{COMPANY}/id".lower(), f"{PLATFORM}/id".lower()), [PLATFORM, SANDBOX, HERE, GROUP, f"{GROUP}2"]),
        ("/", (), ["/", COMPANY, PLATFORM, SANDBOX, HERE, GROUP, f"{GROUP}2", VM.upper()]),
    ],
)
def test_at_or_below(scope: str, above: tuple[str, ...], expected: list[str]) -> None:
    everything = listed("/", COMPANY, PLATFORM, SANDBOX, HERE, GROUP, f"{GROUP}2", VM.upper())
    expected = [*expected, VM.upper()] if scope == PLATFORM else expected
    assert [item.scope for item in at_or_below(Scope.parse(scope), everything, above)] == expected


@pytest.mark.parametrize(
    ("scope", "others", "unclear"),
    [
        (PLATFORM, ["/", HERE, PLATFORM.upper()], False),
        (PLATFORM, [COMPANY], True),
        (GROUP, [COMPANY], False),
        ("/", [COMPANY], False),
    ],
)
def test_only_other_management_groups_are_unclear(scope: str, others: list[str], unclear: bool) -> None:
    assert is_unclear(Scope.parse(scope), listed(*others)) is unclear


@pytest.mark.parametrize(
    ("kind", "can"),
    [("User", True), ("Group", True), ("ServicePrincipal", True), (None, True), ("ForeignGroup", False)],
)
def test_of_whom_the_directory_can_tell(kind: str | None, can: bool) -> None:
    assert judgeable(Assignment("/x", "x", "/", "/r", "p", kind)) is can
    assert not judgeable(Assignment(None, None, "/", "/r", None, kind))
