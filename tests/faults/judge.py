# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The oracles: what must be true of every trial, whatever the fault. Each that is not gives a Wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.faults.facts import Facts, facts, masked
from tests.faults.judge_result import untrue_identities
from tests.faults.judge_words import wrong_words
from tests.faults.matrix import Cell
from tests.faults.recording import Recording
from tests.faults.scenarios import SCENARIOS
from tests.faults.task import GRACE
from tests.faults.trial import Trial
from tests.faults.wrong import Wrong

__all__ = ["Verdict", "judge"]

# What a success may say in other words than the one without a fault.
_MAY_DIFFER = ("changed", "lost_update_protection", "warnings")


@dataclass(frozen=True)
class Verdict:
    """A trial judged.

    :param ending: the right end state, a clean failure, or WRONG
    """

    ending: str
    wrongs: list[Wrong]


def judge(recording: Recording, cell: Cell, trial: Trial) -> Verdict:
    """Hold a trial against all oracles."""
    wrongs = [*_of_the_run(recording, cell, trial), *_of_the_cloud(recording, trial), *_of_afterwards(recording, trial)]
    if wrongs:
        return Verdict("WRONG", wrongs)
    return Verdict("clean failure" if trial.ended.failed else "right end state", [])


def _of_the_run(recording: Recording, cell: Cell, trial: Trial) -> Iterator[Wrong]:
    """How the task itself ended."""
    ended, scenario = trial.ended, SCENARIOS[cell.scenario]
    if ended.crash:
        yield Wrong("traceback", "a result", ended.crash.strip().splitlines()[-1])
    if ended.seconds > trial.seconds + GRACE:
        yield Wrong("too late", f"an end within {trial.seconds} s + {GRACE:g} s", f"{ended.seconds:.1f} s")
    if trial.visits:
        yield Wrong("went elsewhere", "no connection to a foreign address", f"{trial.visits} of them")
    yield from wrong_words(cell, ended)
    if ended.crash:
        return
    if cell.fault.passes and not cell.always and ended.failed:
        yield Wrong("not recovered", "the right end state, since the fault passes", str(ended.result["msg"]))
    if not ended.failed:
        yield from _of_success(recording, trial)
    elif trial.wrote:
        yield from untrue_identities(ended.result, trial.after)
    moved = facts(trial.before) != facts(trial.after)
    if not scenario.check and ended.changed != moved:
        what = "changed" if moved else "did not change"
        yield Wrong("changed untrue", f"changed: {moved}, since Azure {what}", f"changed: {ended.changed}")


def _of_success(recording: Recording, trial: Trial) -> Iterator[Wrong]:
    reached, goal = _facts(recording, trial.after), _facts(recording, recording.after)
    if reached != goal:
        yield Wrong("wrong end state", "what a success claims", _difference(goal, reached))
    said, right = masked(trial.ended.result, recording.known), masked(recording.result, recording.known)
    for key in sorted(({*said} | {*right}) - {*_MAY_DIFFER}):
        if said.get(key) != right.get(key):
            yield Wrong("wrong result", f"{key}: {right.get(key)}", f"{said.get(key)}")
            return


def _of_the_cloud(recording: Recording, trial: Trial) -> Iterator[Wrong]:
    """Nothing is gone that shall stay, and nothing is there that nobody asked for, not even half way."""
    start, goal, now = (_facts(recording, state) for state in (trial.before, recording.after, trial.after))
    for state in (now, *([_facts(recording, trial.left)] if trial.left else [])):
        if lost := (start & goal) - state:
            yield Wrong("destroyed", "nothing gone that shall stay", f"gone: {sorted(lost)}")
            return
        if more := {_thing(fact) for fact in state} - {_thing(fact) for fact in start | goal}:
            yield Wrong("invented", "nothing that nobody asked for", f"there is {sorted(more)}")
            return


def _of_afterwards(recording: Recording, trial: Trial) -> Iterator[Wrong]:
    """Once the fault is over, the same task gets there, and then changes nothing."""
    again, last = trial.again, trial.once_more
    if again is None or trial.left is None:
        return
    if again.failed or again.crash:
        yield Wrong("does not converge", "a success once the fault is over", again.crash or str(again.result["msg"]))
        return
    if (left := _facts(recording, trial.left)) != (goal := _facts(recording, recording.after)):
        yield Wrong("does not converge", "the right end state once the fault is over", _difference(goal, left))
    if last and (last.failed or last.changed or last.crash):
        yield Wrong("changes again", "a third run that changes nothing", last.crash or str(last.result))


def _facts(recording: Recording, state: dict) -> Facts:
    return facts(masked(state, recording.known))


def _thing(fact: tuple[str, ...]) -> tuple[str, ...]:
    """A fact without the principal, which Azure tells later."""
    return fact[:3] if fact[0].endswith(" has") else fact


def _difference(goal: Facts, reached: Facts) -> str:
    return f"missing: {sorted(goal - reached)}, too much: {sorted(reached - goal)}"
