# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Attributes that the modules declare."""

from __future__ import annotations


class ModuleDocFragment:
    """Attributes, by kind of module."""

    DOCUMENTATION = r"""
options: {}
attributes:
  action:
    support: full
    description: Has an action plugin of the same name, which runs the module's work on the controller.
  action_group:
    support: full
    description: Use C(group/managed_identity.azure.all) in C(module_defaults) to set defaults for all modules.
    membership:
      - managed_identity.azure.all
  async:
    support: full
    description: Supports being used with the C(async) keyword; the task then runs as a module process.
"""

    CHANGE = r"""
options: {}
attributes:
  check_mode:
    support: full
    description: Can run in C(check_mode) and return what would change without writing anything.
    details:
      - The result has the same shape as that of a real run. IDs that Azure has yet to make are V(null).
  diff_mode:
    support: full
    description: Returns what changes, before and after, with C(--diff).
  idempotent:
    support: full
    description: When run twice in a row outside check mode with the same arguments, the second run changes nothing.
"""

    INFO = r"""
options: {}
attributes:
  check_mode:
    support: full
    description: Can run in C(check_mode); the module never changes anything.
  diff_mode:
    support: N/A
    description: Returns details on what has changed when in diff mode.
  idempotent:
    support: full
    description: When run twice in a row outside check mode with the same arguments, the second run changes nothing.
"""
