# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Power actions on VMs."""

from __future__ import annotations

from ..cloud.model import Vm
from ..request.call import Call
from ..wire.answers import Answer
from ..wire.errors import ArmError
from . import operations
from .common import find
from .vm_write import check_idle

__all__ = ["generalize", "power"]

_ACTIONS = {
    "Azure-AsyncNotification": "Enabled",
    "x-ms-ratelimit-remaining-resource": "Microsoft.Compute/VMActionsSubscriptionMaximum;1499,"
    "Microsoft.Compute/VMActionsResource;11",
}


def power(call: Call) -> Answer:
    """POST start, powerOff, restart or deallocate: 202 with an operation; raises ArmError 404 or 409."""
    vm = find(call, call.store.vms, Vm)
    kind = call.path.resource_id.rsplit("/", 1)[1].lower()
    if call.option("hibernate").lower() == "true" and kind == "deallocate":
        message = "The Hibernate-Deallocate Operation is not supported by this emulator."
        raise ArmError(409, "OperationNotAllowed", message, gateway=False, pretty=True)
    if vm.generalized and kind == "start":
        message = f"Operation 'start' is not allowed on VM '{vm.name}' since the VM is generalized."
        raise ArmError(409, "OperationNotAllowed", message, gateway=False, pretty=True)
    check_idle(call, vm, kind)
    operation = operations.begin(call, vm, kind)
    return Answer(202, b"", {**_ACTIONS, **operations.headers(call, operation, location=True)})


def generalize(call: Call) -> Answer:
    """POST generalize: 200; raises ArmError 404, or 409 for a running VM."""
    vm = find(call, call.store.vms, Vm)
    if vm.power == "running":
        message = (
            f"Operation 'generalize' is not allowed on VM '{vm.name}' since the VM is running. Please power off "
            "explicitly in case you shut down the VM from inside the guest operating system."
        )
        raise ArmError(409, "OperationNotAllowed", message, gateway=False, pretty=True)
    vm.generalized = True
    return Answer(200, b"", dict(_ACTIONS))
