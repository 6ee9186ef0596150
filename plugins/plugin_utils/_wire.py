# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What AnsibleModule does at its edges, for an operation without a module.

Arguments and results take the way through JSON that they take to and from a module; secrets are censored, and
warnings, deprecations and the invocation are reported, as AnsibleModule does it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ansible import constants as C
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from ..module_utils.front._censor import censored, mistaken_secrets
from ..module_utils.front._operation import Operation

__all__ = ["Checked", "check_arguments", "shows_invocation", "to_result", "to_wire"]

_INVOCATION = "INJECT_INVOCATION"


@dataclass(frozen=True)
class Checked:
    """Arguments after validation; ``problem`` is the message for the user if they are not valid.

    ``secrets`` are the values that must not be shown, wherever they come up.
    """

    parameters: dict[str, Any]
    secrets: set[str]
    deprecations: list[dict[str, Any]]
    warnings: list[str]
    problem: str


def _encoder() -> Any:
    """The encoder that ansible-core uses for a module's arguments: it decrypts inline vault values."""
    try:
        from ansible.module_utils.common.json import Direction, get_module_encoder
    except ImportError:  # ansible-core 2.18 and older
        from ansible.parsing.ajson import AnsibleJSONEncoder

        return partial(AnsibleJSONEncoder, vault_to_text=True)
    return get_module_encoder("legacy", Direction.CONTROLLER_TO_MODULE)


# Found before the controller forks: a worker would look for it in every task.
_ENCODER = _encoder()


def to_wire(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """A task's arguments as a module would get them: plain JSON values."""
    return Operation.without_empty(json.loads(json.dumps(arguments, cls=_ENCODER)))


def check_arguments(name: str, operation: Operation, arguments: dict[str, Any]) -> Checked:
    """Validate by the operation's argument spec; all that AnsibleModule says about it is in the answer.

    :param name: the module's full name, for messages
    """
    found = ArgumentSpecValidator(operation.argument_spec, **operation.constraints).validate(arguments)
    problem = ""
    if found.error_messages:
        unknown = f"Unsupported parameters for ({name}) module: "
        lead = unknown if isinstance(found.errors[0], UnsupportedError) else ""
        problem = lead + found.error_messages[0] + Operation.hint(arguments)
    return Checked(
        parameters=found.validated_parameters,
        secrets={*found._no_log_values, *mistaken_secrets(arguments)},
        deprecations=list(found._deprecations),
        warnings=[f"Both option {both['option']} and its alias {both['alias']} are set." for both in found._warnings],
        problem=problem,
    )


def shows_invocation(variables: Mapping[str, Any]) -> bool:
    """Whether results hold the arguments: always up to ansible-core 2.20, a matter of configuration since."""
    known = _INVOCATION in C.config.get_configuration_definitions()
    return bool(C.config.get_config_value(_INVOCATION, variables=variables)) if known else True


def to_result(
    result: dict[str, Any], warnings: list[str], checked: Checked, *, invocation: bool = True
) -> dict[str, Any]:
    """The result as a module would have returned it.

    :param invocation: whether the arguments are in it
    """
    whole = {**result, "invocation": {"module_args": checked.parameters}} if invocation else dict(result)
    if warnings or checked.warnings:
        whole["warnings"] = [*checked.warnings, *warnings]
    if checked.deprecations:
        whole["deprecations"] = checked.deprecations
    shown: dict[str, Any] = censored(json.loads(json.dumps(whole)), checked.secrets)
    return shown
