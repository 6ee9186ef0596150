# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Options that say who has a role."""

from __future__ import annotations


class ModuleDocFragment:
    """The options that name a principal: by its ID, or by what has it."""

    DOCUMENTATION = r"""
options:
  principal_id:
    description:
      - Principal ID of an identity, a GUID, which Azure also calls object ID. It is not the client ID (application ID).
    type: str
  vm:
    description:
      - The virtual machine whose system-assigned identity is meant, as full resource ID or as name in
        O(resource_group). It is read.
    type: str
  identity:
    description:
      - The user-assigned identity that is meant, as full resource ID or as name in O(resource_group). It is read.
    type: str
  resource_group:
    description:
      - Resource group of O(vm) or O(identity), where that is a bare name.
    type: str
"""
