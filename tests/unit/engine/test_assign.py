# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role assignments against an Azure in memory: retries, races, replication, doubt, and what is left undone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import (
    ArmError,
    ConnectionFailed,
    ManagedIdentityError,
    WaitTimedOut,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._rules import arm_error
from ansible_collections.managed_identity.azure.plugins.module_utils.core._scope import Scope
from ansible_collections.managed_identity.azure.plugins.module_utils.core.roles._assignment import Assignment
from ansible_collections.managed_identity.azure.plugins.module_utils.core.roles._grant import Grant
from ansible_collections.managed_identity.azure.plugins.module_utils.core.roles._role import Role, WantedRole
from ansible_collections.managed_identity.azure.plugins.module_utils.engine._each import each
from ansible_collections.managed_identity.azure.plugins.module_utils.engine.roles._assign import (
    Assigner,
    Patience,
    Settled,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.engine.roles._grants import (
    GrantReader,
    IdReader,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.engine.roles._roles import find_roles
from tests.unit.engine.fake import next_event

SUB = "11111111-2222-3333-4444-555555555555"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
PRINCIPAL = "aaaaaaaa-0000-4000-8000-000000000001"
SCOPES = [Scope.parse(f"/subscriptions/{SUB}/resourceGroups/rg{number}") for number in (1, 2, 3)]
ONE = SCOPES[:1]


def refusal(status: int, code: str, **more: Any) -> ArmError:
    return arm_error("Azure's words.", status=status, code=code, call="PUT", target="/x", **more)


def broken(*, sent: bool) -> ConnectionFailed:
    return ConnectionFailed("broken", sent=sent, call="PUT", target="/x")


class Azure:
    """Assignments by ID, a clock that sleeping turns, and what happens to the next writes.

    :param events: one per write: None (done), an error (refused), or (error, function) to do something before it
    """

    def __init__(self, *events: Any) -> None:
        self.items: dict[str, Assignment] = {}
        self.events = list(events)
        self.log: list[str] = []
        self.slept: list[float] = []
        self.now = 0.0

    def deadline(self, seconds: float = 600) -> Deadline:
        async def sleep(wait: float) -> None:
            self.slept.append(wait)
            self.now += wait

        return Deadline(seconds, lambda: self.now, sleep)

    async def assignments(self, scope: Scope, condition: str | None, _deadline: Deadline) -> list[Assignment]:
        self.log.append("LIST")
        assert condition == f"principalId eq '{PRINCIPAL}'"
        return list(self.items.values())

    async def assignment(self, assignment: str, _deadline: Deadline) -> Assignment | None:
        self.log.append("GET")
        return self.items.get(assignment)

    async def put_assignment(self, assignment: Assignment, _deadline: Deadline) -> Assignment:
        return await self._write("PUT", lambda: self.make(str(assignment.id), **assignment.body()["properties"]))

    async def delete_assignment(self, assignment: str, _deadline: Deadline) -> bool:
        return await self._write("DELETE", lambda: self.items.pop(assignment, None) is not None)

    async def _write(self, method: str, do: Callable[[], Any]) -> Any:
        self.log.append(method)
        event = next_event(self.events)
        if isinstance(event, tuple):
            error, before = event
            before(self, do)
            raise error
        if event is not None:
            raise event
        return do()

    def make(self, assignment: str, **said: Any) -> Assignment:
        scope = assignment.partition("/providers/Microsoft.Authorization/")[0]
        body = {"id": assignment, "name": assignment[-36:], "properties": {"scope": scope, **said}}
        self.items[assignment] = Assignment.from_arm(body)
        return self.items[assignment]

    def somebody_grants(self, scope: Scope, **more: Any) -> str:
        said = {"principalId": PRINCIPAL, "roleDefinitionId": f"/x/{READER}", "principalType": "ServicePrincipal"}
        item = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{'c' * 8}-0000-4000-8000-{'0' * 12}"
        self.make(item, **said, **more)
        return item


def applied(_azure: Azure, do: Callable[[], Any]) -> None:
    do()


def unknown(seconds: float) -> ManagedIdentityError:
    return ManagedIdentityError(f"never seen in {seconds:g}")


def run(
    azure: Any, scopes: list[Scope] = ONE, *, absent: bool = False, replication: float = 120, seconds: float = 600
) -> Settled:
    roles = dict.fromkeys(scopes, Role(READER, "Reader", anywhere=True))
    reader = GrantReader(azure, Grant(PRINCIPAL), roles, absent, absent)
    deadline = azure.deadline(seconds)

    async def settle() -> Settled:
        steps = [step for steps in await each(scopes, lambda one: reader.plan(one, deadline)) for step in steps]
        return await Assigner(azure, reader.look, deadline, Patience(replication, unknown)).settle(steps)

    return asyncio.run(settle())


def test_nothing_else_waits() -> None:
    azure = Azure()
    settled = run(azure, SCOPES)
    assert (settled.error, len(settled.done), len(azure.items)) == (None, 3, 3)
    assert azure.log == ["LIST"] * 3 + ["PUT"] * 3
    again = run(azure, SCOPES)
    assert (again.done, [step.changes for step in again.steps]) == ([], [False] * 3)
    gone = run(azure, SCOPES, absent=True)
    assert (len(gone.done), azure.items, azure.slept) == (3, {}, [])


def test_the_directory_is_given_time() -> None:
    azure = Azure(*[refusal(400, "PrincipalNotFound")] * 6)
    settled = run(azure, SCOPES)
    assert (settled.error, len(settled.done)) == (None, 3)
    # What is there is not read again: nothing but the directory stands in the way.
    assert azure.log == ["LIST"] * 3 + ["PUT"] * 9
    longest = [2, 4, 8, 10, 10, 10]
    assert all(most / 2 <= slept <= most for slept, most in zip(azure.slept, longest, strict=True))


def test_a_principal_that_nobody_knows_ends_at_the_end_of_the_time_for_all_scopes() -> None:
    azure = Azure(*[refusal(400, "PrincipalNotFound", request_id="r1")] * 99)
    settled = run(azure, SCOPES, replication=30)
    assert str(settled.error) == "/x: 400: never seen in 30 (request ID r1)"
    assert sum(azure.slept) == pytest.approx(30)
    assert (len(settled.left), settled.done) == (3, [])
    azure = Azure(*[refusal(400, "PrincipalNotFound")] * 99)
    assert "never seen in 0" in str(run(azure, replication=0).error)
    assert (azure.log, azure.slept) == (["LIST", "PUT"], [])


def test_the_time_of_the_whole_task_ends_that_too() -> None:
    azure = Azure(*[refusal(400, "PrincipalNotFound")] * 99)
    settled = run(azure, replication=120, seconds=20)
    assert isinstance(settled.error, WaitTimedOut)
    assert "Azure's words" in str(settled.error)
    assert azure.now < 20


def test_retry_after_is_obeyed() -> None:
    azure = Azure(refusal(400, "PrincipalNotFound", retry_after=17), refusal(429, "TooManyRequests", retry_after=5))
    assert run(azure).error is None
    assert azure.slept == [17, 5]


def test_one_that_somebody_makes_at_the_same_time_is_taken_as_it_is() -> None:
    azure = Azure((refusal(409, "RoleAssignmentExists"), lambda azure, _do: azure.somebody_grants(ONE[0])))
    settled = run(azure)
    assert (settled.error, settled.done, azure.slept) == (None, [], [])
    assert settled.steps[0].before == settled.steps[0].after
    assert azure.log == ["LIST", "PUT", "LIST"]


def test_one_that_is_said_to_be_there_and_never_shows_up_is_an_error() -> None:
    azure = Azure(*[refusal(409, "RoleAssignmentExists")] * 9)
    settled = run(azure)
    assert settled.error is not None
    assert settled.error.code == "RoleAssignmentExists"
    assert azure.log.count("PUT") == 6


@pytest.mark.parametrize("error", [refusal(409, "Conflict"), refusal(412, "PreconditionFailed")])
def test_after_a_collision_it_is_read_and_planned_again(error: ArmError) -> None:
    azure = Azure(error)
    settled = run(azure)
    assert (settled.error, len(settled.done), azure.log) == (None, 1, ["LIST", "PUT", "LIST", "PUT"])


@pytest.mark.parametrize("absent", [False, True])
@pytest.mark.parametrize("error", [refusal(500, "X"), broken(sent=True)])
def test_a_write_that_was_made_without_an_answer_is_one(error: Any, absent: bool) -> None:
    azure = Azure((error, applied))
    if absent:
        azure.somebody_grants(ONE[0])
    settled = run(azure, absent=absent)
    assert (settled.error, len(settled.done)) == (None, 1)
    assert settled.steps[0].changes
    assert len(azure.items) == (0 if absent else 1)
    assert azure.log == ["LIST", "DELETE" if absent else "PUT", "LIST"]


def test_a_write_that_was_not_made_is_made_again() -> None:
    azure = Azure(broken(sent=True), refusal(503, "X"))
    settled = run(azure)
    assert (settled.error, len(settled.done), azure.log.count("PUT")) == (None, 1, 3)


def test_the_first_that_fails_ends_it() -> None:
    azure = Azure(None, refusal(403, "AuthorizationFailed"))
    settled = run(azure, SCOPES)
    assert settled.done == [f"created the role assignment at {SCOPES[0]}"]
    assert [step.scope for step in settled.left] == [str(scope) for scope in SCOPES[1:]]
    assert (len(azure.items), azure.log.count("PUT")) == (1, 2)
    azure = Azure(broken(sent=False))
    assert isinstance(run(azure).error, ConnectionFailed)
    assert (azure.log, azure.slept) == (["LIST", "PUT"], [])


@pytest.mark.parametrize(("made", "done"), [(True, ["created the role assignment at " + str(ONE[0])]), (False, [])])
def test_a_write_without_an_answer_in_time_is_looked_at_once_more(made: bool, done: list[str]) -> None:
    late = WaitTimedOut("too late")
    azure = Azure((late, applied) if made else late)
    settled = run(azure)
    assert (settled.error, settled.done, azure.log) == (late, done, ["LIST", "PUT", "LIST"])


def test_what_cannot_be_looked_at_is_said_to_be_unclear() -> None:
    class Silent(Azure):
        async def assignments(self, *arguments: Any) -> list[Assignment]:
            if self.log:
                raise refusal(500, "X")
            return await super().assignments(*arguments)

    settled = run(Silent(WaitTimedOut("too late")))
    assert settled.done == [f"perhaps created the role assignment at {ONE[0]}: how it is now could not be read"]


def test_one_that_somebody_removes_at_the_same_time_is_not_ours() -> None:
    azure = Azure()
    azure.somebody_grants(ONE[0])
    azure.events = [(refusal(409, "Conflict"), applied)]
    settled = run(azure, absent=True)
    assert (settled.error, settled.done, settled.steps[0].changes) == (None, [], False)


def test_removal_by_id() -> None:
    azure: Any = Azure(refusal(409, "Conflict"))
    item = azure.somebody_grants(ONE[0])
    reader, deadline = IdReader(azure), azure.deadline()

    async def remove() -> Settled:
        steps = await each([item, "/none"], lambda one: reader.plan(one, deadline))
        assert [step.changes for step in steps] == [True, False]
        return await Assigner(azure, reader.look, deadline).settle(steps[:1])

    assert asyncio.run(remove()).done == [f"removed the role assignment {item}"]
    assert azure.log == ["GET", "GET", "DELETE", "GET", "DELETE"]


async def test_each_is_in_order_and_ends_with_the_first_error() -> None:
    began: list[int] = []

    async def read(number: int) -> int:
        began.append(number)
        await asyncio.sleep(0.001 * (9 - number))
        if number == 8:
            raise ValueError("no")
        return number * 2

    assert await each(range(8), read) == [number * 2 for number in range(8)]
    with pytest.raises(ValueError, match="no"):
        await each([8, *range(40)], read)
    assert len(began) < 40


class Roles:
    """Roles that are the same at each scope, or made for one."""

    def __init__(self, kind: str, missing: str = "") -> None:
        self.kind = kind
        self.missing = missing
        self.log: list[str] = []

    async def roles_named(self, scope: Scope, name: str, _deadline: Deadline) -> list[Role]:
        self.log.append(str(scope))
        if self.missing and str(scope).endswith(self.missing):
            raise refusal(404, "ResourceGroupNotFound")
        return [Role(READER, name, anywhere=self.kind == "BuiltInRole")]

    async def role(self, scope: Scope, guid: str, deadline: Deadline) -> Role:
        if self.kind == "forbidden":
            raise refusal(403, "AuthorizationFailed")
        if self.kind == "broken":
            raise refusal(500, "X")
        return (await self.roles_named(scope, "Reader", deadline))[0]


@pytest.mark.parametrize(("kind", "asked"), [("BuiltInRole", 1), ("CustomRole", 3)])
async def test_a_built_in_role_is_looked_up_once(kind: str, asked: int) -> None:
    roles: Any = Roles(kind)
    found = await find_roles(roles, WantedRole.parse("Reader"), SCOPES, Deadline(9))
    assert {role.guid for role in found.values()} == {READER}
    assert roles.log == [str(scope) for scope in SCOPES[:asked]]
    roles.log.clear()
    await find_roles(roles, WantedRole.parse(READER), SCOPES, Deadline(9))
    assert roles.log == [str(SCOPES[0])]


async def test_a_role_that_may_not_be_read_can_be_granted_by_its_id() -> None:
    roles: Any = Roles("forbidden")
    found = await find_roles(roles, WantedRole.parse(READER), SCOPES, Deadline(9))
    assert set(found.values()) == {Role(READER)}
    with pytest.raises(ArmError):
        await find_roles(Roles("broken"), WantedRole.parse(READER), SCOPES, Deadline(9))  # type: ignore[arg-type]


async def test_where_a_scope_may_be_missing_its_subscription_knows_the_role() -> None:
    roles: Any = Roles("BuiltInRole", missing="/rg1")
    with pytest.raises(ArmError):
        await find_roles(roles, WantedRole.parse("Reader"), SCOPES, Deadline(9))
    roles.log.clear()
    found = await find_roles(roles, WantedRole.parse("Reader"), SCOPES, Deadline(9), accept_missing=True)
    assert len(found) == 3
    assert roles.log == [str(SCOPES[0]), f"/subscriptions/{SUB}"]
