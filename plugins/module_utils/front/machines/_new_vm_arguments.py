# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The options that say what a new VM is made of."""

from __future__ import annotations

from typing import Any

__all__ = ["NEW_VM_ARGUMENTS", "NEW_VM_CONSTRAINTS"]

_DISK: dict[str, Any] = {
    "type": {
        "type": "str",
        "choices": [
            "Standard_LRS",
            "StandardSSD_LRS",
            "StandardSSD_ZRS",
            "Premium_LRS",
            "Premium_ZRS",
            "PremiumV2_LRS",
            "UltraSSD_LRS",
        ],
    },
    "caching": {"type": "str", "choices": ["None", "ReadOnly", "ReadWrite"]},
    "delete_with_vm": {"type": "bool"},
}
_OS_DISK: dict[str, Any] = {
    "size_gb": {"type": "int"},
    "security_encryption": {"type": "str", "choices": ["VMGuestStateOnly", "DiskWithVMGuestState", "NonPersistedTPM"]},
    **_DISK,
}
_PLAN: dict[str, Any] = {name: {"type": "str", "required": True} for name in ("name", "product", "publisher")}

NEW_VM_ARGUMENTS: dict[str, Any] = {
    "location": {"type": "str"},
    "image": {"type": "raw"},
    "plan": {"type": "dict", "options": _PLAN},
    "size": {"type": "str"},
    "admin_username": {"type": "str"},
    "admin_password": {"type": "str", "no_log": True},
    "ssh_public_keys": {"type": "list", "elements": "str", "no_log": False},
    "os_type": {"type": "str", "choices": ["linux", "windows"]},
    "computer_name": {"type": "str"},
    "custom_data": {"type": "str", "no_log": True},
    "os_disk": {"type": "dict", "options": _OS_DISK},
    "data_disks": {
        "type": "list",
        "elements": "dict",
        "options": {"size_gb": {"type": "int", "required": True}, "lun": {"type": "int"}, **_DISK},
    },
    "zone": {"type": "str", "choices": ["1", "2", "3"]},
    "tags": {"type": "dict"},
    "license_type": {"type": "str"},
    "security_type": {"type": "str", "choices": ["Standard", "TrustedLaunch", "ConfidentialVM"]},
    "secure_boot": {"type": "bool"},
    "vtpm": {"type": "bool"},
    "network_interfaces": {"type": "list", "elements": "str"},
    "subnet_id": {"type": "str"},
    "public_ip": {"type": "bool"},
    "network_security_group_id": {"type": "str"},
}

NEW_VM_CONSTRAINTS: dict[str, Any] = {
    "mutually_exclusive": [("network_interfaces", "subnet_id")],
    "required_by": {"public_ip": ("subnet_id",), "network_security_group_id": ("subnet_id",)},
}
