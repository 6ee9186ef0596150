# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deployments of templates, for tests of them."""

from __future__ import annotations

import typing as t

from tests.emulator.cloud import GROUP, Cloud

DEPLOYMENT = f"{GROUP}/providers/Microsoft.Resources/deployments/made"
NETWORK = f"{GROUP}/providers/Microsoft.Network"
MACHINE = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/new"
VERSION = "2024-11-01"


def resource(kind: str, name: str, *after: str, **body: t.Any) -> dict[str, t.Any]:
    """Return a resource of a template."""
    versions = {"Microsoft.Compute": "2024-07-01", "Microsoft.Authorization": "2015-07-01"}
    version = versions.get(kind.partition("/")[0], "2022-01-01")
    base = {"type": kind, "name": name, "apiVersion": version, "location": "westeurope"}
    return {**base, "dependsOn": list(after), **body}


def body(*resources: dict[str, t.Any], **more: t.Any) -> dict[str, t.Any]:
    """Return the body of a deployment; `values` are those of parameters, the rest goes into the template."""
    values = {name: {"value": value} for name, value in more.pop("values", {}).items()}
    schema = "https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#"
    template = {"$schema": schema, "contentVersion": "1.0.0.0", "resources": list(resources), **more}
    return {"properties": {"template": template, "parameters": values, "mode": "incremental"}}


def machine(**more: t.Any) -> list[dict[str, t.Any]]:
    """Return all of a VM as the Azure CLI asks for it, in an order that is not the one to make it in."""
    subnet = {"id": f"{NETWORK}/virtualNetworks/net/subnets/default"}
    configuration = {"name": "ip", "properties": {"privateIPAllocationMethod": "Dynamic", "subnet": subnet}}
    disk = {"createOption": "fromImage", "name": None, "managedDisk": {"storageAccountType": None}}
    properties = {
        "hardwareProfile": {"vmSize": "Standard_D2s_v5"},
        "networkProfile": {"networkInterfaces": [{"id": f"{NETWORK}/networkInterfaces/nic"}]},
        "storageProfile": {"osDisk": disk},
        "osProfile": {"computerName": "new", "adminUsername": "someone", "adminPassword": "[parameters('password')]"},
    }
    space = {"addressSpace": {"addressPrefixes": ["10.9.0.0/16"]}}
    subnets = [{"name": "default", "properties": {"addressPrefix": "10.9.0.0/24"}}]
    return [
        resource(
            "Microsoft.Compute/virtualMachines",
            "new",
            "Microsoft.Network/networkInterfaces/nic",
            properties=properties,
            **more,
        ),
        resource(
            "Microsoft.Network/networkInterfaces",
            "nic",
            "[resourceId('Microsoft.Network/virtualNetworks', 'net')]",
            properties={"ipConfigurations": [configuration]},
        ),
        resource("Microsoft.Network/virtualNetworks", "net", properties={**space, "subnets": subnets}),
    ]


PASSWORD: dict[str, t.Any] = {
    "parameters": {"password": {"type": "securestring"}},
    "values": {"password": "Not-a-secret-1"},
}


def deploy(cloud: Cloud, *resources: dict[str, t.Any], **more: t.Any) -> t.Any:
    """PUT a deployment; `caller` and outcomes are the request's."""
    options = {name: more.pop(name) for name in ("caller", "status", "code", "message") if name in more}
    return cloud.send("PUT", DEPLOYMENT, body(*resources, **more), version=VERSION, **options)


def get(cloud: Cloud, path: str, version: str = VERSION) -> t.Any:
    """Return what is there."""
    return cloud.send("GET", path, version=version).json


def outcome(cloud: Cloud, *resources: dict[str, t.Any], **more: t.Any) -> t.Any:
    """Return the properties of a deployment that has ended."""
    answer = deploy(cloud, *resources, **more)
    assert answer.status == 201, answer.text
    return get(cloud, DEPLOYMENT)["properties"]
