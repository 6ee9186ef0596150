# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan, over every current and desired state: Azure's rules of PATCH, applied to it, give what was desired."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.managed_identity.azure.plugins.module_utils.core._resource_id import ResourceId
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._identity import (
    Identity,
    UserIdentity,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._plan import (
    Desired,
    Wanted,
    make_plan,
)
from tests.unit.core.azure import azure
from tests.unit.core.build import on_vm, uai

NAMES = ["a", "B", "c", "D", "policy"]
names = st.lists(st.sampled_from(NAMES), unique=True)
identities = st.builds(lambda user, system: on_vm(*user, system=system), names, st.booleans())
spelt = st.builds(
    lambda name, up: ResourceId.parse(str(uai(name)).upper() if up else str(uai(name)).lower()),
    st.sampled_from(NAMES),
    st.booleans(),
)
wanted = st.builds(Wanted, spelt, st.sampled_from([None, None, "p-a", "p-b", "p-c", "p-d", "p-policy", "p-new"]))
desireds = st.builds(
    Desired,
    system=st.sampled_from([None, True, False]),
    present=st.lists(wanted, max_size=5, unique_by=lambda item: item.id).map(tuple),
    absent=st.lists(spelt, max_size=4).map(tuple),
    exact=st.booleans(),
    keep=st.sampled_from([(), ("id-pol*",), ("*",), ("*/resourceGroups/rg/*",)]),
)


def reach(current: Identity, desired: Desired) -> tuple[Identity, int]:
    """Apply plans until none is left; an identity made again gets the principal that is expected."""
    expected = {item.id: item.principal_id for item in desired.present}
    for steps in range(3):
        plan = make_plan(current, desired)
        if plan.patch is None:
            return current, steps
        current = azure(current, plan.patch, "p-new")
        users = [
            UserIdentity(item.id, expected.get(item.id) or item.principal_id, item.client_id)
            if item.client_id == "c-new"
            else item
            for item in current.user
        ]
        current = Identity.of(current.system, users)
    raise AssertionError("no end of plans")


@given(identities, desireds, st.integers(min_value=1, max_value=4))
def test_many_small_steps_lead_where_one_does(current: Identity, desired: Desired, at_once: int) -> None:
    expected = {item.id: item.principal_id for item in desired.present}
    goal, _steps = reach(current, desired)
    for _step in range(12):
        plan = make_plan(current, desired, at_once)
        if plan.patch is None:
            break
        assert len(plan.added) + len(plan.removed) <= at_once
        after = azure(current, plan.patch, "p-new")
        assert [item.id for item in plan.step.user] == [item.id for item in after.user]
        current = Identity.of(
            after.system,
            [
                UserIdentity(item.id, expected.get(item.id) or item.principal_id, "c-made")
                if item.client_id == "c-new"
                else item
                for item in after.user
            ],
        )
    assert [item.id for item in current.user] == [item.id for item in goal.user]
    assert make_plan(current, desired, at_once).patch is None
    assert (current.system is None) == (goal.system is None)


def every_current() -> Iterator[Identity]:
    for system, *there in product([False, True], repeat=4):
        yield on_vm(*(name for name, is_there in zip("aBc", there, strict=True) if is_there), system=system)


def every_desired() -> Iterator[Desired]:
    """Each identity unsaid, present, present with another principal, or absent, in another spelling than on the VM."""
    for system, exact, keep, *said in product([None, True, False], [False, True], [(), ("id-c",)], *["-+!0"] * 3):
        wishes = dict(zip([uai("A"), uai("b"), uai("c")], said, strict=True))
        yield Desired(
            system=system,
            present=tuple(
                Wanted(key, "p-new" if wish == "!" else None) for key, wish in wishes.items() if wish in "+!"
            ),
            absent=tuple(key for key, wish in wishes.items() if wish == "0"),
            exact=exact,
            keep=keep,
        )


def test_every_current_by_every_desired_state() -> None:
    seen = 0
    for current, desired in product(every_current(), every_desired()):
        check(current, desired)
        seen += 1
    assert seen == 16 * 3 * 2 * 2 * 4**3


@given(identities, desireds)
def test_plans_reach_what_is_desired_and_touch_nothing_else(current: Identity, desired: Desired) -> None:
    check(current, desired)


def check(current: Identity, desired: Desired) -> None:
    """Whether plans lead to what is desired, touch nothing else, and end."""
    reached, steps = reach(current, desired)
    there = {item.id for item in reached.user}
    was = {item.id for item in current.user}
    present = {item.id for item in desired.present}
    assert present <= there
    assert not there & (set(desired.absent) - present)
    if desired.exact and not desired.keep:
        assert there == present
    if not desired.exact:
        assert there == (was - set(desired.absent)) | present
    assert (reached.system is not None) == (current.system is not None if desired.system is None else desired.system)
    if current.system and reached.system:
        assert reached.system == current.system
    stale = [
        item
        for item in desired.present
        if item.principal_id and (old := current.find(item.id)) and old.principal_id != item.principal_id
    ]
    assert steps <= 1 + bool(stale)


@given(identities, desireds)
def test_the_forecast_is_what_comes(current: Identity, desired: Desired) -> None:
    plan = make_plan(current, desired)
    reached, steps = reach(current, desired)
    assert [item.id for item in plan.after.user] == [item.id for item in reached.user]
    assert plan.after.type == reached.type
    assert (plan.patch is None) == (steps == 0)
    assert plan.last == (steps <= 1)


@given(identities, desireds)
def test_what_is_kept_is_kept(current: Identity, desired: Desired) -> None:
    reached, _steps = reach(current, desired)
    if "*" in desired.keep:
        kept = {item.id for item in current.user} - set(desired.absent)
        assert kept <= {item.id for item in reached.user}


@given(identities, desireds)
def test_no_plan_after_the_plan(current: Identity, desired: Desired) -> None:
    reached, _steps = reach(current, desired)
    assert make_plan(reached, desired).patch is None
    assert make_plan(reached, desired).after == reached
