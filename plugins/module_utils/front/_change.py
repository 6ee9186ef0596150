# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. A change of one VM's identities, from the desired state to Ansible's result."""

from __future__ import annotations

from typing import Any

from ..arm._deadline import Deadline
from ..arm._identities import Identities
from ..core._identity import Identity, UserIdentity
from ..core._imds import default_change
from ..core._plan import Desired, Plan
from ..core._resource_id import ResourceId
from ..engine._outcome import Options, Outcome, Target
from ..engine._reconcile import reconcile
from ._operation import Call

__all__ = ["change_identity", "warn_of_missing"]


async def change_identity(call: Call, vm: ResourceId, desired: Desired) -> dict[str, Any]:
    """Bring a VM's identities to what is desired, or in check mode say what that would do.

    :returns: the result: changed, vm, identity, and what belongs to a change, a diff or a failure
    """
    deadline = call.deadline
    session = await call.connect()
    options = Options(check=call.check_mode, wait=call.params["wait"])
    outcome = await reconcile(session.gateway, Target(vm, desired), options, deadline)
    after = outcome.after
    if call.check_mode and outcome.plan and not outcome.error:
        after = await _predicted(call, session.identities, outcome.plan, deadline)
    if outcome.changed and outcome.first:
        warning = default_change(outcome.before, after)
        # Ansible shows equal warnings once: each must name its VM.
        call.warnings.extend([f"{vm}: {warning}"] if warning else [])
    return _result(call, outcome, after)


async def _predicted(call: Call, identities: Identities, plan: Plan, deadline: Deadline) -> Identity:
    """The identities as planned, with the IDs of those that would be new as far as they exist already."""
    found: list[UserIdentity] = []
    for item in plan.after.user:
        if item == plan.before.find(item.id):
            found.append(item)
            continue
        there = await identities.look_up(item.id, deadline)
        if there is None:
            warn_of_missing(call, item.id)
        found.append(there or item)
    return Identity.of(plan.after.system, found)


def warn_of_missing(call: Call, identity: ResourceId) -> None:
    """Say, once, that check mode goes on where the real run would fail."""
    warning = f"The identity {identity} does not exist: this would fail unless it is created first."
    if warning not in call.warnings:
        call.warnings.append(warning)


def _result(call: Call, outcome: Outcome, after: Identity) -> dict[str, Any]:
    result: dict[str, Any] = {"changed": outcome.changed}
    if outcome.last:
        result["vm"] = outcome.last.to_result()
        result["identity"] = after.to_result()
    if outcome.changed and not call.check_mode:
        result["lost_update_protection"] = outcome.protected
    if outcome.running:
        result["operation"] = {"url": outcome.running, "status": "InProgress"}
    if outcome.error:
        result.update(failed=True, msg=str(outcome.error), error=outcome.error.to_result())
    if call.diff_mode and outcome.first:
        result["diff"] = {"before": outcome.before.to_result(), "after": after.to_result()}
    return result
