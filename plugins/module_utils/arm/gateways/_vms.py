# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Virtual machines as wholes: read with all that Azure tells of them, made and deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ...core._errors import ArmError
from ...core._resource_id import ResourceId
from ...core.vm._parts import described_vm
from ..net._deadline import Deadline
from ..pipeline._typed import TypedOperation
from ..pipeline._typed_packages import COMPUTE
from ..pipeline._versions import VersionedClient
from ._reading import Reading

if TYPE_CHECKING:
    from ..pipeline._answer import ArmAnswer
    from ..pipeline._client import ArmClient

__all__ = ["Vm", "Vms"]

# As for identities; from 2023-09-01 on a PUT can be told to create and never to change.
_VM_VERSION, _VM_OLDEST = "2024-07-01", "2018-06-01"


@dataclass(frozen=True)
class Vm:
    """A virtual machine at one moment: what its identities take, and all of it.

    :param new: whether a PUT made it; False if the PUT found one and changed it
    """

    reading: Reading
    body: Mapping[str, Any]
    new: bool = False


class Vms:
    """Virtual machines, made and deleted by azure-mgmt-compute; to read one takes no more than azure-core.

    Every method takes the deadline that bounds it, and raises what ArmClient.request raises, or MissingPackage.
    """

    def __init__(self, client: ArmClient) -> None:
        self._client = client
        self._compute = VersionedClient(client, _VM_VERSION, _VM_OLDEST)

    async def read(self, vm: ResourceId, deadline: Deadline) -> Vm | None:
        """A virtual machine; None if it, or its resource group, is not there."""
        try:
            answer = await self._compute.request("GET", str(vm), deadline)
        except ArmError as error:
            if error.not_there:
                return None
            raise
        return _machine(answer, vm)

    def require_package(self) -> None:
        """See that a virtual machine can be made or deleted from here.

        :raises MissingPackage: for want of a package it cannot
        """
        COMPUTE.require()

    async def create(self, vm: ResourceId, body: Mapping[str, Any], deadline: Deadline) -> Vm:
        """Make a virtual machine; one that is there already is not touched, but answers 412.

        Clouds whose api-versions know no conditions change it instead: the answer then is not ``new``.
        """
        created, by = 201, self._operation("begin_create_or_update", vm)
        answer = await self._compute.request("PUT", str(vm), deadline, body=body, only_new=True, by=by)
        return replace(_machine(answer, vm), new=answer.status == created)

    async def delete(self, vm: ResourceId, deadline: Deadline) -> Reading | None:
        """Delete a virtual machine; returns what to wait for, or None if it was not there."""
        accepted, no_content = 202, 204
        by = self._operation("begin_delete", vm)
        try:
            answer = await self._compute.request("DELETE", str(vm), deadline, fits=(200, accepted, no_content), by=by)
        except ArmError as error:
            if error.not_there:
                return None
            raise
        if answer.status == no_content:
            return None
        return replace(Reading.begun(vm).with_headers(answer), provisioning_state="Deleting")

    def _operation(self, name: str, vm: ResourceId) -> TypedOperation:
        parts = (vm.resource_group, vm.name)
        return TypedOperation(self._client, COMPUTE, f"virtual_machines.{name}", vm.subscription_id, parts)


def _machine(answer: ArmAnswer, vm: ResourceId) -> Vm:
    return Vm(Reading.from_answer(answer, vm), answer.read(described_vm))
