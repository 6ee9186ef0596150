# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How Compute shows a VM. What does not change between requests is rendered once."""

from __future__ import annotations

import typing as t

from .answers import pretty
from .model import Vm
from .versions import has_etag

__all__ = ("instance_view", "vm_list", "vm_text")

_MARK = "@provisioning-state@"


def vm_text(vm: Vm, version: str, *, with_view: bool = False) -> str:
    """Return the VM's JSON text in an api-version; `with_view` adds the instance view."""
    key = (vm.etag, vm.state, vm.identity, has_etag(version))
    cached = vm.text.get("whole")
    if cached is not None and cached[0] == key and not with_view:
        return cached[1]
    text = _assemble(vm, has_etag(version), with_view)
    if not with_view:
        vm.text["whole"] = (key, text)
    return text


def vm_list(texts: t.Sequence[str], next_link: str | None) -> bytes:
    """Return the JSON text of a page of VMs."""
    indented = ",\r\n".join("    " + text.replace("\r\n", "\r\n    ") for text in texts)
    value = f"[\r\n{indented}\r\n  ]" if texts else "[]"
    link = f',\r\n  "nextLink": "{next_link}"' if next_link else ""
    return f'{{\r\n  "value": {value}{link}\r\n}}'.encode()


def _assemble(vm: Vm, etag: bool, with_view: bool) -> str:
    head = vm.text.get("head")
    if head is None:
        head = vm.text["head"] = pretty(_head(vm))[:-3]
        properties = {**vm.body["properties"], "provisioningState": _MARK}
        vm.text["properties"] = _nested("properties", properties)
    parts = [head]
    if vm.identity:
        parts.append(_nested("identity", vm.identity))
    text = vm.text["properties"]
    if with_view:
        shown = {**vm.body["properties"], "provisioningState": _MARK, "instanceView": instance_view(vm)}
        text = _nested("properties", shown)
    parts.append(text.replace(_MARK, vm.state))
    if etag:
        parts.append(f'  "etag": "\\"{vm.etag}\\""')
    return ",\r\n".join(parts) + "\r\n}"


def _head(vm: Vm) -> dict[str, t.Any]:
    head = {"name": vm.name, "id": vm.id, "type": "Microsoft.Compute/virtualMachines", "location": vm.location}
    return {**head, **{name: value for name, value in vm.body.items() if name != "properties"}}


def _nested(name: str, value: object) -> str:
    return f'  "{name}": ' + pretty(value).replace("\r\n", "\r\n  ")


def instance_view(vm: Vm) -> dict[str, t.Any]:
    """Return the instance view: agent and power state."""
    power = {
        "code": f"PowerState/{vm.power}",
        "level": "Info",
        "displayStatus": f"VM {vm.power}",
    }
    state = {
        "code": f"ProvisioningState/{vm.state.lower()}",
        "level": "Info",
        "displayStatus": f"Provisioning {vm.state.lower()}",
        "time": vm.body["properties"].get("timeCreated", ""),
    }
    agent = {
        "vmAgentVersion": "2.12.0.2",
        "statuses": [
            {
                "code": "ProvisioningState/succeeded",
                "level": "Info",
                "displayStatus": "Ready",
                "message": "Guest Agent is running",
                "time": vm.body["properties"].get("timeCreated", ""),
            }
        ],
        "extensionHandlers": [],
    }
    view = {"computerName": vm.name, "hyperVGeneration": "V2", "vmAgent": agent} if vm.power == "running" else {}
    return {**view, "disks": [], "statuses": [state, power]}
