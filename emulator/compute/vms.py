# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.Compute/virtualMachines: read, list, PATCH, PUT, DELETE."""

from __future__ import annotations

import re
from typing import Any

from ..cloud.model import Vm
from ..request.call import Call
from ..wire.answers import Answer, pretty
from ..wire.bodies import mapping
from ..wire.errors import ArmError
from . import operations, vm_parts, vm_write
from .common import changed_body, check_new, delete, find, listing, named, shown, wants_view
from .new_vm import blank_vm
from .vm_body import check_unchanged, without_nulls
from .vm_checks import check_image, check_login, check_size, without_secrets
from .vm_interfaces import create_configured
from .vm_references import check_disks, check_interfaces
from .vm_view import instance_view

__all__ = ["delete_vm", "get_vm", "instance_view_of", "list_vms", "patch_vm", "put_vm"]

_READS = {
    "x-ms-ratelimit-remaining-resource": "Microsoft.Compute/LowCostGetSubscriptionMaximum;23999,"
    "Microsoft.Compute/LowCostGetResource;35"
}
_LISTS = {"x-ms-ratelimit-remaining-resource": "Microsoft.Compute/HighCostGetSubscriptionMaximum;899"}
_UPDATES = {
    "Azure-AsyncNotification": "Enabled",
    "x-ms-ratelimit-remaining-resource": "Microsoft.Compute/UpdateVMSubscriptionMaximum;1499,"
    "Microsoft.Compute/UpdateVMResource;11",
}
_FILTER = re.compile(r"\s*'?virtualMachineScaleSet/id'?\s+eq\s+'([^']*)'\s*", re.IGNORECASE)


def get_vm(call: Call) -> Answer:
    """GET; `$expand=instanceView` adds the instance view; raises ArmError 404."""
    vm = find(call, call.store.vms, Vm)
    with_view = wants_view(call)
    return shown(call, vm, 200, _READS, instance_view(vm) if with_view else None)


def instance_view_of(call: Call) -> Answer:
    """GET of the instance view alone; raises ArmError 404."""
    return Answer(200, pretty(instance_view(find(call, call.store.vms, Vm))).encode(), dict(_READS))


def list_vms(call: Call) -> Answer:
    """List VMs of a group or a subscription; `$filter` can name a flexible scale set; raises ArmError 400.

    Instance views come with `statusOnly=true`, and, beside a filter, with `$expand=instanceView`.
    """
    vms = call.store.below(call.store.vms, call.path.scope)
    given = call.option("$filter")
    if call.option("$expand") and not given:
        message = "The query option '$expand' is supported only beside a '$filter'."
        raise ArmError(400, "BadRequest", message, gateway=False, pretty=True)
    with_view = wants_view(call, "instanceView") or call.option("statusOnly").lower() == "true"
    if given:
        wanted = _FILTER.fullmatch(given)
        if wanted is None:
            message = f"The $filter '{given}' is not supported."
            raise ArmError(400, "BadRequest", message, gateway=False, pretty=True)
        vms = [item for item in vms if vm_parts.scale_set_of(item[1]) == wanted[1].lower()]
    return listing(call, vms, _LISTS, instance_view if with_view else None)


def patch_vm(call: Call) -> Answer:
    """PATCH: merges identity and properties, replaces tags; 200 with an operation; raises ArmError."""
    return _update(call, find(call, call.store.vms, Vm), call.json(), replace=False)


def put_vm(call: Call) -> Answer:
    """PUT: creates (201) or updates (200); an identity block replaces the identity, none leaves it; raises ArmError."""
    vm = named(call, call.store.vms)
    body = without_nulls(call.json())
    return _create(call, body) if vm is None else _update(call, vm, body, replace=True)


def delete_vm(call: Call) -> Answer:
    """DELETE: 202 with an operation, the running one if it is being deleted already; 204 if there is no such VM."""
    return delete(call, call.store.vms, _UPDATES)


def _update(call: Call, vm: Vm, body: dict[str, Any], *, replace: bool) -> Answer:
    changed = without_secrets(changed_body(vm, body))
    after = vm_write.identity_after(call, vm, body.get("identity"), replace=replace)
    vm_write.check_writable(call, vm)
    check_unchanged(vm, mapping(body, "properties"))
    check_interfaces(call, vm.id, changed["properties"])
    check_disks(changed["properties"])
    check_size(call, vm.location, changed["properties"], vm)
    operation = vm_write.accept(call, vm, after)
    if changed != vm.body:
        vm.body = changed
        vm.text.clear()
        vm_parts.attach(call.store, vm)
    return shown(call, vm, 200, {**_UPDATES, **operations.headers(call, operation)})


def _create(call: Call, body: dict[str, Any]) -> Answer:
    location = check_new(call, body)
    properties = mapping(body, "properties")
    body = {**body, "tags": mapping(body, "tags"), "properties": properties}
    vm_id = f"{call.group_id}/providers/{Vm.kind}/{call.path.name}"
    vm = blank_vm(vm_id, location, body)
    after = vm_write.identity_after(call, vm, body.get("identity"), replace=True)
    check_login(properties)
    check_image(properties)
    check_size(call, vm.location, properties, None)
    check_interfaces(call, vm_id, properties)
    check_disks(properties)
    create_configured(call.store, vm)
    call.store.vms[vm_id.lower()] = vm
    # What a body leaves out, interfaces too, is made here; Azure would refuse.
    vm_parts.ensure(call.store, vm)
    operation = vm_write.accept(call, vm, after, kind="create")
    vm.etag = 1
    return shown(call, vm, 201, {**_UPDATES, **operations.headers(call, operation)})
