# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How large Azure's token buckets are.

Sources: Azure's documentation of request limits of Resource Manager, of throttling limits of Compute, of limits of
managed identities, and of throttled requests of Resource Graph. Assumed, because nothing tells: all of scale sets
(those of VMs), and that a rate of the identity service lets no more than one second's worth through at once.
"""

from __future__ import annotations

from typing import Annotated, cast

from msgspec import Meta

from ..base.declared import LARGEST, Declared
from .buckets import Size

__all__ = ["Limit", "LimitSizes", "merged_sizes"]

_Number = Annotated[float, Meta(ge=0, le=LARGEST, description=f"a number from 0 to {LARGEST}")]


class Limit(Declared, frozen=True):
    """The size of a bucket; what is None is as in Azure."""

    wanted = "a mapping with capacity and per_second"

    capacity: _Number | None = None
    per_second: _Number | None = None


def _rate(per_second: float) -> Limit:
    return Limit(max(1.0, per_second), per_second)


_MINUTE = 1 / 60
_PER_SUBSCRIPTION = Limit(1500, 500 * _MINUTE)
_PER_MACHINE = Limit(12, 4 * _MINUTE)


class LimitSizes(Declared, frozen=True):
    """The sizes of all buckets, by default Azure's."""

    wanted = "a mapping of names of buckets to {capacity, per_second}"
    noun = "bucket "

    # Resource Manager: of a principal in a subscription (or its tenant), and of all principals in a subscription.
    ArmReads: Limit = Limit(250, 25)
    ArmWrites: Limit = Limit(200, 10)
    ArmDeletes: Limit = Limit(200, 10)
    ArmGlobalReads: Limit = Limit(3750, 375)
    ArmGlobalWrites: Limit = Limit(3000, 150)
    ArmGlobalDeletes: Limit = Limit(3000, 150)
    # Compute: of a subscription in a region, and of one resource.
    UpdateVMSubscriptionMaximum: Limit = _PER_SUBSCRIPTION
    UpdateVMResource: Limit = _PER_MACHINE
    PutVMSubscriptionMaximum: Limit = _PER_SUBSCRIPTION
    PutVMResource: Limit = _PER_MACHINE
    DeleteVMSubscriptionMaximum: Limit = _PER_SUBSCRIPTION
    DeleteVMResource: Limit = _PER_MACHINE
    LowCostGetSubscriptionMaximum: Limit = Limit(24000, 8000 * _MINUTE)
    LowCostGetResource: Limit = Limit(36, 12 * _MINUTE)
    HighCostGetSubscriptionMaximum: Limit = Limit(900, 300 * _MINUTE)
    GetOperationSubscriptionMaximum: Limit = Limit(15000, 5000 * _MINUTE)
    GetOperationResource: Limit = Limit(45, 15 * _MINUTE)
    CreateVMScaleSetSubscriptionMaximum: Limit = _PER_SUBSCRIPTION
    CreateVMScaleSetResource: Limit = _PER_MACHINE
    VMScaleSetActionsSubscriptionMaximum: Limit = _PER_SUBSCRIPTION
    VMScaleSetActionsResource: Limit = _PER_MACHINE
    # The identity service: of a tenant, a subscription, and one identity (of a list: what is listed).
    IdentityWriteTenant: Limit = _rate(10)
    IdentityWriteSubscription: Limit = _rate(2)
    IdentityWriteResource: Limit = _rate(0.25)
    IdentityGetTenant: Limit = _rate(30)
    IdentityGetSubscription: Limit = _rate(10)
    IdentityGetResource: Limit = _rate(0.5)
    IdentityListTenant: Limit = _rate(15)
    IdentityListSubscription: Limit = _rate(5)
    IdentityListResource: Limit = _rate(0.25)
    IdentityDeleteTenant: Limit = _rate(10)
    IdentityDeleteSubscription: Limit = _rate(2)
    IdentityDeleteResource: Limit = _rate(0.25)
    AssociatedResourcesTenant: Limit = _rate(1)
    # Assignments of user-assigned identities to machines of a region: of a tenant and of a subscription.
    IdentityAssignTenant: Limit = Limit(400, 20)
    IdentityAssignSubscription: Limit = Limit(300, 15)
    # Queries of Resource Graph of a caller, and tokens of one VM's IMDS.
    ResourceGraphQueries: Limit = Limit(15, 3)
    ImdsTokens: Limit = Limit(20, 20)


_AZURES = LimitSizes()


def merged_sizes(limits: LimitSizes) -> dict[str, Size]:
    """Return the size of each bucket, Azure's where the limits leave it."""
    return {name: _merged(getattr(limits, name), getattr(_AZURES, name)) for name in LimitSizes.__struct_fields__}


def _merged(given: Limit, azures: Limit) -> Size:
    return Size(
        cast("float", azures.capacity if given.capacity is None else given.capacity),
        cast("float", azures.per_second if given.per_second is None else given.per_second),
    )
