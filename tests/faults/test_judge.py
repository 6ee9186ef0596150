# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The oracles: each sees what it is for, in a trial that is right but for that."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest

from tests.faults.estate import SECRET, identity_id, vm_id
from tests.faults.judge import judge
from tests.faults.matrix import FAULTS, Cell
from tests.faults.recording import Recording
from tests.faults.requests import Request
from tests.faults.task import Ended
from tests.faults.trial import Trial

VM, ID_A = vm_id("vm-users"), identity_id("id-a")
OLD, NEW, OTHER = (f"44444444-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))


def state(system: str | None = None, *, users: bool = True, **more: Any) -> dict[str, Any]:
    """The control API's state of one VM."""
    identity = {"principalId": system, "userAssignedIdentities": {ID_A: {"principalId": OLD}} if users else {}}
    vm = {"id": VM, "location": "westeurope", "tags": {}, "identity": identity, "provisioning_state": "Succeeded"}
    kinds = ("scale_sets", "identities", "role_assignments", "federated_credentials")
    return {"vms": [vm], **{kind: [] for kind in kinds}, **more}


def told(system: str | None) -> dict[str, Any]:
    """What a result says of it."""
    users = [{"id": ID_A, "principal_id": OLD}]
    return {"vm": {"id": VM}, "identity": {"principal_id": system, "user_assigned": users}}


RECORDING = Recording(
    "vm-system-present", [], {}, {}, state(), state(NEW), {"changed": True, **told(NEW)}, known=[OLD], calls=[]
)
REQUEST = Request("PATCH", f"{VM}?api-version=2024-07-01", 1)
CELL = Cell("vm-system-present", REQUEST, FAULTS["500"], always=False)
DONE = Ended({"changed": True, **told(OTHER)}, 1.0)
IDLE = Ended({"changed": False, **told(OTHER)}, 1.0)
SUCCESS = Trial(DONE, 10, state(), state(OTHER), True, 0, again=IDLE, left=state(OTHER))
ERROR = {"target": VM, "remedy": "Wait."}
FAILED = {"failed": True, "changed": False, "msg": f"PATCH {VM}: 500: Broken. Wait.", "error": ERROR, **told(None)}
FAILURE = Trial(Ended(FAILED, 1.0), 2, state(), state(), True, 0, DONE, IDLE, state(OTHER))
GRANT = dict.fromkeys(("id", "scope", "role", "principal_id", "condition", "description"), "x")


def kinds(trial: Trial, *, always: bool = True) -> list[str]:
    """What is wrong with it."""
    verdict = judge(RECORDING, replace(CELL, always=always), trial)
    assert (verdict.ending == "WRONG") == bool(verdict.wrongs)
    return [wrong.kind for wrong in verdict.wrongs]


def said(trial: Trial, **more: Any) -> Trial:
    """The trial with another result."""
    result = {**copy.deepcopy(trial.ended.result), **more}
    return replace(trial, ended=replace(trial.ended, result=result))


def test_what_is_right() -> None:
    assert judge(RECORDING, CELL, SUCCESS).ending == "right end state"
    assert judge(RECORDING, replace(CELL, always=True), FAILURE).ending == "clean failure"
    # What Azure makes up may be anything; what it keeps may not.
    assert kinds(replace(SUCCESS, after=state(NEW))) == []


@pytest.mark.parametrize(
    ("trial", "wrong"),
    [
        (replace(FAILURE, ended=Ended({}, 1.0, crash="Traceback\nKeyError: 'id'")), ["traceback"]),
        (replace(FAILURE, ended=replace(FAILURE.ended, shown="Traceback (most recent call last)")), ["traceback"]),
        (replace(FAILURE, ended=replace(FAILURE.ended, seconds=7.1)), ["too late"]),
        (replace(FAILURE, visits=1), ["went elsewhere"]),
        (replace(SUCCESS, ended=replace(DONE, shown=f"secret {SECRET}")), ["secret"]),
        (said(FAILURE, more="Bearer eyJhbGciOiJSUzI1NiJ9.eyJhdWQ"), ["secret"]),
        (said(FAILURE, error={**ERROR, "target": None}), ["no target"]),
        (said(FAILURE, error={**ERROR, "remedy": ""}), ["no remedy"]),
        (said(FAILURE, msg=f"{VM}: Broken."), ["no call"]),
        (said(FAILURE, msg=f"PATCH {VM}: <html><h1>Proxy"), ["raw HTML"]),
        (said(FAILURE, changed=True), ["changed untrue"]),
        (said(FAILURE, **told(OTHER)), ["identity untrue"]),
        (said(FAILURE, msg=f"PATCH {VM}: Broken. How it is now could not be read.", **told(OTHER)), []),
        (said(SUCCESS, changed=False), ["changed untrue"]),
        (said(SUCCESS, **told(None)), ["wrong result"]),
        (replace(SUCCESS, after=state()), ["wrong end state", "changed untrue"]),
        (replace(SUCCESS, after=state(OTHER, users=False)), ["wrong end state", "destroyed"]),
        (replace(SUCCESS, after=state(OTHER, role_assignments=[GRANT])), ["wrong end state", "invented"]),
        (replace(SUCCESS, left=state(OTHER, users=False)), ["destroyed", "does not converge"]),
        (replace(FAILURE, left=state()), ["does not converge"]),
        (replace(FAILURE, again=FAILURE.ended), ["does not converge"]),
        (replace(FAILURE, once_more=DONE), ["changes again"]),
    ],
)
def test_what_is_wrong(trial: Trial, wrong: list[str]) -> None:
    assert kinds(trial) == wrong


def test_what_passes_must_be_survived() -> None:
    assert kinds(FAILURE, always=False) == ["not recovered"]
    assert kinds(FAILURE, always=True) == []


def test_a_system_identity_that_is_another_one_is_a_change_and_a_loss() -> None:
    recording = replace(RECORDING, before=state(OLD), after=state(OLD))
    trial = replace(SUCCESS, before=state(OLD), after=state(NEW), ended=IDLE)
    kinds = [wrong.kind for wrong in judge(recording, CELL, trial).wrongs]
    assert {"wrong end state", "destroyed", "changed untrue"} <= set(kinds)


def test_a_deletion_that_is_under_way_is_one() -> None:
    going = state(OLD)
    going["vms"][0]["provisioning_state"] = "Deleting"
    recording = replace(RECORDING, before=state(OLD), after={**state(), "vms": []})
    trial = replace(said(FAILURE, vm=None, changed=True), before=state(OLD), after=going, again=None)
    assert judge(recording, replace(CELL, always=True), trial).wrongs == []
