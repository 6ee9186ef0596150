# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft.Resources/deployments of resource groups: validate, PUT, GET, list, DELETE, and how they are getting on."""

from __future__ import annotations

import dataclasses
import re
from typing import Any, NamedTuple, cast

from ..base.budget import BudgetError
from ..cloud.deployment_model import Deployment, Step, Work
from ..cloud.store import new_id
from ..request.call import Call
from ..rights import rbac
from ..templates.expressions import TemplateError
from ..templates.input import read_parameters, read_template
from ..templates.plan import Planned, in_order, plan
from ..templates.scope import Given, Place, Scope
from ..wire.answers import Answer, json_answer
from ..wire.bodies import mapping
from ..wire.errors import ArmError, invalid_filter
from ..wire.odata import parse_filter
from .deployment_run import advance, invalid_template
from .deployment_view import error_of, operation_list, shown, static_view
from .groups import group_view, subscription_view

__all__ = [
    "delete_deployment",
    "get_deployment",
    "list_deployments",
    "list_operations",
    "poll_deployment",
    "put_deployment",
    "validate_deployment",
]

_MOST = 800
_BARE = re.compile(rb"([{,]\s*)template:")


class _Read(NamedTuple):
    template: dict[str, Any]
    scope: Scope
    resources: list[Planned]
    view: dict[str, Any]


def put_deployment(call: Call) -> Answer:
    """PUT: 201, or 200 for a name that was there, with an operation; raises ArmError 400 for a template that is none.

    What has to wait for others is written when the deployment is looked at. What a resource's own provider refuses
    fails the deployment, not this request.
    """
    read = _read(call)
    key = call.path.resource_id.lower()
    old = _advanced(call, call.store.deployments.get(key))
    if old is not None and old.state() == "Running":
        raise _active(old)
    ordered = in_order(read.resources)
    deployment = Deployment(
        id=f"{call.group_id}/providers/Microsoft.Resources/deployments/{call.path.name}",
        name=call.path.name,
        shown=read.view,
        steps=[Step(item.shown(), id=new_id().replace("-", "")[:16].upper(), ended=call.now) for item in ordered],
        started=call.now,
        job=f"0858{int(new_id()[:8], 16):016d}",
        tags=mapping(_body(call), "tags"),
        work=Work(ordered, read.template["outputs"], read.scope, call.caller.object_id),
    )
    advance(call, deployment)
    call.store.deployments[key] = deployment
    _forget_ended(call)
    scope = f"/subscriptions/{call.path.subscription}/resourcegroups/{call.path.group}"
    place = f"{call.base_url}{scope}/providers/Microsoft.Resources/deployments/{call.path.name}"
    url = f"{place}/operationStatuses/{deployment.job}?api-version={call.version}"
    headers = {"Azure-AsyncOperation": url, **_retry_after(call)}
    return json_answer(201 if old is None else 200, shown(call, deployment, "Accepted"), headers)


def _forget_ended(call: Call) -> None:
    """Delete the oldest deployments of the group that have ended, beyond the 800 that Azure keeps.

    learn.microsoft.com/azure/azure-resource-manager/templates/deployment-history-deletions.
    """
    found = [item for _key, item in call.store.below(call.store.deployments, call.path.scope)]
    ended = sorted((item for item in found if item.work is None), key=lambda item: item.started)
    for item in ended[: max(0, len(found) - _MOST)]:
        del call.store.deployments[item.id.lower()]


def validate_deployment(call: Call) -> Answer:
    """POST validate: 200 with what the deployment would be; raises ArmError 400."""
    read = _read(call)
    deployment = Deployment(
        id=f"{call.group_id}/providers/Microsoft.Resources/deployments/{call.path.name}",
        name=call.path.name,
        shown={**read.view, "validatedResources": [{"id": item.id} for item in read.resources]},
        steps=[],
        started=call.now,
        job="",
    )
    return json_answer(200, shown(call, deployment, "Succeeded"))


def get_deployment(call: Call) -> Answer:
    """GET, or HEAD; raises ArmError 404."""
    found = _find(call)
    return Answer(204) if call.method == "HEAD" else json_answer(200, shown(call, found))


def list_deployments(call: Call) -> Answer:
    """List the deployments of a resource group, page by page; `$filter` can name their state; raises ArmError 400."""
    text = call.option("$filter")
    terms = parse_filter(text)
    if terms is None or not all(term.name == "provisioningstate" and not term.call for term in terms):
        raise invalid_filter(text)
    found = [
        (key, item)
        for key, item in call.store.below(call.store.deployments, call.path.scope)
        if all(term.arguments[0].lower() == cast("Deployment", _advanced(call, item)).state().lower() for term in terms)
    ]
    page, link = call.page(found, top=True)
    body = {"value": [shown(call, cast("Deployment", _advanced(call, item))) for item in page]}
    return json_answer(200, {**body, "nextLink": link} if link else body)


def delete_deployment(call: Call) -> Answer:
    """DELETE: 202, and what was deployed stays; 204 if there was none."""
    if call.store.deployments.pop(call.path.resource_id.lower(), None) is None:
        return Answer(204)
    prefix = f"{call.base_url}/subscriptions/{call.path.subscription}/operationresults"
    return Answer(202, b"", {"Location": f"{prefix}/D{new_id().upper()}?api-version={call.version}"})


def list_operations(call: Call) -> Answer:
    """List what became of each resource of a deployment, page by page; raises ArmError 404."""
    operations = enumerate(operation_list(call, _find(call)))
    page, link = call.page([(f"{number:06d}", item) for number, item in operations], top=True)
    body: dict[str, Any] = {"value": page}
    return json_answer(200, {**body, "nextLink": link} if link else body)


def poll_deployment(call: Call) -> Answer:
    """GET of a deployment's operation; raises ArmError 404."""
    found = _find(call)
    if found.job != call.path.name:
        raise _not_found(call.path.names[0])
    state = found.state()
    problem = {"error": error_of(found)} if state == "Failed" else {}
    return json_answer(200, {"status": state, **problem}, _retry_after(call) if state == "Running" else {})


def _retry_after(call: Call) -> dict[str, str]:
    seconds = call.settings.retry_after
    return {} if seconds is None else {"Retry-After": str(seconds)}


def _read(call: Call) -> _Read:
    try:
        properties = mapping(_body(call), "properties")
        template = read_template(properties)
        group = call.store.groups[call.group_id.lower()]
        subscription = subscription_view(call.store.subscriptions[call.path.subscription.lower()])
        place = Place(call.path.names[0], group.id, group_view(group, "2022-09-01"), subscription)
        variables = {name.lower(): value for name, value in template["variables"].items()}
        bare = Scope(Given(place, {}, variables))
        values = read_parameters(properties, template, bare)
        given = Given(place, {name.lower(): value for name, value in values.items()}, variables)
        scope = dataclasses.replace(bare, given=given)
        resources = plan(template, scope)
        scope.value(template["outputs"], lenient=True)
        view = static_view(template, values, resources)
    except (TemplateError, BudgetError) as error:
        raise invalid_template(str(error)) from error
    _check_rights(call, resources)
    return _Read(template, scope, resources, view)


def _body(call: Call) -> dict[str, Any]:
    """Return the body; ARM's reader takes a name without quotes, and the Azure CLI sends `template` so."""
    try:
        return call.json()
    except ArmError:
        quoted = _BARE.sub(rb'\1"template":', call.body, count=1)
        if quoted == call.body:
            raise
        return dataclasses.replace(call, body=quoted).json()


def _check_rights(call: Call, resources: list[Planned]) -> None:
    caller = call.caller
    refused = [
        f"Authorization failed for template resource '{item.name}' of type '{item.kind}'. The client '{caller.shown}' "
        f"with object id '{caller.object_id}' does not have permission to perform action '{item.kind}/write' at scope "
        f"'{item.id}'."
        for item in resources
        if not rbac.allowed(caller, f"{item.kind}/write", item.id)
    ]
    if refused:
        many = "Deployment failed with multiple errors: " if len(refused) > 1 else ""
        start = many or "The template deployment failed with error: "
        raise ArmError(400, "InvalidTemplateDeployment", f"{start}'{':'.join(refused)}'.")


def _advanced(call: Call, deployment: Deployment | None) -> Deployment | None:
    if deployment is not None:
        advance(call, deployment)
    return deployment


def _find(call: Call) -> Deployment:
    key = "/".join(call.path.resource_id.split("/")[:9]).lower()
    found = _advanced(call, call.store.deployments.get(key))
    if found is None:
        raise _not_found(call.path.names[0])
    return found


def _not_found(name: str) -> ArmError:
    return ArmError(404, "DeploymentNotFound", f"Deployment '{name}' could not be found.")


def _active(deployment: Deployment) -> ArmError:
    return ArmError(
        409,
        "DeploymentActive",
        f"Unable to edit or replace deployment '{deployment.name}': previous deployment is still active. Please see "
        "https://aka.ms/arm-deploy for usage details.",
    )
