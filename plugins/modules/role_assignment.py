#!/usr/bin/python
# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Grant a role to a managed identity."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: role_assignment
short_description: Grant a role to a managed identity
version_added: 0.1.0
author:
  - The managed_identity.azure authors (@managed-identity)
description:
  - Grants a role to a managed identity at one or many scopes, in any subscription or management group, or takes it away.
  - A grant that is there already counts, whatever its name and whoever made it. Above and below the scopes nothing is
    touched.
  - The identity is named by its principal ID, as the system-assigned identity of a VM, or as a user-assigned one.
  - Grants of principals that are gone are removed by O(assignment_ids);
    M(managed_identity.azure.role_assignment_info) lists them.
requirements:
  - azure-mgmt-msi >= 7.1.0, with O(identity)
extends_documentation_fragment:
  - managed_identity.azure._auth
  - managed_identity.azure._principal
  - managed_identity.azure._timeout
  - managed_identity.azure._attributes
  - managed_identity.azure._attributes.change
options:
  assignment_ids:
    description:
      - Full IDs of the role assignments to remove, of whatever principal. Those that are not there are left out.
      - Needs O(state=absent) and O(max_changes).
    type: list
    elements: str
  role:
    description:
      - The role, built-in or custom, by its name in any case, by its GUID, or by the full ID of its definition.
      - A name is looked up. It must stand for one role that can be assigned at the scope.
      - Needed unless O(assignment_ids) is given.
    type: str
  scopes:
    description:
      - Where the role is granted. ID of a subscription, a resource group, any resource, a management group, or V(/).
      - They are written one after the other. At the first that fails the task ends; what was done until then and what
        was not tried is in its message. Run again, it goes on where it ended.
      - Needed unless O(assignment_ids) is given.
    type: list
    elements: str
  state:
    description:
      - V(present) grants the role, V(absent) takes it away.
    type: str
    choices: [present, absent]
    default: present
  condition:
    description:
      - Condition of the grant, in Azure's language. An empty text takes it away.
      - If unset, that of a grant that is there stays. Not looked at with O(state=absent).
    type: str
  condition_version:
    description:
      - Version of the language of O(condition). V(2.0) is the only one, and is used if unset.
    type: str
    choices: ['2.0']
  description:
    description:
      - Description of the grant. An empty text takes it away.
      - If unset, that of a grant that is there stays. Not looked at with O(state=absent).
    type: str
  replication_timeout:
    description:
      - How many seconds a principal that the directory does not know is tried again, for all scopes together, since a
        new one takes a while to be known everywhere. V(0) does not try again.
      - Each grant is written with the principal's type, so that Azure mostly does not look. O(wait_timeout) ends it, too.
    type: int
    default: 120
  max_changes:
    description:
      - If more than this many of O(assignment_ids) are there the task fails and removes none.
    type: int
notes:
  - Exactly one of O(principal_id), O(vm), O(identity) and O(assignment_ids) is needed.
  - A VM without a system-assigned identity, and an identity that does not exist, are an error. With O(state=absent)
    there is nothing to remove then, and the task warns.
  - In check mode the principal may be unknown, as it is where an earlier task would make the identity, and
    O(principal_id) may be empty. It is then one that has no grants yet, and the task warns.
  - The caller needs C(Microsoft.Authorization/roleAssignments/read), C(write) and C(delete) at the scopes, as in the
    role Role Based Access Control Administrator.
  - The name of a new grant is the same for the same scope, principal and role, a GUID made from them (C(uuid5)), so that
    two tasks at once do not make two.
  - >-
    A role, once granted, takes some minutes to work.
seealso:
  - module: managed_identity.azure.role_assignment_info
  - module: managed_identity.azure.vm_system_identity
  - name: Azure built-in roles
    description: Their names, IDs and actions.
    link: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
"""

EXAMPLES = r"""
---
- name: Let a VM read a resource group
  managed_identity.azure.role_assignment:
    vm: web-01
    resource_group: shop
    role: Reader
    scopes:
      - /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop-data

- name: Let an identity read blobs, in two subscriptions
  managed_identity.azure.role_assignment:
    identity: /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/app
    role: Storage Blob Data Reader
    scopes:
      - /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop-data
      - /subscriptions/8d2f6a10-1c3b-4e5d-8f7a-9b0c1d2e0006/resourceGroups/archive
    description: Read by the shop

- name: Grant to what a task before made
  managed_identity.azure.role_assignment:
    principal_id: "{{ enabled.identity.principal_id }}"
    role: acdd72a7-3385-48ef-bd42-f606fba81ae7
    scopes: [/providers/Microsoft.Management/managementGroups/platform]

- name: Take a role away
  managed_identity.azure.role_assignment:
    identity: app
    resource_group: shop
    role: Reader
    scopes:
      - /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001
    state: absent

- name: Find the grants of principals that are gone
  managed_identity.azure.role_assignment_info:
    orphaned: true
  register: gone

- name: Remove them, but not more than ten
  managed_identity.azure.role_assignment:
    assignment_ids: "{{ gone.role_assignments | map(attribute='id') }}"
    max_changes: 10
    state: absent
"""

RETURN = r"""
---
principal_id:
  description:
    - The principal. V(null) if it is not known yet in check mode, if there is none with O(state=absent), and with
      O(assignment_ids).
  returned: always, unless nothing could be read
  type: str
  sample: 7c3ad6f7-4a0e-4c8b-9b7e-1f0f6c2d0002
role_assignments:
  description:
    - The grants of the role to the principal at the scopes, as they are after the task.
    - After a failure, as they are at the scopes that were done, and as they were before at the others.
  returned: always, unless nothing could be read
  type: list
  elements: dict
  contains: &assignment
    id:
      description: Resource ID. V(null) in check mode, if the principal is not known yet.
      type: str
      returned: always
      sample: /subscriptions/.../resourceGroups/shop/providers/Microsoft.Authorization/roleAssignments/3e1b0c9a-7a54-5b0e-9c43-0d6f1a2b0008
    name:
      description: Its name, a GUID.
      type: str
      returned: always
      sample: 3e1b0c9a-7a54-5b0e-9c43-0d6f1a2b0008
    scope:
      description: Where it holds.
      type: str
      returned: always
      sample: /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop
    role:
      description: Name of the role. V(null) if the caller may not read it, and with O(assignment_ids).
      type: str
      returned: always
      sample: Reader
    role_definition_id:
      description: Full ID of the role's definition.
      type: str
      returned: always
      sample: /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7
    principal_id:
      description: Who has it.
      type: str
      returned: always
      sample: 7c3ad6f7-4a0e-4c8b-9b7e-1f0f6c2d0002
    principal_type:
      description: What that is, in Azure's words. V(ServicePrincipal) for managed identities.
      type: str
      returned: always
      sample: ServicePrincipal
    condition:
      description: Its condition. V(null) without one.
      type: str
      returned: always
      sample:
    condition_version:
      description: Version of the condition's language. V(null) without one.
      type: str
      returned: always
      sample:
    description:
      description: Its description. V(null) without one.
      type: str
      returned: always
      sample: Read by the shop
removed:
  description: The grants that were removed, or in check mode would be.
  returned: always, unless nothing could be read
  type: list
  elements: dict
  contains: *assignment
diff:
  description: The grants of the role to the principal at the scopes before and after.
  returned: with C(--diff)
  type: dict
  sample:
    before:
      role_assignments: []
    after:
      role_assignments: []
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
from ansible_collections.managed_identity.azure.plugins.module_utils.front.roles._role_assignment import OPERATION


def main() -> NoReturn:
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
