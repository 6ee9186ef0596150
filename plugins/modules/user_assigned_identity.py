#!/usr/bin/python
# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Create, change or delete a user-assigned managed identity."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: user_assigned_identity
short_description: Create, change or delete a user-assigned managed identity
version_added: 0.1.0
author:
  - The managed_identity.azure authors (@managed-identity)
description:
  - Creates a user-assigned managed identity, changes its tags and its isolation scope, or deletes it.
  - Whatever the task does not name stays as it is.
  - An identity that something still uses is not deleted, unless O(force=true). What uses it is named, of whatever type.
  - To assign an identity to virtual machines use M(managed_identity.azure.vm_user_identity).
requirements:
  - azure-mgmt-msi >= 7.1.0
extends_documentation_fragment:
  - managed_identity.azure._auth
  - managed_identity.azure._user_assigned
  - managed_identity.azure._timeout
  - managed_identity.azure._attributes
  - managed_identity.azure._attributes.change
options:
  state:
    description:
      - Whether the identity shall be there, or not.
    type: str
    choices:
      - present
      - absent
    default: present
  location:
    description:
      - Region of the identity, such as V(westeurope).
      - If not set, an identity is created in the region of its resource group, which is then read.
      - The region of an identity cannot be changed. Another one than it has is an error.
    type: str
  tags:
    description:
      - Tags that the identity shall have.
      - Names are compared without case, as Azure does. An empty value is a value.
    type: dict
  append_tags:
    description:
      - Whether other tags of the identity stay.
      - With V(false), O(tags) is the exact set; an empty dictionary then removes all.
    type: bool
    default: true
  isolation_scope:
    description:
      - With V(regional) the identity can be assigned to resources of its own region only, with V(none) to any.
      - If not set, it stays as it is. Azure creates identities with V(none).
      - The task fails in a cloud whose API does not know isolation scopes.
    type: str
    choices:
      - none
      - regional
  force:
    description:
      - Whether to delete the identity whoever uses it. What does keeps an entry of it that is of no use.
      - Nobody is asked who uses it, unless O(detach=true).
      - Only with O(state=absent).
    type: bool
    default: false
  detach:
    description:
      - Whether to remove the identity first from the virtual machines and scale sets that use it.
      - Where that fails, or if something else uses the identity, it is not deleted, unless O(force=true). The error says
        what was done, and what could not be.
      - Only with O(state=absent).
    type: bool
    default: false
notes:
  - To create, change or delete identities the caller needs the role Managed Identity Contributor.
  - What uses an identity is in a list of Azure's own, which knows all types of resources, whether the caller may read
    them or not. That list lags behind by seconds to minutes. The module therefore also reads the virtual machines and
    scale sets of the identity's subscription, and those of the list that are elsewhere, and believes what it reads. It
    takes the actions C(Microsoft.ManagedIdentity/userAssignedIdentities/listAssociatedResources/action),
    C(Microsoft.Compute/virtualMachines/read) and C(Microsoft.Compute/virtualMachineScaleSets/read), and C(write) on the
    machines with O(detach=true). If it cannot be known what uses the identity, it is not deleted.
  - Role assignments of an identity that is deleted stay behind, for a principal that nobody knows.
  - An identity that is created again under its name has another principal, no roles, and the entries of the old one
    that virtual machines may still have do not work. See O(managed_identity.azure.vm_user_identity#module:repair).
seealso:
  - module: managed_identity.azure.user_assigned_identity_info
  - module: managed_identity.azure.vm_user_identity
  - name: Manage user-assigned managed identities
    description: What they are, and how they are managed in Azure's own tools.
    link: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-manage-user-assigned-managed-identities
"""

EXAMPLES = r"""
---
- name: Create an identity in the region of its resource group
  managed_identity.azure.user_assigned_identity:
    resource_group: shop
    name: app
  register: app

- name: Create one elsewhere, or change its tags
  managed_identity.azure.user_assigned_identity:
    resource_group: shop
    name: logs
    location: northeurope
    tags:
      team: web

- name: Exactly these tags
  managed_identity.azure.user_assigned_identity:
    identity_id: /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/logs
    tags:
      team: web
      stage: test
    append_tags: false

- name: Delete it, if nothing uses it
  managed_identity.azure.user_assigned_identity:
    resource_group: shop
    name: logs
    state: absent

- name: Remove it from all virtual machines and scale sets, then delete it
  managed_identity.azure.user_assigned_identity:
    resource_group: shop
    name: app
    state: absent
    detach: true
"""

RETURN = r"""
---
user_assigned_identity:
  description:
    - The identity, as Azure describes it after the task. In check mode, as it would be; IDs that Azure has yet to make
      are V(null).
    - V(null) if it is not there.
  returned: when it could be read
  type: dict
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
users:
  description:
    - What uses the identity, and still does after the task; sorted by ID.
    - V(null) if nobody asked, since it was not there or with O(force=true).
  returned: with O(state=absent)
  type: list
  elements: dict
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
detached:
  description: IDs of the virtual machines and scale sets that the identity was removed from. In check mode, would be.
  returned: with O(state=absent)
  type: list
  elements: str
  sample:
    - /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/web-01
diff:
  description:
    - The identity before and after, in the shape of RV(user_assigned_identity); V(null) where there is none.
    - With O(state=absent) it also has C(users), the IDs of what uses it, as far as that was asked.
  returned: with C(--diff)
  type: dict
  sample:
    before:
    after:
      name: app
      location: westeurope
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
      sample: The client does not have authorization to perform action 'Microsoft.ManagedIdentity/userAssignedIdentities/write' ...
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
      sample: The caller lacks Microsoft.ManagedIdentity/userAssignedIdentities/write on ...; the role Managed Identity Contributor has it.
"""

from typing import NoReturn

from ansible_collections.managed_identity.azure.plugins.module_utils.front._module import run_module
from ansible_collections.managed_identity.azure.plugins.module_utils.front.identities._user_assigned_identity import (
    OPERATION,
)


def main() -> NoReturn:
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
