# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Microsoft.Compute/virtualMachines: read, list, PATCH, PUT, DELETE."""

from __future__ import annotations

import typing as t

from . import operations, rbac
from .answers import Answer, pretty
from .call import Call
from .errors import (
    ArmError,
    compute_conflict,
    invalid_content,
    marked_for_deletion,
    precondition_failed,
    resource_not_found,
)
from .identity_errors import identity_slot_taken
from .identity_rules import Lookups, apply, read
from .linked import check_linked
from .model import Operation, Vm
from .new_vm import blank_vm
from .store import new_id
from .versions import has_etag
from .vm_view import instance_view, vm_list, vm_text

__all__ = ("delete_vm", "get_vm", "instance_view_of", "list_vms", "patch_vm", "put_vm")

_READS = {
    "x-ms-ratelimit-remaining-resource": "Microsoft.Compute/LowCostGetSubscriptionMaximum;23999,"
    "Microsoft.Compute/LowCostGetResource;35"
}
_LISTS = {"x-ms-ratelimit-remaining-resource": "Microsoft.Compute/HighCostGetSubscriptionMaximum;899"}
_UPDATES = {
    "x-ms-ratelimit-remaining-resource": "Microsoft.Compute/UpdateVMSubscriptionMaximum;1499,"
    "Microsoft.Compute/UpdateVMResource;11"
}


def get_vm(call: Call) -> Answer:
    """GET; `$expand=instanceView` adds the instance view; raises ArmError 404."""
    vm = _find(call)
    with_view = call.query.get("$expand", "").lower() == "instanceview"
    return _shown(call, vm, 200, _READS, with_view=with_view)


def instance_view_of(call: Call) -> Answer:
    """GET of the instance view alone."""
    return Answer(200, pretty(instance_view(_find(call))).encode(), dict(_READS))


def list_vms(call: Call) -> Answer:
    """List the VMs of a group or a subscription that the caller may read, page by page."""
    scope = call.path.resource_id.lower().partition("/providers/")[0]
    vms = [
        (key, vm)
        for key, vm in call.store.below(call.store.vms, scope)
        if rbac.allowed(call.caller, "Microsoft.Compute/virtualMachines/read", vm.id)
    ]
    page, link = call.page(vms)
    texts = [vm_text(operations.settle(call.store, vm, call.now), call.version) for vm in page]
    return Answer(200, vm_list(texts, link), dict(_LISTS))


def patch_vm(call: Call) -> Answer:
    """PATCH: merges identity, tags and properties; 200 with an operation; raises ArmError."""
    vm = _find(call)
    body = call.json()
    after = _identity_after(call, vm, body, replace=False)
    _check_writable(call, vm)
    operation = _accept(call, vm, after)
    if isinstance(body.get("tags"), dict):
        vm.body["tags"] = dict(body["tags"])
        vm.text.clear()
    if isinstance(body.get("properties"), dict):
        vm.body["properties"] = _merged(vm.body["properties"], body["properties"])
        vm.text.clear()
    return _shown(call, vm, 200, _announced(call, operation))


def put_vm(call: Call) -> Answer:
    """PUT: creates (201) or updates (200); an identity block replaces the identity, none leaves it; raises ArmError."""
    vm = call.store.vms.get(call.path.resource_id.lower())
    body = call.json()
    if vm is None:
        return _create(call, body)
    operations.settle(call.store, vm, call.now)
    after = _identity_after(call, vm, body, replace=True)
    _check_writable(call, vm)
    operation = _accept(call, vm, after)
    if isinstance(body.get("tags"), dict):
        vm.body["tags"] = dict(body["tags"])
    vm.body["properties"] = _merged(vm.body["properties"], body.get("properties") or {})
    vm.text.clear()
    return _shown(call, vm, 200, _announced(call, operation))


def delete_vm(call: Call) -> Answer:
    """DELETE: 202 with an operation; 204 if there is no such VM."""
    vm = call.store.vms.get(call.path.resource_id.lower())
    if vm is None:
        return Answer(204)
    operations.settle(call.store, vm, call.now)
    operations.preempt(call.store, vm, call.now)
    operation = operations.begin(call, vm, "delete")
    found = operations.headers(call, operation, location=True)
    return Answer(202, b"", {**found, "Azure-AsyncNotification": "Enabled"})


def _create(call: Call, body: dict[str, t.Any]) -> Answer:
    if not isinstance(body.get("location"), str):
        message = "The location property is required for this definition."
        raise ArmError(400, "LocationRequired", message)
    if "If-Match" in call.headers:
        raise precondition_failed(call.headers["If-Match"], 0)
    vm = blank_vm(
        f"{call.group_id}/providers/Microsoft.Compute/virtualMachines/{call.path.name}", body["location"], body
    )
    vm.identity = _identity_after(call, vm, body, replace=True)
    call.store.vms[vm.id.lower()] = vm
    operation = operations.begin(call, vm, "create")
    operation.before = None
    return _shown(call, vm, 201, _announced(call, operation))


def _find(call: Call) -> Vm:
    # A child such as .../instanceView hangs on the VM's own ID.
    vm_id = "/".join(call.path.resource_id.split("/")[:9])
    vm = call.store.vms.get(vm_id.lower())
    if vm is not None:
        operations.settle(call.store, vm, call.now)
        vm = call.store.vms.get(vm_id.lower())
    if vm is None:
        raise resource_not_found("Microsoft.Compute/virtualMachines", call.path.names[0], call.path.group)
    return vm


def _check_writable(call: Call, vm: Vm) -> None:
    if any(operation.kind == "delete" for operation in vm.pending):
        raise marked_for_deletion("Update VM" if call.method == "PATCH" else "Create or Update VM", vm.name)
    if call.version >= "2023-09-01":
        _check_conditions(call, vm)
    if vm.pending and call.settings.concurrency == "conflict":
        raise compute_conflict()


def _check_conditions(call: Call, vm: Vm) -> None:
    given, unwanted = call.headers.get("If-Match"), call.headers.get("If-None-Match")
    if given is not None and given != "*" and given.strip('"') != str(vm.etag):
        raise precondition_failed(given, vm.etag)
    if unwanted is not None and unwanted.strip('"') in ("*", str(vm.etag)):
        raise _none_match(vm)


def _none_match(vm: Vm) -> ArmError:
    message = f'Etag provided in if-none-match header matches etag "{vm.etag}" of resource.'
    return ArmError(412, "PreconditionFailed", message, gateway=False, pretty=True)


def _identity_after(call: Call, vm: Vm, body: dict[str, t.Any], *, replace: bool) -> dict[str, t.Any] | None:
    if body.get("identity") is None:
        return vm.identity
    request = read(body["identity"], vm.identity, ignore_map=call.settings.map_with_system_assigned == "ignore")
    check_linked(call, request.named, vm.id)
    tenant = call.store.subscriptions[call.path.subscription.lower()].tenant
    look = Lookups(vm.id, tenant, call.store.identity_ids, new_id)
    after = apply(vm.identity, request, look, replace=replace)
    gains = "principalId" in (after or {}) and "principalId" not in (vm.identity or {})
    if gains and call.now < vm.system_disabled_at + call.settings.identity_slot_seconds:
        raise identity_slot_taken(vm.id)
    return after


def _accept(call: Call, vm: Vm, after: dict[str, t.Any] | None) -> Operation:
    had, has = "principalId" in (vm.identity or {}), "principalId" in (after or {})
    if call.settings.concurrency == "preempt":
        operations.preempt(call.store, vm, call.now)
    operation = operations.begin(call, vm, "write")
    if has != had:
        vm.system_client_id = new_id() if has else ""
        vm.system_disabled_at = vm.system_disabled_at if has else call.now
    vm.identity = after
    vm.etag += 1
    return operation


def _announced(call: Call, operation: Operation) -> dict[str, str]:
    return {"Azure-AsyncNotification": "Enabled", **_UPDATES, **operations.headers(call, operation)}


def _shown(call: Call, vm: Vm, status: int, headers: dict[str, str], *, with_view: bool = False) -> Answer:
    shown = dict(headers)
    if has_etag(call.version):
        shown["ETag"] = f'"{vm.etag}"'
    return Answer(status, vm_text(vm, call.version, with_view=with_view).encode(), shown)


def _merged(old: dict[str, t.Any], new: dict[str, t.Any]) -> dict[str, t.Any]:
    if not isinstance(new, dict):
        raise invalid_content("Error converting value to a JSON object. Path 'properties'.")
    merged = dict(old)
    for name, value in new.items():
        both = isinstance(value, dict) and isinstance(old.get(name), dict)
        merged[name] = _merged(old[name], value) if both else value
    merged.pop("provisioningState", None)
    return merged
