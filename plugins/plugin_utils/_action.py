# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The front that runs an operation inside the controller's worker process."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from ansible import constants as C
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.utils.display import Display

from ..module_utils.arm._session import load_sdk
from ..module_utils.core._errors import MissingPackage
from ..module_utils.front._censor import censored
from ..module_utils.front._module import NOTES
from ..module_utils.front._operation import Operation
from ..module_utils.front._runtime import runtime
from ._environment import applied
from ._where import IN_PROCESS_VARIABLE, Task, reason_to_hand_over, takes_own_python
from ._wire import check_arguments, shows_invocation, to_result, to_wire

__all__ = ["OperationAction", "loaded_sdk"]

display = Display()


def loaded_sdk() -> bool:
    """Import what operations need, once, before the controller forks its workers; False if it is not installed."""
    try:
        load_sdk()
    except MissingPackage:
        return False
    return True


class OperationAction(NormalAction):
    """An action plugin of the same name as its module: the same operation, without a process of its own.

    Where the task would not run on the controller as the controller's user and Python, the module runs.
    A subclass sets ``operation`` and ``sdk``.
    """

    operation: Operation
    sdk: bool

    _requires_connection = True
    _supports_check_mode = True
    _supports_diff = True
    _supports_async = True

    def run(self, tmp: Any = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Run the operation here or hand over to the module."""
        variables = dict(task_vars or {})
        self._host = variables.get("inventory_hostname")
        facts = self._facts(variables)
        reason = reason_to_hand_over(facts)
        if reason:
            self._say(f"runs as a module, because {reason}")
            chosen = self._with_own_python(variables) if takes_own_python(facts) else variables
            return self._without_notes(super().run(tmp, chosen))
        self._say("runs in the controller's worker process")
        return self._in_process(shows_invocation(variables))

    def _facts(self, variables: dict[str, Any]) -> Task:
        host = self._host_variables(variables)
        interpreter = host.get("ansible_python_interpreter") or C.config.get_config_value("INTERPRETER_PYTHON")
        return Task(
            transport=str(self._connection.transport),
            become=bool(self._connection.become),
            is_async=bool(self._task.async_val),
            interpreter=self._templar.template(interpreter),
            in_process=self._templar.template(variables.get(IN_PROCESS_VARIABLE)),
            sdk=self.sdk,
        )

    def _host_variables(self, variables: dict[str, Any]) -> Mapping[str, Any]:
        """The variables of the host that the task would run on."""
        if not self._task.delegate_to:
            return variables
        delegated: Mapping[str, Any] = variables.get("ansible_delegated_vars", {}).get(self._task.delegate_to, {})
        return delegated

    def _with_own_python(self, variables: dict[str, Any]) -> dict[str, Any]:
        """The variables, naming the controller's Python as that of the host that the task runs on."""
        own = {**self._host_variables(variables), "ansible_python_interpreter": sys.executable}
        if not self._task.delegate_to:
            return own
        delegated = {**variables["ansible_delegated_vars"], self._task.delegate_to: own}
        return {**variables, "ansible_delegated_vars": delegated}

    def _in_process(self, invocation: bool) -> dict[str, Any]:
        environment: dict[str, Any] = {}
        self._compute_environment_string(environment)
        with applied(environment):
            checked = check_arguments(self._task.action, self.operation, to_wire(self._task.args))
            if checked.problem:
                return to_result({"failed": True, "msg": checked.problem}, [], checked, invocation=invocation)
            result, warnings = runtime().perform(
                self.operation,
                checked.parameters,
                check_mode=self._task.check_mode,
                diff_mode=self._task.diff,
                note=lambda note: self._show(censored(note, checked.secrets)),
            )
        return to_result(result, warnings, checked, invocation=invocation)

    def _say(self, words: str) -> None:
        display.vvv(f"{self._task.action}: {words}", host=self._host)

    def _show(self, note: str) -> None:
        # A note may tell of the arguments, and with no_log Ansible shows none.
        if not self._task.no_log:
            self._say(note)

    def _without_notes(self, result: dict[str, Any]) -> dict[str, Any]:
        """Show what the module had to say for -vvv; it cannot itself."""
        for note in result.pop(NOTES, ()):
            self._show(note)
        return result
