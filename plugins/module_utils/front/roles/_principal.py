# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Whom a role is granted: a principal ID, or a VM or an identity that has one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core._errors import InvalidInput
from ...core._resource_id import IDENTITY, VIRTUAL_MACHINE, ResourceId, ResourceKind, check_resource_group
from ...core.roles._assignment import check_principal
from ...engine.roles._principal import Principal, principal_of_identity, principal_of_vm
from .._naming import full_or_bare, named
from .._operation import Call

__all__ = ["PRINCIPAL_ARGUMENTS", "PRINCIPAL_OPTIONS", "check_principal_options", "find_principal"]

PRINCIPAL_ARGUMENTS: dict[str, Any] = {
    "principal_id": {"type": "str"},
    "vm": {"type": "str"},
    "identity": {"type": "str"},
    "resource_group": {"type": "str"},
}
PRINCIPAL_OPTIONS = ("principal_id", "vm", "identity")
_KINDS: dict[str, ResourceKind] = {"vm": VIRTUAL_MACHINE, "identity": IDENTITY}


def check_principal_options(params: Mapping[str, Any]) -> None:
    """Whatever can be seen to be wrong without a call is told before any.

    :raises InvalidInput: an option cannot be right
    """
    group = params["resource_group"]
    if group is not None:
        check_resource_group(group)
    if params["principal_id"]:
        check_principal(params["principal_id"])
    # A group without a bare name is no mistake: module_defaults may set it for all modules.
    for option, kind in _KINDS.items():
        given = params[option]
        bare = given is not None and not isinstance(full_or_bare(given, kind), ResourceId)
        if bare and group is None:
            raise InvalidInput(f"{given!r} is a bare name.", remedy="Set resource_group, too, or give the full ID.")


async def find_principal(call: Call) -> Principal:
    """The principal that the options name; one that is not there is no error yet."""
    params = call.params
    if params["vm"] is not None:
        vm = await named(call, params["vm"], VIRTUAL_MACHINE, params["resource_group"])
        return await principal_of_vm((await call.connect()).machines, vm, call.deadline)
    if params["identity"] is not None:
        identity = await named(call, params["identity"], IDENTITY, params["resource_group"])
        return await principal_of_identity((await call.connect()).user_assigned, identity, call.deadline)
    if params["principal_id"]:
        return Principal(check_principal(params["principal_id"]))
    return Principal(None, missing="No principal is known yet: principal_id is empty.")
