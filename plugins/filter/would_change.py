# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Of the results of a task that looked ahead, those that would change something."""

from __future__ import annotations

DOCUMENTATION = r"""
name: would_change
short_description: Of the results of a task that looked ahead, those that would change something
version_added: 0.1.0
author:
  - The managed_identity.azure authors (@managed-identity)
description:
  - A task with C(check_mode=true), C(diff=true) and C(changed_when=false) looks ahead, and does not count as a change.
  - This filter tells by the difference which of its results would change something.
options:
  _input:
    description: The registered result of a task, with or without a loop.
    type: dict
    required: true
  changing:
    description: V(false) gives the other results instead, those that would change nothing.
    type: bool
    default: true
"""

EXAMPLES = r"""
---
- name: Look ahead
  managed_identity.azure.vm_system_identity:
    resource_group: shop
    name: "{{ item }}"
  loop: [web-01, web-02]
  check_mode: true
  diff: true
  changed_when: false
  register: ahead

- name: Tell on which VMs it would be enabled
  ansible.builtin.debug:
    msg: "{{ ahead | managed_identity.azure.would_change | map(attribute='item') }}"
"""

RETURN = r"""
_value:
  description: The results, as they were.
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

__all__ = ["FilterModule"]


def _would_change(registered: Any, changing: bool = True) -> list[Mapping[str, Any]]:
    if not isinstance(registered, Mapping):
        raise AnsibleFilterError("would_change: what a task has registered is expected.")
    # A task that was skipped has no difference to tell of.
    results = [one for one in registered.get("results", [registered]) if "diff" in one]
    return [one for one in results if (one["diff"]["before"] != one["diff"]["after"]) is changing]


class FilterModule:
    """See the documentation."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filter by its name."""
        return {"would_change": _would_change}
