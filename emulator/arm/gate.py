# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ARM's front door: what every request must pass before a resource provider sees it, in ARM's order."""

from __future__ import annotations

from ..authorization.locks import check_locks
from ..cloud.store import MOST_RESOURCES
from ..request.call import Call
from ..request.route import Route
from ..rights import rbac, scopes
from ..wire.answers import Answer
from ..wire.errors import (
    ArmError,
    authorization_failed,
    group_not_found,
    missing_registration,
    policy_denied,
    subscription_not_found,
)
from ..wire.path import ArmPath
from ..wire.versions import check_version
from .query_options import check_options
from .routes import ROUTES, TEMPLATES
from .throttling import charge_provider
from .tracked import check_tracked

__all__ = ["enter"]

_NAMESPACES = (
    "microsoft.compute",
    "microsoft.network",
    "microsoft.managedidentity",
    "microsoft.authorization",
    "microsoft.resourcegraph",
    "microsoft.resources",
)


def enter(call: Call) -> Answer:
    """Pass a request of a known caller through the front door to its handler; raises ArmError."""
    path = call.path
    route = ROUTES.get((call.method, path.template))
    if route is None:
        raise _unknown(call)
    served = call.settings.served(route.versions)
    call.version = check_version(call.option("api-version"), served, route.kind, _location(call))
    check_options(call, route.handler)
    if path.subscription:
        _check_subscription(call)
    if not scopes.has_management_group(call.store, path.scope, call.caller.tenant):
        raise authorization_failed(call.caller.shown, call.caller.object_id, route.action, path.resource_id)
    _check_right(call, route)
    if path.namespace and path.group and call.group_id.lower() not in call.store.groups:
        raise group_not_found(path.group)
    change = route.action.rsplit("/", 1)[-1]
    # ARM cannot tell what an action does: a read-only lock blocks it like a write.
    if change == "action" and path.group:
        check_locks(call.store, path.resource_id.rpartition("/")[0], "write")
    # Locks can be put and taken under a lock.
    if change in ("write", "delete") and route.versions != "locks":
        _check_change(call, route, change)
    check_tracked(call, route)
    if call.method == "PUT":
        _check_room(call)
    if call.meter is not None:
        charge_provider(call, call.meter)
    return route.handler(call)


def _check_subscription(call: Call) -> None:
    subscription = call.store.subscriptions.get(call.path.subscription.lower())
    if subscription is None:
        raise subscription_not_found(call.path.subscription)
    if subscription.tenant == call.caller.tenant:
        return
    authority = f"{call.base_url}/{subscription.tenant}"
    challenge = (
        f'Bearer authorization_uri="{authority}", error="invalid_token", '
        'error_description="The access token is from the wrong issuer."'
    )
    raise ArmError(
        401,
        "InvalidAuthenticationTokenTenant",
        f"The access token is from the wrong issuer 'https://sts.windows.net/{call.caller.tenant}/'. It must match the "
        f"tenant 'https://sts.windows.net/{subscription.tenant}/' associated with this subscription. Please use the "
        f"authority (URL) '{authority}' to get the token. Note, if the subscription is transferred to another tenant "
        "there is no impact to the services, but information about new tenant could take time to propagate (up to an "
        "hour). If you just transferred your subscription and see this error message, please try back later.",
        headers={"WWW-Authenticate": challenge},
    )


def _check_right(call: Call, route: Route) -> None:
    caller, scope = call.caller, call.path.resource_id
    if not route.action or caller.roles is None:
        return
    if route.listing:
        outer = call.path.scope if call.path.namespace else scope
        granted = rbac.allowed_below(caller, route.action, outer)
    else:
        granted = rbac.allowed(caller, route.action, scope)
    if not granted:
        raise authorization_failed(caller.shown, caller.object_id, route.action, _refused_scope(call.path))


def _refused_scope(path: ArmPath) -> str:
    """Return the scope that a 403 names: of a list or an action, what is before its last word.

    Lists of a whole subscription name the subscription alone (azure-sdk-for-net#1157, vagrant-azure#164).
    """
    odd = len(path.types) != len(path.names) if path.namespace else path.resource_id.count("/") % 2
    if not odd:
        return path.resource_id
    if not path.names and path.template.startswith("subscription|"):
        return path.scope
    return path.resource_id.rpartition("/")[0]


def _check_change(call: Call, route: Route, change: str) -> None:
    path = call.path
    subscription = call.store.subscriptions.get(path.subscription.lower())
    if subscription is not None and path.namespace.lower() in subscription.unregistered:
        raise missing_registration(path.namespace)
    check_locks(call.store, path.resource_id, change)
    if change != "write":
        return
    kind = route.action.rsplit("/", 1)[0].lower()
    for policy in call.store.policies:
        below = (path.resource_id.lower() + "/").startswith(policy.scope.lower() + "/")
        if below and kind in policy.types:
            raise policy_denied(path.name, {"name": policy.name, "definition": policy.definition}, policy.scope)


def _check_room(call: Call) -> None:
    """Refuse what would be one resource too many; Azure has quotas, but not this one."""
    if call.store.size() >= MOST_RESOURCES and not call.store.has(call.path.resource_id):
        message = f"The emulator holds {MOST_RESOURCES} resources, which is the most that it can hold."
        raise ArmError(409, "QuotaExceeded", message)


def _location(call: Call) -> str:
    group = call.store.groups.get(call.group_id.lower())
    return group.location if group else "westeurope"


def _unknown(call: Call) -> ArmError:
    path, version = call.path, call.option("api-version")
    if path.template in TEMPLATES:
        message = f"The requested resource does not support http method '{call.method}'."
        return ArmError(405, "HttpMethodNotSupported", message)
    if not version:
        message = "The api-version query parameter (?api-version=) is required for all requests."
        return ArmError(400, "MissingApiVersionParameter", message)
    if not path.namespace:
        return ArmError(404, "InvalidRequestUri", f"The request URI '{path.resource_id}' is not known to this service.")
    if path.namespace.lower() not in _NAMESPACES:
        return ArmError(404, "InvalidResourceNamespace", f"The resource namespace '{path.namespace}' is invalid.")
    kind = "/".join(path.types)
    message = f"The resource type '{kind}' could not be found in the namespace '{path.namespace}' for api version "
    return ArmError(404, "InvalidResourceType", f"{message}'{version}'.")
