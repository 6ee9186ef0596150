# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scopes of access: what is one, and what is below it."""

from __future__ import annotations

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import InvalidInput
from ansible_collections.managed_identity.azure.plugins.module_utils.core._resource_id import IDENTITY, ResourceId
from ansible_collections.managed_identity.azure.plugins.module_utils.core._scope import Scope
from tests.unit.core.build import SUB

GROUP = f"/subscriptions/{SUB}/resourceGroups/rg"
VM = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/vm1"
MANAGEMENT_GROUP = "/providers/Microsoft.Management/managementGroups/mg-1"


@pytest.mark.parametrize(
    ("text", "subscription"),
    [
        ("/", None),
        (MANAGEMENT_GROUP, None),
        (f"/subscriptions/{SUB}", SUB),
        (GROUP, SUB),
        (VM, SUB),
        (f"{GROUP}/providers/Microsoft.Storage/storageAccounts/s/blobServices/default/containers/c", SUB),
        (f"{VM}/providers/Microsoft.Insights/x/y", SUB),
    ],
)
def test_scopes(text: str, subscription: str | None) -> None:
    scope = Scope.parse(f" {text} " if text == "/" else f" {text}/ ")
    assert str(scope) == text
    assert scope.path == ("" if text == "/" else text)
    assert scope.subscription_id == subscription
    assert (scope.in_subscription and str(scope.in_subscription)) == (f"/subscriptions/{SUB}" if subscription else None)


@pytest.mark.parametrize(
    "text",
    [
        *("", "//", "rg", SUB, "/subscriptions/x"),
        *(f"{GROUP}./", f"{GROUP}/providers/Microsoft.Compute", f"{VM}/extensions"),
        *(f"/providers/Microsoft.Management/managementGroups{end}" for end in ("", "/", "/a/b")),
    ],
)
def test_what_is_no_scope_is_said(text: str) -> None:
    with pytest.raises(InvalidInput):
        Scope.parse(text)


def test_spellings_are_equal() -> None:
    assert Scope.parse(VM) == Scope.parse(VM.upper().replace("/SUBSCRIPTIONS", "/subscriptions"))
    assert len({Scope.parse(VM), Scope.parse(VM.lower())}) == 1


def test_scopes_of_a_resource() -> None:
    identity = ResourceId.build(SUB, "rg", IDENTITY, "id-a")
    assert str(Scope.of(identity)) == str(identity)
    assert str(Scope.group_of(identity)) == GROUP


@pytest.mark.parametrize(
    ("upper", "lower", "expected"),
    [
        ("/", VM, True),
        (GROUP, VM, True),
        (GROUP.lower(), VM, True),
        (VM, VM, True),
        (f"/subscriptions/{SUB}", GROUP, True),
        (VM, GROUP, False),
        (f"{GROUP}", f"{GROUP}2", False),
        (MANAGEMENT_GROUP, VM, False),
    ],
)
def test_what_a_scope_covers(upper: str, lower: str, expected: bool) -> None:
    assert Scope.parse(upper).covers(Scope.parse(lower)) is expected


def test_what_is_above() -> None:
    chain = [f"{VM}/providers/Microsoft.Insights/x/y", GROUP, f"/subscriptions/{SUB}"]
    assert [str(Scope.parse(text).above) for text in chain] == [GROUP, f"/subscriptions/{SUB}", "None"]
    assert [Scope.parse(text).above for text in ("/", MANAGEMENT_GROUP)] == [None, None]
