# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. A new VM: from a user's options to the body of the one PUT that makes it."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from .._errors import InvalidInput
from .._resource_id import ResourceId
from ._image import image_reference
from ._network import NETWORK_INTERFACE, made_interface, used_interfaces

__all__ = ["check_complete", "interfaces_of", "luns_of", "new_vm", "tags_of"]

Options = Mapping[str, Any]


def check_complete(options: Options, vm: ResourceId) -> None:
    """See that the options tell all that a new VM takes.

    :raises InvalidInput: naming what is missing
    """
    missing = [name for name in ("image", "size") if options.get(name) is None]
    # A specialized image of one's own has its users already.
    if options.get("admin_username") is None and "publisher" in (_image(options) or {"publisher": ""}):
        missing.append("admin_username")
    if options.get("admin_username") is not None:
        windows = options.get("os_type") == "windows"
        if windows and options.get("admin_password") is None:
            missing.append("admin_password")
        elif options.get("admin_password") is None and not options.get("ssh_public_keys"):
            missing.append("ssh_public_keys or admin_password")
    if not options.get("network_interfaces") and options.get("subnet_id") is None:
        missing.append("subnet_id or network_interfaces")
    if missing:
        raise InvalidInput(
            f"{vm} does not exist, and to create it these options are missing: {', '.join(missing)}.",
            remedy="Set them, or correct the VM's name.",
            target=str(vm),
        )


def new_vm(options: Options, vm: ResourceId, location: str, identity: Mapping[str, Any] | None) -> dict[str, Any]:
    """The body of the PUT that creates a VM.

    What is made with the VM goes with it, unless a disk's ``delete_with_vm`` says otherwise; what was there before
    outlives it.

    :param identity: the value of ``identity``; None for a VM without one
    """
    properties = {
        "hardwareProfile": {"vmSize": options["size"]},
        "storageProfile": _storage(options),
        "osProfile": _system(options, vm),
        "networkProfile": _network(options, vm),
        "securityProfile": _security(options),
        "licenseType": options.get("license_type"),
    }
    body = {
        "location": location,
        "identity": dict(identity) if identity else None,
        "tags": tags_of(options) or None,
        "zones": [options["zone"]] if options.get("zone") else None,
        "plan": options.get("plan"),
        "properties": _stated(properties),
    }
    return _stated(body)


def _stated(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is not set: Azure has its own defaults."""
    return {name: value for name, value in values.items() if value is not None}


def tags_of(options: Options) -> dict[str, str]:
    """The tags, their values as text; of a number or a boolean in YAML its usual spelling."""
    given = (options.get("tags") or {}).items()
    return {
        str(name): str(value).lower() if isinstance(value, bool) else str("" if value is None else value)
        for name, value in given
    }


def interfaces_of(options: Options, vm: ResourceId) -> list[ResourceId]:
    """The network interfaces that the options name; a bare name is in the VM's subscription and resource group."""
    return [
        ResourceId.parse(text, NETWORK_INTERFACE)
        if "/" in text
        else ResourceId.build(vm.subscription_id, vm.resource_group, NETWORK_INTERFACE, text.strip())
        for text in options.get("network_interfaces") or ()
    ]


def luns_of(disks: Sequence[Options]) -> list[int]:
    """The number of each data disk: its own, or else the lowest that is free."""
    taken = {disk["lun"] for disk in disks if disk.get("lun") is not None}
    free = (number for number in range(len(disks) + len(taken)) if number not in taken)
    return [next(free) if disk.get("lun") is None else disk["lun"] for disk in disks]


def _image(options: Options) -> dict[str, str] | None:
    return None if options.get("image") is None else image_reference(options["image"])


def _storage(options: Options) -> dict[str, Any]:
    disks = options.get("data_disks") or []
    storage: dict[str, Any] = {
        "imageReference": image_reference(options["image"]),
        "osDisk": {"createOption": "FromImage", **_disk(options.get("os_disk") or {})},
    }
    if options.get("security_type") == "ConfidentialVM":
        kept = (options.get("os_disk") or {}).get("security_encryption") or "VMGuestStateOnly"
        managed = storage["osDisk"].setdefault("managedDisk", {})
        managed["securityProfile"] = {"securityEncryptionType": kept}
    if disks:
        storage["dataDisks"] = [
            {"lun": lun, "createOption": "Empty", **_disk(disk)}
            for lun, disk in zip(luns_of(disks), disks, strict=True)
        ]
    return storage


def _disk(disk: Options) -> dict[str, Any]:
    return _stated(
        {
            "diskSizeGB": disk.get("size_gb"),
            "caching": disk.get("caching"),
            "managedDisk": {"storageAccountType": disk["type"]} if disk.get("type") else None,
            "deleteOption": "Detach" if disk.get("delete_with_vm") is False else "Delete",
        }
    )


def _system(options: Options, vm: ResourceId) -> dict[str, Any] | None:
    """The osProfile. Without ``os_type`` and SSH keys it fits either system: Azure knows which one an image has."""
    user = options.get("admin_username")
    if user is None:
        return None
    profile: dict[str, Any] = {
        "computerName": options.get("computer_name") or vm.name,
        "adminUsername": user,
        "adminPassword": options.get("admin_password"),
    }
    keys = options.get("ssh_public_keys") or []
    if options.get("custom_data") is not None:
        profile["customData"] = base64.b64encode(options["custom_data"].encode()).decode()
    if options.get("os_type") == "windows":
        profile["windowsConfiguration"] = {"provisionVMAgent": True, "enableAutomaticUpdates": True}
    elif keys or options.get("os_type") == "linux":
        profile["linuxConfiguration"] = {
            "disablePasswordAuthentication": options.get("admin_password") is None,
            "provisionVMAgent": True,
        }
        if keys:
            path = f"/home/{user}/.ssh/authorized_keys"
            known = [{"path": path, "keyData": key.strip()} for key in keys]
            profile["linuxConfiguration"]["ssh"] = {"publicKeys": known}
    return _stated(profile)


def _network(options: Options, vm: ResourceId) -> dict[str, Any]:
    if options.get("network_interfaces"):
        return used_interfaces(interfaces_of(options, vm))
    group = options.get("network_security_group_id")
    return made_interface(
        vm.name,
        options["subnet_id"].strip(),
        public_ip=bool(options.get("public_ip")),
        security_group=group.strip() if group else None,
    )


def _security(options: Options) -> dict[str, Any] | None:
    """The securityProfile; Standard is what Azure makes without one. Secure boot and vTPM are on by default."""
    kind = options.get("security_type")
    if kind in (None, "Standard"):
        return None
    on = {name: options.get(name) is not False for name in ("secure_boot", "vtpm")}
    return {
        "securityType": kind,
        "uefiSettings": {"secureBootEnabled": on["secure_boot"], "vTpmEnabled": on["vtpm"]},
    }
