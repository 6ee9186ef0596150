#!/usr/bin/python
# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell whether the caller has the rights to work on managed identities."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: identity_permissions_info
short_description: Tell whether the caller has the rights to work on managed identities
version_added: 0.1.0
author:
  - The managed_identity.azure authors (@managed-identity)
description:
  - Says for given virtual machines, identities and scopes which rights an operation takes, which of them the caller has,
    lacks, or cannot know, and which built-in role has each; and which locks are in the way.
  - A play that asks this first fails before its first write, instead of in the middle.
  - Missing rights and locks are told in the same words as when the write itself is refused.
extends_documentation_fragment:
  - managed_identity.azure._auth
  - managed_identity.azure._timeout
  - managed_identity.azure._attributes
  - managed_identity.azure._attributes.info
options:
  operations:
    description:
      - What is to be done.
      - V(enable) and V(disable) the system-assigned identity of O(vms), V(assign) O(identities) to them, and V(remove)
        user-assigned identities from them.
      - V(create_vm) in O(resource_group), with O(identities) if there are any; V(delete_vm) each of O(vms).
      - V(grant) roles at O(scopes).
      - V(create_identity) in O(resource_group), or in the resource group of each of O(identities).
      - V(delete_identity) and V(federate) (write federated credentials) for each of O(identities).
    type: list
    elements: str
    required: true
    choices:
      - enable
      - disable
      - assign
      - remove
      - create_vm
      - delete_vm
      - grant
      - create_identity
      - delete_identity
      - federate
  vms:
    description:
      - Virtual machines, each by its full resource ID or by its bare name in O(resource_group); and scale sets, by ID.
    type: list
    elements: str
  identities:
    description:
      - User-assigned identities, each by its full resource ID or by its bare name in O(resource_group).
    type: list
    elements: str
  scopes:
    description:
      - Where roles are to be granted, such as the ID of a resource, a resource group or a subscription.
    type: list
    elements: str
  resource_group:
    description:
      - Resource group of what is given by its bare name, and of what is to be created.
    type: str
notes:
  - The module reads the caller's permissions once per scope, and the locks at it and above. To read them takes
    C(Microsoft.Authorization/permissions/read) and C(Microsoft.Authorization/locks/read), as in the role Reader.
  - Rights at a resource that does not exist are judged at its resource group.
  - Azure's list of permissions does not show deny assignments, conditions of role assignments, Azure Policy and
    eligible roles that have yet to be activated. Azure may refuse what is granted.
  - A VM is also attached to a subnet or to network interfaces, which takes a right on them. Which they are the module is
    not told, so these rights are V(unknown) for V(create_vm).
  - The right to roll the model of a scale set out to its instances is not looked for.
  - Locks below a scope, such as one on something inside an identity that is to be deleted, are not looked for.
seealso:
  - module: managed_identity.azure.vm_system_identity
  - module: managed_identity.azure.vm_user_identity
  - module: managed_identity.azure.federated_credential
  - name: Azure built-in roles
    description: Which actions they have.
    link: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
"""

EXAMPLES = r"""
---
- name: May I assign this identity to these VMs?
  managed_identity.azure.identity_permissions_info:
    operations: assign
    resource_group: shop
    vms:
      - web-01
      - web-02
    identities: app
  register: rights

- name: Stop before anything is changed
  ansible.builtin.assert:
    that: rights.allowed
    fail_msg: "{{ (rights.missing + rights.locks | map(attribute='explanation')) | join(' ') }}"

- name: May I create an identity, let GitHub sign in as it, and grant it roles on two resource groups?
  managed_identity.azure.identity_permissions_info:
    operations:
      - create_identity
      - federate
      - grant
    resource_group: shop
    identities: deploy
    scopes:
      - /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop
      - /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/central

- name: May I create VMs here?
  managed_identity.azure.identity_permissions_info:
    operations: create_vm
    resource_group: shop
"""

RETURN = r"""
---
allowed:
  description:
    - Whether no right is known to be missing, and no lock in the way. What is V(unknown) does not count.
  returned: success
  type: bool
  sample: false
permissions:
  description: The rights that the operations take, in the order of the operations.
  returned: success
  type: list
  elements: dict
  contains:
    operation:
      description: The operation that takes the right.
      type: str
      returned: always
      sample: assign
    action:
      description: The action, in Azure's words.
      type: str
      returned: always
      sample: Microsoft.ManagedIdentity/userAssignedIdentities/assign/action
    scope:
      description:
        - Where the right is needed. The resource group, if the resource does not exist. V(null), if it is not known.
      type: str
      returned: always
      sample: /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/app
    state:
      description: One of V(granted), V(missing) and V(unknown).
      type: str
      returned: always
      sample: missing
    role:
      description: The built-in role of least power that has the action. V(null) if the module knows none.
      type: str
      returned: always
      sample: Managed Identity Operator
    explanation:
      description: What is missing and which role has it, or why it cannot be known. Empty if the right is granted.
      type: str
      returned: always
      sample: The caller lacks Microsoft.ManagedIdentity/userAssignedIdentities/assign/action on ...; the role Managed Identity Operator has it.
missing:
  description: The explanations of what is missing, each once.
  returned: success
  type: list
  elements: str
  sample:
    - The caller lacks Microsoft.ManagedIdentity/userAssignedIdentities/assign/action on ...; the role Managed Identity Operator has it.
locks:
  description: The locks in the way. V(ReadOnly) blocks every operation, the other levels deletions only.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Resource ID of the lock.
      type: str
      returned: always
      sample: /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop/providers/Microsoft.Authorization/locks/frozen
    name:
      description: Its name.
      type: str
      returned: always
      sample: frozen
    level:
      description: Its level, V(ReadOnly), V(CanNotDelete) or V(NotSpecified).
      type: str
      returned: always
      sample: ReadOnly
    scope:
      description: What is locked, with all below.
      type: str
      returned: always
      sample: /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop
    operations:
      description: The operations that it blocks.
      type: list
      elements: str
      returned: always
      sample:
        - assign
    explanation:
      description: The same in a sentence.
      type: str
      returned: always
      sample: A lock on ... forbids it; who may remove locks can remove it for the time of the change.
notes:
  description: What these checks did not see.
  returned: success
  type: list
  elements: str
  sample:
    - >-
      Deny assignments, conditions of role assignments, Azure Policy and roles that have yet to be activated are not seen
      here: Azure may refuse what is granted.
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
from ansible_collections.managed_identity.azure.plugins.module_utils.front.roles._identity_permissions_info import (
    OPERATION,
)


def main() -> NoReturn:
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
