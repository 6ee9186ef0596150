# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ARM's own resources: tenants, subscriptions, resource groups."""

from __future__ import annotations

from typing import Any

from ..cloud.model import Group, Subscription
from ..cloud.store import new_id
from ..request.call import Call, mapping
from ..rights import rbac
from ..wire.answers import Answer, json_answer
from ..wire.errors import ArmError, authorization_failed, group_not_found
from ..wire.versions import LOCATIONS
from .tag_filter import has_tag, read_tag_filter

__all__ = [
    "delete_group",
    "end_of_deletion",
    "get_group",
    "get_subscription",
    "group_view",
    "head_group",
    "list_groups",
    "list_locations",
    "list_subscriptions",
    "list_tenants",
    "patch_group",
    "put_group",
    "subscription_view",
]

_READ = "Microsoft.Resources/subscriptions/resourceGroups/read"
_FORCED = ("microsoft.compute/virtualmachines", "microsoft.compute/virtualmachinescalesets")


def list_tenants(call: Call) -> Answer:
    """List the tenant of the caller."""
    tenant_id = call.caller.tenant
    tenant = call.store.tenants[tenant_id]
    item = {
        "id": f"/tenants/{tenant_id}",
        "tenantId": tenant_id,
        "displayName": tenant["name"],
        "defaultDomain": tenant["domain"],
        "domains": [tenant["domain"]],
        "tenantCategory": "Home",
    }
    return json_answer(200, {"value": [item]})


def list_subscriptions(call: Call) -> Answer:
    """List the subscriptions of the caller's tenant in which the caller may do something."""
    found = [
        subscription_view(item)
        for item in call.store.subscriptions.values()
        if item.tenant == call.caller.tenant and rbac.present(call.caller, f"/subscriptions/{item.id}")
    ]
    return json_answer(200, {"value": found, "count": {"type": "Total", "value": len(found)}})


def get_subscription(call: Call) -> Answer:
    """GET of one subscription; raises ArmError 403 for a caller who has no role in it."""
    caller, scope = call.caller, call.path.resource_id
    if not rbac.present(caller, scope):
        action = "Microsoft.Resources/subscriptions/read"
        raise authorization_failed(caller.shown, caller.object_id, action, scope)
    return json_answer(200, subscription_view(call.store.subscriptions[call.path.subscription.lower()]))


def list_locations(call: Call) -> Answer:
    """List the locations of a subscription."""
    prefix = f"/subscriptions/{call.path.subscription}/locations"
    value = [{"id": f"{prefix}/{name}", "name": name, "displayName": name, "type": "Region"} for name in LOCATIONS]
    return json_answer(200, {"value": value})


def list_groups(call: Call) -> Answer:
    """List the resource groups that the caller may read, page by page.

    `$filter` can name a tag and its value, nothing else (azure-rest-api-specs#3853); raises ArmError 400.
    """
    tag, value = read_tag_filter(call.option("$filter"))
    groups = [
        (key, group)
        for key, group in call.store.below(call.store.groups, f"/subscriptions/{call.path.subscription}")
        if rbac.allowed_below(call.caller, _READ, group.id) and has_tag(group.tags, tag, value)
    ]
    page, link = call.page(groups, top=True)
    body: dict[str, Any] = {"value": [group_view(group, call.version) for group in page]}
    return json_answer(200, {**body, "nextLink": link} if link else body)


def get_group(call: Call) -> Answer:
    """GET of a resource group; raises ArmError 404."""
    return json_answer(200, group_view(_find(call), call.version))


def head_group(call: Call) -> Answer:
    """HEAD: 204 if the group is there, else 404."""
    return Answer(204 if call.group_id.lower() in call.store.groups else 404)


def put_group(call: Call) -> Answer:
    """PUT: 201 for a new group, 200 for an existing one; raises ArmError 400 and 409."""
    body = _body(call)
    location = body.get("location")
    if not isinstance(location, str):
        raise ArmError(400, "LocationRequired", "The location property is required for this definition.")
    location = location.replace(" ", "").lower()
    found = call.store.groups.get(call.group_id.lower())
    if found is not None and found.location != location:
        raise ArmError(
            409,
            "InvalidResourceGroupLocation",
            f"Invalid resource group location '{location}'. The Resource group already exists in location "
            f"'{found.location}'.",
        )
    group = Group(call.group_id, call.path.group, location, mapping(body, "tags"))
    if found is not None:
        group = Group(found.id, found.name, location, group.tags)
    call.store.groups[call.group_id.lower()] = group
    return json_answer(200 if found else 201, group_view(group, call.version))


def patch_group(call: Call) -> Answer:
    """PATCH of the tags; raises ArmError 404."""
    found = _find(call)
    body = _body(call)
    if "tags" in body:
        found.tags = mapping(body, "tags")
    return json_answer(200, group_view(found, call.version))


def delete_group(call: Call) -> Answer:
    """DELETE of a group and all in it: 202, and by the first look at its Location it is done; raises ArmError 404.

    `forceDeletionTypes` can name VMs and scale sets, whose deletion is as quick without; raises ArmError 400.
    """
    for kind in filter(None, call.option("forceDeletionTypes").split(",")):
        if kind.lower() not in _FORCED:
            raise ArmError(400, "InvalidForceDeletionType", f"The type '{kind}' of 'forceDeletionTypes' is invalid.")
    call.store.forget_group(_find(call).id)
    job = f"R{new_id().upper()}-{call.path.group.upper()}"
    prefix = f"{call.base_url}/subscriptions/{call.path.subscription}/operationresults"
    return Answer(202, b"", {"Location": f"{prefix}/{job}?api-version={call.version}"})


def end_of_deletion(_call: Call) -> Answer:
    """GET of a deletion's Location."""
    return Answer(200)


def _body(call: Call) -> dict[str, Any]:
    """Return the body of a write; raises ArmError 400 for what Azure keeps and this does not."""
    body = call.json()
    if body.get("managedBy"):
        raise ArmError(400, "BadRequest", "The property 'managedBy' is not supported by this emulator.")
    return body


def _find(call: Call) -> Group:
    found = call.store.groups.get(call.group_id.lower())
    if found is None:
        raise group_not_found(call.path.group)
    return found


def group_view(group: Group, version: str) -> dict[str, Any]:
    """Return a resource group as an api-version shows it."""
    kind = {"type": "Microsoft.Resources/resourceGroups"} if version >= "2019-05-01" else {}
    return {
        "id": group.id,
        "name": group.name,
        **kind,
        "location": group.location,
        "tags": group.tags,
        "properties": {"provisioningState": "Succeeded"},
    }


def subscription_view(item: Subscription) -> dict[str, Any]:
    """Return a subscription as ARM shows it."""
    return {
        "id": f"/subscriptions/{item.id}",
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionId": item.id,
        "tenantId": item.tenant,
        "displayName": item.name,
        "state": "Enabled",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
    }
