# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How Compute shows a VM or a scale set. What does not change between requests is rendered once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from ..cloud.model import Holder, Vm
from ..wire.answers import pretty
from ..wire.versions import has_etag

__all__ = ["holder_list", "holder_text", "instance_view"]

_MARK = "@provisioning-state@"


def holder_text(holder: Holder, version: str, view: dict[str, Any] | None = None) -> str:
    """Return the JSON text of a VM or scale set in an api-version; `view` is its instance view, None: without."""
    key = (holder.etag, holder.state, holder.identity, has_etag(version))
    cached = holder.text.get("whole")
    if cached is not None and cached[0] == key and view is None:
        return cast("str", cached[1])
    text = _assemble(holder, has_etag(version), view)
    if view is None:
        holder.text["whole"] = (key, text)
    return text


def holder_list(texts: Sequence[str], next_link: str | None) -> bytes:
    """Return the JSON text of a page."""
    indented = ",\r\n".join("    " + text.replace("\r\n", "\r\n    ") for text in texts)
    value = f"[\r\n{indented}\r\n  ]" if texts else "[]"
    link = f',\r\n  "nextLink": "{next_link}"' if next_link else ""
    return f'{{\r\n  "value": {value}{link}\r\n}}'.encode()


def _assemble(holder: Holder, etag: bool, view: dict[str, Any] | None) -> str:
    head = holder.text.get("head")
    if head is None:
        head = holder.text["head"] = pretty(_head(holder))[:-3]
        properties = {**holder.body["properties"], "provisioningState": _MARK}
        holder.text["properties"] = _nested("properties", properties)
    parts = [head]
    if holder.identity:
        parts.append(_nested("identity", holder.identity))
    text = holder.text["properties"]
    if view is not None:
        shown = {**holder.body["properties"], "provisioningState": _MARK, "instanceView": view}
        text = _nested("properties", shown)
    parts.append(text.replace(_MARK, holder.state))
    if etag:
        parts.append(f'  "etag": "\\"{holder.etag}\\""')
    return ",\r\n".join(parts) + "\r\n}"


def _head(holder: Holder) -> dict[str, Any]:
    head = {"name": holder.name, "id": holder.id, "type": holder.kind, "location": holder.location}
    return {**head, **{name: value for name, value in holder.body.items() if name != "properties"}}


def _nested(name: str, value: object) -> str:
    return f'  "{name}": ' + pretty(value).replace("\r\n", "\r\n  ")


def instance_view(vm: Vm) -> dict[str, Any]:
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
    generalized = [{"code": "OSState/generalized", "level": "Info", "displayStatus": "VM generalized"}]
    view = {"computerName": vm.name, "hyperVGeneration": "V2", "vmAgent": agent} if vm.power == "running" else {}
    return {**view, "disks": [], "statuses": [state, *(generalized if vm.generalized else ()), power]}
