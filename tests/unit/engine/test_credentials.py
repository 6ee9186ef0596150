# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The federated credentials of one identity: one after another, refused ones again, and what was done is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import (
    ArmError,
    ConnectionFailed,
    WaitTimedOut,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._federated import (
    Credential,
    CredentialsPlan,
    plan_absent,
    plan_present,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._resource_id import ResourceId
from ansible_collections.managed_identity.azure.plugins.module_utils.core._rules import arm_error
from ansible_collections.managed_identity.azure.plugins.module_utils.engine._credentials import (
    CredentialsOutcome,
    apply_credentials,
    read_credentials,
)
from tests.unit.core.build import uai
from tests.unit.engine.fake import next_event

BUSY = arm_error(
    "busy", status=409, code="ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity", call="PUT"
)
ID = f"{uai('a')}/federatedIdentityCredentials"


def credential(name: str, subject: str = "s") -> Credential:
    return Credential(name, "https://i", f"{subject}-{name}", ("a",), f"{ID}/{name}")


class FakeIdentities:
    """Keeps credentials; ``events`` are the errors of the writes to come, None for none."""

    def __init__(self, *there: Credential, events: tuple[Exception | None, ...] = ()) -> None:
        self.there = {one.key: one for one in there}
        self.events = list(events)
        self.log: list[str] = []

    def _write(self, line: str) -> None:
        self.log.append(line)
        event = next_event(self.events)
        if event:
            raise event

    async def credentials(self, identity: ResourceId, deadline: Deadline) -> list[dict[str, Any]]:
        self._write("LIST")
        return [{"id": one.id, "name": one.name, **one.to_body()} for one in self.there.values()]

    async def put_credential(
        self, identity: ResourceId, name: str, body: Mapping[str, Any], deadline: Deadline
    ) -> dict[str, Any]:
        self._write(f"PUT {name}")
        self.there[name.lower()] = Credential.from_arm({"id": f"{ID}/{name}", "name": name, **body})
        return {"id": f"{ID}/{name}", "name": name, **body}

    async def delete(self, resource: str, deadline: Deadline) -> bool:
        name = resource.rpartition("/")[2]
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


async def run(
    fake: FakeIdentities, plan: CredentialsPlan, deadline: Deadline | None = None, *, check: bool = False
) -> CredentialsOutcome:
    there = tuple(fake.there.values())
    return await apply_credentials(fake, uai("a"), there, plan, deadline or Clock().deadline(), check=check)


async def test_writes_come_one_after_another_and_the_outcome_is_what_is_there() -> None:
    fake = FakeIdentities(credential("one"), credential("two"))
    wanted = [credential("new"), credential("TWO", "changed"), credential("one")]
    outcome = await run(fake, plan_present(tuple(fake.there.values()), wanted))
    assert fake.log == ["PUT new", "PUT two"]
    assert (outcome.created, outcome.updated, outcome.removed, outcome.changed) == (["new"], ["two"], [], True)
    assert outcome.after == fake.there
    assert outcome.error is None


async def test_removals() -> None:
    fake = FakeIdentities(credential("one"), credential("two"))
    outcome = await run(fake, plan_absent(tuple(fake.there.values()), ["TWO"]))
    assert (fake.log, outcome.removed, list(outcome.after)) == (["DELETE two"], ["two"], ["one"])


async def test_nothing_to_do_writes_nothing() -> None:
    fake = FakeIdentities(credential("one"))
    outcome = await run(fake, CredentialsPlan())
    assert (fake.log, outcome.changed, list(outcome.after)) == ([], False, ["one"])


@pytest.mark.parametrize("plan", [CredentialsPlan((credential("new"),), (credential("one", "x"),)), None])
async def test_check_mode_foretells_the_outcome_and_writes_nothing(plan: CredentialsPlan | None) -> None:
    plan = plan or CredentialsPlan(removals=(credential("one"),))
    foretold = await run(FakeIdentities(credential("one")), plan, check=True)
    fake = FakeIdentities(credential("one"))
    real = await run(fake, plan)
    assert foretold == real
    assert [one.id for one in foretold.after.values()] == [one.id for one in real.after.values()]
    checked = FakeIdentities(credential("one"))
    await run(checked, plan, check=True)
    assert checked.log == []


async def test_a_refused_write_is_tried_again_later_at_random() -> None:
    clock = Clock()
    fake = FakeIdentities(events=(BUSY,) * 8)
    outcome = await run(fake, CredentialsPlan((credential("one"),)), clock.deadline())
    assert fake.log == ["PUT one"] * 9
    assert outcome.created == ["one"]
    limits = [0.25, 0.5, 1, 2, 4, 5, 5, 5]
    assert all(limit / 2 <= slept <= limit for slept, limit in zip(clock.slept, limits, strict=True))
    assert len(set(clock.slept)) == 8


async def test_a_removal_is_tried_again_too() -> None:
    fake = FakeIdentities(credential("one"), events=(BUSY,))
    assert (await run(fake, CredentialsPlan(removals=(credential("one"),)))).removed == ["one"]
    assert fake.log == ["DELETE one"] * 2


async def test_no_try_ends_after_the_deadline() -> None:
    clock = Clock()
    fake = FakeIdentities(events=(None, *(BUSY,) * 99))
    outcome = await run(fake, CredentialsPlan((credential("one"), credential("two"))), clock.deadline(10))
    assert isinstance(outcome.error, WaitTimedOut)
    assert "the end of another write to this identity. The last answer was: busy" in str(outcome.error)
    assert clock.now < 10
    assert (outcome.created, list(outcome.after)) == (["one"], ["one"])


@pytest.mark.parametrize(
    "error", [arm_error("no", status=400, code="BadRequest"), ConnectionFailed("gone", sent=True)], ids=str
)
async def test_an_error_ends_it_and_tells_what_was_done(error: Exception) -> None:
    fake = FakeIdentities(credential("six"), events=(None, error))
    plan = CredentialsPlan((credential("one"), credential("two")), (), (credential("six"),))
    outcome = await run(fake, plan)
    assert outcome.error is error
    assert (outcome.created, outcome.removed, sorted(outcome.after)) == (["one"], [], ["one", "six"])
    assert fake.log == ["PUT one", "PUT two"]


async def test_reading() -> None:
    there = credential("one")
    assert await read_credentials(FakeIdentities(there), uai("a"), Clock().deadline()) == (there,)


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
    fake = FakeIdentities(events=(arm_error("no", status=404, code=code),))
    if is_error:
        with pytest.raises(ArmError):
            await read_credentials(fake, uai("a"), Clock().deadline())
    else:
        assert await read_credentials(fake, uai("a"), Clock().deadline()) is None
