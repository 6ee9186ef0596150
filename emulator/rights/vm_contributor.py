# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The actions of the built-in role Virtual Machine Contributor: the longest list of them, so it has its own file."""

from __future__ import annotations

__all__ = ["VM_CONTRIBUTOR_ACTIONS"]

_JOINS = (
    "applicationGateways/backendAddressPools/join/action",
    "loadBalancers/backendAddressPools/join/action",
    "loadBalancers/inboundNatPools/join/action",
    "loadBalancers/inboundNatRules/join/action",
    "loadBalancers/probes/join/action",
    "loadBalancers/read",
    "locations/*",
    "networkInterfaces/*",
    "networkSecurityGroups/join/action",
    "networkSecurityGroups/read",
    "publicIPAddresses/join/action",
    "publicIPAddresses/read",
    "virtualNetworks/read",
    "virtualNetworks/subnets/join/action",
)
_BACKUP = (
    "locations/*",
    "Vaults/backupFabrics/backupProtectionIntent/write",
    "Vaults/backupFabrics/protectionContainers/protectedItems/*/read",
    "Vaults/backupFabrics/protectionContainers/protectedItems/read",
    "Vaults/backupFabrics/protectionContainers/protectedItems/write",
    "Vaults/backupPolicies/read",
    "Vaults/backupPolicies/write",
    "Vaults/read",
    "Vaults/usages/read",
    "Vaults/write",
)

VM_CONTRIBUTOR_ACTIONS: tuple[str, ...] = (
    "Microsoft.Authorization/*/read",
    "Microsoft.Compute/availabilitySets/*",
    "Microsoft.Compute/locations/*",
    "Microsoft.Compute/virtualMachines/*",
    "Microsoft.Compute/virtualMachineScaleSets/*",
    "Microsoft.Compute/cloudServices/*",
    "Microsoft.Compute/disks/write",
    "Microsoft.Compute/disks/read",
    "Microsoft.Compute/disks/delete",
    "Microsoft.DevTestLab/schedules/*",
    "Microsoft.Insights/alertRules/*",
    *(f"Microsoft.Network/{name}" for name in _JOINS),
    *(f"Microsoft.RecoveryServices/{name}" for name in _BACKUP),
    "Microsoft.ResourceHealth/availabilityStatuses/read",
    "Microsoft.Resources/deployments/*",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
    "Microsoft.SerialConsole/serialPorts/connect/action",
    "Microsoft.SqlVirtualMachine/*",
    "Microsoft.Storage/storageAccounts/listKeys/action",
    "Microsoft.Storage/storageAccounts/read",
    "Microsoft.Support/*",
)
