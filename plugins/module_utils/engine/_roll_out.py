# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. A uniform scale set's instances get its latest model: list -> upgrade -> list."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass, field

from ..arm._deadline import Deadline
from ..arm._gateway import Gateway
from ..core._errors import ArmError, ConnectionFailed, ManagedIdentityError
from ..core._resource_id import ResourceId
from ..core._rules import Verdict, verdict_of
from ..core._schedule import Schedule, single_schedule
from ._operation import finish

__all__ = ["RollOut", "roll_out"]

_FRUITLESS_UPGRADES = 2
_LONGEST_PAUSE = 5.0


@dataclass
class RollOut:
    """What became of the instances.

    :param updated: IDs of the instances that got the latest model, in the order of the list
    :param behind: IDs of those that still have an older one
    :param error: why it failed; None if it did not
    """

    updated: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    error: ManagedIdentityError | None = None


async def roll_out(
    gateway: Gateway,
    scale_set: ResourceId,
    wanted: Collection[str] | None,
    deadline: Deadline,
    schedule: Schedule = single_schedule,
) -> RollOut:
    """Bring instances up to date that are not, in one request, and say which are and which are not.

    :param wanted: instance IDs; None means all
    :returns: the outcome; a failure is in its ``error``
    """
    outcome = RollOut()
    first: list[str] | None = None
    tries = 0
    try:
        while True:
            outcome.behind = [
                one.instance_id for one in await gateway.instances(scale_set, deadline) if not one.current
            ]
            first = outcome.behind if first is None else first
            outcome.updated = [instance for instance in first if instance not in outcome.behind]
            chosen = [instance for instance in outcome.behind if wanted is None or instance in wanted]
            if not chosen:
                return outcome
            if tries > _FRUITLESS_UPGRADES:
                raise _fruitless(scale_set, chosen)
            tries += await _upgrade(gateway, scale_set, chosen, deadline, schedule)
    except ManagedIdentityError as error:
        outcome.error = error
        return outcome


async def _upgrade(
    gateway: Gateway, scale_set: ResourceId, chosen: list[str], deadline: Deadline, schedule: Schedule
) -> bool:
    """One upgrade to its end; False if Azure was busy with another change, and that is to be tried again."""
    try:
        answer = await gateway.upgrade(scale_set, chosen, deadline)
    except (ArmError, ConnectionFailed) as error:
        if verdict_of(error) not in (Verdict.RETRY, Verdict.REPLAN):
            raise
        await deadline.sleep(error.retry_after or random.uniform(0.5, 1.0) * _LONGEST_PAUSE, "another try", error)
        return False
    await finish(gateway, scale_set, answer, schedule, deadline)
    return True


def _fruitless(scale_set: ResourceId, chosen: list[str]) -> ManagedIdentityError:
    return ManagedIdentityError(
        f"Azure reported success, but these instances still do not have the latest model: {', '.join(chosen)}.",
        call="POST",
        target=f"{scale_set}/manualupgrade",
    )
