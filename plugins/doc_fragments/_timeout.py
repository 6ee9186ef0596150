# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. How long a task may take."""

from __future__ import annotations


class ModuleDocFragment:
    """The option wait_timeout of modules that have nothing to wait for but answers."""

    DOCUMENTATION = r"""
options:
  wait_timeout:
    description:
      - How long the whole task may take, in seconds.
      - Requests that Azure throttles are tried again until then.
    type: int
    default: 600
"""
