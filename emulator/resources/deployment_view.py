# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deployments as ARM shows them, in the form of recorded ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from ..base.moments import moment
from ..cloud.deployment_model import Deployment, Step, step_error
from ..cloud.store import new_id
from ..request.call import Call
from ..templates.input import shown_parameters
from ..templates.plan import Planned
from ..wire.answers import compact

__all__ = ["error_of", "operation_list", "shown", "static_view"]


def static_view(template: dict[str, Any], values: dict[str, Any], resources: list[Planned]) -> dict[str, Any]:
    """Return the properties that a deployment has from its beginning on; raises TemplateError."""
    digest = hashlib.blake2b(compact(template), digest_size=8).digest()
    return {
        "templateHash": str(int.from_bytes(digest, "big")),
        "parameters": shown_parameters(template, values),
        "mode": "Incremental",
        "correlationId": new_id(),
        "providers": _providers(resources),
        "dependencies": [_dependency(item) for item in resources if item.after],
    }


def shown(call: Call, deployment: Deployment, state: str = "") -> dict[str, Any]:
    """Return a deployment; `state` is the one to show instead of its own."""
    state = state or deployment.state()
    ended = max((_end(call, step) for step in deployment.steps), default=deployment.started)
    properties = {
        **deployment.shown,
        "provisioningState": state,
        "timestamp": moment(call.clock.date(ended if state in ("Succeeded", "Failed") else deployment.started)),
        "duration": f"PT{max(0.0, ended - deployment.started):.7f}S",
    }
    if state == "Failed":
        properties["error"] = error_of(deployment)
    elif state == "Succeeded" and deployment.job:
        properties["outputs"] = deployment.outputs
        written = sorted((step.target["id"] for step in deployment.steps), key=str.lower)
        properties["outputResources"] = [{"id": resource_id} for resource_id in written]
    tags = {"tags": deployment.tags} if deployment.tags else {}
    kind = {"type": "Microsoft.Resources/deployments"} if call.version >= "2019-05-01" else {}
    return {"id": deployment.id, "name": deployment.name, **kind, **tags, "properties": properties}


def error_of(deployment: Deployment) -> dict[str, Any]:
    """Return the error of a deployment that has failed."""
    if deployment.error is not None:
        return deployment.error
    return {
        "code": "DeploymentFailed",
        "target": deployment.id,
        "message": "At least one resource deployment operation failed. Please list deployment operations for details. "
        "Please see https://aka.ms/arm-deployment-operations for usage details.",
        "details": [error for error in map(step_error, deployment.steps) if error is not None],
    }


def operation_list(call: Call, deployment: Deployment) -> list[dict[str, Any]]:
    """Return what became of each resource that was written, and of the outputs."""
    found = [_operation(call, deployment, step) for step in deployment.steps if step.status]
    if deployment.state() == "Succeeded":
        properties = {
            "provisioningOperation": "EvaluateDeploymentOutput",
            **_state(call, "Succeeded", deployment.started),
        }
        found.append(_row(deployment, deployment.job, {**properties, "statusCode": "OK"}))
    return found


def _operation(call: Call, deployment: Deployment, step: Step) -> dict[str, Any]:
    error, running = step_error(step), step.operation is not None and not step.operation.done
    state = "Running" if running else "Failed" if error else "Succeeded"
    properties = {
        "provisioningOperation": "Create",
        **_state(call, state, _end(call, step)),
        "statusCode": {200: "OK", 201: "Created", 400: "BadRequest", 403: "Forbidden", 409: "Conflict"}.get(
            step.status, str(step.status)
        ),
        **({"statusMessage": {"error": error}} if error else {}),
        "targetResource": step.target,
    }
    return _row(deployment, step.id, properties)


def _row(deployment: Deployment, name: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"id": f"{deployment.id}/operations/{name}", "operationId": name, "properties": properties}


def _state(call: Call, state: str, when: float) -> dict[str, Any]:
    return {"provisioningState": state, "timestamp": moment(call.clock.date(when)), "trackingId": new_id()}


def _end(call: Call, step: Step) -> float:
    """Return when a step ended, or now if it has not."""
    if step.operation is None:
        return step.ended
    return step.operation.due if step.operation.done else call.now


def _providers(resources: list[Planned]) -> list[dict[str, Any]]:
    namespaces: dict[str, dict[str, list[str | None]]] = {}
    # As recorded: in the order of the template's resources, each type once.
    for item in resources:
        namespace, _slash, kind = item.kind.partition("/")
        locations = namespaces.setdefault(namespace, {}).setdefault(kind, [])
        location = item.location.replace(" ", "").lower() if isinstance(item.location, str) else None
        if location not in locations:
            locations.append(location)
    return [
        {
            "namespace": namespace,
            "resourceTypes": [{"resourceType": kind, "locations": locations} for kind, locations in kinds.items()],
        }
        for namespace, kinds in namespaces.items()
    ]


def _dependency(item: Planned) -> dict[str, Any]:
    """Return what a resource depends on: what it says, and once more, with the api-version, what it refers to."""
    declared = {other.id.lower(): other.shown() for other in item.after}
    referred = [
        {**declared.get(name.lower(), _named(name)), "apiVersion": version}
        for name, version in dict(item.scope.references).items()
        if version and any(known in declared for known in _at_and_above(name.lower()))
    ]
    return {"dependsOn": [*declared.values(), *referred], **item.shown()}


def _at_and_above(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.rpartition("/")[0]


def _named(resource_id: str) -> dict[str, str]:
    """Return how a deployment names what is below one of its resources: as an extension of that."""
    _none, namespace, *rest = resource_id.partition("/resourceGroups/")[2].partition("/providers")[2].split("/")
    kind = "/".join([namespace, *rest[::2]])
    return {"id": resource_id, "resourceType": kind, "resourceName": "/".join(rest[1::2])}
