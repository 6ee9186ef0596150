# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Options that name a user-assigned identity."""

from __future__ import annotations


class ModuleDocFragment:
    """The options that name a user-assigned identity as a resource."""

    DOCUMENTATION = r"""
options:
  resource_group:
    description:
      - Resource group of the identity.
    type: str
  name:
    description:
      - Name of the identity in O(resource_group).
    type: str
  identity_id:
    description:
      - Full resource ID of the identity, in any spelling.
      - Its subscription is used, whatever O(subscription_id) says.
    type: str
"""
