# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.Compute/virtualMachineScaleSets: read, list, PATCH, PUT, DELETE."""

from __future__ import annotations

import uuid
from typing import Any

from ..cloud.identity_errors import no_system_identity
from ..cloud.identity_rules import Identity
from ..cloud.model import ScaleSet
from ..request.call import Call
from ..wire.answers import Answer, pretty
from ..wire.bodies import mapping
from ..wire.errors import ArmError
from . import operations, scale_model, vm_write
from .common import changed_body, check_new, delete, find, listing, named, shown, wants_view
from .vm_checks import check_image, check_login

__all__ = [
    "blank_scale_set",
    "delete_scale_set",
    "get_scale_set",
    "instance_view_of",
    "list_scale_sets",
    "patch_scale_set",
    "put_scale_set",
]

_READS = {"x-ms-ratelimit-remaining-resource": "Microsoft.Compute/GetVMScaleSetResource;35"}
_LISTS = {"x-ms-ratelimit-remaining-resource": "Microsoft.Compute/HighCostGetVMScaleSetSubscriptionMaximum;899"}
_UPDATES = {
    "Azure-AsyncNotification": "Enabled",
    "x-ms-ratelimit-remaining-resource": "Microsoft.Compute/CreateVMScaleSetSubscriptionMaximum;374,"
    "Microsoft.Compute/CreateVMScaleSetResource;11",
}
_NAMESPACE = uuid.UUID("3f0b7b7e-51a9-4f37-9d0e-9a4f0f3c6d11")


def get_scale_set(call: Call) -> Answer:
    """GET; `$expand` can ask for user data, which is in the properties anyway; raises ArmError 400 and 404."""
    wants_view(call, "userData")
    return shown(call, find(call, call.store.scale_sets, ScaleSet), 200, _READS)


def instance_view_of(call: Call) -> Answer:
    """GET of the instance view: how many instances are in which state; raises ArmError 404."""
    found = find(call, call.store.scale_sets, ScaleSet)
    count = len(scale_model.members(call.store, found)) if found.flexible else len(found.instances)
    summary = [{"code": f"ProvisioningState/{found.state.lower()}", "count": count}]
    status = {"code": f"ProvisioningState/{found.state.lower()}", "level": "Info"}
    body = {
        "virtualMachine": {"statusesSummary": summary},
        "statuses": [{**status, "displayStatus": f"Provisioning {found.state.lower()}"}],
    }
    return Answer(200, pretty(body).encode(), dict(_READS))


def list_scale_sets(call: Call) -> Answer:
    """List the scale sets of a group or a subscription that the caller may read, page by page."""
    return listing(call, call.store.below(call.store.scale_sets, call.path.scope), _LISTS)


def patch_scale_set(call: Call) -> Answer:
    """PATCH: merges identity, properties and SKU, replaces tags; 200 with an operation; raises ArmError."""
    return _update(call, find(call, call.store.scale_sets, ScaleSet), call.json(), replace=False)


def put_scale_set(call: Call) -> Answer:
    """PUT: creates (201) or updates (200); an identity block replaces the identity, none leaves it; raises ArmError."""
    found = named(call, call.store.scale_sets)
    body = call.json()
    return _create(call, body) if found is None else _update(call, found, body, replace=True)


def delete_scale_set(call: Call) -> Answer:
    """DELETE with all instances: 202 with an operation; 204 if there is no such scale set."""
    return delete(call, call.store.scale_sets, _UPDATES)


def blank_scale_set(scale_set_id: str, location: str, body: dict[str, Any]) -> ScaleSet:
    """Return a scale set with the given ID; a PUT's body fills or replaces the defaults."""
    name = scale_set_id.rsplit("/", 1)[1]
    given = {key: value for key, value in mapping(body, "properties").items() if key != "provisioningState"}
    flexible = given.get("orchestrationMode") == "Flexible"
    # A flexible scale set has no upgrade policy of its own: its VMs are changed one by one.
    policy = {} if flexible else {"upgradePolicy": {"mode": "Manual"}, "overprovision": True}
    properties = {
        "singlePlacementGroup": not flexible,
        "orchestrationMode": "Uniform",
        **policy,
        "uniqueId": str(uuid.uuid5(_NAMESPACE, scale_set_id.lower())),
        "platformFaultDomainCount": 1 if flexible else 5,
        "timeCreated": "2026-01-12T08:56:31.4581945+00:00",
        **given,
    }
    sku = {"name": "Standard_D2s_v5", "tier": "Standard", "capacity": 0, **mapping(body, "sku")}
    shown_body = {"tags": mapping(body, "tags"), "sku": sku, "properties": properties}
    shown_body.update({key: body[key] for key in ("plan", "zones", "extendedLocation") if key in body})
    return ScaleSet(
        id=scale_set_id,
        name=name,
        group=scale_set_id.split("/")[4],
        location=location.replace(" ", "").lower(),
        body=_without_secrets(shown_body),
    )


def _update(call: Call, found: ScaleSet, body: dict[str, Any], *, replace: bool) -> Answer:
    changed = _without_secrets(changed_body(found, body, also=("sku",)))
    _check(changed, found)
    after = _identity_after(call, found, body, replace=replace)
    vm_write.check_writable(call, found)
    operation = vm_write.accept(call, found, after)
    if changed != found.body:
        found.body = changed
        found.text.clear()
    return shown(call, found, 200, {**_UPDATES, **operations.headers(call, operation)})


def _create(call: Call, body: dict[str, Any]) -> Answer:
    location = check_new(call, body)
    found = blank_scale_set(f"{call.group_id}/providers/{ScaleSet.kind}/{call.path.name}", location, body)
    after = _identity_after(call, found, body, replace=True)
    profile = mapping(mapping(body, "properties"), "virtualMachineProfile")
    check_login(profile)
    check_image(profile)
    _check(found.body, None)
    call.store.scale_sets[found.id.lower()] = found
    operation = vm_write.accept(call, found, after, kind="create")
    found.etag = 1
    return shown(call, found, 201, {**_UPDATES, **operations.headers(call, operation)})


def _identity_after(call: Call, found: ScaleSet, body: dict[str, Any], *, replace: bool) -> Identity | None:
    """The identity after a write; Compute, behind the front door, gives flexible sets no system-assigned one."""
    after = vm_write.identity_after(call, found, body.get("identity"), replace=replace)
    if found.flexible and after is not None and "principalId" in after:
        raise no_system_identity(after["type"])
    return after


def _check(body: dict[str, Any], old: ScaleSet | None) -> None:
    capacity = body["sku"].get("capacity")
    if isinstance(capacity, bool) or not isinstance(capacity, int) or not 0 <= capacity <= 1000:
        raise _refused(400, "InvalidParameter", "The value of parameter sku.capacity is invalid.", "sku.capacity")
    mode = body["properties"].get("orchestrationMode")
    if old is not None and mode != old.body["properties"].get("orchestrationMode"):
        message = "Changing property 'orchestrationMode' is not allowed."
        raise _refused(409, "PropertyChangeNotAllowed", message, "orchestrationMode")


def _refused(status: int, code: str, message: str, target: str) -> ArmError:
    return ArmError(status, code, message, gateway=False, pretty=True, extra={"target": target})


def _without_secrets(body: dict[str, Any]) -> dict[str, Any]:
    profile = body["properties"].get("virtualMachineProfile")
    system = profile.get("osProfile") if isinstance(profile, dict) else None
    if not isinstance(system, dict) or not {"adminPassword", "customData"} & set(system):
        return body
    kept = {name: value for name, value in system.items() if name not in ("adminPassword", "customData")}
    model = {**profile, "osProfile": kept}
    return {**body, "properties": {**body["properties"], "virtualMachineProfile": model}}
