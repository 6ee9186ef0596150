# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one place where roles make values of their variables, whatever form these came in."""

from __future__ import annotations

DOCUMENTATION = r"""
name: answer
short_description: Make a value of a role's variable, which may be the answer of a survey
version_added: 0.1.0
author:
  - The managed_identity.azure authors (@managed-identity)
description:
  - The roles of this collection pass each of their variables through this filter, once.
  - An AWX survey has texts only. Lists come as text of many lines, booleans as words, and what was left blank as an
    empty text, which means unset here. YAML and JSON in a text are read, as C(-e name=value) passes them.
options:
  _input:
    description: The variable.
    type: raw
    required: true
  kind:
    description:
      - What to make of it.
      - V(text), V(flag) and V(number) are V(null) where the variable is empty, V(tags) where nothing is said of them.
      - V(list) has texts and mappings; of a text its lines.
      - V(vms) and V(identities) have C(resource_group), C(name) and, where known, C(subscription_id) of each; from full
        IDs, C(GROUP/NAME), names in O(resource_group), or mappings of C(id), or C(resource_group) and C(name).
      - V(scopes) has IDs of scopes; a GUID is a subscription.
      - V(grants) has C(role) and C(scopes), and C(condition), C(condition_version) and C(description) where given; from
        mappings, in which C(scope) is allowed too, or lines of the role, a blank and one scope.
      - V(credentials) has what the module M(managed_identity.azure.federated_credential) takes; from mappings, or lines
        of name, issuer and subject.
    type: str
    choices: [credentials, flag, grants, identities, list, number, scopes, tags, text, vms]
    required: true
  default:
    description: What to return where the variable is empty.
    type: raw
  resource_group:
    description: The resource group of what is given by a bare name. Only with O(kind=vms) and O(kind=identities).
    type: str
"""

EXAMPLES = r"""
---
- name: Two VMs, from the answer to a survey's question
  ansible.builtin.debug:
    msg: "{{ answer | managed_identity.azure.answer('vms', resource_group='shop') }}"
  vars:
    answer: |
      web-01
      data/db-01
"""

RETURN = r"""
_value:
  description: The value.
  type: raw
"""

from collections.abc import Callable
from typing import Any

import yaml
from ansible.errors import AnsibleFilterError

from ..module_utils.core._errors import InvalidInput
from ..module_utils.core.survey._answers import KINDS

__all__ = ["FilterModule"]

# What YAML and JSON of a list or a mapping begin with; no name, ID or role does.
_MARKS = ("- ", "[", "{", "---")
_PLAIN = ("flag", "number", "text")


def _answer(value: Any, kind: str, *, default: Any = None, **more: Any) -> Any:
    if kind not in KINDS:
        raise AnsibleFilterError(f"answer: {kind!r} is none of {', '.join(sorted(KINDS))}.")
    try:
        if kind not in _PLAIN and isinstance(value, str) and value.lstrip().startswith(_MARKS):
            value = yaml.safe_load(value)
        found = KINDS[kind](value, **more)
    except RecursionError as error:
        raise AnsibleFilterError(f"answer: a value of the kind {kind} is nested too deep.") from error
    except (InvalidInput, yaml.YAMLError) as error:
        raise AnsibleFilterError(str(error)) from error
    return default if default is not None and found in (None, [], {}) else found


class FilterModule:
    """See the documentation."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filter by its name."""
        return {"answer": _answer}
