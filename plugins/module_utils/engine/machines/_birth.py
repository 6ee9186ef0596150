# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. A VM's birth: one write makes it, or if it is there its identities are reconciled."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from ...arm.gateways._machine_identities import MachineIdentities
from ...arm.gateways._reading import Reading
from ...arm.gateways._vms import Vm, Vms
from ...arm.net._deadline import Deadline
from ...core._errors import ManagedIdentityError, OperationFailed
from ...core.identities._identity import Identity
from ...core.identities._plan import Plan, make_plan
from .._converge import converge
from .._subject import Progress, Subject, Wrote
from .._tries import Tries
from ._outcome import Options, Outcome, Target
from ._outcome import Seen as SeenMachine
from ._polling import finish
from ._reconcile import reconcile

__all__ = ["Birth", "bring_about"]

Body = Mapping[str, Any]
MakeBody = Callable[[], Awaitable[Body]]
Seen: TypeAlias = "Vm | None"


@dataclass
class Birth:
    """What became of a VM that shall be there.

    :param outcome: of its identities, with what was made or would be made among what was changed
    :param before: the VM as it was first read; None if it was not there
    :param now: the VM as it was last read; None if it is not there, or was not read
    :param created: whether a write of ours made it, or in check mode would
    :param attempted: whether a write that would make it was sent, and it is known what became of it
    :param overwritten: whether it came into being meanwhile, and the cloud took our write as a change of it
    """

    outcome: Outcome
    before: Vm | None = None
    now: Vm | None = None
    created: bool = False
    attempted: bool = False
    overwritten: bool = False

    @property
    def changed(self) -> bool:
        """Whether anything was changed by us, or in check mode would be."""
        return self.created or self.overwritten or self.outcome.changed


async def bring_about(
    vms: Vms, machines: MachineIdentities, target: Target, make_body: MakeBody, options: Options, deadline: Deadline
) -> Birth:
    """Make a VM with its identities, or reconcile the identities of the one that is there.

    Of two that make a VM of one name at the same time, one makes it and the other one reconciles.

    :param make_body: gives the body that makes the VM; called only if it is not there
    :returns: what became of it; a failure is in the outcome's ``error``
    """
    subject = _NewVm(vms, machines, target, make_body, options)
    made = await converge(subject, Tries(deadline), check=options.check)
    birth = Birth(
        Outcome(target, _of_identities(made)),
        before=made.first,
        now=None if options.check and made.changed else made.last,
        created=made.changed and not subject.overwritten,
        attempted=made.tried and not made.unsure,
        overwritten=subject.overwritten,
    )
    if birth.now and not made.error and not (made.changed and not options.wait):
        birth.outcome = await reconcile(machines, target, options, deadline, birth.now.reading)
    return birth


def _of_identities(made: Progress[Seen, Body]) -> Progress[SeenMachine, Plan]:
    """The same progress, as far as identities go: what a write has made is not counted among their changes."""
    first, last = (machine.reading if machine else None for machine in (made.first, made.last))
    return Progress(first, last, made.read, tried=made.tried, running=made.running, error=made.error)


class _NewVm(Subject[Seen, Body]):
    """A VM that shall be there; a step is the body that makes it."""

    call = "PUT"
    rereads = True

    def __init__(
        self, vms: Vms, machines: MachineIdentities, target: Target, make_body: MakeBody, options: Options
    ) -> None:
        self.target = str(target.id)
        self.overwritten = False
        self._vms, self._machines = vms, machines
        self._id, self._desired = target.id, target.desired
        self._make_body, self._options = make_body, options

    async def read(self, deadline: Deadline) -> Seen:
        return await self._vms.read(self._id, deadline)

    async def plan(self, seen: Seen, deadline: Deadline) -> Body | None:
        if seen is None:
            self._vms.require_package()
            return await self._make_body()
        if seen.reading.state == "deleting":
            raise ManagedIdentityError(
                "The VM is being deleted.",
                target=self.target,
                remedy="Run the task again once it is gone; it is made anew then.",
            )
        return None

    def foresee(self, seen: Seen, step: Body) -> Seen:
        location = str(step.get("location") or "").replace(" ", "").lower() or None
        return Vm(Reading(self._id, location, make_plan(Identity(), self._desired).after, None, None), {})

    async def write(self, seen: Seen, step: Body, deadline: Deadline) -> Wrote[Seen]:
        made = await self._vms.create(self._id, step, deadline)
        self.overwritten = not made.new
        return Wrote(made, told=not self._options.wait)

    async def finish(self, before: Seen, step: Body, wrote: Wrote[Seen], deadline: Deadline) -> Wrote[Seen]:
        if wrote.seen is None:
            return wrote
        if not self._options.wait:
            return replace(wrote, running=wrote.seen.reading.operation_url)
        await finish(self._machines, self._id, wrote.seen.reading, self._options.schedule, deadline, call="PUT")
        return wrote

    def took(self, step: Body, seen: Seen) -> bool:
        return seen is not None

    async def settle(self, seen: Seen, deadline: Deadline, *, unheard: bool) -> bool:
        """Somebody else is making it, or we are and were not told: it takes no other writes until then."""
        if seen is None or seen.reading.state != "creating" or not self._options.wait or self._options.check:
            return False
        try:
            await finish(self._machines, self._id, seen.reading, self._options.schedule, deadline, call="PUT")
        except OperationFailed:
            if unheard:
                raise
        return True
