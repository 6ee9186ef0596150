# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to fuzz: paths and bodies of Azure's OpenAPI descriptions where they are at hand, and a table of our own.

The descriptions are not in this repository; MANAGED_IDENTITY_SPECS names a copy of azure-rest-api-specs.
"""

from __future__ import annotations

import json
import os
import typing as t
from functools import lru_cache
from pathlib import Path

__all__ = ("BODIES", "PATHS", "VERSIONS")

_PLACE = Path(
    os.environ.get("MANAGED_IDENTITY_SPECS") or Path(__file__).resolve().parents[2] / ".." / "shared" / "specs"
)
_GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}"
_VM = f"{_GROUP}/providers/Microsoft.Compute/virtualMachines/{{vmName}}"
_IDENTITY = f"{_GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{{resourceName}}"
_ACCESS = "/{scope}/providers/Microsoft.Authorization"

_OUR_PATHS = [
    "/subscriptions",
    "/tenants",
    "/subscriptions/{subscriptionId}",
    "/subscriptions/{subscriptionId}/locations",
    "/subscriptions/{subscriptionId}/providers/{namespace}",
    "/subscriptions/{subscriptionId}/providers/{namespace}/register",
    "/subscriptions/{subscriptionId}/resourcegroups",
    _GROUP,
    f"{_GROUP}/providers/Microsoft.Compute/virtualMachines",
    _VM,
    f"{_VM}/instanceView",
    f"{_VM}/{{word}}",
    f"{_VM}/providers/Microsoft.ManagedIdentity/identities/default",
    f"{_GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/{{vmScaleSetName}}",
    f"{_GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/{{vmScaleSetName}}/virtualMachines/{{word}}",
    f"{_GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/{{vmScaleSetName}}/manualupgrade",
    f"{_GROUP}/providers/Microsoft.Compute/disks/{{word}}",
    f"{_GROUP}/providers/Microsoft.Network/virtualNetworks/{{word}}",
    f"{_GROUP}/providers/Microsoft.Network/virtualNetworks/{{word}}/subnets/{{word}}",
    f"{_GROUP}/providers/Microsoft.Network/networkInterfaces/{{word}}",
    f"{_GROUP}/providers/Microsoft.Network/publicIPAddresses/{{word}}",
    "/subscriptions/{subscriptionId}/providers/Microsoft.Compute/locations/{word}/operations/{word}",
    f"{_GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities",
    _IDENTITY,
    f"{_IDENTITY}/listAssociatedResources",
    f"{_IDENTITY}/revokeTokens",
    f"{_IDENTITY}/federatedIdentityCredentials",
    f"{_IDENTITY}/federatedIdentityCredentials/{{word}}",
    f"{_ACCESS}/locks/{{word}}",
    f"{_ACCESS}/locks",
    f"{_ACCESS}/roleAssignments",
    f"{_ACCESS}/roleAssignments/{{guid}}",
    f"{_ACCESS}/roleDefinitions",
    f"{_ACCESS}/roleDefinitions/{{guid}}",
    f"{_ACCESS}/permissions",
    f"{_GROUP}/resources",
    f"{_GROUP}/providers/Microsoft.Resources/deployments",
    f"{_GROUP}/providers/Microsoft.Resources/deployments/{{word}}",
    f"{_GROUP}/providers/Microsoft.Resources/deployments/{{word}}/validate",
    f"{_GROUP}/providers/Microsoft.Resources/deployments/{{word}}/operations",
    "/providers/Microsoft.ResourceGraph/resources",
    "/{tenant}/oauth2/v2.0/token",
    "/{tenant}/v2.0/.well-known/openid-configuration",
    "/imds/{subscriptionId}/{resourceGroupName}/{vmName}/metadata/identity/oauth2/token",
    "/metadata/endpoints",
]
_TEMPLATE: dict[str, t.Any] = {
    "$schema": "s",
    "contentVersion": "1.0.0.0",
    "parameters": {"p": {"type": "string", "defaultValue": "[resourceGroup().name]", "allowedValues": ["rg"]}},
    "variables": {"v": "[concat('x', parameters('p'))]"},
    "resources": [
        {
            "type": "Microsoft.Network/publicIPAddresses",
            "name": "[concat(variables('v'), copyIndex())]",
            "apiVersion": "2022-01-01",
            "location": "westeurope",
            "copy": {"name": "many", "count": 2},
            "condition": "[equals(1, 1)]",
            "properties": {"publicIPAllocationMethod": None},
        },
        {
            "type": "Microsoft.Compute/virtualMachines",
            "name": "new",
            "apiVersion": "2024-07-01",
            "location": "westeurope",
            "dependsOn": ["many"],
            "identity": {"type": "SystemAssigned"},
            "properties": {"osProfile": {"computerName": "[reference('xrg0').ipAddress]"}},
        },
    ],
    "outputs": {"o": {"type": "string", "value": "[resourceId('Microsoft.Compute/virtualMachines', 'new')]"}},
}
_OUR_BODIES: list[t.Any] = [
    {"properties": {"mode": "Incremental", "template": _TEMPLATE, "parameters": {"p": {"value": "rg"}}}},
    {"properties": {"mode": "Incremental", "template": _TEMPLATE, "parameters": {}}},
    {"location": "westeurope", "tags": {"a": "b"}, "identity": {"type": "SystemAssigned"}, "properties": {}},
    {"identity": {"type": "UserAssigned", "userAssignedIdentities": {"/subscriptions/x": {}, "y": None}}},
    {"properties": {"level": "ReadOnly", "notes": "n"}},
    {"properties": {"issuer": "https://i", "subject": "s", "audiences": ["api://AzureADTokenExchange"]}},
    {"properties": {"roleDefinitionId": "/x", "principalId": "main-object", "principalType": "ServicePrincipal"}},
    {"properties": {"roleName": "r", "permissions": [{"actions": ["*"]}], "assignableScopes": ["/"]}},
    {"instanceIds": ["*"]},
    {"sku": {"name": "Standard_D2s_v5", "capacity": 2}, "location": "westeurope", "properties": {}},
    {"location": "westeurope", "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": []}},
    {
        "location": "westeurope",
        "properties": {"ipConfigurations": [{"name": "a", "properties": {"subnet": {"id": "x"}}}]},
    },
    {"query": "Resources | where name has 'x' | project id", "options": {"$top": 3, "$skipToken": "x"}},
]


@lru_cache(maxsize=1)
def _descriptions() -> list[dict[str, t.Any]]:
    files = sorted(_PLACE.glob("specification/**/*.json"))
    found = [json.loads(path.read_text(encoding="utf-8-sig")) for path in files]
    return [item for item in found if isinstance(item, dict)]


def _paths() -> list[str]:
    described = {path for item in _descriptions() for name in ("paths", "x-ms-paths") for path in item.get(name, {})}
    return sorted({*(path.partition("?")[0] for path in described), *_OUR_PATHS})


def _bodies() -> list[t.Any]:
    examples = [item["parameters"] for item in _descriptions() if isinstance(item.get("responses"), dict)]
    described = [value for given in examples if isinstance(given, dict) for value in given.values()]
    return _OUR_BODIES + [value for value in described if isinstance(value, dict)]


def _versions() -> list[str]:
    described = {item["info"]["version"] for item in _descriptions() if isinstance(item.get("info"), dict)}
    return sorted({*described, "2024-07-01", "2023-01-31", "2022-04-01", "2022-09-01", "2020-05-01", "2021-03-01"})


PATHS: t.Final = _paths()
BODIES: t.Final = _bodies()
VERSIONS: t.Final = _versions()
