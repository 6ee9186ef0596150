#!/usr/bin/python
# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Enable or disable the system-assigned managed identity of an Azure scale set."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: vmss_system_identity
short_description: Enable or disable the system-assigned managed identity of an Azure scale set
version_added: 0.1.0
author:
  - The managed_identity.azure authors (@managed-identity)
description:
  - Enables or disables the system-assigned managed identity of an existing scale set.
  - User-assigned identities stay as they are, and so does everything else on the scale set.
  - Only uniform scale sets can have one. For a flexible one the task fails before it writes anything, in check mode too;
    assign a user-assigned identity to the set by M(managed_identity.azure.vmss_user_identity), or give each of its VMs a
    system-assigned one by M(managed_identity.azure.vm_system_identity).
  - An identity that is disabled and enabled again is a new one, with another principal ID. Roles that were granted to
    the old one do not apply to it.
requirements:
  - azure-mgmt-compute >= 33.0.0, with O(roll_out)
extends_documentation_fragment:
  - managed_identity.azure._auth
  - managed_identity.azure._vmss
  - managed_identity.azure._vmss.change
  - managed_identity.azure._attributes
  - managed_identity.azure._attributes.change
options:
  state:
    description:
      - Whether the scale set shall have a system-assigned identity. A flexible one never has, so that V(absent) changes
        nothing there.
      - A scale set that does not exist has no identities, so that V(absent) is no failure there but gives a warning.
    type: str
    choices:
      - present
      - absent
    default: present
seealso:
  - module: managed_identity.azure.vmss_user_identity
  - module: managed_identity.azure.vm_system_identity
  - module: managed_identity.azure.vmss_identity_info
  - name: Managed identities for Azure resources
    description: What they are and how programs use them.
    link: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview
"""

EXAMPLES = r"""
---
- name: Give a scale set its system-assigned identity
  managed_identity.azure.vmss_system_identity:
    resource_group: shop
    name: web
  register: web

- name: Show the principal ID to grant roles to
  ansible.builtin.debug:
    msg: "{{ web.identity.principal_id }}"

- name: Disable it, on a scale set in another subscription
  managed_identity.azure.vmss_system_identity:
    vmss_id: /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop/providers/Microsoft.Compute/virtualMachineScaleSets/jobs
    state: absent

- name: Enable it, and give it to two of the instances first
  managed_identity.azure.vmss_system_identity:
    resource_group: shop
    name: web
    roll_out: ["0", "1"]
  register: first

- name: Then to the others
  managed_identity.azure.vmss_system_identity:
    resource_group: shop
    name: web
    roll_out: "{{ first.instances.old_model or ['none'] }}"
"""

RETURN = r"""
---
vmss:
  description: The scale set. V(null) if it does not exist, and O(state=absent).
  returned: when it could be read, or does not exist and O(state=absent)
  type: dict
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
identity:
  description:
    - The managed identities of the scale set, as Azure describes them after the task. In check mode, as they would be.
    - V(null) if the scale set does not exist, and O(state=absent).
  returned: when the scale set could be read, or does not exist and O(state=absent)
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
instances:
  description: How the instances of a uniform scale set stand to its model. Empty lists for a flexible one.
  returned: when the scale set could be read and O(wait=true) or nothing was changed
  type: dict
  contains:
    old_model:
      description: IDs of the instances that do not have the latest model. In check mode, those that would not.
      type: list
      elements: str
      returned: always
      sample: ["3"]
    updated:
      description: IDs of the instances that got the latest model by O(roll_out). In check mode, those that would.
      type: list
      elements: str
      returned: always
      sample: ["0", "1", "2"]
lost_update_protection:
  description:
    - Whether the change was protected against changes by others at the same time.
    - V(false) where the cloud's API gave no ETag. The module has then read the scale set again after the change,
      and would have failed if an identity that it did not remove had been gone.
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
  description: The identities before and after, each in the shape of RV(identity); V(null) where the scale set does not exist.
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
      sample: /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop/providers/Microsoft.Compute/virtualMachineScaleSets/web
    remedy:
      description: What can be done about it. Empty if the module does not know.
      type: str
      returned: always
      sample: Give the caller the role Managed Identity Operator on the identity.
"""

from typing import NoReturn

from ansible_collections.managed_identity.azure.plugins.module_utils.front._module import run_module
from ansible_collections.managed_identity.azure.plugins.module_utils.front.machines._system_identity import OF_SCALE_SET


def main() -> NoReturn:
    """Run the module."""
    run_module(OF_SCALE_SET)


if __name__ == "__main__":
    main()
