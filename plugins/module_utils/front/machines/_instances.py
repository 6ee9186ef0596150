# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The instances of a scale set whose identities changed: who has its model, who gets it."""

from __future__ import annotations

from typing import Any

from ...arm.gateways._machine_identities import MachineIdentities
from ...arm.gateways._reading import Reading
from ...arm.net._deadline import Deadline
from ...core._errors import InvalidInput, ManagedIdentityError
from ...core._resource_id import VIRTUAL_MACHINE, ResourceId
from ...engine.machines._outcome import Outcome
from ...engine.machines._roll_out import roll_out
from .._operation import Call

__all__ = ["ROLL_OUT_ARGUMENTS", "Instances", "described", "old_model_of"]

ROLL_OUT_ARGUMENTS: dict[str, Any] = {"roll_out": {"type": "list", "elements": "str", "default": ["none"]}}

_WORDS = ("none", "all")


def described(reading: Reading) -> dict[str, Any]:
    """What results say of a scale set, beside what they say of a VM."""
    return {"orchestration_mode": reading.orchestration_mode, "upgrade_policy": reading.upgrade_policy}


async def old_model_of(machines: MachineIdentities, reading: Reading, deadline: Deadline) -> list[str]:
    """The IDs of the instances that do not have the latest model; a flexible scale set has none."""
    if reading.flexible:
        return []
    return [one.instance_id for one in await machines.instances(reading.id, deadline) if not one.current]


class Instances:
    """The option ``roll_out``, and what it does to a scale set.

    :raises InvalidInput: its value cannot be right
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        chosen = call.params["roll_out"]
        words = [word for word in chosen if word in _WORDS]
        if not chosen or (words and len(chosen) > 1):
            raise InvalidInput("roll_out is none, all, or a list of instance IDs.")
        for instance in chosen:
            # Of a uniform set a number, else the name of a VM.
            VIRTUAL_MACHINE.check_name(instance)
        if words != ["none"] and not call.params["wait"]:
            raise InvalidInput("roll_out comes after the change of the scale set; it needs wait: true.")
        self.wanted: list[str] | None = [] if words == ["none"] else None if words == ["all"] else list(chosen)
        self._old: list[str] = []

    async def look(self, machines: MachineIdentities, scale_set: ResourceId) -> None:
        """See before the change of the scale set that its instances can be brought up to date.

        :raises ManagedIdentityError: they cannot
        """
        if self.wanted == []:
            return
        machines.require_package()
        reading = await machines.read(scale_set, self._call.deadline)
        if reading.flexible:
            raise ManagedIdentityError(
                "A flexible scale set has no model to roll out: each of its VMs has identities of its own.",
                target=str(scale_set),
                remedy="Leave roll_out out, and use vm_system_identity and vm_user_identity for its VMs.",
            )
        instances = await machines.instances(scale_set, self._call.deadline)
        known = [one.instance_id for one in instances]
        unknown = [instance for instance in self.wanted or () if instance not in known]
        if unknown:
            raise ManagedIdentityError(
                f"roll_out names instances that the scale set does not have: {', '.join(unknown)}.",
                target=str(scale_set),
                remedy=f"It has {', '.join(known) or 'none'}.",
            )
        self._old = [one.instance_id for one in instances if not one.current]

    async def follow(
        self, machines: MachineIdentities, outcome: Outcome
    ) -> tuple[dict[str, Any], ManagedIdentityError | None]:
        """Bring the instances up to date that are to be, and say of all how they are now.

        :returns: the result's ``instances``, and why it failed if it did
        """
        last = outcome.last
        if last is None or outcome.error or outcome.running:
            return {}, None
        if self._call.check_mode:
            return self._predicted(await self._all_or_old(machines, outcome)), None
        if self.wanted == [] or last.flexible:
            return {"old_model": await old_model_of(machines, last, self._call.deadline), "updated": []}, None
        self._warn(self._chosen(self._old))
        done = await roll_out(machines, last.id, self.wanted, self._call.deadline)
        return {"old_model": done.behind, "updated": done.updated}, done.error

    async def _all_or_old(self, machines: MachineIdentities, outcome: Outcome) -> list[str]:
        """In check mode: the instances that would have an old model after the change."""
        last = outcome.last
        if last is None or last.flexible:
            return []
        instances = await machines.instances(last.id, self._call.deadline)
        stay = not (last.manual and outcome.changed)
        return [one.instance_id for one in instances if not (one.current and stay)]

    def _predicted(self, old: list[str]) -> dict[str, Any]:
        updated = self._chosen(old)
        self._warn(self._chosen(self._old))
        return {"old_model": [one for one in old if one not in updated], "updated": updated}

    def _chosen(self, instances: list[str]) -> list[str]:
        return [one for one in instances if self.wanted is None or one in self.wanted]

    def _warn(self, old: list[str]) -> None:
        if old:
            self._call.warnings.append(
                f"The instances {', '.join(old)} did not have the latest model before this task either: they also get "
                "whatever else was changed in the model, which may restart them."
            )
