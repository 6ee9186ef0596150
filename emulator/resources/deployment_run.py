# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a deployment: writes its resources, each by a request of its own on behalf of the caller, and its outputs."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any, cast

from ..base.budget import Budget, BudgetError
from ..cloud.deployment_model import Deployment, Step, Work, step_error
from ..compute.settling import end_due
from ..request.call import Call
from ..templates.expressions import TemplateError
from ..templates.plan import Planned
from ..wire.answers import compact
from ..wire.errors import ArmError
from ..wire.path import parse

__all__ = ["advance", "invalid_template"]


def invalid_template(reason: str) -> ArmError:
    """400 of ARM for a template; `reason` is without its full stop."""
    violation = {"type": "TemplateViolation", "info": {"lineNumber": 0, "linePosition": 0, "path": ""}}
    message = f"Deployment template validation failed: '{reason}.'."
    return ArmError(400, "InvalidTemplate", message, extra={"additionalInfo": [violation]})


def advance(call: Call, deployment: Deployment) -> None:
    """Write what can be written by now, and end the deployment when nothing is left to do.

    A resource waits for the operations of those that it depends on; what depends on one that failed is left out.
    """
    work = deployment.work
    if work is None:
        return
    work = dataclasses.replace(work, budget=Budget(), names=_names(work.resources))
    steps = {step.target["id"]: step for step in deployment.steps}
    for item in work.resources:
        step, before = steps[item.id], [steps[other.id] for other in item.after]
        if not step.status and not step.skipped:
            step.skipped = any(other.skipped or step_error(other) for other in before)
            if not step.skipped and all(other.status and not other.running() for other in before):
                _write(_on_behalf(call, work, max([deployment.started, *map(_end, before)])), work, item, step)
        if step.operation is not None and not step.operation.done:
            # What it began is a request of its own, and may be due before this one is over.
            end_due(call.store, step.operation.target, call.now)
    if any(step.running() or not (step.status or step.skipped) for step in deployment.steps):
        return
    if not any(step.skipped or step_error(step) for step in deployment.steps):
        _evaluate_outputs(_on_behalf(call, work, call.now), deployment, work)
    deployment.work = None


def _end(step: Step) -> float:
    return step.operation.due if step.operation is not None else step.ended


def _on_behalf(call: Call, work: Work, moment: float) -> Call:
    """Return the call at a moment, by whoever began the deployment; what that one may write was checked then."""
    caller = call.caller
    if caller.object_id != work.caller:
        caller = dataclasses.replace(caller, roles=None)
    return dataclasses.replace(call, caller=caller, now=moment)


def _write(call: Call, work: Work, item: Planned, step: Step) -> None:
    step.ended = call.now
    try:
        scope = dataclasses.replace(item.scope, read=_reader(call, work), budget=work.budget)
        body = scope.value(item.body)
        answer = call.again("PUT", item.id, item.version, compact(body))
    except (TemplateError, BudgetError) as error:
        message = f"Unable to process template language expressions for resource '{item.id}' at line '1' and "
        step.status, step.error = 400, {"code": "InvalidTemplate", "message": f"{message}column '1'. '{error}.'"}
    except ArmError as error:
        step.status, step.error = error.status, cast("dict[str, Any]", error.body()["error"])
    else:
        step.status = answer.status
        step.operation = call.store.operations.get(answer.headers.get("x-ms-request-id", ""))


def _evaluate_outputs(call: Call, deployment: Deployment, work: Work) -> None:
    scope = dataclasses.replace(work.scope, read=_reader(call, work), budget=work.budget)
    try:
        for name, output in work.outputs.items():
            if scope.value(output.get("condition", True)):
                kind = str(output.get("type") or "")
                deployment.outputs[name] = {
                    "type": kind[:1].upper() + kind[1:],
                    "value": scope.value(output.get("value")),
                }
    except (TemplateError, BudgetError) as error:
        message = f"Unable to evaluate template outputs: '{error}.'."
        deployment.error = {"code": "DeploymentOutputEvaluationFailed", "message": message}
    except ArmError as error:
        deployment.error = cast("dict[str, Any]", error.body()["error"])


def _names(resources: list[Planned]) -> dict[str, Planned]:
    return {name: item for item in reversed(resources) for name in (item.id.lower(), item.name.lower())}


def _reader(call: Call, work: Work) -> Callable[[str, str, bool], Any]:
    def read(name: str, version: str, full: bool) -> Any:
        wanted = work.names.get(name.lower())
        if wanted is None and not name.startswith("/"):
            message = f"The resource referenced in reference function '{name}' is not defined in the template"
            raise TemplateError(message)
        resource_id = wanted.id if wanted else name
        version = version or (wanted.version if wanted else "")
        if parse(resource_id).template.endswith("/*"):
            found = json.loads(call.again("GET", resource_id, version).body)
        else:
            raise TemplateError(f"The resource ID '{resource_id}' of a reference function is not valid")
        return found if full else found.get("properties", {})

    return read
