# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Becomes the user that one is already, so that tests need no rights."""

from __future__ import annotations

from ansible.plugins.become import BecomeBase

DOCUMENTATION = r"""
name: nobody_else
short_description: Becomes nobody else
description:
  - Runs commands as they are.
options:
  become_user:
    description: Whom to become; has no effect.
    default: root
    vars:
      - name: ansible_become_user
  become_exe:
    description: Has no effect.
    default: ""
    vars:
      - name: ansible_become_exe
  become_flags:
    description: Has no effect.
    default: ""
    vars:
      - name: ansible_become_flags
  become_pass:
    description: Has no effect.
    vars:
      - name: ansible_become_password
"""


class BecomeModule(BecomeBase):
    name = "nobody_else"

    def build_become_command(self, cmd, shell):
        super().build_become_command(cmd, shell)
        return cmd
