# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which buckets a request takes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..base.read_json import read_json
from ..limits.buckets import Bucket

if TYPE_CHECKING:
    from ..request.call import Call

__all__ = ["CHARGED", "arm_buckets", "provider_buckets"]

CHARGED = "x-ms-ratelimit-remaining-resource"
_KINDS = {"GET": "Reads", "HEAD": "Reads", "DELETE": "Deletes"}
_VM = "group|microsoft.compute/virtualmachines/*"
_SET = "group|microsoft.compute/virtualmachinescalesets/*"
_IDENTITY = "microsoft.managedidentity/userassignedidentities"

_COMPUTE: dict[tuple[str, str], tuple[str, ...]] = {
    ("GET", _VM): ("LowCostGetSubscriptionMaximum", "LowCostGetResource"),
    ("GET", f"{_VM}/instanceview"): ("LowCostGetSubscriptionMaximum", "LowCostGetResource"),
    ("PUT", _VM): ("PutVMSubscriptionMaximum", "PutVMResource"),
    **{
        ("POST", f"{_VM}/{action}"): ("UpdateVMSubscriptionMaximum", "UpdateVMResource")
        for action in ("generalize", "poweroff", "restart", "start")
    },
    ("POST", f"{_VM}/deallocate"): ("DeleteVMSubscriptionMaximum", "DeleteVMResource"),
    ("PATCH", _VM): ("UpdateVMSubscriptionMaximum", "UpdateVMResource"),
    ("DELETE", _VM): ("DeleteVMSubscriptionMaximum", "DeleteVMResource"),
    ("GET", "group|microsoft.compute/virtualmachines"): ("HighCostGetSubscriptionMaximum",),
    ("GET", "subscription|microsoft.compute/virtualmachines"): ("HighCostGetSubscriptionMaximum",),
    ("GET", "subscription|microsoft.compute/locations/*/operations/*"): (
        "GetOperationSubscriptionMaximum",
        "GetOperationResource",
    ),
    ("GET", _SET): ("LowCostGetSubscriptionMaximum", "LowCostGetResource"),
    ("PUT", _SET): ("CreateVMScaleSetSubscriptionMaximum", "CreateVMScaleSetResource"),
    ("PATCH", _SET): ("VMScaleSetActionsSubscriptionMaximum", "VMScaleSetActionsResource"),
    ("DELETE", _SET): ("VMScaleSetActionsSubscriptionMaximum", "VMScaleSetActionsResource"),
    ("POST", f"{_SET}/manualupgrade"): ("VMScaleSetActionsSubscriptionMaximum", "VMScaleSetActionsResource"),
    ("GET", f"{_SET}/instanceview"): ("LowCostGetSubscriptionMaximum", "LowCostGetResource"),
    ("GET", f"{_SET}/virtualmachines/*"): ("LowCostGetSubscriptionMaximum", "LowCostGetResource"),
    ("GET", f"{_SET}/virtualmachines"): ("HighCostGetSubscriptionMaximum",),
    ("GET", "group|microsoft.compute/virtualmachinescalesets"): ("HighCostGetSubscriptionMaximum",),
    ("GET", "subscription|microsoft.compute/virtualmachinescalesets"): ("HighCostGetSubscriptionMaximum",),
}
_IDENTITIES: dict[tuple[str, str], str] = {
    ("GET", f"group|{_IDENTITY}/*"): "Get",
    ("PUT", f"group|{_IDENTITY}/*"): "Write",
    ("PATCH", f"group|{_IDENTITY}/*"): "Write",
    ("DELETE", f"group|{_IDENTITY}/*"): "Delete",
    ("GET", f"group|{_IDENTITY}"): "List",
    ("GET", f"subscription|{_IDENTITY}"): "List",
}


def arm_buckets(call: Call) -> list[Bucket]:
    """Return Resource Manager's; Resource Graph has its own."""
    if call.path.namespace.lower() == "microsoft.resourcegraph":
        return []
    kind = _KINDS.get(call.method, "Writes")
    subscription = call.path.subscription.lower()
    prefix = "x-ms-ratelimit-remaining-" + ("subscription" if subscription else "tenant")
    actor = f"{subscription or call.caller.tenant} {call.caller.object_id}"
    found = [Bucket(f"Arm{kind}", actor, f"{prefix}-{kind.lower()}")]
    if subscription:
        found.append(Bucket(f"ArmGlobal{kind}", subscription, f"{prefix}-global-{kind.lower()}"))
    return found


def provider_buckets(call: Call) -> list[Bucket]:
    """Return the resource provider's."""
    key = call.method, call.path.template
    resource = call.path.resource_id.lower()
    subscription, tenant = call.path.subscription.lower(), call.caller.tenant
    if key in _COMPUTE:
        region = f"{subscription} {_location(call)}"
        owners = [region, "/".join(resource.split("/")[:9])]
        found = [Bucket(name, owner, CHARGED) for name, owner in zip(_COMPUTE[key], owners, strict=False)]
        named = _named(call)
        if named:
            found.append(Bucket("IdentityAssignTenant", f"{tenant} {_location(call)}", "", named))
            found.append(Bucket("IdentityAssignSubscription", region, "", named))
        return found
    if key in _IDENTITIES:
        levels = {"Tenant": tenant, "Subscription": subscription, "Resource": resource}
        return [Bucket(f"Identity{_IDENTITIES[key]}{level}", owner) for level, owner in levels.items()]
    if call.path.template == f"group|{_IDENTITY}/*/listassociatedresources":
        return [Bucket("AssociatedResourcesTenant", tenant)]
    return []


def _location(call: Call) -> str:
    if call.path.types[0].lower() == "locations":
        return call.path.names[0].lower()
    holder = call.store.holder("/".join(call.path.resource_id.split("/")[:9]))
    if holder is not None:
        return holder.location
    group = call.store.groups.get(call.group_id.lower())
    return group.location if group else ""


def _named(call: Call) -> int:
    """Return how many identities a write would assign."""
    if call.method not in ("PUT", "PATCH"):
        return 0
    try:
        body = read_json(call.body)
    except ValueError:
        return 0
    block = body.get("identity") if isinstance(body, dict) else None
    users = block.get("userAssignedIdentities") if isinstance(block, dict) else None
    return sum(value is not None for value in users.values()) if isinstance(users, dict) else 0
