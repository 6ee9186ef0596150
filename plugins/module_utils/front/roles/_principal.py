# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Whom a role is granted: a principal ID, or a VM or an identity that has one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...core._errors import ArmError, InvalidInput, ManagedIdentityError
from ...core._resource_id import IDENTITY, VIRTUAL_MACHINE, ResourceId, ResourceKind, check_resource_group
from ...core.roles._assignment import check_principal
from .._naming import full_or_bare, named
from .._operation import Call

__all__ = ["PRINCIPAL_ARGUMENTS", "PRINCIPAL_OPTIONS", "Principal", "check_principal_options", "find_principal"]

PRINCIPAL_ARGUMENTS: dict[str, Any] = {
    "principal_id": {"type": "str"},
    "vm": {"type": "str"},
    "identity": {"type": "str"},
    "resource_group": {"type": "str"},
}
PRINCIPAL_OPTIONS = ("principal_id", "vm", "identity")
_KINDS: dict[str, ResourceKind] = {"vm": VIRTUAL_MACHINE, "identity": IDENTITY}


@dataclass(frozen=True)
class Principal:
    """A principal as far as it is known.

    :param id: None if there is none, or not yet
    :param of: what it was read from, in words; empty if the user gave the ID
    :param missing: why there is none, a sentence
    :param remedy: what to do about that
    """

    id: str | None
    of: str = ""
    missing: str = ""
    remedy: str = ""

    def unknown(self, seconds: float) -> ManagedIdentityError:
        """The error where the directory did not know it for so long."""
        if self.of:
            return ManagedIdentityError(
                f"Azure gave the principal {self.id} of {self.of}, but its directory does not know it yet: "
                f"it was still replicating after {seconds:g} s.",
                remedy="Run the task again in some minutes, or raise replication_timeout.",
                code="PrincipalNotFound",
            )
        return ManagedIdentityError(
            f"The directory has never seen the principal {self.id}, in {seconds:g} s of asking.",
            remedy="Check that it is the identity's principal ID (object ID), not its client ID (application ID); "
            "the options vm and identity look it up. If it was made just now, raise replication_timeout.",
            code="PrincipalNotFound",
        )


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
        return await _of_vm(call, await named(call, params["vm"], VIRTUAL_MACHINE, params["resource_group"]))
    if params["identity"] is not None:
        return await _of_identity(call, await named(call, params["identity"], IDENTITY, params["resource_group"]))
    if params["principal_id"]:
        return Principal(check_principal(params["principal_id"]))
    return Principal(None, missing="No principal is known yet: principal_id is empty.")


async def _of_vm(call: Call, vm: ResourceId) -> Principal:
    try:
        system = (await (await call.connect()).machines.read(vm, call.deadline)).identity.system
    except ArmError as error:
        if not error.not_there:
            raise
        return Principal(None, f"the VM {vm}", f"The VM {vm} does not exist.", "Create it first, or correct its name.")
    if system is None:
        remedy = "Enable it by managed_identity.azure.vm_system_identity, or name an identity of the VM in identity."
        return Principal(None, f"the VM {vm}", f"The VM {vm} has no system-assigned identity.", remedy)
    missing = "" if system.principal_id else f"Azure has not told the principal ID of the VM {vm} yet."
    return Principal(_folded(system.principal_id), f"the VM {vm}", missing, "Run the task again in a moment.")


async def _of_identity(call: Call, identity: ResourceId) -> Principal:
    there = await (await call.connect()).user_assigned.read(identity, call.deadline)
    missing = "" if there else f"The identity {identity} does not exist."
    return Principal(
        _folded(there.principal_id if there else None),
        f"the identity {identity}",
        missing,
        "Create it first, or correct its name or ID.",
    )


def _folded(principal_id: str | None) -> str | None:
    return principal_id.lower() if principal_id else None
