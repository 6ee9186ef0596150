# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What operations are about, a VM, a scale set or an identity, and how options name one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..core._errors import InvalidInput
from ..core._resource_id import IDENTITY, SCALE_SET, VIRTUAL_MACHINE, ResourceId, ResourceKind, check_resource_group
from ._operation import Call

__all__ = ["CHANGE_ARGUMENTS", "IDENTITIES", "SCALE_SETS", "VMS", "ResourceOptions"]

CHANGE_ARGUMENTS: dict[str, Any] = {
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 600},
}


@dataclass(frozen=True)
class ResourceOptions:
    """A kind of resource that has managed identities, or is one.

    :param key: what one is called in options and results
    :param plural: what several are called in results
    """

    kind: ResourceKind
    key: str
    plural: str

    @property
    def id_option(self) -> str:
        """The option that takes a full resource ID."""
        return f"{self.key}_id"

    @property
    def arguments(self) -> dict[str, Any]:
        """The options that name one, or a resource group of them."""
        return {"resource_group": {"type": "str"}, "name": {"type": "str"}, self.id_option: {"type": "str"}}

    @property
    def constraints(self) -> dict[str, Any]:
        """What must hold of those options where one is to be named."""
        return {
            **self.exclusions,
            "required_one_of": [(self.id_option, "name")],
            "required_together": [("resource_group", "name")],
        }

    @property
    def exclusions(self) -> dict[str, Any]:
        """What must hold of those options wherever they are."""
        return {"mutually_exclusive": [(self.id_option, "resource_group"), (self.id_option, "name")]}

    @staticmethod
    async def listed_in(call: Call) -> tuple[str, str | None]:
        """Where all are listed: the subscription, and the resource group if the options name one.

        :raises InvalidInput: that cannot be the name of one; before any call
        :raises AccessError: no subscription is known
        """
        group = call.params["resource_group"]
        if group is not None:
            check_resource_group(group)
        return await call.subscription_id(), group

    async def named(self, call: Call) -> ResourceId:
        """The ID of the resource that the options name; a full ID brings its own subscription.

        :raises InvalidInput: the options cannot name one; before any call
        :raises AccessError: no subscription is known
        """
        if call.params[self.id_option] is not None:
            return ResourceId.parse(call.params[self.id_option], self.kind)
        group, name = call.params["resource_group"], call.params["name"]
        if group is None or name is None:
            raise InvalidInput(f"A {self.kind.label} is named by resource_group and name, or by {self.id_option}.")
        check_resource_group(group)
        self.kind.check_name(name)
        return ResourceId.build(await call.subscription_id(), group, self.kind, name)


VMS = ResourceOptions(VIRTUAL_MACHINE, "vm", "vms")
SCALE_SETS = ResourceOptions(SCALE_SET, "vmss", "scale_sets")
IDENTITIES = ResourceOptions(IDENTITY, "identity", "identities")
