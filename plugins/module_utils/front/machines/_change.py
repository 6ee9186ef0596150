# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. A change of one machine's identities, from the desired state to Ansible's result."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...arm._session import Session
from ...core._errors import ArmError, ManagedIdentityError
from ...core._resource_id import ResourceId
from ...core.identities._identity import Identity
from ...core.identities._imds import default_change
from ...core.identities._plan import Desired, Wanted
from ...engine.machines._named import foreseen, with_principals
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
    may_be_gone = call.params["state"] == "absent"
    deadline = call.deadline
    instances = Instances(call) if machine is SCALE_SETS else None
    session = await call.connect()
    if instances:
        await _look(instances, session, target, may_be_gone=may_be_gone)
    if repair:
        desired = replace(desired, present=await _with_principals(call, session, desired))
    options = Options(check=call.check_mode, wait=call.params["wait"])
    outcome = await reconcile(session.machines, Target(target, desired, may_be_gone), options, deadline)
    after = outcome.after
    if outcome.gone:
        call.warnings.append(
            f"{target} does not exist: no identity was removed from it. If it should be there, check its name, "
            "resource group and subscription."
        )
    elif call.check_mode and not outcome.error:
        after = await predicted(call, session, outcome.before, after)
    if outcome.changed and outcome.first and not outcome.gone:
        warning = default_change(outcome.before, after)
        # Ansible shows equal warnings once: each must name its machine.
        call.warnings.extend([f"{target}: {warning}"] if warning else [])
    result = _result(call, machine, outcome, after)
    return await _with_instances(result, instances, session, outcome) if instances else result


async def _look(instances: Instances, session: Session, target: ResourceId, *, may_be_gone: bool) -> None:
    """See before the change that the instances can be brought up to date; those of a set that is gone need not be."""
    try:
        await instances.look(session, target)
    except ArmError as error:
        if not (may_be_gone and error.not_there):
            raise


async def _with_instances(
    result: dict[str, Any], instances: Instances, session: Session, outcome: Outcome
) -> dict[str, Any]:
    """The result, and what became of a scale set's instances."""
    said, error = await instances.follow(session, outcome)
    if said:
        result["instances"] = said
        result["changed"] |= bool(said["updated"])
    if error:
        done = ["changed the identities of the scale set"] if outcome.changed else []
        done += [f"updated the instances {', '.join(said['updated'])}"] if said["updated"] else []
        result.update(failure(error, done))
    return result


async def predicted(call: Call, session: Session, before: Identity, after: Identity) -> Identity:
    """The identities as planned, with what is known of those that would be new; warns of those that do not exist."""
    found, missing = await foreseen(session.user_assigned, before, after, call.deadline)
    for identity in missing:
        _warn_of_missing(call, identity)
    return found


async def _with_principals(call: Call, session: Session, desired: Desired) -> tuple[Wanted, ...]:
    """The identities that shall be there, with the principals that they have now.

    :raises ManagedIdentityError: one does not exist; in check mode it may be made before the real run
    """
    found, missing = await with_principals(session.user_assigned, desired.present, call.deadline)
    if missing and not call.check_mode:
        raise ManagedIdentityError(
            f"These identities do not exist: {', '.join(map(str, missing))}.",
            call="GET",
            target=str(missing[0]),
            remedy="Create them first, or correct their names or IDs. Nothing was changed.",
        )
    for identity in missing:
        _warn_of_missing(call, identity)
    return found


def _warn_of_missing(call: Call, identity: ResourceId) -> None:
    """Say, once, that check mode goes on where the real run would fail."""
    warning = f"The identity {identity} does not exist: this would fail unless it is created first."
    if warning not in call.warnings:
        call.warnings.append(warning)


def _result(call: Call, machine: ResourceOptions, outcome: Outcome, after: Identity) -> dict[str, Any]:
    result: dict[str, Any] = {"changed": outcome.changed}
    if outcome.gone:
        result.update({machine.key: None, "identity": None})
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
    if call.diff_mode and (outcome.first or outcome.gone):
        before = outcome.before.to_result() if outcome.first else None
        result["diff"] = {"before": before, "after": None if outcome.gone else after.to_result()}
    return result
