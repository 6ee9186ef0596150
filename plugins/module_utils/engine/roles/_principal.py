# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Principals: those of VMs and identities, as Azure tells them, or one that a user knows."""

from __future__ import annotations

from dataclasses import dataclass

from ...arm.gateways._machine_identities import MachineIdentities
from ...arm.gateways._user_assigned import UserAssignedIdentities
from ...arm.net._deadline import Deadline
from ...core._errors import ArmError, ManagedIdentityError
from ...core._resource_id import ResourceId

__all__ = ["Principal", "principal_of_identity", "principal_of_vm"]


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


async def principal_of_vm(machines: MachineIdentities, vm: ResourceId, deadline: Deadline) -> Principal:
    """The principal of a VM's system-assigned identity; that there is none is no error yet."""
    try:
        system = (await machines.read(vm, deadline)).identity.system
    except ArmError as error:
        if not error.not_there:
            raise
        return Principal(None, f"the VM {vm}", f"The VM {vm} does not exist.", "Create it first, or correct its name.")
    if system is None:
        remedy = "Enable it by managed_identity.azure.vm_system_identity, or name an identity of the VM in identity."
        return Principal(None, f"the VM {vm}", f"The VM {vm} has no system-assigned identity.", remedy)
    missing = "" if system.principal_id else f"Azure has not told the principal ID of the VM {vm} yet."
    return Principal(_folded(system.principal_id), f"the VM {vm}", missing, "Run the task again in a moment.")


async def principal_of_identity(
    identities: UserAssignedIdentities, identity: ResourceId, deadline: Deadline
) -> Principal:
    """The principal of a user-assigned identity; that there is none is no error yet."""
    there = await identities.read(identity, deadline)
    missing = "" if there else f"The identity {identity} does not exist."
    return Principal(
        _folded(there.principal_id if there else None),
        f"the identity {identity}",
        missing,
        "Create it first, or correct its name or ID.",
    )


def _folded(principal_id: str | None) -> str | None:
    return principal_id.lower() if principal_id else None
