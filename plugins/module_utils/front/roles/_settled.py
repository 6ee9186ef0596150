# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What became of steps on role assignments, as Ansible's result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...core.roles._assignment import Assignment
from ...engine.roles._assign import Settled
from .._failure import failure
from .._operation import Call

__all__ = ["result_of"]


def result_of(call: Call, settled: Settled, principal_id: str | None, names: Mapping[str, str]) -> dict[str, Any]:
    """The result: what is there now at the scopes, what was removed, and what belongs to a diff or a failure.

    :param names: GUID -> name of the roles that are known
    """

    def shown(items: Iterable[Assignment | None]) -> list[dict[str, Any]]:
        return [item.to_result(names.get(item.role_id)) for item in items if item]

    steps = settled.steps
    before = [step.before for step in (*steps, *settled.left)]
    after = [*(step.after for step in steps), *(step.before for step in settled.left)]
    result: dict[str, Any] = {
        "changed": bool(settled.done),
        "principal_id": principal_id,
        "role_assignments": shown(after),
        "removed": shown(step.before for step in steps if step.before and not step.after),
    }
    if call.diff_mode:
        result["diff"] = {"before": {"role_assignments": shown(before)}, "after": {"role_assignments": shown(after)}}
    if settled.error is None:
        return result
    failed = failure(settled.error, settled.done, **result)
    rest = ", ".join(step.scope for step in settled.left[1:] if step.changes)
    return {**failed, "msg": f"{failed['msg']} Not tried: {rest}." if rest else failed["msg"]}
