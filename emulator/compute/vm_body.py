# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The body of a write to a VM: what of it counts, and what of a VM can never change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from ..cloud.model import Vm
from ..wire.bodies import mapping
from ..wire.errors import ArmError

__all__ = ["check_unchanged", "without_nulls"]

_OPTIONS = {name.lower(): name for name in ("FromImage", "Empty", "Attach", "Copy", "Restore")}
_IMAGE = ("publisher", "offer", "sku", "version", "id")
_ABSENT: Any = object()
# Where it is in the properties, and what Compute calls it.
_FIXED = (
    (("osProfile", "computerName"), "computerName"),
    (("osProfile", "adminUsername"), "adminUsername"),
    (
        ("osProfile", "linuxConfiguration", "disablePasswordAuthentication"),
        "linuxConfiguration.disablePasswordAuthentication",
    ),
    (("osProfile", "linuxConfiguration", "ssh", "publicKeys"), "linuxConfiguration.ssh.publicKeys"),
    (("storageProfile", "imageReference"), "imageReference"),
    (("storageProfile", "osDisk", "name"), "osDisk.name"),
)


def without_nulls(body: dict[str, Any]) -> dict[str, Any]:
    """Return the body of a PUT as Compute takes it: a null in its properties is as if it was not there."""
    properties = cast("dict[str, Any]", _pruned(mapping(body, "properties")))
    storage = properties.get("storageProfile")
    disk = storage.get("osDisk") if isinstance(storage, dict) else None
    if isinstance(disk, dict) and isinstance(disk.get("createOption"), str):
        disk["createOption"] = _OPTIONS.get(disk["createOption"].lower(), disk["createOption"])
    return {**body, "properties": properties}


def check_unchanged(vm: Vm, properties: Mapping[str, Any]) -> None:
    """Raise ArmError 409 PropertyChangeNotAllowed if a write would change what is fixed when a VM is created."""
    for path, name in _FIXED:
        old, new = _at(vm.body["properties"], path), _at(properties, path)
        if old is _ABSENT or new is _ABSENT or new is None or _comparable(old) == _comparable(new):
            continue
        message = f"Changing property '{name}' is not allowed."
        extra = {"target": name}
        raise ArmError(409, "PropertyChangeNotAllowed", message, gateway=False, pretty=True, extra=extra)


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _pruned(item) for key, item in value.items() if item is not None}
    return [_pruned(item) for item in value] if isinstance(value, list) else value


def _at(value: Any, path: Sequence[str]) -> Any:
    for name in path:
        if not isinstance(value, dict) or name not in value:
            return _ABSENT
        value = value[name]
    return value


def _comparable(value: Any) -> Any:
    """Return what counts: of the reference to an image its name, without regard to case as with all names."""
    if isinstance(value, dict):
        return {name: str(value[name]).lower() for name in _IMAGE if value.get(name) is not None}
    return value.lower() if isinstance(value, str) else value
