# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a job did to virtual machines, for people and for the jobs that follow."""

from __future__ import annotations

DOCUMENTATION = r"""
name: vm_report
short_description: Sum up what a job did to the identities of virtual machines
version_added: 0.1.0
author:
  - The managed_identity.azure authors (@managed-identity)
description:
  - Makes a line for each virtual machine and one for all of them, which need no colours to be read, and the lists that
    a later job of a workflow needs.
  - The roles C(system_identity) and C(user_identity) put it into their fact C(..._report), whether they succeed or
    fail.
positional: write, grants
options:
  _input:
    description:
      - What a loop over M(managed_identity.azure.vm_identity_info) has registered, one virtual machine in each item.
      - Or a list of such reports, of which one is made; then nothing else is given.
    type: raw
    required: true
  write:
    description: What the loop has registered that changed them. Empty if it was not reached.
    type: dict
  grants:
    description: What the loop has registered that settled their grants.
    type: dict
  check:
    description: Whether all this was in check mode.
    type: bool
    default: false
"""

EXAMPLES = r"""
---
- name: Read
  managed_identity.azure.vm_identity_info:
    resource_group: shop
    name: "{{ item }}"
  loop: [web-01, web-02]
  register: read

- name: Enable
  managed_identity.azure.vm_system_identity:
    resource_group: "{{ item.resource_group }}"
    name: "{{ item.name }}"
  loop: "{{ read.results | map(attribute='vms') | flatten }}"
  register: enabled
  ignore_errors: true

- name: Tell
  ansible.builtin.debug:
    msg: "{{ report.lines + [report.summary] }}"
  vars:
    report: "{{ read | managed_identity.azure.vm_report(enabled, check=ansible_check_mode) }}"
"""

RETURN = r"""
_value:
  description:
    - C(lines), a text for each virtual machine, and C(summary), one for all of them.
    - C(changed), C(unchanged), C(failed) and C(untouched), lists of IDs; C(GROUP/NAME) for a virtual machine that could
      not be read, or does not exist.
    - C(principal_ids), the principal IDs of system-assigned identities by the IDs of virtual machines.
    - C(grants), how many have C(changed) and C(failed), and C(check), as it was given.
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ..module_utils.core.survey._report import merge, report

__all__ = ["FilterModule"]


def _vm_report(given: Any, write: Any = None, grants: Any = None, check: bool = False) -> dict[str, Any]:
    return merge(given) if isinstance(given, (list, tuple)) else report(given, write, grants, check=check)


class FilterModule:
    """See the documentation."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filter by its name."""
        return {"vm_report": _vm_report}
