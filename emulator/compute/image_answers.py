# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What clients ask about an image before they create a VM from it: the names for short, and a version in full."""

from __future__ import annotations

from typing import Any

from ..request.call import Call
from ..wire.answers import Answer, pretty
from ..wire.errors import ArmError
from .images import IMAGES

__all__ = ["aliases", "image_version"]

_ALIASES = {
    "Linux": {
        "Debian12": ("Debian", "debian-12", "12-gen2"),
        "Ubuntu2204": ("Canonical", "0001-com-ubuntu-server-jammy", "22_04-lts-gen2"),
        "Ubuntu2404": ("Canonical", "ubuntu-24_04-lts", "server"),
    },
    "Windows": {
        "Win2019Datacenter": ("MicrosoftWindowsServer", "WindowsServer", "2019-datacenter"),
        "Win2022AzureEdition": ("MicrosoftWindowsServer", "WindowsServer", "2022-datacenter-azure-edition"),
        "Win2022Datacenter": ("MicrosoftWindowsServer", "WindowsServer", "2022-datacenter-g2"),
    },
}


def aliases() -> dict[str, Any]:
    """Return the document that `vmImageAliasDoc` of the metadata names: the Azure CLI's short names for images."""
    value = {
        system: {
            alias: {"publisher": publisher, "offer": offer, "sku": sku, "version": "latest", "architecture": "x64"}
            for alias, (publisher, offer, sku) in images.items()
        }
        for system, images in _ALIASES.items()
    }
    return {
        "$schema": "http://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json",
        "contentVersion": "1.0.0.0",
        "parameters": {},
        "variables": {},
        "resources": [],
        "outputs": {"aliases": {"type": "object", "value": value}},
    }


def image_version(call: Call) -> Answer:
    """GET of one version of a platform image, in the form of a recorded one; raises ArmError 404."""
    location, publisher, _kind, offer, sku, version = call.path.names
    if version not in IMAGES.get((publisher.lower(), offer.lower(), sku.lower()), ()):
        raise ArmError(404, "NotFound", "Artifact: VMImage was not found.", gateway=False, pretty=True)
    windows = publisher.lower() == "microsoftwindowsserver"
    second = "gen2" in sku.lower() or "g2" in sku.lower() or "24_04" in offer or "azure-edition" in sku.lower()
    size = 127 if windows else 30
    properties = {
        "hyperVGeneration": "V2" if second else "V1",
        "architecture": "x64",
        "replicaType": "Unmanaged",
        "disallowed": {"vmDiskType": "None"},
        "automaticOSUpgradeProperties": {"automaticOSUpgradeSupported": False},
        "imageDeprecationStatus": {"imageState": "Active"},
        "features": [
            {"name": "IsAcceleratedNetworkSupported", "value": "True"},
            {"name": "DiskControllerTypes", "value": "SCSI"},
            {"name": "IsHibernateSupported", "value": "False"},
        ],
        "osDiskImage": {
            "operatingSystem": "Windows" if windows else "Linux",
            "sizeInGb": size,
            "sizeInBytes": size * 2**30,
        },
        "dataDiskImages": [],
    }
    body = {"properties": properties, "location": location, "name": version, "id": call.path.resource_id}
    return Answer(200, pretty(body).encode())
