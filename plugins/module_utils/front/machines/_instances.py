# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The option roll_out: which instances of a scale set get its model after a change."""

from __future__ import annotations

from typing import Any

from ...arm._session import Session
from ...arm.gateways._reading import Reading
from ...core._errors import InvalidInput, ManagedIdentityError
from ...core._resource_id import VIRTUAL_MACHINE, ResourceId
from ...engine.machines._instances import Chosen, behind_after, behind_before, old_model_of
from ...engine.machines._outcome import Outcome
from ...engine.machines._roll_out import roll_out
from .._operation import Call

__all__ = ["ROLL_OUT_ARGUMENTS", "Instances", "described"]

ROLL_OUT_ARGUMENTS: dict[str, Any] = {"roll_out": {"type": "list", "elements": "str", "default": ["none"]}}

_WORDS = {"none": Chosen(), "all": Chosen(all=True)}


def described(reading: Reading) -> dict[str, Any]:
    """What results say of a scale set, beside what they say of a VM."""
    return {"orchestration_mode": reading.orchestration_mode, "upgrade_policy": reading.upgrade_policy}


def _chosen(call: Call) -> Chosen:
    chosen = call.params["roll_out"]
    words = [word for word in chosen if word in _WORDS]
    if not chosen or (words and len(chosen) > 1):
        raise InvalidInput("roll_out is none, all, or a list of instance IDs.")
    for instance in chosen:
        # Of a uniform set a number, else the name of a VM.
        VIRTUAL_MACHINE.check_name(instance)
    if words != ["none"] and not call.params["wait"]:
        raise InvalidInput("roll_out comes after the change of the scale set; it needs wait: true.")
    return _WORDS[words[0]] if words else Chosen(tuple(chosen))


class Instances:
    """What ``roll_out`` does to a scale set.

    :raises InvalidInput: its value cannot be right
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self._chosen = _chosen(call)
        self._old: list[str] = []

    async def look(self, session: Session, scale_set: ResourceId) -> None:
        """See before the change of the scale set that its instances can be brought up to date.

        :raises ManagedIdentityError: they cannot
        """
        self._old = await behind_before(session.machines, scale_set, self._chosen, self._call.deadline)

    async def follow(self, session: Session, outcome: Outcome) -> tuple[dict[str, Any], ManagedIdentityError | None]:
        """Bring the instances up to date that are to be, and say of all how they are now.

        :returns: the result's ``instances``, and why it failed if it did
        """
        last, deadline = outcome.last, self._call.deadline
        if last is None or outcome.error or outcome.running:
            return {}, None
        if self._call.check_mode:
            old = await behind_after(session.machines, outcome, deadline)
            self._warn()
            updated = self._chosen.of(old)
            return {"old_model": [one for one in old if one not in updated], "updated": updated}, None
        if not self._chosen or last.flexible:
            return {"old_model": await old_model_of(session.machines, last, deadline), "updated": []}, None
        self._warn()
        done = await roll_out(session.machines, last.id, self._chosen, deadline)
        return {"old_model": done.behind, "updated": done.updated}, done.error

    def _warn(self) -> None:
        old = self._chosen.of(self._old)
        if old:
            self._call.warnings.append(
                f"The instances {', '.join(old)} did not have the latest model before this task either: they also get "
                "whatever else was changed in the model, which may restart them."
            )
