#!/usr/bin/python
# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the managed identities of Azure scale sets."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: vmss_identity_info
short_description: Read the managed identities of Azure scale sets
version_added: 0.1.0
author:
  - The managed_identity.azure authors (@managed-identity)
description:
  - Reads the managed identities of one scale set, of all in a resource group, or of all in a subscription.
  - With O(name) or O(vmss_id) that scale set is read. It is no error if it does not exist, RV(scale_sets) is
    empty then.
  - With O(resource_group) alone all scale sets of the group are listed, with neither all of the subscription.
extends_documentation_fragment:
  - managed_identity.azure._auth
  - managed_identity.azure._vmss
  - managed_identity.azure._attributes
  - managed_identity.azure._attributes.info
options:
  client_ids:
    description:
      - Whether to also read the client ID of each system-assigned identity. Takes one more request
        per scale set that has one.
    type: bool
    default: false
  instances:
    description:
      - Whether to also tell which instances do not have the scale set's latest model. Takes one more request per uniform
        scale set.
    type: bool
    default: false
  wait_timeout:
    description:
      - How long the whole task may take, in seconds.
    type: int
    default: 600
notes:
  - The caller needs C(Microsoft.Compute/virtualMachineScaleSets/read), as in the role Reader.
seealso:
  - module: managed_identity.azure.vmss_system_identity
  - module: managed_identity.azure.vmss_user_identity
  - name: Managed identities for Azure resources
    description: What they are and how programs use them.
    link: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview
"""

EXAMPLES = r"""
---
- name: Read the identities of one scale set
  managed_identity.azure.vmss_identity_info:
    resource_group: shop
    name: web
  register: web

- name: Read those of all scale sets of the subscription
  managed_identity.azure.vmss_identity_info:
  register: all

- name: Show which scale sets have no identity
  ansible.builtin.debug:
    msg: "{{ all.scale_sets | selectattr('identity.type', 'eq', 'None') | map(attribute='name') }}"

- name: Read those of a resource group, and which instances do not have them yet
  managed_identity.azure.vmss_identity_info:
    resource_group: shop
    instances: true
"""

RETURN = r"""
---
scale_sets:
  description: The scale sets that were found.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Resource ID, as Azure spells it.
      type: str
      returned: always
      sample: /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop/providers/Microsoft.Compute/virtualMachineScaleSets/web
    name:
      description: Its name.
      type: str
      returned: always
      sample: web
    resource_group:
      description: Its resource group.
      type: str
      returned: always
      sample: shop
    subscription_id:
      description: Its subscription.
      type: str
      returned: always
      sample: 5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001
    location:
      description: Its region.
      type: str
      returned: always
      sample: westeurope
    orchestration_mode:
      description: V(Uniform) or V(Flexible).
      type: str
      returned: always
      sample: Uniform
    upgrade_policy:
      description: How instances get a new model, V(Manual), V(Automatic) or V(Rolling). V(null) for a flexible scale set.
      type: str
      returned: always
      sample: Manual
    old_model:
      description: IDs of the instances of a uniform scale set that do not have its latest model.
      type: list
      elements: str
      returned: with O(instances=true)
      sample: ["3"]
    identity:
      description: The managed identities of the scale set.
      returned: always
      type: dict
      contains:
        type:
          description:
            - What there is, in Azure's words.
            - One of V(None), V(SystemAssigned), V(UserAssigned) and V(SystemAssigned, UserAssigned).
          type: str
          returned: always
          sample: SystemAssigned, UserAssigned
        system_assigned:
          description: Whether the system-assigned identity is enabled.
          type: bool
          returned: always
          sample: true
        principal_id:
          description: Principal ID (object ID) of the system-assigned identity, the one to grant roles to. V(null) without one.
          type: str
          returned: always
          sample: 7c3ad6f7-4a0e-4c8b-9b7e-1f0f6c2d0002
        client_id:
          description: Client ID of the system-assigned identity. V(null) without one.
          type: str
          returned: when O(client_ids=true)
          sample: 1d0c9e7f-0000-4000-8000-000000000008
        tenant_id:
          description: Tenant of the system-assigned identity. V(null) without one.
          type: str
          returned: always
          sample: 0f5d8a39-6c1f-4d0e-8b63-6f3f2d9e0003
        user_assigned:
          description: The user-assigned identities on the scale set, sorted by ID.
          type: list
          elements: dict
          returned: always
          contains:
            id:
              description: Resource ID, as it is spelt on the scale set.
              type: str
              returned: always
              sample: /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/app
            name:
              description: Name of the identity.
              type: str
              returned: always
              sample: app
            principal_id:
              description: Its principal ID. V(null) if Azure has not told it yet.
              type: str
              returned: always
              sample: be807096-2f3c-4d4f-8f55-6a1d0c9e0004
            client_id:
              description: Its client ID, the one that programs name to sign in as it. V(null) if Azure has not told it yet.
              type: str
              returned: always
              sample: cfd5bd17-9b1c-4e0a-bd0c-3f8e7a6b0005
error:
  description: What went wrong, as data. RV(ignore:msg) says the same in a sentence.
  returned: failure
  type: dict
  contains:
    status:
      description: HTTP status of Azure's answer. V(null) if there was none.
      type: int
      returned: always
      sample: 403
    code:
      description: Azure's error code.
      type: str
      returned: always
      sample: LinkedAuthorizationFailed
    message:
      description: Azure's message, or that of the module.
      type: str
      returned: always
      sample: The client has permission to perform action 'Microsoft.Compute/virtualMachines/write' ...
    request_id:
      description: Azure's ID of the request, for its support.
      type: str
      returned: always
      sample: 2f9b6a44-0000-4000-8000-000000000007
    target:
      description: The resource or address that the call was about.
      type: str
      returned: always
      sample: /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop/providers/Microsoft.Compute/virtualMachineScaleSets/web
    remedy:
      description: What can be done about it. Empty if the module does not know.
      type: str
      returned: always
      sample: Give the caller the role Managed Identity Operator on the identity.
"""

from typing import NoReturn

from ansible_collections.managed_identity.azure.plugins.module_utils.front._module import run_module
from ansible_collections.managed_identity.azure.plugins.module_utils.front.machines._identity_info import OF_SCALE_SET


def main() -> NoReturn:
    """Run the module."""
    run_module(OF_SCALE_SET)


if __name__ == "__main__":
    main()
