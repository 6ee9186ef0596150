# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of `identity`: the recorded table, row by row, and what follows from it."""

from __future__ import annotations

import typing as t

import pytest

from emulator.cloud.identity_rules import Lookups, apply, fill, read
from emulator.wire.errors import ArmError
from tests.emulator.cloud import TENANT, VM, A, B, C

IDS = {
    A.lower(): {"principalId": "pa", "clientId": "ca"},
    B.lower(): {"principalId": "pb", "clientId": "cb"},
}
SA = {"principalId": "system", "tenantId": TENANT}
UA = {"userAssignedIdentities": {A: IDS[A.lower()]}}
UB = {"userAssignedIdentities": {B: IDS[B.lower()]}}
UAB = {"userAssignedIdentities": {A: IDS[A.lower()], B: IDS[B.lower()]}}
BOTH, SYSTEM, USER, NONE = "SystemAssigned, UserAssigned", "SystemAssigned", "UserAssigned", "None"
LOOK = Lookups(VM, TENANT, lambda key: IDS.get(key.lower()), lambda: "new")
NEW = {"principalId": "new", "tenantId": TENANT}


def change(current: dict[str, t.Any] | None, block: t.Any, *, replace: bool = False) -> dict[str, t.Any] | None:
    """Return the identity after the operation has ended."""
    return fill(apply(current, read(block, current), LOOK, replace=replace), LOOK.find)


PATCHES = [
    pytest.param(None, {"type": SYSTEM}, {"type": SYSTEM, **NEW}, id="none + system"),
    pytest.param({"type": SYSTEM, **SA}, {"type": NONE}, None, id="system - all"),
    pytest.param(
        {"type": BOTH, **SA, **UA},
        {"type": BOTH, "userAssignedIdentities": {B: {}}},
        {"type": BOTH, **SA, **UAB},
        id="the map is merged",
    ),
    pytest.param(
        {"type": BOTH, **SA, **UAB},
        {"type": BOTH, "userAssignedIdentities": {A.lower(): None}},
        {"type": BOTH, **SA, **UB},
        id="null removes, whatever the case",
    ),
    pytest.param({"type": BOTH, **SA, **UB}, {"type": SYSTEM}, {"type": SYSTEM, **SA}, id="type drops the users"),
    pytest.param({"type": BOTH, **SA, **UAB}, {"type": NONE}, None, id="none drops both kinds"),
    pytest.param({"type": USER, **UAB}, {"type": NONE}, None, id="none drops the users"),
    pytest.param(None, {"type": USER, "userAssignedIdentities": {A: {}}}, {"type": USER, **UA}, id="none + user"),
    pytest.param(
        {"type": USER, **UA},
        {"type": USER, "userAssignedIdentities": {A: None, B: {}}},
        {"type": USER, **UB},
        id="add and remove at once",
    ),
    pytest.param({"type": USER, **UB}, {"type": BOTH}, {"type": BOTH, **NEW, **UB}, id="absent map keeps the users"),
    pytest.param({"type": BOTH, **SA, **UB}, {"type": USER}, {"type": USER, **UB}, id="user alone drops the system"),
    pytest.param({"type": SYSTEM, **SA}, {"type": SYSTEM}, {"type": SYSTEM, **SA}, id="nothing to do"),
    pytest.param(
        {"type": USER, **UB},
        {"type": USER, "userAssignedIdentities": None},
        {"type": USER, **UB},
        id="null map is absent",
    ),
    pytest.param(
        {"type": BOTH, **SA, **UB},
        {"type": SYSTEM, "userAssignedIdentities": None},
        {"type": SYSTEM, **SA},
        id="null map beside system",
    ),
    pytest.param(
        {"type": USER, **UA},
        {"type": USER, "userAssignedIdentities": {A.upper(): {}}},
        {"type": USER, **UA},
        id="a second spelling makes no second entry",
    ),
    pytest.param(
        {"type": USER, **UA},
        {"type": USER, "userAssignedIdentities": {A: IDS[A.lower()], B: {}}},
        {"type": USER, **UAB},
        id="the existing value may be sent back",
    ),
    pytest.param(
        {"type": USER, **UA},
        {"type": USER, "userAssignedIdentities": {B: None}},
        {"type": USER, **UA},
        id="null of what is not there",
    ),
    pytest.param(
        {"type": USER, "userAssignedIdentities": {A: IDS[A.lower()], C: {"principalId": "x", "clientId": "y"}}},
        {"type": USER, "userAssignedIdentities": {C: None}},
        {"type": USER, **UA},
        id="null of a deleted identity",
    ),
    pytest.param(
        {"type": USER, "userAssignedIdentities": {A: {"principalId": "old", "clientId": "old"}}},
        {"type": USER, "userAssignedIdentities": {A: {}}},
        {"type": USER, **UA},
        id="a re-created identity is assigned anew",
    ),
]


@pytest.mark.parametrize(("current", "block", "after"), PATCHES)
def test_patch(current: t.Any, block: t.Any, after: t.Any) -> None:
    assert change(current, block) == after


@pytest.mark.parametrize(
    ("current", "block", "after"),
    [
        ({"type": USER, **UA}, {"type": USER, "userAssignedIdentities": {B: {}}}, {"type": USER, **UB}),
        ({"type": BOTH, **SA, **UA}, {"type": USER, "userAssignedIdentities": {B: {}}}, {"type": USER, **UB}),
        ({"type": SYSTEM, **SA}, {"type": BOTH, "userAssignedIdentities": {B: {}}}, {"type": BOTH, **SA, **UB}),
        ({"type": BOTH, **SA, **UA}, {"type": NONE}, None),
    ],
)
def test_put_replaces(current: t.Any, block: t.Any, after: t.Any) -> None:
    assert change(current, block, replace=True) == after


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("SystemAssigned,UserAssigned", BOTH),
        ("userassigned, SYSTEMASSIGNED", BOTH),
        ("systemAssigned , userAssigned", BOTH),
        ("userAssigned", USER),
    ],
)
def test_type_is_read_in_any_spelling_and_shown_in_one(written: str, shown: str) -> None:
    after = change({"type": USER, **UA}, {"type": written})
    assert after is not None
    assert after["type"] == shown


@pytest.mark.parametrize("written", ["none", "NONE", "None"])
def test_none_in_any_spelling(written: str) -> None:
    assert change({"type": USER, **UA}, {"type": written}) is None


def test_a_new_user_has_no_ids_until_the_operation_ends() -> None:
    request = read({"type": USER, "userAssignedIdentities": {A: {}}}, None)
    assert apply(None, request, LOOK, replace=False) == {"type": USER, "userAssignedIdentities": {A: {}}}


def test_the_first_spelling_stays() -> None:
    lower = {"type": USER, "userAssignedIdentities": {A.lower(): IDS[A.lower()]}}
    after = change(lower, {"type": USER, "userAssignedIdentities": {A: {}, B.upper(): {}}})
    assert after is not None
    assert list(after["userAssignedIdentities"]) == [A.lower(), B.upper()]


def test_rules_leave_their_arguments_alone() -> None:
    current = {"type": USER, "userAssignedIdentities": {A: IDS[A.lower()]}}
    change(current, {"type": USER, "userAssignedIdentities": {A: None, B: {}}})
    assert current == {"type": USER, **UA}


@pytest.mark.parametrize("block", [[], "x", 1, {"type": 7}, {"type": ""}, {"type": None}, {"type": "System"}])
def test_nonsense_is_invalid_content(block: t.Any) -> None:
    with pytest.raises(ArmError) as caught:
        change(None, block)
    assert (caught.value.status, caught.value.code) == (400, "InvalidRequestContent")
