# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. A VM's birth: one write makes it, or if it is there its identities are reconciled."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..arm._deadline import Deadline
from ..arm._gateway import Gateway
from ..arm._machines import Machine, Machines
from ..core._errors import ArmError, ConnectionFailed, ManagedIdentityError, WaitTimedOut
from ..core._identity import Identity
from ..core._plan import make_plan
from ._operation import finish
from ._outcome import Options, Outcome, Target
from ._reconcile import reconcile
from ._tries import Tries

__all__ = ["Birth", "bring_about"]

# So many seconds beyond the deadline Azure is given to tell what became of a write.
_LAST_LOOK = 5.0
MakeBody = Callable[[], Awaitable[Mapping[str, Any]]]


@dataclass
class Birth:
    """What became of a VM that shall be there.

    :param outcome: of its identities; for a VM that was or would be made, ``plan`` is what it was made with
    :param before: the VM as it was first read; None if it was not there
    :param now: the VM as it was last read; None if it is not there, or was not read
    :param created: whether a write of ours made it, or in check mode would
    :param attempted: whether a write that would make it was sent
    :param overwritten: whether it came into being meanwhile, and the cloud took our write as a change of it
    """

    outcome: Outcome
    before: Machine | None = None
    now: Machine | None = None
    created: bool = False
    attempted: bool = False
    overwritten: bool = False


async def bring_about(
    machines: Machines, gateway: Gateway, target: Target, make_body: MakeBody, options: Options, deadline: Deadline
) -> Birth:
    """Make a VM with its identities, or reconcile the identities of the one that is there.

    Of two that make a VM of one name at the same time, one makes it and the other one reconciles.

    :param make_body: gives the body that makes the VM; called only if it is not there
    :returns: what became of it; a failure is in the outcome's ``error``
    """
    return await _Run(machines, gateway, target, make_body, options, deadline).run()


class _Run:
    """The way of one VM into being."""

    def __init__(
        self,
        machines: Machines,
        gateway: Gateway,
        target: Target,
        make_body: MakeBody,
        options: Options,
        deadline: Deadline,
    ) -> None:
        self._machines, self._gateway, self._target = machines, gateway, target
        self._make_body, self._options, self._deadline = make_body, options, deadline
        self._birth = Birth(Outcome(target))
        self._tries = Tries(deadline)

    async def run(self) -> Birth:
        birth = self._birth
        try:
            birth.before = await self._read()
            while birth.now is None:
                body = await self._make_body()
                if self._options.check or not await self._create(body):
                    self._plan_alone()
                    return birth
                await self._read()
                birth.created |= self._tries.in_doubt and birth.now is not None
            await self._reconcile(birth.now)
        except ManagedIdentityError as error:
            birth.outcome.error = error
            await self._look_after(error)
        birth.outcome.changed |= birth.created or birth.overwritten
        return birth

    async def _read(self, deadline: Deadline | None = None) -> Machine | None:
        self._birth.now = await self._machines.read(self._target.id, deadline or self._deadline)
        return self._birth.now

    def _plan_alone(self) -> None:
        """What the VM would be made with, or was just begun to be made with."""
        outcome = self._birth.outcome
        outcome.plan = make_plan(Identity(), self._target.desired)
        if self._options.check:
            self._birth.created = outcome.changed = True
        outcome.changed |= self._birth.created

    async def _create(self, body: Mapping[str, Any]) -> bool:
        """One PUT, and the wait for its end; False if there is nothing more to do."""
        birth, target = self._birth, self._target.id
        # A cancellation that came meanwhile takes effect here, before anything is written.
        await asyncio.sleep(0)
        try:
            birth.attempted = True
            made = await self._machines.create(target, body, self._deadline)
        except (ArmError, ConnectionFailed) as error:
            await self._tries.before_another(error)
            return True
        self._tries.in_doubt = False
        birth.created, birth.overwritten = made.new, not made.new
        if not self._options.wait:
            birth.now = made
            birth.outcome.saw(made.reading)
            birth.outcome.running = made.reading.operation_url
            return False
        await finish(self._gateway, target, made.reading, self._options.schedule, self._deadline, call="PUT")
        return True

    async def _reconcile(self, there: Machine) -> None:
        birth, target = self._birth, self._target
        state = (there.reading.provisioning_state or "").lower()
        if state == "deleting":
            raise ManagedIdentityError(
                "The VM is being deleted.",
                target=str(target.id),
                remedy="Run the task again once it is gone; it is made anew then.",
            )
        if state == "creating" and self._options.wait and not self._options.check:
            # Somebody else is making it, or we are and were not told: it takes no other writes until then.
            schedule = self._options.schedule
            await finish(self._gateway, target.id, there.reading, schedule, self._deadline, call="PUT")
            there = await self._read() or there
        birth.outcome = await reconcile(self._gateway, target, self._options, self._deadline, there.reading)

    async def _look_after(self, error: ManagedIdentityError) -> None:
        """After a write that failed, see what Azure has made of it."""
        birth = self._birth
        if not birth.attempted or birth.before is not None:
            return
        unheard = isinstance(error, WaitTimedOut) or self._tries.in_doubt
        try:
            found = await self._read(self._deadline.grace(_LAST_LOOK))
        except ManagedIdentityError as unread:
            error.remedy = f"{error.remedy} Whether it left anything behind could not be read: {unread.message}".strip()
            return
        birth.created |= unheard and found is not None
        if found is not None:
            birth.outcome.saw(found.reading)
