# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Options that several modules share."""

from __future__ import annotations


class ModuleDocFragment:
    """The options that name a VM, and those of a change."""

    DOCUMENTATION = r"""
options:
  resource_group:
    description:
      - Resource group of the virtual machine.
    type: str
  name:
    description:
      - Name of the virtual machine in O(resource_group).
    type: str
  vm_id:
    description:
      - Full resource ID of the virtual machine, in any spelling.
      - Its subscription is used, whatever O(subscription_id) says.
    type: str
"""

    CHANGE = r"""
options:
  wait:
    description:
      - Whether to wait until Azure has finished the change.
      - With V(false) the task ends once Azure has accepted the change. Principal IDs that are not known by then are
        V(null), and RV(ignore:operation) tells where to ask for the end.
    type: bool
    default: true
  wait_timeout:
    description:
      - How long the whole task may take, in seconds. Retries and waits for other writers count.
      - A change that Azure has accepted goes on when this time has passed. The task fails then and says so.
    type: int
    default: 600
notes:
  - The module sends one C(PATCH) that holds nothing but the change of identities, or several where more than 150
    identities come or go. Nothing else on the VM is touched, and the VM keeps running.
  - The write carries the ETag of the state that it was planned from, so changes made by others at the same time are
    not lost. If something else changed the VM in between, the module reads it again and makes a new plan.
  - The caller needs C(Microsoft.Compute/virtualMachines/read) and C(write) on the VM, as in the role
    Virtual Machine Contributor.
"""
