# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Machines read and not changed: one or all, and what each of them does not tell itself."""

from __future__ import annotations

from collections.abc import Sequence

from ...arm.gateways._machine_identities import MachineIdentities
from ...arm.gateways._reading import Reading
from ...arm.gateways._user_assigned import UserAssignedIdentities
from ...arm.net._deadline import Deadline
from ...core._errors import ArmError
from ...core._resource_id import ResourceId, ResourceKind
from .._each import each
from ._instances import old_model_of

__all__ = ["all_machines", "client_ids", "group_location", "old_models", "one_machine"]


async def one_machine(machines: MachineIdentities, target: ResourceId, deadline: Deadline) -> list[Reading]:
    """The one machine; none if it is not there."""
    try:
        return [await machines.read(target, deadline)]
    except ArmError as error:
        if error.code == "ResourceNotFound":
            return []
        raise


async def all_machines(
    machines: MachineIdentities,
    kind: ResourceKind,
    subscription_id: str,
    resource_group: str | None,
    deadline: Deadline,
) -> list[Reading]:
    """Those of a resource group, or of a subscription."""
    return [reading async for reading in machines.list_all(kind, subscription_id, resource_group, deadline)]


async def client_ids(
    identities: UserAssignedIdentities, found: Sequence[Reading], deadline: Deadline
) -> list[str | None]:
    """The client ID of each machine's system-assigned identity; None where it has none."""

    async def client_id(reading: Reading) -> str | None:
        return await identities.system_client_id(reading.id, deadline) if reading.identity.system else None

    return await each(found, client_id)


async def old_models(machines: MachineIdentities, found: Sequence[Reading], deadline: Deadline) -> list[list[str]]:
    """The instances of each scale set that do not have its latest model."""

    async def old_model(reading: Reading) -> list[str]:
        return await old_model_of(machines, reading, deadline)

    return await each(found, old_model)


async def group_location(
    machines: MachineIdentities, resource: ResourceId, deadline: Deadline, *, needed: bool
) -> str | None:
    """The location of a resource's resource group; None if there is no such group and it is not needed."""
    try:
        return await machines.group_location(resource.subscription_id, resource.resource_group, deadline)
    except ArmError as error:
        if needed or error.code != "ResourceGroupNotFound":
            raise
        return None
