# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The operations of vm_user_identity and vmss_user_identity."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from ...core._errors import InvalidInput
from ...core._resource_id import ResourceId
from ...core.identities._plan import Desired, Wanted
from .._operation import Call, Operation
from .._resource_options import SCALE_SETS, VMS, ResourceOptions
from ._change import change_arguments, change_identity
from ._named_identities import check_named_identities, named_identities

__all__ = ["OF_SCALE_SET", "OF_VM"]


async def _run(machine: ResourceOptions, call: Call) -> dict[str, Any]:
    _check(call.params)
    target = await machine.named(call)
    return await change_identity(call, machine, target, _desired(call.params, target), repair=call.params["repair"])


def _check(params: Mapping[str, Any]) -> None:
    """Whatever can be seen to be wrong without a call is told before any."""
    check_named_identities(params)
    if params["repair"] and params["state"] == "absent":
        raise InvalidInput("repair is about identities that shall be there; it goes with state: present only.")
    if params["purge"] and params["state"] == "absent":
        raise InvalidInput(
            "purge goes with state: present only.",
            remedy="To remove all identities, use state: present with purge: true and identities: [].",
        )


def _desired(params: Mapping[str, Any], target: ResourceId) -> Desired:
    named = named_identities(params, target)
    if params["state"] == "absent":
        return Desired(absent=named)
    return Desired(present=tuple(map(Wanted, named)), exact=params["purge"], keep=tuple(params["purge_keep"]))


def _operation(machine: ResourceOptions) -> Operation:
    return Operation(
        run=partial(_run, machine),
        arguments={
            **machine.arguments,
            "identities": {"type": "list", "elements": "str", "required": True},
            "identity_resource_group": {"type": "str"},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "purge": {"type": "bool", "default": False},
            "repair": {"type": "bool", "default": False},
            "purge_keep": {"type": "list", "elements": "str", "default": []},
            **change_arguments(machine),
        },
        constraints=machine.constraints,
    )


OF_VM = _operation(VMS)
OF_SCALE_SET = _operation(SCALE_SETS)
