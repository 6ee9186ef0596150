# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Options that the modules of scale sets share."""

from __future__ import annotations


class ModuleDocFragment:
    """The options that name a scale set, and those of a change."""

    DOCUMENTATION = r"""
options:
  resource_group:
    description:
      - Resource group of the scale set.
    type: str
  name:
    description:
      - Name of the scale set in O(resource_group).
    type: str
  vmss_id:
    description:
      - Full resource ID of the scale set, in any spelling.
      - Its subscription is used, whatever O(subscription_id) says.
    type: str
"""

    CHANGE = r"""
options:
  roll_out:
    description:
      - Which instances of a uniform scale set to bring to its latest model after the change, those among them that have
        an older one. V(none), V(all), or a list of instance IDs.
      - Where the upgrade policy is C(Manual), an instance has the new identities only then. With C(Automatic) and
        C(Rolling) Azure does it by itself.
      - An instance gets the whole latest model. If it had an older one before the task, that may be more than
        identities, and a warning says so.
      - Not for flexible scale sets, whose VMs have identities of their own.
    type: list
    elements: str
    default:
      - none
  wait:
    description:
      - Whether to wait until Azure has finished the change of the scale set.
      - With V(false) the task ends once Azure has accepted it, and O(roll_out) must be V(none). Principal IDs that are
        not known by then are V(null), and RV(ignore:operation) tells where to ask for the end.
    type: bool
    default: true
  wait_timeout:
    description:
      - How long the whole task may take, in seconds. Retries, waits for other writers and the roll-out count.
      - A change that Azure has accepted goes on when this time has passed. The task fails then and says so.
    type: int
    default: 600
notes:
  - The module sends one C(PATCH) that holds nothing but the change of identities, or several where more than 150
    identities come or go. Nothing else on the scale set is touched.
  - The write carries the ETag of the state that it was planned from, so changes made by others at the same time are
    not lost. If something else changed the scale set in between, the module reads it again and makes a new plan.
  - The caller needs C(Microsoft.Compute/virtualMachineScaleSets/read) and C(write) on the scale set, and for
    O(roll_out) C(manualupgrade/action), as in the role Virtual Machine Contributor.
"""
