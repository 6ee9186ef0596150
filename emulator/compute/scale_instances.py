# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The instances of a uniform scale set: list, read, and `manualupgrade` to the latest model."""

from __future__ import annotations

from typing import Any

from ..cloud.model import Instance, ScaleSet
from ..request.call import Call
from ..wire.answers import Answer, pretty
from ..wire.errors import ArmError, compute_conflict, marked_for_deletion
from ..wire.versions import has_etag
from . import operations
from .common import find, wants_view
from .scale_model import is_current

__all__ = ["get_instance", "instance_view_of_instance", "list_instances", "upgrade"]

_READS = {"x-ms-ratelimit-remaining-resource": "Microsoft.Compute/GetVMScaleSetVMResource;35"}
_ACTIONS = {
    "Azure-AsyncNotification": "Enabled",
    "x-ms-ratelimit-remaining-resource": "Microsoft.Compute/VMScaleSetActionsSubscriptionMaximum;1499,"
    "Microsoft.Compute/VMScaleSetActionsResource;11",
}


def list_instances(call: Call) -> Answer:
    """List the instances, page by page; raises ArmError 404."""
    found = _uniform(call)
    items = [(number.zfill(8), instance) for number, instance in sorted(found.instances.items(), key=_by_number)]
    page, link = call.page(items)
    with_view = wants_view(call, "instanceView")
    body: dict[str, Any] = {"value": [_shown(call, found, instance, with_view) for instance in page]}
    return Answer(200, pretty({**body, "nextLink": link} if link else body).encode(), dict(_READS))


def get_instance(call: Call) -> Answer:
    """GET of an instance; raises ArmError 404."""
    found = _uniform(call)
    instance = _instance(call, found)
    with_view = wants_view(call)
    headers = {**_READS, "ETag": f'"{found.etag}"'} if has_etag(call.version) else _READS
    return Answer(200, pretty(_shown(call, found, instance, with_view)).encode(), dict(headers))


def instance_view_of_instance(call: Call) -> Answer:
    """GET of an instance's view alone; raises ArmError 404."""
    found = _uniform(call)
    return Answer(200, pretty(_view(found, _instance(call, found))).encode(), dict(_READS))


def upgrade(call: Call) -> Answer:
    """POST manualupgrade: 202 with an operation; raises ArmError 400 or 404, and 409 while another one is running."""
    found = _uniform(call)
    wanted = call.json().get("instanceIds")
    if not isinstance(wanted, list) or not wanted:
        raise _refused("Required parameter 'instanceIds' is missing (null).")
    numbers = tuple(found.instances) if "*" in wanted else tuple(str(number) for number in wanted)
    for number in numbers:
        if number not in found.instances:
            raise _refused(
                f"The provided instanceId {number} is not an active Virtual Machine Scale Set VM instanceId."
            )
    if any(operation.kind == "delete" for operation in found.pending):
        raise marked_for_deletion("Manual Upgrade", found.title, found.name)
    if found.pending:
        raise compute_conflict()
    operation = operations.begin(call, found, "upgrade", numbers)
    return Answer(202, b"", {**_ACTIONS, **operations.headers(call, operation, location=True)})


def _uniform(call: Call) -> ScaleSet:
    found = find(call, call.store.scale_sets, ScaleSet)
    if found.flexible:
        message = "This operation is not supported on a Virtual Machine Scale Set with Flexible orchestration mode. "
        message += "Use the Virtual Machine APIs on its instances."
        raise ArmError(400, "OperationNotAllowed", message, gateway=False, pretty=True)
    return found


def _instance(call: Call, found: ScaleSet) -> Instance:
    instance = found.instances.get(call.path.names[1])
    if instance is None:
        message = "The entity was not found in this Azure location."
        raise ArmError(404, "NotFound", message, gateway=False, pretty=True)
    return instance


def _shown(call: Call, found: ScaleSet, instance: Instance, with_view: bool) -> dict[str, Any]:
    name = f"{found.name}_{instance.number}"
    model = {key: value for key, value in instance.profile.items() if key not in ("networkProfile", "extensionProfile")}
    system = model.get("osProfile")
    if isinstance(system, dict):
        prefix = system.get("computerNamePrefix") or found.name
        rest = {key: value for key, value in system.items() if key != "computerNamePrefix"}
        model["osProfile"] = {"computerName": f"{prefix}{int(instance.number):06d}", **rest}
    sku = found.body["sku"]
    properties = {
        "latestModelApplied": is_current(found, instance),
        "modelDefinitionApplied": "VirtualMachineScaleSet",
        "hardwareProfile": {"vmSize": sku.get("name")},
        "vmId": instance.vm_id,
        **model,
        "provisioningState": found.state,
        "timeCreated": found.body["properties"].get("timeCreated", ""),
        **({"instanceView": _view(found, instance)} if with_view else {}),
    }
    return {
        "name": name,
        "instanceId": instance.number,
        "id": f"{found.id}/virtualMachines/{instance.number}",
        "type": f"{found.kind}/virtualMachines",
        "location": found.location,
        "tags": found.body.get("tags") or {},
        "sku": {"name": sku.get("name"), "tier": sku.get("tier")},
        **({"identity": instance.identity} if instance.identity else {}),
        "properties": properties,
        **({"etag": f'"{found.etag}"'} if has_etag(call.version) else {}),
    }


def _view(found: ScaleSet, instance: Instance) -> dict[str, Any]:
    state = {"code": f"ProvisioningState/{found.state.lower()}", "level": "Info"}
    power = {"code": f"PowerState/{instance.power}", "level": "Info", "displayStatus": f"VM {instance.power}"}
    return {"statuses": [{**state, "displayStatus": f"Provisioning {found.state.lower()}"}, power]}


def _by_number(item: tuple[str, Instance]) -> int:
    return int(item[0])


def _refused(message: str) -> ArmError:
    extra = {"target": "instanceIds"}
    return ArmError(400, "InvalidParameter", message, gateway=False, pretty=True, extra=extra)
