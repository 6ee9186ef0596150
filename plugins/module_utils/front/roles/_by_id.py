# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Role assignments removed by an explicit list of IDs, never more than a number of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...core._errors import InvalidInput, ManagedIdentityError
from ...core.roles._assignment import Assignment
from ...engine._each import each
from ...engine.roles._assign import Assigner, Settled
from ...engine.roles._grants import IdReader
from .._operation import Call
from ._settled import result_of

__all__ = ["check_removal", "remove_by_id"]


def check_removal(params: Mapping[str, Any]) -> list[str]:
    """The IDs to remove, each once.

    :raises InvalidInput: an option cannot be right
    """
    if params["state"] != "absent":
        raise InvalidInput("assignment_ids goes with state: absent only.")
    if params["max_changes"] is None or params["max_changes"] < 0:
        raise InvalidInput(
            "assignment_ids needs max_changes.", remedy="Set it to the number of grants that you expect to be removed."
        )
    return list({text.lower(): text for text in map(Assignment.parse_id, params["assignment_ids"])}.values())


async def remove_by_id(call: Call, ids: Sequence[str]) -> dict[str, Any]:
    """Remove those that are there.

    :raises ManagedIdentityError: they are more than ``max_changes``; nothing was removed
    """
    deadline = call.deadline
    authorization = (await call.connect()).authorization
    reader = IdReader(authorization)
    steps = [step for step in await each(ids, lambda one: reader.plan(one, deadline)) if step.before]
    most = call.params["max_changes"]
    if len(steps) > most:
        raise ManagedIdentityError(
            f"{len(steps)} role assignments would be removed, and max_changes is {most}. Nothing was removed.",
            remedy="Look through assignment_ids; raise max_changes if all of them are meant.",
        )
    if call.check_mode:
        return result_of(call, Settled(steps, done=[step.said() for step in steps]), None, {})
    return result_of(call, await Assigner(authorization, reader.look, deadline).settle(steps), None, {})
