# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. User-assigned identities read and not changed: one or all, and who uses them."""

from __future__ import annotations

from collections.abc import Sequence

from ...arm.gateways._user_assigned import UserAssignedIdentities
from ...arm.net._deadline import Deadline
from ...core._resource_id import ResourceId
from ...core.identities._holder import IdentityHolder
from ...core.identities._user_assigned import UserAssigned

__all__ = ["all_identities", "holders", "one_identity"]


async def one_identity(
    identities: UserAssignedIdentities, identity: ResourceId, deadline: Deadline
) -> list[UserAssigned]:
    """The one identity; none if it is not there."""
    found = await identities.read(identity, deadline)
    return [found] if found else []


async def all_identities(
    identities: UserAssignedIdentities, subscription_id: str, resource_group: str | None, deadline: Deadline
) -> list[UserAssigned]:
    """Those of a resource group, or of a subscription."""
    return [identity async for identity in identities.list_all(subscription_id, resource_group, deadline)]


async def holders(
    identities: UserAssignedIdentities, found: Sequence[UserAssigned], deadline: Deadline
) -> list[list[IdentityHolder]]:
    """The resources that have each identity, as Azure lists them.

    One after the other: a whole tenant is allowed one such request a second.
    """
    listed: list[list[IdentityHolder]] = []
    for identity in found:
        listed.append([user async for user in identities.users(identity.id, deadline)])
    return listed
