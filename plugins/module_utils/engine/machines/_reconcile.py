# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The identities of a machine, for one or for many: what the loop does with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...arm.gateways._machine_identities import MachineIdentities
from ...arm.gateways._reading import Reading
from ...arm.net._deadline import Deadline
from ...core._error_table import FLEXIBLE_REMEDY
from ...core._errors import ArmError, LostUpdate, ManagedIdentityError, OperationFailed
from ...core.identities._plan import Plan, make_plan
from .._converge import converge
from .._each import each
from .._subject import Progress, Subject, Wrote
from .._tries import Tries
from ._outcome import Options, Outcome, Seen, Target
from ._polling import finish

__all__ = ["reconcile", "reconcile_all"]

_AT_ONCE = 32


async def reconcile_all(
    machines: MachineIdentities, targets: Sequence[Target], options: Options, deadline: Deadline
) -> list[Outcome]:
    """Reconcile many targets, some at once; the outcomes are in the order of the targets, failures included."""

    async def one(target: Target) -> Outcome:
        return await reconcile(machines, target, options, deadline)

    return await each(targets, one, at_once=_AT_ONCE)


async def reconcile(
    machines: MachineIdentities, target: Target, options: Options, deadline: Deadline, first: Reading | None = None
) -> Outcome:
    """Bring one target's identities to what is desired, by as few requests as that takes.

    :param first: the target as read just now; None: it is read
    :returns: the outcome; a failure is in its ``error``, and ``last`` is then how Azure describes the target now
    """
    subject = _MachineIdentities(machines, target, options)
    begun: Progress[Seen, Plan] | None = Progress.of(first) if first else None
    progress = await converge(subject, Tries(deadline), check=options.check, begun=begun)
    return Outcome(target, progress, subject.protected)


class _MachineIdentities(Subject[Seen, Plan]):
    """The identities of one machine. ``protected`` tells whether all writes carried an ETag."""

    call = "PATCH"
    rereads = True

    def __init__(self, machines: MachineIdentities, target: Target, options: Options) -> None:
        self.target = str(target.id)
        self.protected = True
        self._machines = machines
        self._id = target.id
        self._desired = target.desired
        self._may_be_gone = target.may_be_gone
        self._options = options

    async def read(self, deadline: Deadline) -> Seen:
        try:
            return await self._machines.read(self._id, deadline)
        except ArmError as error:
            if not (self._may_be_gone and error.not_there):
                raise
            return None

    async def plan(self, seen: Seen, deadline: Deadline) -> Plan | None:
        if seen is None:
            return None
        plan = make_plan(seen.identity, self._desired)
        if plan.patch is None:
            return None
        # Also in check mode, which would otherwise promise what Azure never takes.
        if seen.flexible and plan.step.system and not plan.before.system:
            raise ManagedIdentityError(
                "A flexible scale set cannot have a system-assigned identity.",
                target=self.target,
                remedy=FLEXIBLE_REMEDY,
            )
        return plan

    def foresee(self, seen: Seen, step: Plan) -> Seen:
        return replace(seen, identity=step.after) if seen else None

    async def write(self, seen: Seen, step: Plan, deadline: Deadline) -> Wrote[Seen]:
        etag = seen.etag if seen else None
        self.protected &= etag is not None
        answer = await self._machines.write(self._id, step.patch or {}, etag, deadline)
        return Wrote(answer, told=self._tells(answer, step, protected=etag is not None))

    def _tells(self, answer: Reading, step: Plan, *, protected: bool) -> bool:
        """Whether an answer leaves nothing open: not without an ETag, where somebody else may have written too."""
        if step.last and not self._options.wait:
            return answer.told
        complete = answer.told and answer.identity.complete
        return step.last and protected and complete and make_plan(answer.identity, self._desired).patch is None

    async def finish(self, before: Seen, step: Plan, wrote: Wrote[Seen], deadline: Deadline) -> Wrote[Seen]:
        if wrote.seen is None:
            return wrote
        if step.last and not self._options.wait:
            return replace(wrote, running=wrote.seen.operation_url)
        await finish(self._machines, self._id, wrote.seen, self._options.schedule, deadline)
        return replace(wrote, sure=wrote.seen.told or wrote.seen.operation_url is not None)

    def took(self, step: Plan, seen: Seen) -> bool:
        if seen is None:
            return False
        now = seen.identity
        delta = all(map(now.find, step.added)) and not any(map(now.find, step.removed))
        return delta and (now.system is None) == (step.step.system is None)

    def same(self, one: Plan, other: Plan) -> bool:
        return one.patch == other.patch

    def moved(self, before: Seen, after: Seen) -> bool:
        if before is None or after is None:
            return before is not after
        return (before.etag, before.identity) != (after.etag, after.identity)

    def together(self, step: Plan) -> bool:
        return bool(step.missing)

    def check(self, before: Seen, step: Plan, after: Seen) -> None:
        """Without an ETag two writers can undo each other: what was there and was not removed by us must still be."""
        if before is None or after is None or before.etag is not None:
            return
        now = after.identity
        lost = [str(item.id) for item in step.before.user if item.id not in step.removed and not now.find(item.id)]
        if step.before.system and step.step.system and not now.system:
            lost.append("the system-assigned identity")
        if lost:
            raise LostUpdate(
                f"These identities are gone after the change, though it did not remove them: {', '.join(lost)}. "
                "Something else wrote at the same time, and this cloud gave no ETag to protect against that.",
                target=self.target,
                remedy="Assign them again, and let one writer at a time change the resource.",
            )

    async def settle(self, seen: Seen, deadline: Deadline, *, unheard: bool) -> bool:
        """The end of a change that is under way must be awaited where only that tells what the identities are."""
        if seen is None:
            return False
        if not (self._options.wait and seen.changing and (unheard or not seen.identity.complete)):
            return False
        try:
            await finish(self._machines, self._id, seen, self._options.schedule, deadline)
        except OperationFailed:
            # Somebody else's change that failed is not our failure: what is there now is planned from again.
            if unheard:
                raise
        return True
