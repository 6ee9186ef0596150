# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a deployment: writes its resources, each by a request of its own on behalf of the caller, and its outputs."""

from __future__ import annotations

import dataclasses
import json
import typing as t

from .answers import compact
from .call import Call
from .deployment_model import Step
from .errors import ArmError
from .path import parse
from .store import new_id
from .template_expressions import TemplateError
from .template_plan import Planned, in_order
from .template_scope import Scope

__all__ = ("evaluate_outputs", "invalid_template", "write_all")


def invalid_template(reason: str) -> ArmError:
    """400 of ARM for a template; `reason` is without its full stop."""
    violation = {"type": "TemplateViolation", "info": {"lineNumber": 0, "linePosition": 0, "path": ""}}
    message = f"Deployment template validation failed: '{reason}.'."
    return ArmError(400, "InvalidTemplate", message, extra={"additionalInfo": [violation]})


def write_all(call: Call, resources: list[Planned]) -> list[Step]:
    """Write the resources in their order; what depends on one that failed is not written."""
    steps: dict[str, Step] = {}
    reader = _reader(call, {item.id.lower(): item for item in resources})
    for item in in_order(resources):
        step = steps[item.id] = Step(item.shown(), id=new_id().replace("-", "")[:16].upper(), ended=call.now)
        if any(steps[other.id].error or not steps[other.id].status for other in item.after):
            continue
        try:
            body = dataclasses.replace(item.scope, read=reader).value(item.body)
            answer = call.again("PUT", item.id, item.version, compact(body))
        except TemplateError as error:
            message = f"Unable to process template language expressions for resource '{item.id}' at line '1' and "
            step.status, step.error = 400, {"code": "InvalidTemplate", "message": f"{message}column '1'. '{error}.'"}
        except ArmError as error:
            step.status, step.error = error.status, t.cast("dict[str, t.Any]", error.body()["error"])
        else:
            step.status = answer.status
            step.operation = call.store.operations.get(answer.headers.get("x-ms-request-id", ""))
    return list(steps.values())


def evaluate_outputs(
    call: Call, template: dict[str, t.Any], scope: Scope, resources: list[Planned]
) -> dict[str, t.Any]:
    """Return the outputs of a template whose resources are there; raises ArmError and TemplateError."""
    reading = dataclasses.replace(scope, read=_reader(call, {item.id.lower(): item for item in resources}))
    found = {}
    for name, output in template["outputs"].items():
        if reading.value(output.get("condition", True)):
            kind = str(output.get("type") or "")
            found[name] = {"type": kind[:1].upper() + kind[1:], "value": reading.value(output.get("value"))}
    return found


def _reader(call: Call, resources: dict[str, Planned]) -> t.Callable[[str, str, bool], t.Any]:
    def read(name: str, version: str, full: bool) -> t.Any:
        wanted = resources.get(name.lower()) or next(
            (item for item in resources.values() if item.name.lower() == name.lower()), None
        )
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
