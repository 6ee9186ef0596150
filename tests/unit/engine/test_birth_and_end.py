# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A VM's birth and end in the engine: which requests are sent, in which order, and what is reported."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.gateways._reading import (
    OperationState,
    Reading,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.gateways._vms import Vm
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import (
    ArmError,
    ConnectionFailed,
    ManagedIdentityError,
    WaitTimedOut,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._rules import arm_error
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._identity import Identity
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._plan import Desired, Wanted
from ansible_collections.managed_identity.azure.plugins.module_utils.engine._subject import Progress
from ansible_collections.managed_identity.azure.plugins.module_utils.engine.machines._birth import Birth, bring_about
from ansible_collections.managed_identity.azure.plugins.module_utils.engine.machines._deletion import remove
from ansible_collections.managed_identity.azure.plugins.module_utils.engine.machines._outcome import Options, Target
from tests.unit.core.build import on_vm, uai
from tests.unit.engine.fake import OPERATION, VM, FakeClock, FakeGateway, fail_with, next_event

WANTED = Desired(system=True, present=(Wanted(uai("a")),))
MADE = on_vm("a", system=True)


class FakeMachines(FakeGateway):
    """One VM that may not be there; what it is made of is of no account.

    :param events: what happens to each PUT or DELETE: None (it is made), an error (it is refused), or (error, effect)
        with an effect on this object that happens though the error is answered
    """

    def __init__(self, identity: Identity | None, *, events: tuple = (), states: tuple = ("Succeeded",)) -> None:
        super().__init__(identity or Identity(), states=states)
        self.there = identity is not None
        self.happens = list(events)
        self.conditions = True

    async def read_whole(self) -> Vm | None:
        self.log.append("GET")
        await asyncio.sleep(0)
        return Vm(self._reading(), {"id": str(VM)}) if self.there else None

    def appear(self, identity: Identity = MADE) -> None:
        self.there, self.identity = True, identity

    def vanish(self) -> None:
        self.there = False

    async def create(self, _vm: Any, body: Any, _deadline: Any) -> Vm:
        self.log.append("PUT")
        await self._happen()
        if self.there and self.conditions:
            raise arm_error("There.", status=412, code="PreconditionFailed", call="PUT", target=str(VM))
        new = not self.there
        self.appear()
        answer = replace(self._reading(operation_url=self.operation_url), provisioning_state="Creating")
        return Vm(answer, {"id": str(VM)}, new=new)

    async def delete(self, _vm: Any, _deadline: Any) -> Reading | None:
        self.log.append("DELETE")
        await self._happen()
        if not self.there:
            return None
        self.vanish()
        return replace(self._reading(operation_url=self.operation_url), provisioning_state="Deleting")

    async def _happen(self) -> None:
        await asyncio.sleep(0)
        event = next_event(self.happens)
        if isinstance(event, tuple):
            event, effect = event
            effect(self)
        fail_with(event)

    async def read(self, target: Any, deadline: Any) -> Any:
        """As the gateway reads; the VM may be gone."""
        found = await self.read_whole()
        if found is None:
            raise arm_error("Gone.", status=404, code="ResourceNotFound", call="GET", target=str(VM))
        return found.reading


class Whole:
    """The same VM, as the gateway of machines reads it."""

    def __init__(self, fake: FakeMachines) -> None:
        self.read = lambda _vm, _deadline: fake.read_whole()
        self.create, self.delete = fake.create, fake.delete
        self.require_package = lambda: None


async def body() -> dict[str, Any]:
    return {"location": "l"}


def bring(fake: FakeMachines, seconds: float = 600, make_body: Any = body, **options: Any) -> Birth:
    target, whole = Target(VM, WANTED), Whole(fake)
    deadline = FakeClock().deadline(seconds)
    return asyncio.run(bring_about(whole, fake, target, make_body, Options(**options), deadline))  # type: ignore[arg-type]


def take_away(fake: FakeMachines, **options: Any) -> Progress[Any, Any]:
    return asyncio.run(remove(Whole(fake), fake, VM, Options(**options), FakeClock().deadline()))  # type: ignore[arg-type]


def refusal(status: int, code: str = "X", message: str = "no") -> ArmError:
    return arm_error(message, status=status, code=code, call="PUT", target=str(VM))


LOST = ConnectionFailed("reset", sent=True, call="PUT", target=str(VM))
UNREACHED = ConnectionFailed("refused", sent=False, call="PUT", target=str(VM))
BIRTHS: list[tuple[FakeMachines, str, bool, bool]] = [
    (FakeMachines(None), "GET PUT POLL GET", True, True),
    (FakeMachines(MADE), "GET", False, False),
    (FakeMachines(on_vm("a")), "GET PATCH POLL", False, True),
    (FakeMachines(None, events=((refusal(412), FakeMachines.appear),)), "GET PUT GET", False, False),
    (FakeMachines(None, events=(refusal(409, "Conflict"),)), "GET PUT GET PUT POLL GET", True, True),
    (FakeMachines(None, events=((LOST, FakeMachines.appear),)), "GET PUT GET", True, True),
    (FakeMachines(None, events=(LOST,)), "GET PUT GET PUT POLL GET", True, True),
    (FakeMachines(None, events=((refusal(503), FakeMachines.appear),)), "GET PUT GET", True, True),
]


@pytest.mark.parametrize(("fake", "requests", "created", "changed"), BIRTHS, ids=[row[1] for row in BIRTHS])
def test_births(fake: FakeMachines, requests: str, created: bool, changed: bool) -> None:
    birth = bring(fake)
    assert birth.outcome.error is None
    assert fake.log == requests.split()
    assert (birth.created, birth.changed) == (created, changed)
    assert birth.outcome.after == fake.identity
    assert birth.outcome.after.complete
    assert birth.now is not None


@pytest.mark.parametrize(("error", "puts"), [(refusal(400), 1), (UNREACHED, 1), (LOST, 6)])
def test_a_refused_birth_is_looked_at_once_more(error: ManagedIdentityError, puts: int) -> None:
    fake = FakeMachines(None, events=(error,) * 9)
    birth = bring(fake)
    assert birth.outcome.error is error
    assert fake.log.count("PUT") == puts
    assert fake.log[-2:] == (["GET", "PUT"] if error is UNREACHED else ["PUT", "GET"])
    assert (birth.created, birth.changed, birth.attempted, birth.now) == (False, False, True, None)


@pytest.mark.parametrize("made", [True, False])
def test_after_a_put_that_went_unheard_until_the_deadline_it_looks(made: bool) -> None:
    late = WaitTimedOut("too late", call="PUT", target=str(VM))
    fake = FakeMachines(None, events=((late, FakeMachines.appear if made else FakeMachines.vanish),))
    birth = bring(fake)
    assert birth.outcome.error is late
    assert fake.log == ["GET", "PUT", "GET"]
    assert (birth.created, birth.changed, birth.now is not None) == (made, made, made)


def test_what_somebody_else_made_is_not_told_as_ours() -> None:
    birth = bring(FakeMachines(None, events=((refusal(403), FakeMachines.appear),)))
    assert (birth.created, birth.changed, birth.outcome.error, birth.now is not None) == (False, False, None, True)


def test_check_mode_plans_what_would_be_made() -> None:
    fake = FakeMachines(None)
    birth = bring(fake, check=True)
    assert fake.log == ["GET"]
    assert (birth.created, birth.changed, birth.attempted) == (True, True, False)
    assert birth.now is None
    assert [item.id for item in birth.outcome.after.user] == [uai("a")]


def test_without_waiting_it_ends_with_the_accepted_put() -> None:
    fake = FakeMachines(None)
    birth = bring(fake, wait=False)
    assert fake.log == ["GET", "PUT"]
    assert (birth.created, birth.changed, birth.outcome.running) == (True, True, OPERATION)


def test_a_body_that_cannot_be_made_is_told_before_a_write() -> None:
    async def none() -> dict[str, Any]:
        raise ManagedIdentityError("no size")

    fake = FakeMachines(None)
    birth = bring(fake, make_body=none)
    assert str(birth.outcome.error) == "no size"
    assert fake.log == ["GET"]
    assert not birth.attempted


def test_an_operation_that_fails_is_one_of_the_put() -> None:
    fake = FakeMachines(None, states=("InProgress", OperationState("Failed", "X", "no", None)))
    birth = bring(fake)
    assert birth.outcome.error is not None
    assert (birth.outcome.error.call, birth.outcome.error.code) == ("PUT", "X")
    assert (birth.created, birth.changed) == (True, True)
    assert birth.now is not None
    assert fake.log[-1] == "GET"


@pytest.mark.parametrize("state", ["Creating", "creating"])
def test_one_that_somebody_else_is_making_is_waited_for(state: str) -> None:
    fake = FakeMachines(on_vm())
    fake.provisioning = state
    count: list[int] = []

    async def read_whole() -> Vm | None:
        count.append(1)
        fake.provisioning = state if len(count) < 4 else "Succeeded"
        return await FakeMachines.read_whole(fake)

    fake.read_whole = read_whole  # type: ignore[method-assign]
    birth = bring(fake)
    assert birth.outcome.error is None
    assert fake.log[:6] == ["GET", "GET", "GET", "GET", "GET", "PATCH"]
    assert not birth.created
    assert birth.changed


def test_one_that_is_being_deleted_is_not_touched() -> None:
    fake = FakeMachines(MADE)
    fake.provisioning = "Deleting"
    birth = bring(fake)
    assert "The VM is being deleted." in str(birth.outcome.error)
    assert fake.log == ["GET"]


def test_without_conditions_the_other_ones_vm_is_overwritten_and_that_is_told() -> None:
    fake = FakeMachines(None, events=((None, FakeMachines.appear),))
    fake.conditions = False
    birth = bring(fake)
    assert (birth.created, birth.overwritten, birth.changed) == (False, True, True)


ENDS: list[tuple[FakeMachines, str, bool]] = [
    (FakeMachines(None), "GET", False),
    (FakeMachines(MADE), "GET DELETE POLL", True),
    (FakeMachines(MADE, events=((None, FakeMachines.vanish),)), "GET DELETE GET", False),
    (FakeMachines(MADE, events=((LOST, FakeMachines.vanish),)), "GET DELETE GET", True),
    (FakeMachines(MADE, events=(LOST,)), "GET DELETE GET DELETE POLL", True),
    (FakeMachines(MADE, events=(refusal(409, "Conflict"),)), "GET DELETE GET DELETE POLL", True),
]


@pytest.mark.parametrize(("fake", "requests", "changed"), ENDS, ids=[row[1] for row in ENDS])
def test_ends(fake: FakeMachines, requests: str, changed: bool) -> None:
    removal = take_away(fake)
    assert removal.error is None
    assert fake.log == requests.split()
    assert removal.changed is changed
    assert not fake.there


def test_without_an_operation_the_vm_itself_is_asked_until_it_is_gone() -> None:
    fake = FakeMachines(MADE)
    fake.operation_url = None
    assert take_away(fake).changed
    assert fake.log == ["GET", "DELETE", "GET"]


def test_an_end_that_others_began_is_waited_for() -> None:
    fake = FakeMachines(MADE)
    fake.provisioning = "Deleting"
    assert (take_away(fake, check=True).changed, fake.log) == (False, ["GET"])
    asked: list[int] = []

    async def read_whole() -> Vm | None:
        asked.append(1)
        fake.there = len(asked) < 3
        return await FakeMachines.read_whole(fake)

    fake.read_whole = read_whole  # type: ignore[method-assign]
    removal = take_away(fake)
    assert (removal.error, removal.changed) == (None, False)
    assert fake.log == ["GET"] * 4


def test_ends_in_check_mode_without_waiting_and_refused() -> None:
    fake = FakeMachines(MADE)
    assert (take_away(fake, check=True).changed, fake.log) == (True, ["GET"])
    removal = take_away(fake, wait=False)
    assert (removal.changed, removal.running, fake.log) == (True, OPERATION, ["GET", "GET", "DELETE"])
    locked = refusal(409, "ScopeLocked")
    removal = take_away(FakeMachines(MADE, events=(locked,)))
    assert (removal.changed, removal.error) == (False, locked)
    failed = take_away(FakeMachines(MADE, states=(OperationState("Failed", "X", "no", None),)))
    assert failed.error is not None
    assert failed.error.call == "DELETE"


@pytest.mark.parametrize("goes", [True, False])
def test_a_deletion_that_was_only_accepted_counts_if_the_vm_is_gone(goes: bool) -> None:
    fake = FakeMachines(MADE)
    fake.operation_url = None
    delete = fake.delete

    async def accepted(vm: Any, deadline: Any) -> Reading | None:
        answer = await delete(vm, deadline)
        fake.there = not goes
        return answer

    fake.delete = accepted  # type: ignore[method-assign]
    removal = take_away(fake)
    assert removal.changed is goes
    assert (removal.error is None) is goes
    assert (removal.last is None) is goes
