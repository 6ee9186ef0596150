# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How large Azure's token buckets are.

Sources: Azure's documentation of request limits of Resource Manager, of throttling limits of Compute, of limits of
managed identities, and of throttled requests of Resource Graph. Assumed, because nothing tells: all of scale sets
(those of VMs), and that a rate of the identity service lets no more than one second's worth through at once.
"""

from __future__ import annotations

from typing import Any

from .buckets import Size

__all__ = ["SIZES", "merged_sizes"]

_MINUTE = 1 / 60
_PER_SUBSCRIPTION = Size(1500, 500 * _MINUTE)
_PER_MACHINE = Size(12, 4 * _MINUTE)


def _rate(per_second: float) -> Size:
    return Size(max(1.0, per_second), per_second)


SIZES: dict[str, Size] = {
    # Resource Manager: of a principal in a subscription (or its tenant), and of all principals in a subscription.
    "ArmReads": Size(250, 25),
    "ArmWrites": Size(200, 10),
    "ArmDeletes": Size(200, 10),
    "ArmGlobalReads": Size(3750, 375),
    "ArmGlobalWrites": Size(3000, 150),
    "ArmGlobalDeletes": Size(3000, 150),
    # Compute: of a subscription in a region, and of one resource.
    "UpdateVMSubscriptionMaximum": _PER_SUBSCRIPTION,
    "UpdateVMResource": _PER_MACHINE,
    "PutVMSubscriptionMaximum": _PER_SUBSCRIPTION,
    "PutVMResource": _PER_MACHINE,
    "DeleteVMSubscriptionMaximum": _PER_SUBSCRIPTION,
    "DeleteVMResource": _PER_MACHINE,
    "LowCostGetSubscriptionMaximum": Size(24000, 8000 * _MINUTE),
    "LowCostGetResource": Size(36, 12 * _MINUTE),
    "HighCostGetSubscriptionMaximum": Size(900, 300 * _MINUTE),
    "GetOperationSubscriptionMaximum": Size(15000, 5000 * _MINUTE),
    "GetOperationResource": Size(45, 15 * _MINUTE),
    "CreateVMScaleSetSubscriptionMaximum": _PER_SUBSCRIPTION,
    "CreateVMScaleSetResource": _PER_MACHINE,
    "VMScaleSetActionsSubscriptionMaximum": _PER_SUBSCRIPTION,
    "VMScaleSetActionsResource": _PER_MACHINE,
    # The identity service: of a tenant, a subscription, and one identity (of a list: what is listed).
    "IdentityWriteTenant": _rate(10),
    "IdentityWriteSubscription": _rate(2),
    "IdentityWriteResource": _rate(0.25),
    "IdentityGetTenant": _rate(30),
    "IdentityGetSubscription": _rate(10),
    "IdentityGetResource": _rate(0.5),
    "IdentityListTenant": _rate(15),
    "IdentityListSubscription": _rate(5),
    "IdentityListResource": _rate(0.25),
    "IdentityDeleteTenant": _rate(10),
    "IdentityDeleteSubscription": _rate(2),
    "IdentityDeleteResource": _rate(0.25),
    "AssociatedResourcesTenant": _rate(1),
    # Assignments of user-assigned identities to machines of a region: of a tenant and of a subscription.
    "IdentityAssignTenant": Size(400, 20),
    "IdentityAssignSubscription": Size(300, 15),
    # Queries of Resource Graph of a caller, and tokens of one VM's IMDS.
    "ResourceGraphQueries": Size(15, 3),
    "ImdsTokens": Size(20, 20),
}

_LARGEST = 10**9


def merged_sizes(changes: object) -> dict[str, Size]:
    """Return all sizes, with `{NAME: {capacity, per_second}}` in place of Azure's; raises ValueError."""
    if not isinstance(changes, dict):
        raise ValueError("must be a mapping of names of buckets to {capacity, per_second}")
    found = dict(SIZES)
    for name, value in changes.items():
        if name not in SIZES:
            raise ValueError(f"has an unknown bucket '{name}'; known are {', '.join(SIZES)}")
        found[name] = _size(found[name], value, name)
    return found


def _size(size: Size, value: Any, name: str) -> Size:
    if not isinstance(value, dict) or not value.keys() <= {"capacity", "per_second"}:
        raise ValueError(f"wants a mapping with capacity and per_second for '{name}'")
    for number in value.values():
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not 0 <= number <= _LARGEST:
            raise ValueError(f"wants numbers from 0 to {_LARGEST} for '{name}'")
    return size._replace(**{key: float(number) for key, number in value.items()})
