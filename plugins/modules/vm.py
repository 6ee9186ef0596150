#!/usr/bin/python
# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Create an Azure VM with its managed identities, or delete one."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: vm
short_description: Create an Azure VM with its managed identities, or delete one
version_added: 0.1.0
author:
  - The managed_identity.azure authors (@managed-identity)
description:
  - Creates a Linux or Windows virtual machine together with its system-assigned and user-assigned managed identities,
    in one write. The VM has its identities from its first moment on.
  - Of a VM that exists only the identities are changed, as by M(managed_identity.azure.vm_system_identity) and
    M(managed_identity.azure.vm_user_identity). Whatever else is otherwise than the task says stays as it is; the
    module warns of it, and lists it in RV(differences).
  - What is made with the VM goes with it when it is deleted. What was there before outlives it.
requirements:
  - azure-mgmt-compute >= 33.0.0, where a VM is to be made or deleted
extends_documentation_fragment:
  - managed_identity.azure._auth
  - managed_identity.azure._vm
  - managed_identity.azure._attributes
  - managed_identity.azure._attributes.change
options:
  state:
    description:
      - Whether the VM shall be there, or not.
      - V(absent) deletes the VM, and with it the disks and network interfaces that Azure shall delete with it.
        All options but those that name the VM are of no account then.
    type: str
    choices:
      - present
      - absent
    default: present
  system_assigned:
    description:
      - Whether the VM shall have a system-assigned identity.
      - If not set, a new VM gets none, and that of an existing VM stays as it is.
    type: bool
  identities:
    description:
      - The user-assigned identities that the VM shall have, each by its full resource ID or by its bare name.
      - Others on an existing VM stay, unless O(purge=true).
      - IDs are compared without case. A bare name is in O(identity_resource_group) of the VM's subscription.
      - They must exist. In check mode one that does not gives a warning.
      - Azure creates no VM with more than 150 of them; the task says so before it writes anything. An existing VM gets
        any number, in several writes.
    type: list
    elements: str
  identity_resource_group:
    description:
      - Resource group of identities that are given by name. The VM's own one, if not set.
    type: str
  purge:
    description:
      - Whether to remove all other user-assigned identities from an existing VM, so that O(identities) is the exact set.
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
  location:
    description:
      - Region of a new VM. That of the resource group, if not set.
    type: str
  image:
    description:
      - What a new VM is made from. It needs one.
      - Either text, C(publisher:offer:sku:version) or the ID of an image; or a dictionary of C(publisher), C(offer),
        C(sku) and C(version) (the newest one if not set), or of C(id).
      - An ID may be that of a managed image, of an image or a version in a compute gallery, or of one in a shared or
        community gallery.
    type: raw
  plan:
    description:
      - The plan under which the image is sold in the marketplace, if it is. Its terms must have been accepted.
    type: dict
    suboptions:
      name:
        description: Name of the plan.
        type: str
        required: true
      product:
        description: The product, as a rule the image's offer.
        type: str
        required: true
      publisher:
        description: The publisher.
        type: str
        required: true
  size:
    description:
      - Size of a new VM, such as V(Standard_D2s_v5). It needs one.
    type: str
  admin_username:
    description:
      - Name of the administrator of a new VM. It needs one, unless its image is a specialized one.
    type: str
  admin_password:
    description:
      - The administrator's password. A Linux VM can do with O(ssh_public_keys), and takes no password to sign in then.
    type: str
  ssh_public_keys:
    description:
      - Public keys that sign the administrator of a Linux VM in, each the text of a file such as C(id_ed25519.pub).
    type: list
    elements: str
  os_type:
    description:
      - The image's system. V(windows) lets Azure install its agent and updates, and checks what Windows requires.
      - If not set, Azure goes by the image.
    type: str
    choices:
      - linux
      - windows
  computer_name:
    description:
      - The name that the VM's system has. The VM's own one, if not set. Windows takes at most 15 characters.
    type: str
  custom_data:
    description:
      - Text that the system finds at its first start, such as a configuration of cloud-init. At most 65535 bytes.
      - It is kept out of results and logs, as it often holds secrets.
    type: str
  os_disk:
    description:
      - The disk of the system.
    type: dict
    suboptions:
      size_gb:
        description: Its size. The image's, if not set.
        type: int
      type:
        description: Its kind. Azure's default for the VM's size, if not set.
        type: str
        choices:
          - Standard_LRS
          - StandardSSD_LRS
          - StandardSSD_ZRS
          - Premium_LRS
          - Premium_ZRS
          - PremiumV2_LRS
          - UltraSSD_LRS
      caching:
        description: How the host caches it. Azure's default, if not set.
        type: str
        choices:
          - 'None'
          - ReadOnly
          - ReadWrite
      delete_with_vm:
        description: Whether it is deleted with the VM. It is, unless this is V(false).
        type: bool
      security_encryption:
        description:
          - What is encrypted of a confidential VM's disk. V(VMGuestStateOnly), if not set.
          - Only with O(security_type=ConfidentialVM).
        type: str
        choices:
          - VMGuestStateOnly
          - DiskWithVMGuestState
          - NonPersistedTPM
  data_disks:
    description:
      - Empty disks that are made with the VM.
    type: list
    elements: dict
    suboptions:
      size_gb:
        description: Its size.
        type: int
        required: true
      lun:
        description: Its number on the VM, 0 to 63. The lowest that is free, if not set.
        type: int
      type:
        description: Its kind. Azure's default for the VM's size, if not set.
        type: str
        choices:
          - Standard_LRS
          - StandardSSD_LRS
          - StandardSSD_ZRS
          - Premium_LRS
          - Premium_ZRS
          - PremiumV2_LRS
          - UltraSSD_LRS
      caching:
        description: How the host caches it. Azure's default, if not set.
        type: str
        choices:
          - 'None'
          - ReadOnly
          - ReadWrite
      delete_with_vm:
        description: Whether it is deleted with the VM. It is, unless this is V(false).
        type: bool
  zone:
    description:
      - Availability zone of a new VM. None, if not set.
    type: str
    choices:
      - '1'
      - '2'
      - '3'
  tags:
    description:
      - Tags of a new VM.
    type: dict
  license_type:
    description:
      - Licence that one brings along, such as V(Windows_Server), V(RHEL_BYOS) or V(SLES_BYOS).
    type: str
  security_type:
    description:
      - The protection of a new VM. V(Standard) is what Azure makes of a request that names none.
    type: str
    choices:
      - Standard
      - TrustedLaunch
      - ConfidentialVM
  secure_boot:
    description:
      - Whether only signed systems start. They do, unless this is V(false).
      - Only with O(security_type=TrustedLaunch) and O(security_type=ConfidentialVM).
    type: bool
  vtpm:
    description:
      - Whether the VM has a virtual trusted platform module. It has, unless this is V(false).
      - Only with O(security_type=TrustedLaunch) and O(security_type=ConfidentialVM).
    type: bool
  network_interfaces:
    description:
      - Network interfaces that exist, each by its full resource ID or by its bare name in the VM's resource group.
      - The first one is the primary. They outlive the VM.
      - A new VM needs these, or O(subnet_id).
    type: list
    elements: str
  subnet_id:
    description:
      - ID of the subnet in which a network interface is made with the VM, and deleted with it.
    type: str
  public_ip:
    description:
      - Whether that network interface gets a public IP address, which is made and deleted with it. It does not, if not set.
    type: bool
  network_security_group_id:
    description:
      - ID of the network security group of that network interface. None, if not set.
    type: str
  wait:
    description:
      - Whether to wait until Azure has finished.
      - With V(false) the task ends once Azure has accepted the write. IDs that are not known by then are V(null), and
        RV(operation) tells where to ask for the end.
    type: bool
    default: true
  wait_timeout:
    description:
      - How long the whole task may take, in seconds. Retries and waits for other writers count.
      - What Azure has accepted goes on when this time has passed. The task fails then and says so.
    type: int
    default: 600
notes:
  - A new VM is one C(PUT) with C(If-None-Match), so of two tasks that create a VM of one name at the same time, one
    creates it and the other one finds it. Of an existing VM one C(PATCH) changes nothing but the identities.
  - A VM's description does not tell passwords, custom data, and what its network interfaces are made of. These are not
    compared with those of an existing VM.
  - The caller needs C(Microsoft.Compute/virtualMachines/write) on the resource group and
    C(Microsoft.Network/virtualNetworks/subnets/join/action) on the subnet, as in the role Virtual Machine Contributor, and
    C(Microsoft.ManagedIdentity/userAssignedIdentities/assign/action) on each identity, as in the role
    Managed Identity Operator.
  - Azure's own errors, such as of quotas, sizes that are not to be had and images, come with what can be done about them.
    If a creation failed half way, RV(left_behind) lists what Azure has left.
seealso:
  - module: managed_identity.azure.vm_system_identity
  - module: managed_identity.azure.vm_user_identity
  - name: Managed identities for Azure resources
    description: What they are and how programs use them.
    link: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview
"""

EXAMPLES = r"""
---
- name: A Linux VM with both kinds of identity
  managed_identity.azure.vm:
    resource_group: shop
    name: web-01
    system_assigned: true
    identities:
      - app
    image: Canonical:ubuntu-24_04-lts:server:latest
    size: Standard_D2s_v5
    admin_username: ada
    ssh_public_keys:
      - "{{ lookup('ansible.builtin.file', '~/.ssh/id_ed25519.pub') }}"
    subnet_id: /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/hub/subnets/web
    security_type: TrustedLaunch
    data_disks:
      - size_gb: 64
        type: Premium_LRS
    tags:
      team: shop
  register: web

- name: Show the principal ID, the one to grant roles to
  ansible.builtin.debug:
    var: web.identity.principal_id

- name: A Windows VM with a public IP address, in a zone
  managed_identity.azure.vm:
    resource_group: shop
    name: win-01
    identities: app
    image:
      publisher: MicrosoftWindowsServer
      offer: WindowsServer
      sku: 2022-datacenter-azure-edition
    os_type: windows
    size: Standard_D4s_v5
    admin_username: ada
    admin_password: "{{ vault_admin_password }}"
    subnet_id: /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/hub/subnets/web
    public_ip: true
    zone: 1

- name: An image of one's own and a network interface that exists
  managed_identity.azure.vm:
    resource_group: shop
    name: db-01
    system_assigned: true
    image: /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/images/providers/Microsoft.Compute/galleries/g/images/db
    size: Standard_E4s_v5
    admin_username: ada
    ssh_public_keys: "{{ keys }}"
    network_interfaces: db-01-nic
    os_disk:
      size_gb: 128
      delete_with_vm: false

- name: Change the identities of a VM that exists
  managed_identity.azure.vm:
    resource_group: shop
    name: web-01
    system_assigned: false
    identities:
      - app
      - logs
    purge: true

- name: Delete a VM, and what was made with it
  managed_identity.azure.vm:
    resource_group: shop
    name: web-01
    state: absent
"""

RETURN = r"""
---
created:
  description: Whether the VM was created by the task. In check mode, whether it would be.
  returned: always
  type: bool
  sample: true
vm:
  description: The virtual machine. V(null) if it is absent.
  returned: when it is known how it is
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
  description: The managed identities of the VM, as Azure describes them after the task. In check mode, as they would be.
  returned: when it is known how the VM is
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
network_interface_ids:
  description: The network interfaces of the VM. V(null) as long as Azure has not made them.
  returned: with O(state=present), when the VM is there or would be
  type: list
  elements: str
  sample:
    - /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop/providers/Microsoft.Network/networkInterfaces/web-01-nic
differences:
  description: What an existing VM has otherwise than the options say. All of it stays as it is.
  returned: with O(state=present), when the VM is there or would be
  type: list
  elements: dict
  contains:
    option:
      description: The option.
      type: str
      returned: always
      sample: size
    wanted:
      description: What it says.
      type: raw
      returned: always
      sample: Standard_D4s_v5
    found:
      description: What the VM has. V(null) if it has none.
      type: raw
      returned: always
      sample: Standard_D2s_v5
deleted:
  description: The IDs of the VM and of what Azure deletes with it, or would in check mode.
  returned: with O(state=absent)
  type: list
  elements: str
  sample:
    - /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/web-01
    - /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop/providers/Microsoft.Compute/disks/web-01_OsDisk_1
kept:
  description: The IDs of disks and network interfaces of the VM that outlive it.
  returned: with O(state=absent)
  type: list
  elements: str
  sample: []
left_behind:
  description:
    - What there is after a creation that failed, the VM first, with its disks and network interfaces.
    - Empty if there is nothing. RV(ignore:msg) says what O(state=absent) deletes of it.
  returned: when a creation has failed, and it could be read what is there
  type: list
  elements: str
  sample:
    - /subscriptions/5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/web-01
lost_update_protection:
  description:
    - Whether the change was protected against changes by others at the same time.
    - V(false) where the cloud's API gave no ETag.
  returned: when the identities of an existing VM were changed
  type: bool
  sample: true
operation:
  description: What Azure has accepted and is still doing.
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
  description: The identities before and after, each in the shape of RV(identity), V(null) where there is no VM.
  returned: with C(--diff)
  type: dict
  sample:
    before:
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
from ansible_collections.managed_identity.azure.plugins.module_utils.front.machines._vm import OPERATION


def main() -> NoReturn:
    """Run the module."""
    run_module(OPERATION)


if __name__ == "__main__":
    main()
