#!/usr/bin/python
# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List the grants of roles."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: role_assignment_info
short_description: List the grants of roles
version_added: 0.1.0
author:
  - The managed_identity.azure authors (@managed-identity)
description:
  - Lists the role assignments at scopes and below them, of all principals or of one, of all roles or of one.
  - With O(orphaned=true) it lists those of principals that are gone, such as deleted identities, whose grants Azure
    leaves behind.
requirements:
  - azure-mgmt-msi >= 7.1.0, with O(identity)
extends_documentation_fragment:
  - managed_identity.azure._auth
  - managed_identity.azure._principal
  - managed_identity.azure._timeout
  - managed_identity.azure._attributes
  - managed_identity.azure._attributes.info
options:
  role:
    description:
      - Only those of this role, named as in M(managed_identity.azure.role_assignment).
    type: str
  scopes:
    description:
      - Where to look. IDs of subscriptions, resource groups, any resources, management groups, or V(/).
      - The subscription if unset.
    type: list
    elements: str
  inherited:
    description:
      - Whether to list those above O(scopes), too, which hold there as well.
    type: bool
    default: false
  orphaned:
    description:
      - Whether to list only those whose principal the tenant's directory does not know.
      - The directory is asked by Microsoft Graph, up to 1000 principals at once. The caller needs its permission
        C(Directory.Read.All), or the directory role Directory Readers; without it the task fails.
      - Those of groups of another tenant are left out, since this directory cannot tell.
    type: bool
    default: false
notes:
  - The caller needs C(Microsoft.Authorization/roleAssignments/read), as in the role Reader.
  - Look through what O(orphaned=true) lists before you remove it. An identity that was made within the last minutes may
    not be known to all of the directory yet.
  - At most one of O(principal_id), O(vm) and O(identity) can be given. If a VM has no system-assigned identity, or an
    identity does not exist, there is nothing to list, and the task warns.
seealso:
  - module: managed_identity.azure.role_assignment
  - name: Steps to list role assignments
    description: What is listed at a scope.
    link: https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest
"""

EXAMPLES = r"""
---
- name: List what the system-assigned identity of a VM may do
  managed_identity.azure.role_assignment_info:
    vm: web-01
    resource_group: shop
    inherited: true
  register: granted

- name: List who is an owner of a resource group, or of something in it
  managed_identity.azure.role_assignment_info:
    role: Owner
    scopes:
      - /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop

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
role_assignments:
  description: The grants that were found, each once.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Resource ID, by which M(managed_identity.azure.role_assignment) removes it.
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
      description: Name of the role. V(null) if the caller may not read it, or it is gone.
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
    principal_exists:
      description:
        - Whether the principal exists.
        - V(true) if it was read by O(vm) or O(identity), V(false) with O(orphaned=true), V(null) where it was not asked.
      type: bool
      returned: always
      sample: false
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
from ansible_collections.managed_identity.azure.plugins.module_utils.front.roles._role_assignment_info import OPERATION


def main() -> NoReturn:
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
