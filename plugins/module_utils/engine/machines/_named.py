# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. User-assigned identities that a change names: which are there, and who they are now."""

from __future__ import annotations

from collections.abc import Sequence

from ...arm.gateways._user_assigned import UserAssignedIdentities
from ...arm.net._deadline import Deadline
from ...core._resource_id import ResourceId
from ...core.identities._identity import Identity, UserIdentity
from ...core.identities._plan import Wanted

__all__ = ["foreseen", "with_principals"]


async def foreseen(
    identities: UserAssignedIdentities, before: Identity, after: Identity, deadline: Deadline
) -> tuple[Identity, list[ResourceId]]:
    """The identities of a machine as planned, with the IDs of those that would be new as far as they exist already.

    :returns: those, and which do not exist
    """
    found: list[UserIdentity] = []
    missing: list[ResourceId] = []
    for item in after.user:
        if item == before.find(item.id):
            found.append(item)
            continue
        there = await identities.look_up(item.id, deadline)
        if there is None:
            missing.append(item.id)
        found.append(there or item)
    return Identity.of(after.system, found), missing


async def with_principals(
    identities: UserAssignedIdentities, wanted: Sequence[Wanted], deadline: Deadline
) -> tuple[tuple[Wanted, ...], list[ResourceId]]:
    """Identities that shall be on a machine, with the principals that they have now.

    :returns: those, and which do not exist
    """
    found = {one.id: await identities.look_up(one.id, deadline) for one in wanted}
    now = tuple(Wanted(identity, there.principal_id if there else None) for identity, there in found.items())
    return now, [identity for identity, there in found.items() if there is None]
