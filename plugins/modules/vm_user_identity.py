#!/usr/bin/python
# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Assign user-assigned managed identities to an Azure VM, or remove them."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: vm_user_identity
short_description: Assign user-assigned managed identities to an Azure VM, or remove them
version_added: 0.1.0
author:
  - The managed_identity.azure authors (@managed-identity)
description:
  - Assigns user-assigned managed identities to an existing virtual machine, or removes them from it.
  - Identities that the task does not name stay, unless O(purge=true). The system-assigned identity stays as it is.
  - All identities of a task go into one write. Azure takes no more than 150 in one, so that where more come or go there
    are several, which first add and then remove, each waited for before the next.
  - An identity that was deleted in Azure but is still on the VM can be removed, and does not get in the way of others.
extends_documentation_fragment:
  - managed_identity.azure._auth
  - managed_identity.azure._vm
  - managed_identity.azure._vm.change
  - managed_identity.azure._attributes
  - managed_identity.azure._attributes.change
options:
  identities:
    description:
      - The user-assigned identities, each by its full resource ID or by its bare name.
      - IDs are compared without case. A bare name is in O(identity_resource_group) of the VM's subscription.
      - Azure refuses a write that names an identity which does not exist, and changes nothing then. In check mode
        that gives a warning.
    type: list
    elements: str
    required: true
  identity_resource_group:
    description:
      - Resource group of identities that are given by name. The VM's own one, if not set.
    type: str
  state:
    description:
      - Whether the identities shall be on the VM, or not.
      - A VM that does not exist has no identities, so that V(absent) is no failure there but gives a warning.
    type: str
    choices:
      - present
      - absent
    default: present
  repair:
    description:
      - Whether to replace entries on the VM of identities that were deleted and created again under their name. Such an
        entry still belongs to the old principal, with which nobody can sign in.
      - Each of O(identities) is read for that, which takes C(Microsoft.ManagedIdentity/userAssignedIdentities/read).
        The task fails if one of them does not exist; in check mode that gives a warning.
      - To replace an entry takes two writes, between which the identity is not on the VM. Nothing is written where no
        entry is out of date.
      - Only with O(state=present).
    type: bool
    default: false
  purge:
    description:
      - Whether to remove all other user-assigned identities, so that O(identities) is the exact set.
      - With an empty list of O(identities) all are removed.
      - Only with O(state=present).
    type: bool
    default: false
  purge_keep:
    description:
      - Patterns of identities that a purge never removes, such as those that Azure Policy assigns.
      - Shell patterns, compared without case with the identity's name, or with its whole ID if they contain a slash.
      - Only with O(purge=true).
    type: list
    elements: str
    default: []
notes:
  - To add identities the caller also needs C(Microsoft.ManagedIdentity/userAssignedIdentities/assign/action) on each of
    them, as in the role Managed Identity Operator. Removing them takes no right on them.
seealso:
  - module: managed_identity.azure.vm_system_identity
  - module: managed_identity.azure.vm_identity_info
  - module: managed_identity.azure.user_assigned_identity
  - name: Managed identities for Azure resources
    description: What they are and how programs use them.
    link: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview
"""

EXAMPLES = r"""
---
- name: Assign two identities, one by name and one by ID
  managed_identity.azure.vm_user_identity:
    resource_group: shop
    name: web-01
    identities:
      - app
      - /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/central/providers/Microsoft.ManagedIdentity/userAssignedIdentities/logs

- name: Remove one, leave the others
  managed_identity.azure.vm_user_identity:
    resource_group: shop
    name: web-01
    identities: app
    state: absent

- name: Exactly this one, and whatever Azure Policy has assigned
  managed_identity.azure.vm_user_identity:
    resource_group: shop
    name: web-01
    identities: app
    identity_resource_group: central
    purge: true
    purge_keep: Built-In-Identity-*

- name: Assign it, and replace what is left of one of the same name that was deleted
  managed_identity.azure.vm_user_identity:
    resource_group: shop
    name: web-01
    identities: app
    repair: true

- name: Remove all
  managed_identity.azure.vm_user_identity:
    resource_group: shop
    name: web-01
    identities: []
    purge: true
"""

RETURN = r"""
---
vm:
  description: The virtual machine. V(null) if it does not exist, and O(state=absent).
  returned: when it could be read, or does not exist and O(state=absent)
  type: dict
  contains:
    id:
      description: Resource ID, as Azure spells it.
      type: str
      returned: always
      sample: /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/web-01
    name:
      description: Its name.
      type: str
      returned: always
      sample: web-01
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
identity:
  description:
    - The managed identities of the VM, as Azure describes them after the task. In check mode, as they would be.
    - V(null) if the VM does not exist, and O(state=absent).
  returned: when the VM could be read, or does not exist and O(state=absent)
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
    tenant_id:
      description: Tenant of the system-assigned identity. V(null) without one.
      type: str
      returned: always
      sample: 0f5d8a39-6c1f-4d0e-8b63-6f3f2d9e0003
    user_assigned:
      description: The user-assigned identities on the VM, sorted by ID.
      type: list
      elements: dict
      returned: always
      contains:
        id:
          description: Resource ID, as it is spelt on the VM.
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
lost_update_protection:
  description:
    - Whether the change was protected against changes by others at the same time.
    - V(false) where the cloud's API gave no ETag. The module has then read the VM again after the change, and would
      have failed if an identity that it did not remove had been gone.
  returned: when something was changed
  type: bool
  sample: true
operation:
  description: The change that Azure has accepted and is still making.
  returned: when O(wait=false) and something was changed
  type: dict
  contains:
    url:
      description: Where Azure tells how the operation stands.
      type: str
      returned: always
      sample: https://management.azure.com/subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/providers/Microsoft.Compute/locations/westeurope/operations/...
    status:
      description: How it stood when the task ended.
      type: str
      returned: always
      sample: InProgress
diff:
  description: The identities before and after, each in the shape of RV(identity); V(null) where the VM does not exist.
  returned: with C(--diff)
  type: dict
  sample:
    before:
      type: None
      system_assigned: false
      principal_id:
      tenant_id:
      user_assigned: []
    after:
      type: SystemAssigned
      system_assigned: true
      principal_id: 7c3ad6f7-4a0e-4c8b-9b7e-1f0f6c2d0002
      tenant_id: 0f5d8a39-6c1f-4d0e-8b63-6f3f2d9e0003
      user_assigned: []
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
      sample: /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/web-01
    remedy:
      description: What can be done about it. Empty if the module does not know.
      type: str
      returned: always
      sample: Give the caller the role Managed Identity Operator on the identity.
"""

from typing import NoReturn

from ansible_collections.managed_identity.azure.plugins.module_utils.front._module import run_module
from ansible_collections.managed_identity.azure.plugins.module_utils.front.machines._user_identity import OF_VM


def main() -> NoReturn:
    """Run the module."""
    run_module(OF_VM)


if __name__ == "__main__":
    main()
