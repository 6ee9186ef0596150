# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The operation of vm_system_identity."""

from __future__ import annotations

from typing import Any

from ..core._plan import Desired
from ._change import change_identity
from ._operation import Call, Operation
from ._vm_arguments import CHANGE_ARGUMENTS, VM_ARGUMENTS, VM_CONSTRAINTS, named_vm

__all__ = ["OPERATION"]


async def _run(call: Call) -> dict[str, Any]:
    return await change_identity(call, await named_vm(call), Desired(system=call.params["state"] == "present"))


OPERATION = Operation(
    run=_run,
    arguments={
        **VM_ARGUMENTS,
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        **CHANGE_ARGUMENTS,
    },
    constraints=VM_CONSTRAINTS,
)
