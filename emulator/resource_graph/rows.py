# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Resource Graph knows of the cloud: a row for each resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..compute.vm_view import instance_view

if TYPE_CHECKING:
    from ..cloud.model import Holder, UserIdentity, Vm
    from ..cloud.store import Store

__all__ = ["COLUMNS", "rows"]

Row = dict[str, Any]
_RESOURCES = [
    *("id", "name", "type", "tenantId", "kind", "location", "resourceGroup", "subscriptionId", "managedBy", "sku"),
    *("plan", "properties", "tags", "identity", "zones", "extendedLocation"),
]
COLUMNS: dict[str, list[str]] = {"resources": _RESOURCES, "resourcecontainers": _RESOURCES}


def rows(store: Store, table: str) -> Iterator[tuple[str, Row]]:
    """Return the rows of a table with the right that it takes to see each."""
    if table == "resourcecontainers":
        yield from _containers(store)
        return
    for vm in store.vms.values():
        yield f"{vm.kind}/read", _row(store, vm.id, vm.name, vm.kind, _machine(vm))
    for scale_set in store.scale_sets.values():
        yield f"{scale_set.kind}/read", _row(store, scale_set.id, scale_set.name, scale_set.kind, _holder(scale_set))
    for item in store.identities.values():
        kind = "Microsoft.ManagedIdentity/userAssignedIdentities"
        yield f"{kind}/read", _row(store, item.id, item.name, kind, _identity(item))
    for resource in (*store.resources.values(), *store.others.values()):
        yield f"{resource.kind}/read", _row(store, resource.id, resource.name, resource.kind, resource.body)


def _row(store: Store, resource_id: str, name: str, kind: str, body: Mapping[str, Any]) -> Row:
    segments = resource_id.split("/")
    subscription = store.subscriptions.get(segments[2].lower())
    row: Row = dict.fromkeys(_RESOURCES)
    row.update(
        # Types and resource groups are always in lower case here, whatever the resource provider shows.
        id=resource_id,
        name=name,
        type=kind.lower(),
        tenantId=subscription.tenant if subscription else "",
        kind="",
        resourceGroup=segments[4].lower() if len(segments) > 4 else "",
        subscriptionId=segments[2].lower(),
        managedBy="",
    )
    row.update({key: value for key, value in body.items() if key in row})
    row["tags"] = row["tags"] or None
    return row


def _machine(vm: Vm) -> Row:
    body = _holder(vm)
    power = instance_view(vm)["statuses"][-1]
    body["properties"] = {**body["properties"], "extended": {"instanceView": {"powerState": power}}}
    return body


def _holder(holder: Holder) -> Row:
    properties = {**holder.body.get("properties", {}), "provisioningState": holder.state}
    return {**holder.body, "location": holder.location, "properties": properties, "identity": holder.identity}


def _identity(item: UserIdentity) -> Row:
    properties = {"tenantId": item.tenant_id, **item.ids(), "isolationScope": item.isolation_scope}
    return {"location": item.location, "tags": item.tags, "properties": properties}


def _containers(store: Store) -> Iterator[tuple[str, Row]]:
    kind = "Microsoft.Resources/subscriptions"
    for item in store.subscriptions.values():
        body: Row = {"properties": {"state": "Enabled"}}
        yield f"{kind}/read", _row(store, f"/subscriptions/{item.id}", item.name, kind, body)
    kind = "Microsoft.Resources/subscriptions/resourceGroups"
    for group in store.groups.values():
        body = {"location": group.location, "tags": group.tags, "properties": {"provisioningState": "Succeeded"}}
        yield f"{kind}/read", _row(store, group.id, group.name, kind, body)
