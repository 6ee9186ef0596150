# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The federated credentials of one identity: one after another, refused ones again, and what was done is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import (
    ConnectionFailed,
    WaitTimedOut,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._resource_id import ResourceId
from ansible_collections.managed_identity.azure.plugins.module_utils.core._rules import arm_error
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._federated import (
    FederatedCredential,
    plan_absent,
    plan_present,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.engine.identities._federated import (
    CredentialsOutcome,
    MakePlan,
    apply_credentials,
)
from tests.unit.core.build import uai
from tests.unit.engine.fake import next_event

BUSY = arm_error(
    "busy", status=409, code="ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity", call="PUT"
)
ID = f"{uai('a')}/federatedIdentityCredentials"


def credential(name: str, subject: str = "s") -> FederatedCredential:
    return FederatedCredential(name, "https://i", f"{subject}-{name}", ("a",), f"{ID}/{name}")


class FakeIdentities:
    """Keeps credentials; ``events`` are the errors of the writes to come, None for none."""

    def __init__(self, *there: FederatedCredential, events: tuple[Exception | None, ...] = ()) -> None:
        self.there = {one.key: one for one in there}
        self.events = list(events)
        self.log: list[str] = []
        self.owner: str | None = "there"

    def _write(self, line: str) -> None:
        self.log.append(line)
        event = next_event(self.events)
        if event:
            raise event

    async def credentials(self, identity: ResourceId, deadline: Deadline) -> list[FederatedCredential]:
        self._write("LIST")
        return list(self.there.values())

    async def read(self, identity: ResourceId, deadline: Deadline) -> str | None:
        self._write("GET")
        return self.owner

    async def put_credential(
        self, identity: ResourceId, one: FederatedCredential, deadline: Deadline
    ) -> FederatedCredential:
        self._write(f"PUT {one.name}")
        self.there[one.key] = replace(one, id=f"{ID}/{one.name}")
        return self.there[one.key]

    async def delete_credential(self, identity: ResourceId, name: str, deadline: Deadline) -> bool:
        self._write(f"DELETE {name}")
        return self.there.pop(name.lower(), None) is not None


class Clock:
    """A deadline's clock that sleeps at once, and keeps how long it slept."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def deadline(self, seconds: float = 600) -> Deadline:
        return Deadline(seconds, lambda: self.now, self.sleep)


def present(*wanted: FederatedCredential) -> MakePlan:
    return lambda there: plan_present(there, wanted)


def absent(*names: str) -> MakePlan:
    return lambda there: plan_absent(there, names)


async def run(
    fake: FakeIdentities, plan: MakePlan, clock: Clock | None = None, *, seconds: float = 600, check: bool = False
) -> CredentialsOutcome:
    deadline = (clock or Clock()).deadline(seconds)
    return await apply_credentials(fake, uai("a"), plan, deadline, check=check, needed=True)


def names(outcome: CredentialsOutcome) -> list[str]:
    return [one.name for one in outcome.after]


async def test_writes_come_one_after_another_and_the_outcome_is_what_is_there() -> None:
    fake = FakeIdentities(credential("one"), credential("two"))
    outcome = await run(fake, present(credential("new"), credential("TWO", "changed"), credential("one")))
    assert fake.log == ["LIST", "PUT new", "PUT two"]
    told = [outcome.names(verb) for verb in ("created", "updated", "removed")]
    assert (told, outcome.changed) == ([["new"], ["two"], []], True)
    assert {one.key: one for one in outcome.after} == fake.there
    assert outcome.error is None


async def test_removals() -> None:
    fake = FakeIdentities(credential("one"), credential("two"))
    outcome = await run(fake, absent("TWO"))
    assert (fake.log, outcome.names("removed"), names(outcome)) == (["LIST", "DELETE two"], ["two"], ["one"])


async def test_nothing_to_do_writes_nothing() -> None:
    fake = FakeIdentities(credential("one"))
    outcome = await run(fake, absent())
    assert (fake.log, outcome.changed, names(outcome)) == (["LIST"], False, ["one"])


@pytest.mark.parametrize("plan", [present(credential("new"), credential("one", "x")), absent("one")])
async def test_check_mode_foretells_the_outcome_and_writes_nothing(plan: MakePlan) -> None:
    checked, fake = FakeIdentities(credential("one")), FakeIdentities(credential("one"))
    foretold, real = await run(checked, plan, check=True), await run(fake, plan)
    assert (foretold.before, foretold.after) == (real.before, real.after)
    assert foretold.progress.done == real.progress.done
    assert [one.id for one in foretold.after] == [one.id for one in real.after]
    assert checked.log == ["LIST"]


async def test_a_refused_write_is_tried_again_later_at_random() -> None:
    clock = Clock()
    fake = FakeIdentities(events=(None, *(BUSY,) * 8))
    outcome = await run(fake, present(credential("one")), clock)
    assert fake.log == ["LIST", *["PUT one"] * 9]
    assert outcome.names("created") == ["one"]
    limits = [0.25, 0.5, 1, 2, 4, 5, 5, 5]
    assert all(limit / 2 <= slept <= limit for slept, limit in zip(clock.slept, limits, strict=True))
    assert len(set(clock.slept)) == 8


async def test_a_removal_is_tried_again_too() -> None:
    fake = FakeIdentities(credential("one"), events=(None, BUSY))
    assert (await run(fake, absent("one"))).names("removed") == ["one"]
    assert fake.log == ["LIST", *["DELETE one"] * 2]


async def test_no_try_ends_after_the_deadline() -> None:
    clock = Clock()
    fake = FakeIdentities(events=(None, None, *(BUSY,) * 99))
    outcome = await run(fake, present(credential("one"), credential("two")), clock, seconds=10)
    assert isinstance(outcome.error, WaitTimedOut)
    assert "s are left. The last answer was: busy" in str(outcome.error)
    assert clock.now < 10
    assert (outcome.names("created"), names(outcome)) == (["one"], ["one"])


async def test_a_refusal_ends_it_and_tells_what_was_done() -> None:
    error = arm_error("no", status=400, code="BadRequest")
    fake = FakeIdentities(credential("six"), events=(None, None, error))
    outcome = await run(fake, present(credential("one"), credential("two")))
    assert outcome.error is error
    assert (outcome.names("created"), sorted(names(outcome))) == (["one"], ["one", "six"])
    assert fake.log == ["LIST", "PUT one", "PUT two"]


@pytest.mark.parametrize("made", [True, False])
@pytest.mark.parametrize("verb", ["PUT", "DELETE"])
async def test_a_write_that_nobody_answered_is_looked_at_before_it_is_made_again(verb: str, made: bool) -> None:
    class Lossy(FakeIdentities):
        async def put_credential(
            self, identity: ResourceId, one: FederatedCredential, deadline: Deadline
        ) -> FederatedCredential:
            return await self._lossy(super().put_credential(identity, one, deadline), f"PUT {one.name}")

        async def delete_credential(self, identity: ResourceId, name: str, deadline: Deadline) -> bool:
            return await self._lossy(super().delete_credential(identity, name, deadline), f"DELETE {name}")

        async def _lossy(self, write: Any, line: str) -> Any:
            if line in self.log:
                return await write
            if made:
                await write
            else:
                write.close()
                self.log.append(line)
            raise ConnectionFailed("gone", sent=True)

    fake = Lossy(*[credential("one")] if verb == "DELETE" else ())
    outcome = await run(fake, absent("one") if verb == "DELETE" else present(credential("one")))
    assert outcome.error is None
    assert outcome.names("removed" if verb == "DELETE" else "created") == ["one"]
    assert fake.log == ["LIST", f"{verb} one", "LIST", *([] if made else [f"{verb} one"])]


async def test_what_somebody_else_removed_is_not_removed_by_us() -> None:
    class Overtaken(FakeIdentities):
        async def delete_credential(self, identity: ResourceId, name: str, deadline: Deadline) -> bool:
            del self.there[name]
            return await super().delete_credential(identity, name, deadline)

    outcome = await run(Overtaken(credential("one")), absent("one"))
    assert (outcome.error, outcome.changed, outcome.after) == (None, False, ())


@pytest.mark.parametrize(
    ("code", "is_error"),
    [
        ("ParentResourceNotFound", False),
        ("ResourceNotFound", False),
        ("ResourceGroupNotFound", False),
        ("SubscriptionNotFound", True),
    ],
)
async def test_an_identity_that_is_not_there(code: str, is_error: bool) -> None:
    missing = arm_error("no", status=404, code=code)
    foretold = await run(FakeIdentities(events=(missing, missing)), present(credential("one")), check=True)
    assert (foretold.error is missing, foretold.before) == (is_error, None)
    real = await run(FakeIdentities(events=(missing, missing)), present(credential("one")))
    assert real.error is missing if is_error else "does not exist. Nothing was changed." in str(real.error)
    assert not real.changed


@pytest.mark.parametrize("owner", ["there", None])
async def test_a_404_that_nobody_knows_is_held_against_the_identity_itself(owner: str | None) -> None:
    """Something between here and Azure may answer so: then there is more than it says."""
    odd = arm_error("no", status=404, code="Odd")
    fake = FakeIdentities(credential("one"), events=(odd,))
    fake.owner = owner
    outcome = await run(fake, absent("one"))
    assert fake.log == ["LIST", "GET"]
    assert (outcome.error is odd, outcome.changed) == (owner is not None, False)


async def test_a_deletion_that_found_nothing_is_looked_at() -> None:
    """Somebody else may have been quicker; or it is there all the same, and is deleted again."""

    class Careless(FakeIdentities):
        async def delete_credential(self, identity: ResourceId, name: str, deadline: Deadline) -> bool:
            if self.log.count(f"DELETE {name}"):
                return await super().delete_credential(identity, name, deadline)
            self._write(f"DELETE {name}")
            return False

    fake = Careless(credential("one"))
    outcome = await run(fake, absent("one"))
    assert (outcome.error, outcome.names("removed")) == (None, ["one"])
    assert fake.log == ["LIST", "DELETE one", "LIST", "DELETE one"]
