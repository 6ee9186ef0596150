# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Which resources use an identity: Azure's own list, and what is read to correct its lag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...arm.gateways._machine_identities import MachineIdentities
from ...arm.gateways._reading import Reading
from ...arm.gateways._user_assigned import UserAssignedIdentities
from ...arm.net._deadline import Deadline
from ...core._errors import ArmError, ManagedIdentityError
from ...core._resource_id import SCALE_SET, VIRTUAL_MACHINE, ResourceId
from ...core.identities._holder import IdentityHolder
from .._each import each

__all__ = ["Usage", "find_users", "is_gone"]


@dataclass
class Usage:
    """Who uses an identity.

    :param users: what has it, sorted by ID; a machine that could not be read counts, as it is in Azure's list
    :param unread: why such a machine could not be read, by the user's key
    :param unknown: what else could not be read: each may hide any number of users
    """

    users: list[IdentityHolder] = field(default_factory=list)
    unread: dict[str, ManagedIdentityError] = field(default_factory=dict)
    unknown: list[ManagedIdentityError] = field(default_factory=list)


def is_gone(error: ManagedIdentityError | None) -> bool:
    """Whether an error says that a resource is not there."""
    return isinstance(error, ArmError) and error.not_there


async def find_users(
    machines: MachineIdentities, identities: UserAssignedIdentities, identity: ResourceId, deadline: Deadline
) -> Usage:
    """Find what uses an identity.

    Azure's list of it knows resources of all types, readable or not, but lags behind by seconds to minutes. What it
    says of VMs and scale sets is therefore looked at, and those of the identity's own subscription are all read: one
    that was given the identity a second ago is seen there.
    """
    usage = Usage()
    found: dict[str, IdentityHolder] = {}
    readings = await _machines(machines, identity, usage, deadline)
    for reading in readings.values():
        if reading.identity.find(identity):
            user = IdentityHolder.of(reading.id)
            found[user.key] = user
    unclear: list[IdentityHolder] = []
    for user in await _listed(identities, identity, usage, deadline):
        if user.machine is None:
            found[user.key] = user
        elif user.machine not in readings:
            unclear.append(user)
    for user in await _confirmed(machines, identity, unclear, usage, deadline):
        found[user.key] = user
    usage.users = [found[key] for key in sorted(found)]
    return usage


async def _machines(
    machines: MachineIdentities, identity: ResourceId, usage: Usage, deadline: Deadline
) -> dict[ResourceId, Reading]:
    """All VMs and scale sets of the identity's subscription that the caller may read."""
    found: dict[ResourceId, Reading] = {}
    for kind in (VIRTUAL_MACHINE, SCALE_SET):
        try:
            async for reading in machines.list_all(kind, identity.subscription_id, None, deadline):
                found[reading.id] = reading
        except ManagedIdentityError as error:
            usage.unknown.append(error)
    return found


async def _listed(
    identities: UserAssignedIdentities, identity: ResourceId, usage: Usage, deadline: Deadline
) -> list[IdentityHolder]:
    try:
        return [user async for user in identities.users(identity, deadline)]
    except ManagedIdentityError as error:
        usage.unknown.append(error)
        return []


async def _confirmed(
    machines: MachineIdentities,
    identity: ResourceId,
    listed: Sequence[IdentityHolder],
    usage: Usage,
    deadline: Deadline,
) -> list[IdentityHolder]:
    """Those listed machines that still have the identity, or cannot be read."""

    async def still_has(user: IdentityHolder) -> bool:
        if not user.machine:
            return False
        try:
            return (await machines.read(user.machine, deadline)).identity.find(identity) is not None
        except ManagedIdentityError as error:
            if is_gone(error):
                return False
            usage.unread[user.key] = error
            return True

    has = await each(listed, still_has)
    return [user for user, confirmed in zip(listed, has, strict=True) if confirmed]
