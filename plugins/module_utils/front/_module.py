# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The front that runs an operation as a module, in a process of its own."""

from __future__ import annotations

import gc
import os
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule

from ._censor import censored, mistaken_secrets
from ._operation import Operation
from ._runtime import runtime

__all__ = ["NOTES", "run_module"]

# The result key by which a module process hands its words for -vvv to the action plugin, which shows and removes it.
NOTES = "_managed_identity_notes"
_NOTES_VERBOSITY = 3


class _Module(AnsibleModule):
    """AnsibleModule, to which an empty string unsets an option of authentication, and that hints at unknown ones.

    What looks like a secret leaves it as little as the values of secret options do.
    """

    def _load_params(self) -> None:
        super()._load_params()
        self.params: dict[str, Any] = Operation.without_empty(self.params)
        self.no_log_values.update(mistaken_secrets(self.params))

    def fail_json(self, msg: str, **details: Any) -> NoReturn:
        super().fail_json(msg + Operation.hint(self.params or {}), **details)
        raise SystemExit(1)

    def warn(self, warning: str, **details: Any) -> None:
        super().warn(censored(warning, self.no_log_values), **details)

    def _return_formatted(self, kwargs: dict[str, Any]) -> None:
        # The arguments become part of the result in there, if they shall be in it.
        self.params = censored(self.params, self.no_log_values)
        super()._return_formatted(censored(kwargs, self.no_log_values))


def run_module(operation: Operation) -> NoReturn:
    """Run an operation with the arguments that Ansible gave to this process, answer and exit."""
    # This process imports much, works for a moment and ends: the collector would only walk over what was imported,
    # in all a sixth of the process's CPU time.
    gc.disable()
    module = _Module(argument_spec=operation.argument_spec, supports_check_mode=True, **operation.constraints)
    notes: list[str] = []
    running = runtime()
    try:
        result, warnings = running.perform(
            operation, module.params, check_mode=module.check_mode, diff_mode=module._diff, note=notes.append
        )
    finally:
        running.close()
        gc.freeze()
    for warning in warnings:
        module.warn(warning)
    # Nobody would take them out of the result of an asynchronous task: async_status reads it.
    if module._verbosity >= _NOTES_VERBOSITY and "ANSIBLE_ASYNC_DIR" not in os.environ:
        result[NOTES] = notes
    if result.get("failed"):
        module.fail_json(result.pop("msg"), **result)
    module.exit_json(**result)
    raise SystemExit(0)
