# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine: which requests it sends, what it reports, and what it does when things go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.gateways._reading import (
    OperationState,
    Reading,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import (
    ArmError,
    ConnectionFailed,
    LostUpdate,
    ManagedIdentityError,
    OperationFailed,
    WaitTimedOut,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._rules import arm_error
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._identity import Identity
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._plan import (
    Desired,
    Wanted,
    make_plan,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.engine.machines._outcome import (
    Options,
    Outcome,
    Target,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.engine.machines._reconcile import (
    reconcile,
    reconcile_all,
)
from tests.unit.core.build import on_vm, uai
from tests.unit.engine.fake import VM, FakeClock, FakeGateway

ON, OFF = Desired(system=True), Desired(system=False)
BUSY = ("Operation 'x' is not allowed on VM 'vm1' since another operation is in progress.", "OperationNotAllowed")


def add(*names: str, principal: str | None = None) -> Desired:
    return Desired(present=tuple(Wanted(uai(name), principal) for name in names))


def refusal(status: int, code: str | None = None, message: str = "no", retry_after: float | None = None) -> ArmError:
    return arm_error(message, status=status, code=code, call="PATCH", target=str(VM), retry_after=retry_after)


def run(
    gateway: FakeGateway, desired: Desired, clock: FakeClock | None = None, seconds: float = 600, **options: Any
) -> Outcome:
    deadline = (clock or FakeClock()).deadline(seconds)
    return asyncio.run(reconcile(gateway, Target(VM, desired), Options(**options), deadline))


def names(identity: Identity) -> list[str]:
    return [*(["system"] if identity.system else []), *(item.id.name[3:] for item in identity.user)]


@pytest.mark.parametrize(
    ("current", "desired", "requests"),
    [
        (on_vm("a"), add("a"), "GET"),
        (on_vm(), ON, "GET PATCH POLL"),
        (on_vm("a", system=True), OFF, "GET PATCH POLL"),
        (on_vm("a", "b"), Desired(absent=(uai("a"),)), "GET PATCH POLL"),
        (on_vm(), add("a"), "GET PATCH POLL GET"),
    ],
)
def test_as_few_requests_as_it_takes(current: Identity, desired: Desired, requests: str) -> None:
    gateway = FakeGateway(current)
    outcome = run(gateway, desired)
    assert outcome.error is None
    assert gateway.log == requests.split()
    assert outcome.changed == ("PATCH" in gateway.log)
    assert outcome.after == gateway.identity
    assert outcome.after.complete
    assert make_plan(outcome.after, desired).patch is None
    assert outcome.protected
    assert gateway.matches == ['"1"'] * requests.count("PATCH")


def test_check_mode_reads_once_and_forecasts() -> None:
    gateway = FakeGateway(on_vm("a"))
    outcome = run(gateway, ON, check=True)
    assert gateway.log == ["GET"]
    assert outcome.changed
    assert names(outcome.after) == ["system", "a"]
    assert not run(FakeGateway(on_vm(system=True)), ON, check=True).changed


@pytest.mark.parametrize("check", [False, True])
def test_a_flexible_scale_set_is_refused_a_system_identity_before_the_write(check: bool) -> None:
    gateway = FakeGateway(on_vm("a"))
    gateway.orchestration_mode = "Flexible"
    outcome = run(gateway, ON, check=check)
    assert outcome.error is not None
    assert outcome.error.message == "A flexible scale set cannot have a system-assigned identity."
    assert "vm_system_identity" in outcome.error.remedy
    assert (gateway.log, outcome.changed) == (["GET"], False)
    assert run(gateway, OFF, check=check).error is None
    assert run(gateway, add("a", "b"), check=check).changed


MANY = [f"{number:03}" for number in range(301)]


def test_more_than_azure_takes_in_one_request_goes_into_several() -> None:
    gateway = FakeGateway(on_vm())
    outcome = run(gateway, add(*MANY), wait=False)
    assert outcome.error is None
    # The last write alone is not waited for.
    assert gateway.log == [*["GET", "PATCH", "POLL"] * 2, "GET", "PATCH"]
    assert [len(patch["userAssignedIdentities"]) for patch in gateway.patches] == [150, 150, 1]
    assert gateway.matches == ['"1"', '"2"', '"3"']
    assert names(outcome.after) == MANY
    assert outcome.running


def test_check_mode_foresees_the_end_of_several_writes() -> None:
    gateway = FakeGateway(on_vm(*MANY, system=True))
    outcome = run(gateway, Desired(exact=True), check=True)
    assert (gateway.log, names(outcome.after)) == (["GET"], ["system"])
    assert len(outcome.progress.done) == 1


def test_several_writes_of_which_one_fails_tell_what_was_done() -> None:
    gateway = FakeGateway(on_vm(), events=(None, refusal(400, "FailedIdentityOperation")))
    outcome = run(gateway, add(*MANY))
    assert outcome.error is not None
    assert outcome.changed
    assert names(outcome.after) == MANY[:150]


def test_polls_as_scheduled() -> None:
    clock = FakeClock()
    gateway = FakeGateway(on_vm(), states=("InProgress",) * 5 + ("Succeeded",))
    assert run(gateway, ON, clock).error is None
    assert clock.slept == [0, 1, 2, 2, 5, 5]


def test_azure_may_ask_for_other_waits() -> None:
    clock = FakeClock()
    slow = OperationState("InProgress", None, "", 17.0)
    assert run(FakeGateway(on_vm(), states=(slow, "InProgress", "Succeeded")), ON, clock).error is None
    assert clock.slept == [0, 17.0, 2]


def test_without_waiting_it_ends_with_the_accepted_write() -> None:
    gateway = FakeGateway(on_vm(), states=("InProgress",))
    outcome = run(gateway, add("a"), wait=False)
    assert gateway.log == ["GET", "PATCH"]
    assert outcome.changed
    assert outcome.running == "https://arm.test/operations/1"
    assert [item.principal_id for item in outcome.after.user] == [None]


@pytest.mark.parametrize(
    "error",
    [
        refusal(412),
        refusal(409, "Conflict"),
        refusal(409, BUSY[1], BUSY[0]),
        refusal(409, "FailedIdentityOperation", "pending delete operation"),
        refusal(500),
        refusal(408),
    ],
)
def test_what_passes_is_read_planned_and_written_again(error: ArmError) -> None:
    gateway = FakeGateway(on_vm(), events=(error, error))
    outcome = run(gateway, ON)
    assert outcome.error is None
    assert gateway.log == ["GET", "PATCH", "GET", "PATCH", "GET", "PATCH", "POLL"]
    assert outcome.changed


def test_a_refused_write_of_ours_that_somebody_else_made_is_no_change_of_ours() -> None:
    gateway = FakeGateway(on_vm())
    gateway.events = [lambda fake, make: (fake.change(on_vm(system=True)), raise_(refusal(412)))]
    outcome = run(gateway, ON)
    assert outcome.error is None
    assert not outcome.changed
    assert gateway.log == ["GET", "PATCH", "GET"]


def raise_(error: Exception) -> None:
    raise error


def test_somebody_elses_change_in_between_is_kept() -> None:
    gateway = FakeGateway(on_vm("a"))
    gateway.before_write = first_time(lambda: gateway.change(on_vm("a", "b")))
    outcome = run(gateway, Desired(absent=(uai("a"),)))
    assert outcome.error is None
    assert names(gateway.identity) == ["b"]
    assert [patch["type"] for patch in gateway.patches] == ["None", "UserAssigned"]
    assert gateway.matches == ['"1"', '"2"']


def first_time(act: Callable[[], None]) -> Callable[[], None]:
    left = [act]
    return lambda: left.pop()() if left else None


@pytest.mark.parametrize("applied", [True, False])
@pytest.mark.parametrize("error", [refusal(503), ConnectionFailed("reset", sent=True, call="PATCH", target=str(VM))])
def test_after_a_write_without_answer_it_reads_first(error: ManagedIdentityError, applied: bool) -> None:
    gateway = FakeGateway(on_vm(), events=(lambda fake, make: (applied and make(), raise_(error)),))
    outcome = run(gateway, ON)
    assert outcome.error is None
    assert outcome.changed
    assert gateway.log[:3] == ["GET", "PATCH", "GET"]
    assert gateway.log.count("PATCH") == (1 if applied else 2)


def test_after_a_write_without_answer_it_waits_for_its_end() -> None:
    gateway = FakeGateway(on_vm("a", "b"))

    def half(fake: FakeGateway, make: Callable[[], Any]) -> None:
        make()
        fake.provisioning = "Updating"
        raise refusal(504)

    def settle() -> None:
        if gateway.log.count("GET") == 4:
            gateway.provisioning = "Succeeded"

    gateway.events, gateway.before_read = [half], settle
    outcome = run(gateway, Desired(absent=(uai("a"),)))
    assert outcome.error is None
    assert outcome.changed
    assert gateway.log == ["GET", "PATCH", "GET", "GET", "GET", "GET"]


@pytest.mark.parametrize("applied", [True, False])
def test_what_somebody_between_refuses_may_have_been_written_all_the_same(applied: bool) -> None:
    error = refusal(403)
    error.foreign = True
    gateway = FakeGateway(on_vm(), events=(lambda fake, make: (applied and make(), raise_(error)),))
    outcome = run(gateway, ON)
    assert outcome.changed is applied
    assert outcome.error is (None if applied else error)
    assert gateway.log[:3] == ["GET", "PATCH", "GET"]
    assert gateway.log.count("PATCH") == 1


def test_writes_that_never_get_an_answer_end() -> None:
    gateway = FakeGateway(on_vm(), events=(refusal(500),) * 9)
    outcome = run(gateway, ON)
    assert outcome.error.status == 500
    assert gateway.log.count("PATCH") == 6
    assert not outcome.changed


def test_a_request_that_was_never_sent_is_not_sent_again() -> None:
    gateway = FakeGateway(on_vm(), events=(ConnectionFailed("refused", sent=False),))
    assert isinstance(run(gateway, ON).error, ConnectionFailed)
    assert gateway.log == ["GET", "PATCH"]


@pytest.mark.parametrize(
    "error", [refusal(400, "MissingIdentityIds"), refusal(403, "AuthorizationFailed"), refusal(409, "ScopeLocked")]
)
def test_what_does_not_pass_fails_after_a_look_at_how_it_is_now(error: ArmError) -> None:
    gateway = FakeGateway(on_vm(), events=(error,))
    outcome = run(gateway, ON)
    assert outcome.error is error
    assert gateway.log == ["GET", "PATCH", "GET"]
    assert not outcome.changed
    assert outcome.after == on_vm()


@pytest.mark.parametrize("etags", [True, False])
def test_a_plan_that_is_refused_because_it_is_stale_is_made_again(etags: bool) -> None:
    """Azure refuses what others' writes have made impossible by other words than 412."""
    gateway = FakeGateway(on_vm("a"), etags=etags)
    stale = refusal(400, "InvalidIdentityUpdate", "Removal of all user-assigned identities assigned is invalid.")
    gateway.events = [lambda fake, _make: (fake.change(on_vm("a", "b")), raise_(stale))]
    outcome = run(gateway, Desired(absent=(uai("a"),)))
    assert outcome.error is None
    assert names(gateway.identity) == ["b"]
    assert gateway.log[:4] == ["GET", "PATCH", "GET", "PATCH"]


def test_a_refusal_while_others_go_on_writing_ends() -> None:
    gateway = FakeGateway(on_vm())
    refused = refusal(403, "AuthorizationFailed")
    gateway.events = [lambda fake, _make: (fake.change(fake.identity), raise_(refused))] * 99
    outcome = run(gateway, ON)
    assert outcome.error is refused
    assert gateway.log.count("PATCH") == 6
    assert not outcome.changed


def test_conflicts_are_tried_until_the_deadline_and_it_says_what_refused() -> None:
    clock = FakeClock()
    gateway = FakeGateway(on_vm(), events=(refusal(409, "Conflict", "concurrent request"),) * 999)
    outcome = run(gateway, ON, clock, seconds=60)
    assert isinstance(outcome.error, WaitTimedOut)
    assert (outcome.error.status, outcome.error.code) == (409, "Conflict")
    assert "concurrent request" in str(outcome.error)
    assert 50 < clock.now <= 60
    assert not outcome.changed
    assert max(clock.slept) <= 5


def test_a_writer_that_was_overtaken_does_not_wait_long() -> None:
    clock = FakeClock()
    assert run(FakeGateway(on_vm(), events=(refusal(412),) * 20), ON, clock).error is None
    assert max(clock.slept) <= 1
    assert max(clock.slept[:3]) < 0.9


def test_retry_after_of_a_conflict_is_obeyed() -> None:
    clock = FakeClock()
    assert run(FakeGateway(on_vm(), events=(refusal(409, "Conflict", retry_after=21),)), ON, clock).error is None
    assert clock.slept[0] == 21


def test_a_failed_operation_tells_the_identity_as_reread() -> None:
    failed = OperationState("Failed", "InternalExecutionError", "Try later.", None)
    gateway = FakeGateway(on_vm("b"), states=("InProgress", failed))
    gateway.before_read = lambda: setattr(gateway, "identity", on_vm("b"))
    outcome = run(gateway, add("a"))
    assert isinstance(outcome.error, OperationFailed)
    assert "ended as Failed: Try later." in str(outcome.error)
    assert gateway.log == ["GET", "PATCH", "POLL", "POLL", "GET"]
    assert outcome.after == on_vm("b")
    assert not outcome.changed


def test_a_failed_operation_that_left_a_change_says_changed() -> None:
    gateway = FakeGateway(on_vm(), states=("Canceled",))
    outcome = run(gateway, ON)
    assert isinstance(outcome.error, OperationFailed)
    assert outcome.changed
    assert names(outcome.after) == ["system"]


def test_a_preempted_operation_is_planned_again() -> None:
    preempted = OperationState("Failed", "OperationPreempted", "by a more recent operation", None)
    gateway = FakeGateway(on_vm(), states=(preempted, "Succeeded"))

    def undo() -> None:
        if gateway.log.count("GET") == 2:
            gateway.change(on_vm())

    gateway.before_read = undo
    outcome = run(gateway, ON)
    assert outcome.error is None
    assert gateway.log == ["GET", "PATCH", "POLL", "GET", "PATCH", "POLL"]


def test_a_poll_without_answer_does_not_end_the_wait() -> None:
    gateway = FakeGateway(on_vm(), states=(ConnectionFailed("reset", sent=True), "Succeeded"))
    outcome = run(gateway, ON)
    assert outcome.error is None
    assert gateway.log == ["GET", "PATCH", "POLL", "POLL"]


def test_wait_timeout_says_that_azure_has_accepted_the_change_and_reads_it() -> None:
    clock = FakeClock()
    gateway = FakeGateway(on_vm(), states=("InProgress",))
    outcome = run(gateway, ON, clock, seconds=12)
    assert isinstance(outcome.error, WaitTimedOut)
    assert "Azure has accepted" in str(outcome.error)
    assert clock.now == 10
    assert gateway.log[-1] == "GET"
    assert outcome.changed


def test_a_write_that_is_not_answered_in_time_is_looked_after() -> None:
    def too_late(_gateway: FakeGateway, make) -> None:
        make()
        raise WaitTimedOut("wait_timeout passed while waiting for the answer.")

    gateway = FakeGateway(on_vm(), events=(too_late,))
    outcome = run(gateway, ON)
    assert isinstance(outcome.error, WaitTimedOut)
    assert gateway.log == ["GET", "PATCH", "GET"]
    assert outcome.changed
    assert names(outcome.after) == ["system"]


def test_a_poll_that_is_refused_names_the_vm() -> None:
    gateway = FakeGateway(on_vm(), states=(refusal(403, "AuthorizationFailed", "no right"),))
    error = run(gateway, ON).error
    assert error is not None
    assert str(error).startswith(f"GET of the operation on {VM}: 403 AuthorizationFailed: no right")


def test_without_an_operation_the_vm_itself_is_asked() -> None:
    gateway = FakeGateway(on_vm(), states=())
    gateway.operation_url = None
    states = ["Succeeded", "Updating", "Updating", "Succeeded"]
    gateway.before_read = lambda: setattr(gateway, "provisioning", states.pop(0) if states else "Succeeded")
    outcome = run(gateway, ON)
    assert outcome.error is None
    assert gateway.log == ["GET", "PATCH", "GET", "GET", "GET"]


def test_without_etags_it_rereads_and_says_so() -> None:
    gateway = FakeGateway(on_vm("b"), etags=False)
    outcome = run(gateway, ON)
    assert outcome.error is None
    assert gateway.log == ["GET", "PATCH", "POLL", "GET"]
    assert gateway.matches == [None]
    assert not outcome.protected


def test_without_etags_a_lost_identity_is_a_failure() -> None:
    gateway = FakeGateway(on_vm("b", system=True), etags=False)

    def lose() -> None:
        if "PATCH" in gateway.log:
            gateway.change(on_vm("a"))

    gateway.before_read = lose
    outcome = run(gateway, add("a"))
    assert isinstance(outcome.error, LostUpdate)
    assert str(uai("b")) in str(outcome.error)
    assert "the system-assigned identity" in str(outcome.error)
    assert names(outcome.after) == ["a"]


def test_without_etags_what_it_removed_itself_is_not_lost() -> None:
    gateway = FakeGateway(on_vm("a", "b", system=True), etags=False)
    assert run(gateway, Desired(system=False, absent=(uai("a"),))).error is None


def test_success_that_leads_nowhere_ends() -> None:
    gateway = FakeGateway(on_vm())
    gateway.before_read = lambda: gateway.change(on_vm())
    outcome = run(gateway, add("a"))
    assert "it still is not as desired" in str(outcome.error)
    assert gateway.log.count("PATCH") == 2


def test_an_identity_made_again_is_removed_and_added() -> None:
    gateway = FakeGateway(on_vm("a", "b"))
    outcome = run(gateway, add("a", principal="p-new"))
    assert outcome.error is None
    assert [list(patch["userAssignedIdentities"].values()) for patch in gateway.patches] == [[None], [{}]]
    assert outcome.after.find(uai("a")).principal_id == "p-new"
    assert gateway.log == ["GET", "PATCH", "POLL", "GET", "PATCH", "POLL", "GET"]


def test_an_identity_made_again_is_waited_for_between_its_two_steps() -> None:
    gateway = FakeGateway(on_vm("a"), states=("InProgress", "Succeeded"))
    outcome = run(gateway, add("a", principal="p-new"), wait=False)
    assert gateway.log == ["GET", "PATCH", "POLL", "POLL", "GET", "PATCH"]
    assert outcome.running


@pytest.mark.parametrize("moment", ["PATCH", "POLL"])
def test_a_cancelled_task_never_stops_between_two_steps(moment: str) -> None:
    gateway = FakeGateway(on_vm("a"))

    async def scenario() -> None:
        task = asyncio.ensure_future(
            reconcile(gateway, Target(VM, add("a", principal="p-new")), Options(), FakeClock().deadline())
        )
        await gateway.reached(moment)
        for _time in range(3):
            task.cancel()
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(scenario())
    assert gateway.identity.find(uai("a")).principal_id == "p-new"


def test_a_cancelled_task_starts_no_write() -> None:
    gateway = FakeGateway(on_vm())

    async def scenario() -> None:
        task = asyncio.ensure_future(reconcile(gateway, Target(VM, ON), Options(), FakeClock().deadline()))
        await gateway.reached("GET")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(scenario())
    assert gateway.log == ["GET"]


def test_a_change_under_way_is_waited_for_where_ids_are_missing() -> None:
    incomplete = Identity.from_arm(
        {"identity": {"type": "UserAssigned", "userAssignedIdentities": {str(uai("a")): {}}}}
    )
    gateway = FakeGateway(incomplete)
    gateway.provisioning = "Updating"

    def settle() -> None:
        if gateway.log.count("GET") == 2:
            gateway.identity, gateway.provisioning = on_vm("a"), "Succeeded"

    gateway.before_read = settle
    outcome = run(gateway, add("a"))
    assert outcome.after == on_vm("a")
    assert not outcome.changed
    assert gateway.log == ["GET", "GET", "GET"]


def test_a_failed_read_is_the_outcome() -> None:
    gateway = FakeGateway(on_vm())
    gateway.before_read = lambda: raise_(refusal(404, "ResourceNotFound"))
    outcome = run(gateway, ON)
    assert outcome.error.code == "ResourceNotFound"
    assert outcome.first is None
    assert not outcome.changed


def test_where_the_state_after_a_failure_cannot_be_read_the_error_says_so() -> None:
    gateway = FakeGateway(on_vm(), states=("Failed",))
    gateway.before_read = lambda: "PATCH" in gateway.log and raise_(refusal(403, "AuthorizationFailed", "gone"))
    outcome = run(gateway, ON)
    assert outcome.error.remedy.endswith("How it is now could not be read: gone")
    assert outcome.changed


def test_many_targets_each_have_their_outcome_in_order() -> None:
    gateway = FakeGateway(on_vm(), events=(refusal(403, "AuthorizationFailed"),))
    targets = [Target(VM, OFF), Target(VM, ON), Target(VM, OFF)] + [Target(VM, OFF)] * 60
    outcomes = asyncio.run(reconcile_all(gateway, targets, Options(), FakeClock().deadline()))
    assert [outcome.target for outcome in outcomes] == targets
    assert [outcome.error is not None for outcome in outcomes] == [False, True, False] + [False] * 60
    assert asyncio.run(reconcile_all(gateway, [], Options(), FakeClock().deadline())) == []


@pytest.mark.parametrize("wait", [True, False])
def test_an_answer_that_does_not_describe_the_resource_is_not_taken_for_one(wait: bool) -> None:
    class Silent(FakeGateway):
        async def write(self, *arguments: Any) -> Reading:
            answer = await super().write(*arguments)
            return replace(answer, location=None, identity=Identity(), etag=None, provisioning_state=None)

    outcome = run(Silent(on_vm("a", "b")), Desired(absent=(uai("a"),)), wait=wait)
    assert (outcome.error, outcome.changed, names(outcome.after)) == (None, True, ["b"])


def test_after_somebody_elses_change_that_failed_it_is_planned_again() -> None:
    """Their identity was in the answer as long as their change went on; now it is gone, and ours to assign."""
    theirs = Identity.from_arm({"identity": {"type": "UserAssigned", "userAssignedIdentities": {str(uai("a")): {}}}})
    gateway = FakeGateway(theirs)
    gateway.provisioning = "Updating"

    def fail() -> None:
        if gateway.log.count("GET") == 2:
            gateway.change(on_vm())
            gateway.provisioning = "Failed"

    gateway.before_read = fail
    outcome = run(gateway, add("a"))
    assert outcome.error is None
    assert outcome.changed
    assert names(gateway.identity) == ["a"]
    assert names(outcome.after) == ["a"]


@pytest.mark.parametrize("made", [True, False])
def test_what_nobody_foresaw_is_told_with_what_became_of_the_write(made: bool) -> None:
    gateway = FakeGateway(on_vm(), events=(lambda _fake, make: (made and make(), raise_(KeyError("id"))),))
    outcome = run(gateway, ON)
    assert "did not expect this: KeyError: 'id'" in str(outcome.error)
    assert outcome.error.target == str(VM)
    assert gateway.log == ["GET", "PATCH", "GET"]
    assert outcome.changed is made


def test_a_write_by_somebody_else_is_no_change_of_ours() -> None:
    gateway = FakeGateway(on_vm())
    lost = ConnectionFailed("reset", sent=True, call="PATCH", target=str(VM))
    gateway.events = [lambda fake, _make: (fake.change(on_vm("b")), raise_(lost)), refusal(403, "AuthorizationFailed")]
    outcome = run(gateway, add("a"))
    assert outcome.error.status == 403
    assert names(outcome.after) == ["b"]
    assert not outcome.changed


def test_an_operation_that_has_just_begun_may_not_be_known_yet() -> None:
    unknown = refusal(404, "NotFound", "The entity was not found.")
    gateway = FakeGateway(on_vm(), states=(unknown, "Succeeded"))
    assert run(gateway, ON).error is None
    assert gateway.log == ["GET", "PATCH", "POLL", "POLL"]
    gateway = FakeGateway(on_vm(), states=("InProgress", unknown))
    outcome = run(gateway, ON)
    assert (outcome.error.status, outcome.changed) == (404, True)


def test_the_end_of_the_wait_tells_why_nothing_was_heard() -> None:
    gateway = FakeGateway(on_vm(), states=(refusal(503, "ServerBusy", "So busy."),))
    outcome = run(gateway, ON, seconds=20)
    assert isinstance(outcome.error, WaitTimedOut)
    assert "s are left. The last answer was: So busy." in str(outcome.error)
    assert outcome.changed


def test_a_write_that_was_only_accepted_counts_if_it_is_seen() -> None:
    """Azure says that it has begun, names no operation, and nothing comes of it."""

    class Empty(FakeGateway):
        made = False

        async def write(self, *arguments: Any) -> Reading:
            before = self.identity
            await super().write(*arguments)
            self.identity = self.identity if self.made else before
            return Reading.begun(VM)

    outcome = run(Empty(on_vm()), ON)
    assert "it still is not as desired" in str(outcome.error)
    assert outcome.error.call == "PATCH"
    assert not outcome.changed
    honest = Empty(on_vm())
    honest.made = True
    outcome = run(honest, ON)
    assert (outcome.error, outcome.changed) == (None, True)


GONE = refusal(404, "ResourceNotFound", "The Resource was not found.")


class _Gone(FakeGateway):
    """A VM that is gone after so many readings."""

    def __init__(self, identity: Identity, readings: int = 0, **more: Any) -> None:
        super().__init__(identity, **more)
        self._readings = readings

    async def read(self, *asked: Any) -> Reading:
        found = await super().read(*asked)
        if self.log.count("GET") > self._readings:
            raise GONE
        return found


def end(gateway: FakeGateway, *, may_be_gone: bool = True, check: bool = False) -> Outcome:
    target = Target(VM, Desired(absent=(uai("a"),)), may_be_gone)
    return asyncio.run(reconcile(gateway, target, Options(check=check), FakeClock().deadline()))


@pytest.mark.parametrize("check", [False, True])
def test_nothing_is_to_be_removed_from_what_is_gone(check: bool) -> None:
    gateway = _Gone(on_vm("a"))
    outcome = end(gateway, check=check)
    assert (outcome.gone, outcome.changed, outcome.error) == (True, False, None)
    assert (gateway.log, outcome.first, outcome.last) == (["GET"], None, None)
    failed = end(_Gone(on_vm("a")), may_be_gone=False, check=check)
    assert (failed.gone, failed.error) == (False, GONE)


def test_what_goes_between_reading_and_writing_is_gone_too() -> None:
    gateway = _Gone(on_vm("a"), readings=1, events=(GONE,))
    outcome = end(gateway)
    assert (outcome.gone, outcome.changed, outcome.error) == (True, False, None)
    assert gateway.log == ["GET", "PATCH", "GET"]
    assert outcome.first is not None
    assert end(_Gone(on_vm("a"), readings=1, events=(GONE,)), may_be_gone=False).error is GONE


def test_a_404_of_what_is_there_is_no_end_of_it() -> None:
    outcome = end(FakeGateway(on_vm("a"), events=(GONE,)))
    assert (outcome.gone, outcome.error) == (False, GONE)


@pytest.mark.parametrize("code", ["SubscriptionNotFound", "NotFound"])
def test_another_404_is_a_failure(code: str) -> None:
    gateway = FakeGateway(on_vm("a"))

    def fails() -> None:
        raise refusal(404, code)

    gateway.before_read = fails
    assert end(gateway).error is not None
