# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers as Azure gives them: shapes of recorded traffic, with IDs that are made up."""

from __future__ import annotations

from typing import Any

from tests.unit.core.build import SUB, TENANT, uai
from tests.unit.core.machines import GROUP, VM

__all__ = [
    *("ASSIGNED", "ASSIGNMENT", "BARE_VM", "BOTH", "CREDENTIAL", "FLEXIBLE", "GROUP_LOCK", "IDENTITY", "LOCK"),
    *("NO_IDENTITIES", "OLD_IDENTITY", "OTHER_USER", "OWN_ROLE", "PERMISSION", "PLAIN_ASSIGNMENT", "ROLE", "SET_USER"),
    *("SYSTEM", "USER", "VM_BODY", "VM_USER"),
]

_A, _B = str(uai("a")), str(uai("b")).replace("resourceGroups", "resourcegroups")
_READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"

SYSTEM = {"type": "SystemAssigned", "principalId": "sp-1", "tenantId": TENANT}
USER = {"type": "UserAssigned", "userAssignedIdentities": {_A: {}, _B: {"principalId": "p-b", "clientId": "c-b"}}}
BOTH = {**SYSTEM, **USER, "type": "SystemAssigned, UserAssigned"}
# They do not say which identities there are.
NO_IDENTITIES = (
    *({**SYSTEM, "type": kind} for kind in ("Something", "XSystemAssigned", "SystemAssigned, Other", ",", "System")),
    *({**BOTH, "userAssignedIdentities": listed} for listed in (None, {}, [_A], {"id-a": {}}, {"": {}}, {"/": {}})),
    *({**USER, "userAssignedIdentities": {_A: said}} for said in ([], "x", {"principalId": 1}, {"clientId": []})),
    {"type": "UserAssigned"},
)
IDENTITY = {
    "id": _B,
    "name": "id-b",
    "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
    "location": "westeurope",
    "tags": {"Team": "web", "note": ""},
    "properties": {"tenantId": TENANT, "principalId": "p-b", "clientId": "c-b", "isolationScope": "None"},
}
OLD_IDENTITY = {"id": _A, "location": "westus", "properties": {"principalId": "p-a", "clientId": "c-a"}}
CREDENTIAL = {
    "id": f"{_B}/federatedIdentityCredentials/one",
    "name": "one",
    "type": "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
    "properties": {"issuer": "https://issuer.test", "subject": "s-one", "audiences": ["api://AzureADTokenExchange"]},
}
# A newer kind has an expression instead of a subject.
FLEXIBLE = {
    "id": f"{_B}/federatedIdentityCredentials/two",
    "name": "two",
    "properties": {"issuer": "https://issuer.test", "claimsMatchingExpression": {"value": "x"}},
}

_NAME = "bbbbbbbb-0000-4000-8000-000000000002"
ASSIGNED = ("scope", "roleDefinitionId", "principalId")
PLAIN_ASSIGNMENT: dict[str, Any] = {
    "id": f"/subscriptions/{SUB}/providers/Microsoft.Authorization/roleAssignments/{_NAME}",
    "name": _NAME,
    "type": "Microsoft.Authorization/roleAssignments",
    "properties": {
        "scope": f"/subscriptions/{SUB}",
        "roleDefinitionId": f"/subscriptions/{SUB}/providers/Microsoft.Authorization/roleDefinitions/{_READER}",
        "principalId": "aaaaaaaa-0000-4000-8000-000000000001",
        "principalType": "ServicePrincipal",
    },
}
ASSIGNMENT: dict[str, Any] = {
    **PLAIN_ASSIGNMENT,
    "properties": {
        **PLAIN_ASSIGNMENT["properties"],
        "condition": "@Resource[x] StringEquals 'y'",
        "conditionVersion": "2.0",
        "description": "why",
        "delegatedManagedIdentityResourceId": _A,
    },
}
ROLE = {
    "id": f"/subscriptions/{SUB}/providers/Microsoft.Authorization/roleDefinitions/{_READER}",
    "name": _READER.upper(),
    "type": "Microsoft.Authorization/roleDefinitions",
    "properties": {"roleName": "Reader", "type": "BuiltInRole", "permissions": [{"actions": ["*/read"]}]},
}
OWN_ROLE = {**ROLE, "properties": {"roleName": "Own", "type": "CustomRole"}}

# Azure gives their type in lower case.
OTHER_USER = {
    "id": f"{GROUP}/Microsoft.Web/sites/web/slots/next",
    "name": "next",
    "type": "microsoft.web/sites/slots",
    "resourceGroup": "rg",
    "subscriptionId": SUB,
    "subscriptionDisplayName": "Demo",
}
VM_USER = {"id": str(VM), "name": VM.name, "type": "microsoft.compute/virtualmachines"}
SET_USER = {
    "id": f"{GROUP}/Microsoft.Compute/virtualMachineScaleSets/set1",
    "type": "microsoft.compute/virtualmachinescalesets",
}

PERMISSION = {"actions": ["*/read", "Microsoft.Compute/*"], "notActions": ["*/delete"], "condition": "@x"}
LOCK = {
    "id": f"{GROUP}/Microsoft.Compute/virtualMachines/vm1/providers/Microsoft.Authorization/locks/keep",
    "name": "keep",
    "properties": {"level": "CanNotDelete", "notes": "why"},
}
GROUP_LOCK = {
    "id": f"/subscriptions/{SUB}/resourceGroups/rg/providers/Microsoft.Authorization/locks/freeze",
    "name": "freeze",
    "properties": {"level": "ReadOnly"},
}

_DISK = {
    "lun": 0,
    "osType": "Linux",
    "diskSizeGB": 30,
    "caching": "ReadWrite",
    "deleteOption": "Delete",
    "managedDisk": {"id": f"{GROUP}/Microsoft.Compute/disks/d0", "storageAccountType": "Premium_LRS"},
}
_INTERFACE = f"{GROUP}/Microsoft.Network/networkInterfaces/nic"
BARE_VM: dict[str, Any] = {
    "id": str(VM),
    "name": VM.name,
    "type": VM.type,
    "location": "westeurope",
    "properties": {"provisioningState": "Succeeded"},
}
VM_BODY: dict[str, Any] = {
    "id": str(VM).replace("/rg/", "/RG/"),
    "name": "vm1",
    "type": "Microsoft.Compute/virtualMachines",
    "location": "westeurope",
    "etag": '"1"',
    "zones": ["1"],
    "tags": {"Team": "web"},
    "plan": {"name": "n", "product": "p", "publisher": "q"},
    "identity": BOTH,
    "properties": {
        "provisioningState": "Updating",
        "licenseType": "RHEL_BYOS",
        "hardwareProfile": {"vmSize": "Standard_B1s"},
        "osProfile": {
            "adminUsername": "ada",
            "computerName": "vm1",
            "linuxConfiguration": {"ssh": {"publicKeys": [{"keyData": "ssh-ed25519 AAAA ada"}]}},
        },
        "securityProfile": {
            "securityType": "TrustedLaunch",
            "uefiSettings": {"secureBootEnabled": True, "vTpmEnabled": True},
        },
        "storageProfile": {
            "imageReference": {"publisher": "Canonical", "offer": "ubuntu", "sku": "server", "version": "latest"},
            "osDisk": _DISK,
            "dataDisks": [{**_DISK, "lun": 1, "deleteOption": "Detach"}],
        },
        "networkProfile": {"networkInterfaces": [{"id": _INTERFACE, "properties": {"deleteOption": "Delete"}}]},
    },
}
