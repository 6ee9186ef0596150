# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The operations of vm_system_identity and vmss_system_identity."""

from __future__ import annotations

from functools import partial
from typing import Any

from ...core.identities._plan import Desired
from .._operation import Call, Operation
from .._resource_options import SCALE_SETS, VMS, ResourceOptions
from ._change import change_arguments, change_identity

__all__ = ["OF_SCALE_SET", "OF_VM"]


async def _run(machine: ResourceOptions, call: Call) -> dict[str, Any]:
    target = await machine.named(call)
    return await change_identity(call, machine, target, Desired(system=call.params["state"] == "present"))


def _operation(machine: ResourceOptions) -> Operation:
    return Operation(
        run=partial(_run, machine),
        arguments={
            **machine.arguments,
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            **change_arguments(machine),
        },
        constraints=machine.constraints,
    )


OF_VM = _operation(VMS)
OF_SCALE_SET = _operation(SCALE_SETS)
