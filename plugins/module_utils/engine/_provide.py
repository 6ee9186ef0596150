# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. A user-assigned identity as it shall be: read -> plan -> write."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..arm._deadline import Deadline
from ..arm._gateway import Gateway
from ..arm._identities import Identities
from ..core._errors import ArmError, ConnectionFailed, ManagedIdentityError
from ..core._resource_id import ResourceId
from ..core._rules import Verdict, verdict_of
from ..core._user_assigned import Step, UserAssigned, Wish, plan_user_assigned

__all__ = ["Provided", "pause_before_another_try", "provide", "read_identity"]

_TRIES = 5
# Azure throttles reads of one identity to one in two seconds, and each try begins with one.
_SHORTEST_PAUSE = 2.0


@dataclass
class Provided:
    """What became of an identity.

    :param before: as first read; None if it was not there
    :param after: as Azure last described it, in check mode as it would be; None if it is not there
    :param changed: whether a write of ours changed it, or in check mode would
    :param error: why it failed; None if it did not
    """

    before: UserAssigned | None = None
    after: UserAssigned | None = None
    changed: bool = False
    error: ManagedIdentityError | None = None


async def read_identity(identities: Identities, identity: ResourceId, deadline: Deadline) -> UserAssigned | None:
    """A user-assigned identity; None if it is not there."""
    body = await identities.read(identity, deadline)
    return UserAssigned.from_arm(body) if body else None


async def pause_before_another_try(error: ArmError | ConnectionFailed, tries: int, deadline: Deadline) -> None:
    """Wait before another try of a write of an identity; raise the error if none is to be expected to help.

    :param tries: how many there were
    """
    if verdict_of(error) not in (Verdict.RETRY, Verdict.REPLAN) or tries >= _TRIES:
        raise error
    await deadline.sleep(error.retry_after or _SHORTEST_PAUSE * tries * random.uniform(1.0, 1.5), "another try", error)


async def provide(
    gateway: Gateway, identities: Identities, identity: ResourceId, wish: Wish, *, check: bool, deadline: Deadline
) -> Provided:
    """Create a user-assigned identity, or change it, or leave it as it is.

    :param check: plan only, write nothing
    :returns: the outcome; a failure is in its ``error``
    """
    run = _Run(gateway, identities, identity, wish, deadline)
    try:
        await run.go(check)
    except ManagedIdentityError as error:
        run.said.error = error
    return run.said


class _Run:
    """The way of one identity to its outcome."""

    def __init__(
        self, gateway: Gateway, identities: Identities, identity: ResourceId, wish: Wish, deadline: Deadline
    ) -> None:
        self._gateway = gateway
        self._identities = identities
        self._id = identity
        self._wish = wish
        self._deadline = deadline
        self.said = Provided()

    async def go(self, check: bool) -> None:
        said = self.said
        said.before = said.after = await read_identity(self._identities, self._id, self._deadline)
        tries = 0
        while (step := await self._plan()).method:
            if check:
                said.after, said.changed = step.after, True
                return
            tries += 1
            try:
                said.after = UserAssigned.from_arm(await self._write(step.method, step.body))
            except (ArmError, ConnectionFailed) as error:
                await pause_before_another_try(error, tries, self._deadline)
                said.after = await read_identity(self._identities, self._id, self._deadline)
                said.changed = said.after != said.before
                continue
            said.changed = True
            if (await self._plan()).method:
                raise ManagedIdentityError(
                    "Azure reported success, but the identity still is not as desired.", target=str(self._id)
                )

    async def _plan(self) -> Step:
        """The next step. Only a creation that names no location asks for that of the resource group."""
        if self.said.after is None and self._wish.location is None:
            location = await self._gateway.group_location(
                self._id.subscription_id, self._id.resource_group, self._deadline
            )
            self._wish = replace(self._wish, location=location)
        return plan_user_assigned(self.said.after, self._id, self._wish, isolation=self._identities.knows_isolation)

    async def _write(self, method: str, body: Mapping[str, Any]) -> dict[str, Any]:
        write = self._identities.put if method == "PUT" else self._identities.patch
        return await write(self._id, body, self._deadline)
