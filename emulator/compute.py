# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.Compute/virtualMachines: read, list, PATCH, PUT, DELETE."""

from __future__ import annotations

import typing as t

from . import operations, rbac, vm_write
from .answers import Answer, pretty
from .call import Call, mapping
from .errors import ArmError, precondition_failed, resource_not_found
from .model import Vm
from .new_vm import blank_vm
from .versions import has_etag
from .vm_view import instance_view, vm_list, vm_text

__all__ = ("delete_vm", "get_vm", "instance_view_of", "list_vms", "patch_vm", "put_vm")

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


def get_vm(call: Call) -> Answer:
    """GET; `$expand=instanceView` adds the instance view; raises ArmError 404."""
    vm = _find(call)
    with_view = call.query.get("$expand", "").lower() == "instanceview"
    return _shown(call, vm, 200, _READS, with_view=with_view)


def instance_view_of(call: Call) -> Answer:
    """GET of the instance view alone; raises ArmError 404."""
    return Answer(200, pretty(instance_view(_find(call))).encode(), dict(_READS))


def list_vms(call: Call) -> Answer:
    """List the VMs of a group or a subscription that the caller may read, page by page."""
    vms = [
        (key, vm)
        for key, vm in call.store.below(call.store.vms, call.path.scope)
        if rbac.allowed(call.caller, "Microsoft.Compute/virtualMachines/read", vm.id)
    ]
    page, link = call.page(vms)
    texts = [vm_text(operations.settle(call.store, vm, call.now), call.version) for vm in page]
    return Answer(200, vm_list(texts, link), dict(_LISTS))


def patch_vm(call: Call) -> Answer:
    """PATCH: merges identity and properties, replaces tags; 200 with an operation; raises ArmError."""
    vm = _find(call)
    body = call.json()
    changed = _body_after(vm, body)
    after = vm_write.identity_after(call, vm, body.get("identity"), replace=False)
    vm_write.check_writable(call, vm)
    operation = vm_write.accept(call, vm, after)
    if changed != vm.body:
        vm.body = changed
        vm.text.clear()
    return _shown(call, vm, 200, {**_UPDATES, **operations.headers(call, operation)})


def put_vm(call: Call) -> Answer:
    """PUT: creates (201) or updates (200); an identity block replaces the identity, none leaves it; raises ArmError."""
    vm = call.store.vms.get(call.path.resource_id.lower())
    if vm is not None:
        operations.settle(call.store, vm, call.now)
        vm = call.store.vms.get(call.path.resource_id.lower())
    body = call.json()
    if vm is None:
        return _create(call, body)
    changed = _body_after(vm, body)
    after = vm_write.identity_after(call, vm, body.get("identity"), replace=True)
    vm_write.check_writable(call, vm)
    operation = vm_write.accept(call, vm, after)
    vm.body = changed
    vm.text.clear()
    return _shown(call, vm, 200, {**_UPDATES, **operations.headers(call, operation)})


def delete_vm(call: Call) -> Answer:
    """DELETE: 202 with an operation, the running one if it is being deleted already; 204 if there is no such VM."""
    vm = call.store.vms.get(call.path.resource_id.lower())
    if vm is not None:
        operations.settle(call.store, vm, call.now)
    if vm is None or vm.id.lower() not in call.store.vms:
        return Answer(204)
    operation = next((item for item in vm.pending if item.kind == "delete"), None)
    if operation is None:
        operations.preempt(call.store, vm, call.now)
        operation = operations.begin(call, vm, "delete")
    return Answer(202, b"", {**_UPDATES, **operations.headers(call, operation, location=True)})


def _create(call: Call, body: dict[str, t.Any]) -> Answer:
    if not isinstance(body.get("location"), str):
        message = "The location property is required for this definition."
        raise ArmError(400, "LocationRequired", message)
    if "If-Match" in call.headers:
        raise precondition_failed(call.headers["If-Match"], 0)
    body = {**body, "tags": mapping(body, "tags"), "properties": mapping(body, "properties")}
    vm_id = f"{call.group_id}/providers/Microsoft.Compute/virtualMachines/{call.path.name}"
    vm = blank_vm(vm_id, body["location"], body)
    after = vm_write.identity_after(call, vm, body.get("identity"), replace=True)
    call.store.vms[vm_id.lower()] = vm
    operation = vm_write.accept(call, vm, after, kind="create")
    vm.etag = 1
    return _shown(call, vm, 201, {**_UPDATES, **operations.headers(call, operation)})


def _find(call: Call) -> Vm:
    # A child such as .../instanceView hangs on the VM's own ID.
    vm_id = "/".join(call.path.resource_id.split("/")[:9]).lower()
    vm = call.store.vms.get(vm_id)
    if vm is not None and vm.pending:
        operations.settle(call.store, vm, call.now)
        vm = call.store.vms.get(vm_id)
    if vm is None:
        raise resource_not_found("Microsoft.Compute/virtualMachines", call.path.names[0], call.path.group)
    return vm


def _shown(call: Call, vm: Vm, status: int, headers: dict[str, str], *, with_view: bool = False) -> Answer:
    shown = dict(headers)
    if has_etag(call.version):
        shown["ETag"] = f'"{vm.etag}"'
    return Answer(status, vm_text(vm, call.version, with_view=with_view).encode(), shown)


def _body_after(vm: Vm, body: dict[str, t.Any]) -> dict[str, t.Any]:
    changed = dict(vm.body)
    if body.get("tags") is not None:
        changed["tags"] = mapping(body, "tags")
    changed["properties"] = _merged(vm.body["properties"], mapping(body, "properties"))
    changed["properties"].pop("provisioningState", None)
    return changed


def _merged(old: dict[str, t.Any], new: dict[str, t.Any]) -> dict[str, t.Any]:
    merged = dict(old)
    for name, value in new.items():
        both = isinstance(value, dict) and isinstance(old.get(name), dict)
        merged[name] = _merged(old[name], value) if both else value
    return merged
