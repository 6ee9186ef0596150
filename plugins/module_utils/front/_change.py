# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. A change of one machine's identities, from the desired state to Ansible's result."""

from __future__ import annotations

from typing import Any

from ..arm._deadline import Deadline
from ..arm._gateway import Gateway
from ..arm._identities import Identities
from ..core._identity import Identity, UserIdentity
from ..core._imds import default_change
from ..core._plan import Desired, Plan
from ..core._resource_id import ResourceId
from ..engine._outcome import Options, Outcome, Target
from ..engine._reconcile import reconcile
from ._failure import failure
from ._instances import ROLL_OUT_ARGUMENTS, Instances, described
from ._machine import CHANGE_ARGUMENTS, SCALE_SETS, Machine
from ._operation import Call

__all__ = ["change_arguments", "change_identity", "predicted"]


def change_arguments(machine: Machine) -> dict[str, Any]:
    """The options of a change."""
    return {**(ROLL_OUT_ARGUMENTS if machine is SCALE_SETS else {}), **CHANGE_ARGUMENTS}


async def change_identity(call: Call, machine: Machine, target: ResourceId, desired: Desired) -> dict[str, Any]:
    """Bring a machine's identities to what is desired, or in check mode say what that would do.

    :returns: the result: changed, vm or vmss, identity, and what belongs to a change, a diff or a failure
    """
    deadline = call.deadline
    instances = Instances(call) if machine is SCALE_SETS else None
    session = await call.connect()
    if instances:
        await instances.look(session.gateway, target)
    options = Options(check=call.check_mode, wait=call.params["wait"])
    outcome = await reconcile(session.gateway, Target(target, desired), options, deadline)
    after = outcome.after
    if call.check_mode and outcome.plan and not outcome.error:
        after = await predicted(call, session.identities, outcome.plan, deadline)
    if outcome.changed and outcome.first:
        warning = default_change(outcome.before, after)
        # Ansible shows equal warnings once: each must name its machine.
        call.warnings.extend([f"{target}: {warning}"] if warning else [])
    result = _result(call, machine, outcome, after)
    return await _with_instances(result, instances, session.gateway, outcome) if instances else result


async def _with_instances(
    result: dict[str, Any], instances: Instances, gateway: Gateway, outcome: Outcome
) -> dict[str, Any]:
    """The result, and what became of a scale set's instances."""
    said, error = await instances.follow(gateway, outcome)
    if said:
        result["instances"] = said
        result["changed"] |= bool(said["updated"])
    if error:
        done = ["changed the identities of the scale set"] if outcome.changed else []
        done += [f"updated the instances {', '.join(said['updated'])}"] if said["updated"] else []
        result.update(failure(error, done))
    return result


async def predicted(call: Call, identities: Identities, plan: Plan, deadline: Deadline) -> Identity:
    """The identities as planned, with the IDs of those to be added as far as they exist already."""
    found: list[UserIdentity] = []
    for item in plan.after.user:
        if item.id not in plan.added:
            found.append(item)
            continue
        there = await identities.in_check_mode(item.id, deadline)
        if there is None:
            call.warnings.append(f"The identity {item.id} does not exist: this would fail unless it is created first.")
        found.append(there or item)
    return Identity.of(plan.after.system, found)


def _result(call: Call, machine: Machine, outcome: Outcome, after: Identity) -> dict[str, Any]:
    result: dict[str, Any] = {"changed": outcome.changed}
    if outcome.last:
        more = described(outcome.last) if machine is SCALE_SETS else {}
        result[machine.key] = {**outcome.last.to_result(), **more}
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
