#!/usr/bin/python
# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read user-assigned managed identities."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: user_assigned_identity_info
short_description: Read user-assigned managed identities
version_added: 0.1.0
author:
  - The managed_identity.azure authors (@managed-identity)
description:
  - Reads one user-assigned managed identity, all of a resource group, or all of a subscription.
  - With O(name) or O(identity_id) that identity is read. It is no error if it does not exist,
    RV(user_assigned_identities) is empty then.
  - With O(resource_group) alone all identities of the group are listed, with neither all of the subscription.
requirements:
  - azure-mgmt-msi >= 7.1.0
extends_documentation_fragment:
  - managed_identity.azure._auth
  - managed_identity.azure._user_assigned
  - managed_identity.azure._timeout
  - managed_identity.azure._attributes
  - managed_identity.azure._attributes.info
options:
  associated_resources:
    description:
      - Whether to also list the resources that use each identity.
      - The list is Azure's own. It has resources of all types, whether the caller may read them or not, and lags behind by
        seconds to minutes.
      - Takes one more request per identity, one after the other. Azure allows one a second to all of a tenant together.
    type: bool
    default: false
notes:
  - The caller needs C(Microsoft.ManagedIdentity/userAssignedIdentities/read), as in the role Reader; with
    O(associated_resources=true) also
    C(Microsoft.ManagedIdentity/userAssignedIdentities/listAssociatedResources/action).
seealso:
  - module: managed_identity.azure.user_assigned_identity
  - module: managed_identity.azure.vm_identity_info
  - name: Manage user-assigned managed identities
    description: What they are, and how they are managed in Azure's own tools.
    link: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-manage-user-assigned-managed-identities
"""

EXAMPLES = r"""
---
- name: Read one identity
  managed_identity.azure.user_assigned_identity_info:
    resource_group: shop
    name: app
  register: app

- name: Read those of a resource group, and what uses them
  managed_identity.azure.user_assigned_identity_info:
    resource_group: shop
    associated_resources: true
  register: all

- name: Show which of them nothing uses
  ansible.builtin.debug:
    msg: "{{ all.user_assigned_identities | rejectattr('associated_resources') | map(attribute='name') }}"

- name: Read those of the subscription
  managed_identity.azure.user_assigned_identity_info:
"""

RETURN = r"""
---
user_assigned_identities:
  description: The identities that were found.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Resource ID, as Azure spells it.
      type: str
      returned: always
      sample: /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourcegroups/shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/app
    name:
      description: Its name.
      type: str
      returned: always
      sample: app
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
    tags:
      description: Its tags.
      type: dict
      returned: always
      sample:
        team: web
    isolation_scope:
      description:
        - V(regional) if it can be assigned to resources of its own region only, else V(none).
        - V(null) where the cloud's API does not know isolation scopes.
      type: str
      returned: always
      sample: none
    principal_id:
      description: Its principal ID (object ID), the one to grant roles to.
      type: str
      returned: always
      sample: be807096-2f3c-4d4f-8f55-6a1d0c9e0004
    client_id:
      description: Its client ID, the one that programs name to sign in as it.
      type: str
      returned: always
      sample: cfd5bd17-9b1c-4e0a-bd0c-3f8e7a6b0005
    tenant_id:
      description: Its tenant.
      type: str
      returned: always
      sample: 0f5d8a39-6c1f-4d0e-8b63-6f3f2d9e0003
    associated_resources:
      description: What uses the identity, as Azure's list had it some seconds to minutes ago.
      type: list
      elements: dict
      returned: when O(associated_resources=true)
      contains:
        id:
          description: Resource ID.
          type: str
          returned: always
          sample: /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/web-01
        name:
          description: Its name.
          type: str
          returned: always
          sample: web-01
        type:
          description: Its type. Azure's list has types in lower case; those of virtual machines and scale sets are spelt as usual.
          type: str
          returned: always
          sample: Microsoft.Compute/virtualMachines
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
      sample: AuthorizationFailed
    message:
      description: Azure's message, or that of the module.
      type: str
      returned: always
      sample: The client does not have authorization to perform action 'Microsoft.ManagedIdentity/userAssignedIdentities/read' ...
    request_id:
      description: Azure's ID of the request, for its support.
      type: str
      returned: always
      sample: 2f9b6a44-0000-4000-8000-000000000007
    target:
      description: The resource or address that the call was about.
      type: str
      returned: always
      sample: /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/app
    remedy:
      description: What can be done about it. Empty if the module does not know.
      type: str
      returned: always
      sample: The caller lacks Microsoft.ManagedIdentity/userAssignedIdentities/read on ...; the role Reader has it.
"""

from typing import NoReturn

from ansible_collections.managed_identity.azure.plugins.module_utils.front._module import run_module
from ansible_collections.managed_identity.azure.plugins.module_utils.front.identities._user_assigned_identity_info import (
    OPERATION,
)


def main() -> NoReturn:
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
