# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Options of a VM that can be seen to be wrong before anything is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._errors import InvalidInput
from .._path import check_segment, shown
from .._resource_id import ResourceId
from ._image import image_reference
from ._network import NETWORK_INTERFACE, SECURITY_GROUP, check_subnet
from ._new_vm import luns_of

__all__ = ["check_vm_options"]

# Limits: Azure's documentation of virtualMachines (osProfile, dataDisks).
_CUSTOM_DATA_BYTES = 65535
_MOST_LUN = 63
_WINDOWS_NAME, _LINUX_NAME = 15, 64
_KEYS = ("ssh-rsa ", "ssh-ed25519 ")
_SCALARS = (str, int, float, bool, type(None))


def check_vm_options(options: Mapping[str, Any], name: str) -> None:
    """See that what the options say of a VM can be right.

    :param name: the VM's, which is its computer's name if the options have none
    :raises InvalidInput: saying which option, and what it should be; never a secret's value
    """
    if options.get("image") is not None:
        image_reference(options["image"])
    _check_login(options, name)
    _check_disks(options)
    _check_network(options)
    if options.get("security_type") in (None, "Standard"):
        for option in ("secure_boot", "vtpm"):
            if options.get(option) is not None:
                raise InvalidInput(f"{option} needs security_type: TrustedLaunch or ConfidentialVM.")
    for tag, value in (options.get("tags") or {}).items():
        if not isinstance(value, _SCALARS):
            raise InvalidInput(f"The value of the tag {tag!r} is not a text.")


def _check_login(options: Mapping[str, Any], name: str) -> None:
    keys = options.get("ssh_public_keys") or []
    # A private key that got here must not be repeated.
    if not all(key.strip().startswith(_KEYS) and "PRIVATE" not in key for key in keys):
        raise InvalidInput(
            "ssh_public_keys holds something that is not a public key.",
            remedy="Azure takes keys of the kinds ssh-rsa and ssh-ed25519; give the text of the file that ends with "
            ".pub, such as by lookup('ansible.builtin.file', '~/.ssh/id_ed25519.pub').",
        )
    windows = options.get("os_type") == "windows"
    if windows and keys:
        raise InvalidInput("A Windows VM takes no ssh_public_keys.", remedy="Set admin_password instead.")
    computer = options.get("computer_name") or name
    longest = _WINDOWS_NAME if windows else _LINUX_NAME
    if len(computer) > longest:
        raise InvalidInput(
            f"{shown(computer)} is no name for the computer: at most {longest} characters"
            f"{' with Windows' if windows else ''}.",
            remedy="Set computer_name.",
        )
    if keys and options.get("admin_username") is not None:
        # It is part of the path at which Azure puts the keys.
        check_segment(options["admin_username"], "the name of a user")
    _check_custom_data(options.get("custom_data") or "")


def _check_custom_data(text: str) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise InvalidInput("custom_data is no text: it holds half a character.", remedy="Give valid UTF-8.") from error
    if size > _CUSTOM_DATA_BYTES:
        raise InvalidInput(f"custom_data has more than {_CUSTOM_DATA_BYTES} bytes.")


def _check_disks(options: Mapping[str, Any]) -> None:
    disks = options.get("data_disks") or []
    for disk in [*disks, options.get("os_disk") or {}]:
        if disk.get("size_gb") is not None and disk["size_gb"] < 1:
            raise InvalidInput(f"A disk's size_gb is {disk['size_gb']}; it must be 1 or more.")
    luns = luns_of(disks)
    if len(set(luns)) < len(luns) or not all(0 <= lun <= _MOST_LUN for lun in luns):
        raise InvalidInput(f"The data disks have the luns {luns}: each must be a number of its own, 0 to {_MOST_LUN}.")
    encryption = (options.get("os_disk") or {}).get("security_encryption")
    if encryption is not None and options.get("security_type") != "ConfidentialVM":
        raise InvalidInput("os_disk.security_encryption needs security_type: ConfidentialVM.")


def _check_network(options: Mapping[str, Any]) -> None:
    for text in options.get("network_interfaces") or ():
        if "/" in text:
            ResourceId.parse(text, NETWORK_INTERFACE)
        else:
            NETWORK_INTERFACE.check_name(text.strip())
    if options.get("subnet_id") is not None:
        check_subnet(options["subnet_id"])
    if options.get("network_security_group_id") is not None:
        ResourceId.parse(options["network_security_group_id"], SECURITY_GROUP)
