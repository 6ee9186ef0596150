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
  - Of YAML there are texts, numbers as JSON writes them, booleans, null, lists and mappings. A date stays the text that
    it is. Aliases and tags are refused, and so is a text of more than 64 KiB.
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

import re
from collections.abc import Callable
from typing import Any, ClassVar

import yaml
from ansible.errors import AnsibleFilterError

from ..module_utils.core._errors import InvalidInput
from ..module_utils.core._path import shown
from ..module_utils.core.survey._answers import KINDS

__all__ = ["FilterModule"]

# What YAML and JSON of a list or a mapping begin with; no name, ID or role does.
_MARKS = ("- ", "[", "{", "---")
_PLAIN = ("flag", "number", "text")
# Of a survey's answer, and of lists in it: more is a mistake, or wants to keep the controller busy.
_LONGEST = 65_536
_DEEPEST = 32


class _Loader(yaml.SafeLoader):
    """Reads what a survey can mean. A date, or a number of more digits than numbers have, stays the text that it is.

    Without aliases, of which each line can stand for ten times the line before, and tags, which make other things of
    a text.
    """

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}  # type: ignore[misc]
    _depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """As SafeLoader, of what is allowed."""
        event = self.peek_event()
        mark: Any = event.start_mark
        if isinstance(event, yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="an alias is not allowed", problem_mark=mark)
        if getattr(event, "tag", None):
            raise yaml.MarkedYAMLError(problem="a tag is not allowed", problem_mark=mark)
        if self._depth > _DEEPEST:
            raise yaml.MarkedYAMLError(problem="it is nested too deep", problem_mark=mark)
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


# The words are those of YAML 1.1, as everywhere in Ansible. Numbers are as JSON has them: 010 and 12:30 are none.
for _kind, _form, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"(?:y|Y)es|YES|[nN]o|NO|[tT]rue|TRUE|[fF]alse|FALSE|[oO]n|ON|[oO]ff|OFF", list("yYnNtTfFoO")),
    ("int", r"-?(?:0|[1-9][0-9]{0,17})", list("-0123456789")),
    ("float", r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?(?:[eE][-+]?[0-9]{1,3})?", list("-0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(rf"(?:{_form})\Z"), _first)


def _read(text: str) -> Any:
    """What YAML or JSON stands for.

    :raises InvalidInput: it cannot be read; with the line
    """
    if len(text) > _LONGEST:
        raise InvalidInput(f"answer: {shown(text)} is too long.", remedy=f"Write {_LONGEST} characters at most.")
    try:
        return yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        mark, why = error.problem_mark, ", ".join(filter(None, (error.context, error.problem)))
        line = mark.line + 1 if mark else 1
    except yaml.reader.ReaderError as error:
        line, why = text.count("\n", 0, error.position) + 1, f"it holds the character U+{error.character:04X}"
    raise InvalidInput(f"answer: line {line} cannot be read as YAML or JSON: {why}.")


def _answer(value: Any, kind: str, *, default: Any = None, **more: Any) -> Any:
    if kind not in KINDS:
        raise AnsibleFilterError(f"answer: {kind!r} is none of {', '.join(sorted(KINDS))}.")
    try:
        if kind not in _PLAIN and isinstance(value, str) and value.lstrip().startswith(_MARKS):
            value = _read(value)
        found = KINDS[kind](value, **more)
    except RecursionError as error:
        raise AnsibleFilterError(f"answer: a value of the kind {kind} is nested too deep.") from error
    except InvalidInput as error:
        raise AnsibleFilterError(str(error)) from error
    except (ValueError, yaml.YAMLError) as error:
        raise AnsibleFilterError(f"answer: no value of the kind {kind} can be made of it: {error}.") from error
    return default if default is not None and found in (None, [], {}) else found


class FilterModule:
    """See the documentation."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filter by its name."""
        return {"answer": _answer}
