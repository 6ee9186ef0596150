# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A new VM in the estate: the task that makes it, and what the emulator's log shows of it."""

from __future__ import annotations

from typing import Any

from tests.integration.estate import SUBSCRIPTION
from tests.support.emulator import Emulator

__all__ = ["KEY", "NEW", "NEW_VM", "SUBNET", "requests", "vm"]

_KEYWORDS = ("check_mode", "diff", "environment", "ignore_errors", "loop", "vars")
NEW_VM = "vm-new"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGVtdWxhdG9yLW9ubHkta2V5LW9mLW5vYm9keS1hdC1hbGw ada"
SUBNET = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web/providers/Microsoft.Network/virtualNetworks/vnet-westeurope"
    "/subnets/default"
)
# All that a new VM takes.
NEW: dict[str, Any] = {
    "image": "Canonical:ubuntu-24_04-lts:server:latest",
    "size": "Standard_D2s_v5",
    "admin_username": "ada",
    "ssh_public_keys": [KEY],
    "subnet_id": SUBNET,
}


def vm(title: str, /, **options: Any) -> dict[str, Any]:
    """A task of vm, on vm-new in rg-web if the options do not say otherwise; keywords of the task may be among them."""
    keywords = {key: options.pop(key) for key in _KEYWORDS if key in options}
    where = {} if "vm_id" in options else {"resource_group": "rg-web", "name": NEW_VM}
    return {"name": title, "managed_identity.azure.vm": {**where, **options}, **keywords}


def requests(emulator: Emulator, name: str = NEW_VM, since: int = 0) -> list[tuple[str, Any]]:
    """The method and body of each request about a VM, in order."""
    return [(line["method"], line["body"]) for line in emulator.log(f"virtualMachines/{name}[?]", since=since)]
