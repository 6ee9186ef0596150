# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. A VM's disks and network interfaces, and which of them go with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..wire._shape import Members, Needed, shaped

__all__ = ["Part", "described_vm", "interface_ids", "parts_of"]

_DISK = {
    "lun": int,
    "osType": str,
    "diskSizeGB": int,
    "caching": str,
    "deleteOption": str,
    "managedDisk": {"id": str, "storageAccountType": str},
}
# All that is read of a virtual machine beside its identities.
_VM = Needed(
    {
        "id": Needed(str),
        "location": str,
        "zones": [str],
        "tags": Members(str),
        "plan": {"name": str, "product": str, "publisher": str},
        "properties": {
            "licenseType": str,
            "hardwareProfile": {"vmSize": str},
            "osProfile": {
                "adminUsername": str,
                "computerName": str,
                "linuxConfiguration": {"ssh": {"publicKeys": [{"keyData": str}]}},
            },
            "securityProfile": {"securityType": str, "uefiSettings": {"secureBootEnabled": bool, "vTpmEnabled": bool}},
            "storageProfile": {"imageReference": Members(str), "osDisk": _DISK, "dataDisks": [_DISK]},
            "networkProfile": {"networkInterfaces": [{"id": str, "properties": {"deleteOption": str}}]},
        },
    }
)


@dataclass(frozen=True)
class Part:
    """A disk or a network interface of a VM; ``goes`` tells whether Azure deletes it with the VM."""

    id: str
    goes: bool


def described_vm(body: Any) -> Mapping[str, Any]:
    """Return a virtual machine as Azure describes it, once all that is read of it has the shape that it must have.

    :raises UnexpectedAnswer: it has not
    """
    said: Mapping[str, Any] = shaped(body, _VM)
    return said


def parts_of(body: Mapping[str, Any]) -> list[Part]:
    """The managed disks and network interfaces of a VM as Azure describes it."""
    properties = body.get("properties") or {}
    storage = properties.get("storageProfile") or {}
    disks = [storage.get("osDisk") or {}, *(storage.get("dataDisks") or ())]
    found = [((disk.get("managedDisk") or {}).get("id"), disk.get("deleteOption")) for disk in disks]
    for interface in _interfaces(body):
        found.append((interface.get("id"), (interface.get("properties") or {}).get("deleteOption")))
    # Azure's own default is to keep them.
    return [Part(str(one), option == "Delete") for one, option in found if one]


def interface_ids(body: Mapping[str, Any]) -> list[str]:
    """The IDs of a VM's network interfaces, in Azure's order."""
    return [str(interface["id"]) for interface in _interfaces(body) if interface.get("id")]


def _interfaces(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    profile = (body.get("properties") or {}).get("networkProfile") or {}
    return list(profile.get("networkInterfaces") or ())
