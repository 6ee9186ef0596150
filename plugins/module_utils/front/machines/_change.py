# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. A change of one machine's identities, from the desired state to Ansible's result."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...arm.gateways._machine_identities import MachineIdentities
from ...arm.gateways._user_assigned import UserAssignedIdentities
from ...arm.net._deadline import Deadline
from ...core._errors import ManagedIdentityError
from ...core._resource_id import ResourceId
from ...core.identities._identity import Identity, UserIdentity
from ...core.identities._imds import default_change
from ...core.identities._plan import Desired, Wanted
from ...engine.machines._outcome import Options, Outcome, Target
from ...engine.machines._reconcile import reconcile
from .._failure import failed, failure
from .._operation import Call
from .._resource_options import CHANGE_ARGUMENTS, SCALE_SETS, ResourceOptions
from ._instances import ROLL_OUT_ARGUMENTS, Instances, described

__all__ = ["change_arguments", "change_identity", "predicted"]


def change_arguments(machine: ResourceOptions) -> dict[str, Any]:
    """The options of a change."""
    return {**(ROLL_OUT_ARGUMENTS if machine is SCALE_SETS else {}), **CHANGE_ARGUMENTS}


async def change_identity(
    call: Call, machine: ResourceOptions, target: ResourceId, desired: Desired, *, repair: bool = False
) -> dict[str, Any]:
    """Bring a machine's identities to what is desired, or in check mode say what that would do.

    :param repair: whether to replace entries of identities that were deleted and made again
    :returns: the result: changed, vm or vmss, identity, and what belongs to a change, a diff or a failure
    """
    deadline = call.deadline
    instances = Instances(call) if machine is SCALE_SETS else None
    session = await call.connect()
    if instances:
        await instances.look(session.machines, target)
    if repair:
        desired = replace(desired, present=await _with_principals(call, session.user_assigned, desired, deadline))
    options = Options(check=call.check_mode, wait=call.params["wait"])
    outcome = await reconcile(session.machines, Target(target, desired), options, deadline)
    after = outcome.after
    if call.check_mode and not outcome.error:
        after = await predicted(call, session.user_assigned, outcome.before, after, deadline)
    if outcome.changed and outcome.first:
        warning = default_change(outcome.before, after)
        # Ansible shows equal warnings once: each must name its machine.
        call.warnings.extend([f"{target}: {warning}"] if warning else [])
    result = _result(call, machine, outcome, after)
    return await _with_instances(result, instances, session.machines, outcome) if instances else result


async def _with_instances(
    result: dict[str, Any], instances: Instances, machines: MachineIdentities, outcome: Outcome
) -> dict[str, Any]:
    """The result, and what became of a scale set's instances."""
    said, error = await instances.follow(machines, outcome)
    if said:
        result["instances"] = said
        result["changed"] |= bool(said["updated"])
    if error:
        done = ["changed the identities of the scale set"] if outcome.changed else []
        done += [f"updated the instances {', '.join(said['updated'])}"] if said["updated"] else []
        result.update(failure(error, done))
    return result


async def predicted(
    call: Call, identities: UserAssignedIdentities, before: Identity, after: Identity, deadline: Deadline
) -> Identity:
    """The identities as planned, with the IDs of those that would be new as far as they exist already."""
    found: list[UserIdentity] = []
    for item in after.user:
        if item == before.find(item.id):
            found.append(item)
            continue
        there = await identities.look_up(item.id, deadline)
        if there is None:
            _warn_of_missing(call, item.id)
        found.append(there or item)
    return Identity.of(after.system, found)


async def _with_principals(
    call: Call, identities: UserAssignedIdentities, desired: Desired, deadline: Deadline
) -> tuple[Wanted, ...]:
    """The identities that shall be there, with the principals that they have now.

    :raises ManagedIdentityError: one does not exist; in check mode it may be made before the real run
    """
    found = {one.id: await identities.look_up(one.id, deadline) for one in desired.present}
    missing = [identity for identity, there in found.items() if there is None]
    if missing and not call.check_mode:
        raise ManagedIdentityError(
            f"These identities do not exist: {', '.join(map(str, missing))}.",
            remedy="Create them first, or correct their names or IDs. Nothing was changed.",
        )
    for identity in missing:
        _warn_of_missing(call, identity)
    return tuple(Wanted(identity, there.principal_id if there else None) for identity, there in found.items())


def _warn_of_missing(call: Call, identity: ResourceId) -> None:
    """Say, once, that check mode goes on where the real run would fail."""
    warning = f"The identity {identity} does not exist: this would fail unless it is created first."
    if warning not in call.warnings:
        call.warnings.append(warning)


def _result(call: Call, machine: ResourceOptions, outcome: Outcome, after: Identity) -> dict[str, Any]:
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
        result.update(failed(outcome.error))
    if call.diff_mode and outcome.first:
        result["diff"] = {"before": outcome.before.to_result(), "after": after.to_result()}
    return result
