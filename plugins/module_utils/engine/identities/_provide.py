# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. A user-assigned identity as it shall be, or not be: what the loop does with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from ...arm.gateways._machine_identities import MachineIdentities
from ...arm.gateways._user_assigned import UserAssignedIdentities
from ...arm.net._deadline import Deadline
from ...core._resource_id import ResourceId
from ...core.identities._user_assigned import IdentityStep, UserAssigned, Wish, plan_user_assigned
from .._converge import converge
from .._subject import Progress, Subject, Wrote
from .._tries import Pauses, Tries

__all__ = ["delete_identity", "provide"]

# Azure throttles reads of one identity to one in two seconds, and each try begins with one.
_PAUSES = Pauses(first=4.0, longest=15.0)

Seen: TypeAlias = "UserAssigned | None"


async def provide(
    machines: MachineIdentities,
    identities: UserAssignedIdentities,
    identity: ResourceId,
    wish: Wish,
    *,
    check: bool,
    deadline: Deadline,
) -> Progress[Seen, IdentityStep]:
    """Create a user-assigned identity, or change it, or leave it as it is.

    :param check: plan only, write nothing
    :returns: what became of it; a failure is in its ``error``
    """
    return await converge(_Wished(machines, identities, identity, wish), Tries(deadline, _PAUSES), check=check)


async def delete_identity(
    identities: UserAssignedIdentities, identity: ResourceId, there: UserAssigned, deadline: Deadline
) -> Progress[Seen, ResourceId]:
    """Delete a user-assigned identity.

    :param there: as it was read
    :returns: what became of it; a failure is in its ``error``
    """
    begun: Progress[Seen, ResourceId] = Progress.of(there)
    return await converge(_DoomedIdentity(identities, identity), Tries(deadline, _PAUSES), begun=begun)


class _Wished(Subject[Seen, IdentityStep]):
    """An identity that shall be as it is wished."""

    call = "PUT"

    def __init__(
        self, machines: MachineIdentities, identities: UserAssignedIdentities, identity: ResourceId, wish: Wish
    ) -> None:
        self.target = str(identity)
        self._machines, self._identities = machines, identities
        self._id, self._wish = identity, wish

    async def read(self, deadline: Deadline) -> Seen:
        return await self._identities.read(self._id, deadline)

    async def plan(self, seen: Seen, deadline: Deadline) -> IdentityStep | None:
        """Only a creation that names no location asks for that of the resource group."""
        if seen is None and self._wish.location is None:
            location = await self._machines.group_location(self._id.subscription_id, self._id.resource_group, deadline)
            self._wish = replace(self._wish, location=location)
        step = plan_user_assigned(seen, self._id, self._wish, isolation=self._identities.knows_isolation)
        return step if step.method else None

    def foresee(self, seen: Seen, step: IdentityStep) -> Seen:
        return step.after

    async def write(self, seen: Seen, step: IdentityStep, deadline: Deadline) -> Wrote[Seen]:
        write = self._identities.put if step.method == "PUT" else self._identities.patch
        return Wrote(await write(self._id, step.body, deadline))

    def took(self, step: IdentityStep, seen: Seen) -> bool:
        if seen is None:
            return False
        return plan_user_assigned(seen, self._id, self._wish, isolation=self._identities.knows_isolation).method is None


class _DoomedIdentity(Subject[Seen, ResourceId]):
    """An identity that shall be gone; a step is its ID."""

    call = "DELETE"

    def __init__(self, identities: UserAssignedIdentities, identity: ResourceId) -> None:
        self.target = str(identity)
        self._identities, self._id = identities, identity

    async def read(self, deadline: Deadline) -> Seen:
        return await self._identities.read(self._id, deadline)

    async def plan(self, seen: Seen, deadline: Deadline) -> ResourceId | None:
        return self._id if seen else None

    async def write(self, seen: Seen, step: ResourceId, deadline: Deadline) -> Wrote[Seen]:
        ours = await self._identities.delete(step, deadline)
        return Wrote(None, told=ours, ours=ours)

    def took(self, step: ResourceId, seen: Seen) -> bool:
        return seen is None
