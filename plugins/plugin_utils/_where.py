# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Whether a task can run inside the controller's worker process."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import Any

__all__ = ["IN_PROCESS_VARIABLE", "Task", "reason_to_hand_over", "takes_own_python"]

# Set by users: false = always as a module, true = in process on macOS too, where forking is not known to be safe.
IN_PROCESS_VARIABLE = "managed_identity_azure_in_process"

_FALSE, _TRUE = ("false", "no", "off", "0", "f", "n"), ("true", "yes", "on", "1", "t", "y")


@dataclass(frozen=True)
class Task:
    """What the decision rests on.

    :param transport: name of the connection plugin
    :param interpreter: ``ansible_python_interpreter`` of the host, or else as configured
    :param in_process: the user's wish, None if unset
    :param sdk: whether the controller's Python has the packages that operations need
    """

    transport: str
    become: bool
    is_async: bool
    interpreter: str | None
    in_process: Any
    sdk: bool


def reason_to_hand_over(task: Task, platform: str = sys.platform, controller: str = sys.executable) -> str | None:
    """Why the module must run in a process of its own, in words for -vvv; None if the task can run here.

    :param platform: as in sys.platform
    :param controller: path of the controller's Python
    """
    wish = str(task.in_process).lower()
    reasons = {
        f"{IN_PROCESS_VARIABLE} is {task.in_process}": wish in _FALSE,
        f"the connection is {task.transport}": task.transport != "local",
        "it becomes another user": task.become,
        "it is asynchronous": task.is_async,
        f"the host's interpreter is {task.interpreter}": not _is_own(task.interpreter, controller),
        "the controller's Python lacks the Azure packages": not task.sdk,
        f"forking is not safe on macOS; {IN_PROCESS_VARIABLE}: true forces it": platform == "darwin"
        and wish not in _TRUE,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def takes_own_python(task: Task) -> bool:
    """Whether the module, too, shall run by the controller's own Python, as on Ansible's implicit localhost.

    It has the Azure packages. What Ansible would find on the machine need not have them, and then every host fails.
    """
    return task.transport == "local" and task.sdk and not _names_one(task.interpreter)


def _is_own(interpreter: str | None, controller: str) -> bool:
    """Whether an interpreter setting means the controller's own Python."""
    return not interpreter or not _names_one(interpreter) or _python(interpreter) == _python(controller)


def _names_one(interpreter: str | None) -> bool:
    """Whether an interpreter setting names an interpreter, rather than leave it to Ansible to find one."""
    return bool(interpreter) and not str(interpreter).startswith("auto")


def _python(path: str) -> tuple[str, str]:
    """The directory counts too: a virtual environment's Python is a link to another one, which has other packages."""
    path = os.path.abspath(os.path.expanduser(path))
    return os.path.dirname(path), os.path.realpath(path)
