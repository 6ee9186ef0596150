# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan, row by row: what Azure takes for each change, and nothing more."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._identity import (
    Identity,
    SystemIdentity,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._plan import (
    Desired,
    Wanted,
    make_plan,
)
from tests.unit.core.azure import azure
from tests.unit.core.build import on_vm, uai

NONE, SA, UA, BOTH = "None", "SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned"


def body(kind: str, **changes: Any) -> dict[str, Any]:
    """A PATCH body: ``a={}`` adds, ``a=None`` removes."""
    delta = {str(uai(name)): value for name, value in changes.items()}
    return {"type": kind, "userAssignedIdentities": delta} if delta else {"type": kind}


def add(*names: str) -> Desired:
    return Desired(present=tuple(Wanted(uai(name)) for name in names))


def remove(*names: str) -> Desired:
    return Desired(absent=tuple(uai(name) for name in names))


def exactly(*names: str, keep: tuple[str, ...] = (), system: bool | None = None) -> Desired:
    return Desired(system=system, present=add(*names).present, exact=True, keep=keep)


ON, OFF = Desired(system=True), Desired(system=False)

# (what is there, what is desired, the PATCH, what is there then)
ROWS = [
    # The system-assigned identity.
    (on_vm(), ON, body(SA), "system"),
    (on_vm("a"), ON, body(BOTH), "system a"),
    (on_vm("a", "b"), ON, body(BOTH), "system a b"),
    (on_vm(system=True), ON, None, "system"),
    (on_vm("a", system=True), ON, None, "system a"),
    (on_vm(system=True), OFF, body(NONE), ""),
    (on_vm("a", system=True), OFF, body(UA), "a"),
    (on_vm("a", "b", system=True), OFF, body(UA), "a b"),
    (on_vm(), OFF, None, ""),
    (on_vm("a"), OFF, None, "a"),
    # User-assigned identities are added: only the delta is sent.
    (on_vm(), add("a"), body(UA, a={}), "a"),
    (on_vm(), add("a", "b"), body(UA, a={}, b={}), "a b"),
    (on_vm(system=True), add("a"), body(BOTH, a={}), "system a"),
    (on_vm("a", system=True), add("b"), body(BOTH, b={}), "system a b"),
    (on_vm("a"), add("a", "b"), body(UA, b={}), "a b"),
    (on_vm("a"), add("a"), None, "a"),
    (on_vm("A"), add("a"), None, "A"),
    (on_vm(), add("a", "A"), body(UA, a={}), "a"),
    (on_vm("a"), add(), None, "a"),
    # They are removed: null for each, the last one by narrowing type without a map.
    (on_vm("a", "b", system=True), remove("a"), body(BOTH, a=None), "system b"),
    (on_vm("a", "b"), remove("a"), body(UA, a=None), "b"),
    (on_vm("A", "b"), remove("a"), body(UA, A=None), "b"),
    (on_vm("a", system=True), remove("a"), body(SA), "system"),
    (on_vm("a"), remove("a"), body(NONE), ""),
    (on_vm("a", "b"), remove("a", "b"), body(NONE), ""),
    (on_vm("a", "b", system=True), remove("b", "a", "c"), body(SA), "system"),
    (on_vm("a"), remove("b"), None, "a"),
    (on_vm(), remove("b"), None, ""),
    (on_vm("a"), remove(), None, "a"),
    # Both at once.
    (on_vm("a"), Desired(present=(Wanted(uai("b")),), absent=(uai("a"),)), body(UA, a=None, b={}), "b"),
    (on_vm("a"), Desired(present=(Wanted(uai("a")),), absent=(uai("A"),)), None, "a"),
    (on_vm("a"), Desired(system=True, absent=(uai("a"),)), body(SA), "system"),
    (on_vm("a", system=True), Desired(system=False, absent=(uai("a"),)), body(NONE), ""),
    (on_vm(system=True), Desired(system=False, present=(Wanted(uai("a")),)), body(UA, a={}), "a"),
    (on_vm(), Desired(system=True, present=(Wanted(uai("a")),)), body(BOTH, a={}), "system a"),
    (on_vm("a", "b"), Desired(system=True, absent=(uai("a"),)), body(BOTH, a=None), "system b"),
    # The exact set: subset, superset, equal, disjoint, empty.
    (on_vm("a"), exactly("a", "b"), body(UA, b={}), "a b"),
    (on_vm("a", "b"), exactly("a"), body(UA, b=None), "a"),
    (on_vm("a", "b"), exactly("B", "A"), None, "a b"),
    (on_vm("a", system=True), exactly("b"), body(BOTH, a=None, b={}), "system b"),
    (on_vm("a", system=True), exactly(), body(SA), "system"),
    (on_vm("a", "b"), exactly(), body(NONE), ""),
    (on_vm(), exactly(), None, ""),
    (on_vm("a"), exactly(system=True), body(SA), "system"),
    # What a purge keeps.
    (on_vm("a", "b", "policy"), exactly("a", keep=("ID-Pol*",)), body(UA, b=None), "a policy"),
    (on_vm("a", "policy"), exactly(keep=("id-policy",)), body(UA, a=None), "policy"),
    (on_vm("policy"), exactly(keep=("id-policy",)), None, "policy"),
    (on_vm("POLICY"), exactly(keep=("id-policy",)), None, "POLICY"),
    (on_vm("a"), exactly(keep=("*/resourcegroups/RG/*",)), None, "a"),
    (on_vm("a"), exactly(keep=("*/resourceGroups/other/*",)), body(NONE), ""),
    (on_vm("a"), exactly(keep=("id-b", "id-?")), None, "a"),
    (on_vm("a"), exactly(keep=("a",)), body(NONE), ""),
    (on_vm("a"), Desired(absent=(uai("a"),), exact=True, keep=("*",)), body(NONE), ""),
    (on_vm("a", "b"), Desired(absent=(uai("a"),), keep=("*",)), body(UA, a=None), "b"),
    (on_vm("a"), Desired(), None, "a"),
]


@pytest.mark.parametrize(("current", "desired", "patch", "after"), ROWS)
def test_row(current: Identity, desired: Desired, patch: dict[str, Any] | None, after: str) -> None:
    plan = make_plan(current, desired)
    names = after.replace("system", "").split()
    assert plan.patch == patch
    assert plan.before == current
    assert [str(item.id) for item in plan.after.user] == [str(uai(name)) for name in names]
    assert (plan.after.system is not None) == ("system" in after)
    assert plan.last


def test_ids_known_before_are_known_after_and_new_ones_are_not() -> None:
    plan = make_plan(on_vm("a", system=True), add("b"))
    assert plan.after.system == SystemIdentity("sp", on_vm(system=True).system.tenant_id)
    assert [(item.principal_id, item.client_id) for item in plan.after.user] == [("p-a", "c-a"), (None, None)]
    assert make_plan(on_vm(), ON).after.system == SystemIdentity(None, None)


def test_what_is_added_and_removed() -> None:
    plan = make_plan(on_vm("a", "b"), exactly("b", "c"))
    assert (plan.added, plan.removed) == ((uai("c"),), (uai("a"),))
    assert make_plan(on_vm("a"), add("a")).added == ()
    assert make_plan(on_vm("a"), add("a")).removed == ()


def expect(name: str, principal: str | None) -> Desired:
    return Desired(present=(Wanted(uai(name), principal),))


def test_an_identity_made_again_is_removed_then_added() -> None:
    """The map cannot hold null and {} for one ID: two steps, and the first does not pretend to be the last."""
    first = make_plan(on_vm("a", "b"), expect("a", "p-new"))
    assert first.patch == body(UA, a=None)
    assert not first.last
    assert [(item.id.name, item.principal_id) for item in first.after.user] == [("id-a", "p-new"), ("id-b", "p-b")]
    second = make_plan(on_vm("b"), expect("a", "p-new"))
    assert second.patch == body(UA, a={})
    assert second.last


def test_the_only_identity_made_again_goes_by_narrowing() -> None:
    assert make_plan(on_vm("a"), expect("A", "p-new")).patch == body(NONE)
    assert make_plan(on_vm("a", system=True), expect("a", "p-new")).patch == body(SA)


def test_the_first_step_does_all_else_too() -> None:
    desired = Desired(system=True, present=(Wanted(uai("a"), "p-new"), Wanted(uai("c"))), absent=(uai("b"),))
    assert make_plan(on_vm("a", "b"), desired).patch == body(BOTH, a=None, b=None, c={})


@pytest.mark.parametrize("principal", [None, "p-a", "P-A"])
def test_the_expected_principal_is_no_change(principal: str | None) -> None:
    plan = make_plan(on_vm("a"), expect("a", principal))
    assert plan.patch is None
    assert plan.last


def test_an_unknown_principal_is_not_a_wrong_one() -> None:
    current = Identity.from_arm({"identity": {"type": UA, "userAssignedIdentities": {str(uai("a")): {}}}})
    assert make_plan(current, expect("a", "p-new")).patch is None


def many(first: int, end: int) -> list[str]:
    return [f"{number:03}" for number in range(first, end)]


# (what is there, what is desired, how many each step adds and removes)
STEPS = [
    ([], add(*many(0, 150)), [(150, 0)]),
    ([], add(*many(0, 151)), [(150, 0), (1, 0)]),
    (many(0, 10), add(*many(0, 310)), [(150, 0), (150, 0)]),
    (many(0, 151), remove(*many(0, 150)), [(0, 150)]),
    (many(0, 150), remove(*many(0, 150)), [(0, 150)]),
    (many(0, 151), remove(*many(0, 151)), [(0, 150), (0, 1)]),
    (many(0, 301), exactly(), [(0, 150), (0, 150), (0, 1)]),
    # Those that come are first: one that does not exist is told before any is taken away.
    (many(0, 100), exactly(*many(100, 200)), [(100, 50), (0, 50)]),
    (many(0, 200), exactly(*many(200, 360)), [(150, 0), (10, 140), (0, 60)]),
]


@pytest.mark.parametrize(("there", "desired", "steps"), STEPS)
def test_a_request_names_150_identities_at_most(
    there: list[str], desired: Desired, steps: list[tuple[int, int]]
) -> None:
    current, taken = on_vm(*there), []
    forecast = make_plan(current, desired).after
    while (plan := make_plan(current, desired)).patch is not None:
        taken.append((len(plan.added), len(plan.removed)))
        assert plan.missing == ()
        current = azure(current, plan.patch, "p-new")
        assert plan.last == (len(taken) == len(steps))
    assert taken == steps
    assert [item.id for item in current.user] == [item.id for item in forecast.user]


def test_the_system_identity_changes_with_the_first_of_several_writes() -> None:
    plan = make_plan(on_vm(), Desired(system=True, present=add(*many(0, 151)).present))
    assert (plan.patch or {})["type"] == BOTH
    assert make_plan(on_vm(*many(0, 151), system=True), exactly(system=False)).step.system is None


def test_what_is_taken_away_to_be_brought_back_is_known() -> None:
    assert make_plan(on_vm("a", "b"), expect("a", "p-new")).missing == (uai("a"),)
    assert make_plan(on_vm("a", "b"), remove("a")).missing == ()
