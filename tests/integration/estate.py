# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of the estate that the emulator is seeded with, tasks on it, and what its log shows of them."""

from __future__ import annotations

from typing import Any

from tests.support.emulator import Emulator

__all__ = [
    "OTHER_SUBSCRIPTION",
    "SUBSCRIPTION",
    "TENANT",
    "calls",
    "federated",
    "identity",
    "identity_id",
    "identity_info",
    "info",
    "names",
    "rights",
    "scale_set",
    "system",
    "user",
    "vm_id",
    "vmss_id",
]

TENANT = "5a1d6c3e-0b7f-4f3c-9c53-0f4e1d2b8a10"
SUBSCRIPTION = "11111111-2222-4333-8444-555555555555"
OTHER_SUBSCRIPTION = "22222222-3333-4444-8555-666666666666"
_KEYWORDS = ("check_mode", "diff", "environment", "ignore_errors", "loop", "vars")


def identity_id(name: str, group: str = "rg-web", subscription: str = SUBSCRIPTION) -> str:
    """The ID of a user-assigned identity."""
    provider = "Microsoft.ManagedIdentity/userAssignedIdentities"
    return f"/subscriptions/{subscription}/resourceGroups/{group}/providers/{provider}/{name}"


def vm_id(name: str, group: str = "rg-web", subscription: str = SUBSCRIPTION) -> str:
    """The ID of a VM."""
    return f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachines/{name}"


def vmss_id(name: str, group: str = "rg-web", subscription: str = SUBSCRIPTION) -> str:
    """The ID of a scale set."""
    return vm_id(name, group, subscription).replace("/virtualMachines/", "/virtualMachineScaleSets/")


def scale_set(module: str, title: str, name: str = "", /, **options: Any) -> dict[str, Any]:
    """A task of a vmss_* module on a scale set of the group rg-web; keywords of the task may be among the options."""
    return _task(f"vmss_{module}", title, name, options)


def _task(module: str, name: str, vm: str, options: dict[str, Any]) -> dict[str, Any]:
    keywords = {key: options.pop(key) for key in _KEYWORDS if key in options}
    where = {"resource_group": "rg-web", "name": vm} if vm else {}
    return {"name": name, f"managed_identity.azure.{module}": {**where, **options}, **keywords}


def system(title: str, vm: str = "", /, **options: Any) -> dict[str, Any]:
    """A task of vm_system_identity on a VM of the group rg-web; keywords of the task may be among the options."""
    return _task("vm_system_identity", title, vm, options)


def user(title: str, vm: str = "", /, *identities: str, **options: Any) -> dict[str, Any]:
    """A task of vm_user_identity on a VM of the group rg-web; keywords of the task may be among the options."""
    return _task("vm_user_identity", title, vm, {"identities": list(identities), **options})


def info(title: str, /, **options: Any) -> dict[str, Any]:
    """A task of vm_identity_info; keywords of the task may be among the options."""
    return _task("vm_identity_info", title, "", options)


def identity(title: str, which: str = "", /, **options: Any) -> dict[str, Any]:
    """A task of user_assigned_identity: on one of the group rg-web, or by an ID; keywords may be among the options."""
    if which.startswith("/"):
        options["identity_id"] = which
    elif which:
        options = {"resource_group": "rg-web", "name": which, **options}
    given = {name: value for name, value in options.items() if value is not None}
    return _task("user_assigned_identity", title, "", given)


def identity_info(title: str, /, **options: Any) -> dict[str, Any]:
    """A task of user_assigned_identity_info; keywords of the task may be among the options."""
    return _task("user_assigned_identity_info", title, "", options)


def federated(title: str, identity: str = "id-web", /, *credentials: dict[str, Any], **options: Any) -> dict[str, Any]:
    """A task of federated_credential; a bare name is in the group rg-web; keywords of the task may be among options."""
    where = {} if "/" in identity else {"resource_group": "rg-web"}
    given = {"identity": identity, **where, "credentials": list(credentials), **options}
    return _task("federated_credential", title, "", given)


def rights(title: str, *operations: str, **options: Any) -> dict[str, Any]:
    """A task of identity_permissions_info; keywords of the task may be among the options."""
    return _task("identity_permissions_info", title, "", {"operations": list(operations), **options})


def calls(emulator: Emulator, vm: str, since: int = 0) -> list[Any]:
    """The requests about a VM: the body's ``identity`` of each PATCH, which must hold nothing else, or the method."""
    found: list[Any] = []
    for entry in emulator.log(f"virtualMachines/{vm}[?/]", since=since):
        assert entry["body"] is None or list(entry["body"]) == ["identity"], entry
        found.append(entry["body"]["identity"] if entry["body"] else entry["method"])
    return found


def names(result: dict[str, Any]) -> list[str]:
    """The names of the user-assigned identities in a result."""
    return [item["name"] for item in result["identity"]["user_assigned"]]
