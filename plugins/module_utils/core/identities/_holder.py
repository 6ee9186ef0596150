# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. A resource that has a user-assigned identity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._resource_id import SCALE_SET, VIRTUAL_MACHINE, ResourceId
from ..wire._shape import Needed, answered_id, shaped

__all__ = ["IdentityHolder"]

_MACHINES = {kind.type.lower(): kind for kind in (VIRTUAL_MACHINE, SCALE_SET)}
_ROW = Needed({"id": Needed(str), "type": Needed(str), "name": str, "resourceGroup": str, "subscriptionId": str})


@dataclass(frozen=True)
class IdentityHolder:
    """One resource that has an identity, of any type.

    :param machine: its ID if it is a VM or a scale set: those can be read, and the identity removed from them
    """

    id: str
    name: str
    type: str
    resource_group: str
    subscription_id: str
    machine: ResourceId | None = None

    @classmethod
    def from_list(cls, row: Any) -> IdentityHolder:
        """Read an item of Azure's list of associated resources, which may be a resource of any depth.

        :raises UnexpectedAnswer: it describes none
        """
        row = shaped(row, _ROW)
        kind = _MACHINES.get(row["type"].lower())
        if kind:
            return cls.of(answered_id(row["id"], kind))
        return cls(
            id=row["id"],
            name=row.get("name") or row["id"].rpartition("/")[2],
            type=row["type"],
            resource_group=row.get("resourceGroup") or "",
            subscription_id=row.get("subscriptionId") or "",
        )

    @classmethod
    def of(cls, machine: ResourceId) -> IdentityHolder:
        """A VM or a scale set; its type in one spelling, wherever it came from."""
        kind = _MACHINES[machine.type.lower()].type
        return cls(str(machine), machine.name, kind, machine.resource_group, machine.subscription_id, machine)

    @property
    def key(self) -> str:
        """Equal for all spellings of one ID."""
        return self.id.lower()

    def to_result(self) -> dict[str, Any]:
        """The item of ``users`` and of ``associated_resources`` in results."""
        return {
            "id": self.id,
            "name": self.name,
            "type": self.type,
            "resource_group": self.resource_group,
            "subscription_id": self.subscription_id,
        }
