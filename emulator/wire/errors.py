# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors as Azure Resource Manager words them. Sources: recorded traffic and Azure's documentation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = [
    "ArmError",
    "authorization_failed",
    "compute_conflict",
    "group_not_found",
    "in_progress",
    "invalid_content",
    "invalid_filter",
    "linked_authorization_failed",
    "linked_subscription_not_found",
    "linked_tenant_mismatch",
    "marked_for_deletion",
    "missing_registration",
    "policy_denied",
    "power_changing",
    "precondition_failed",
    "resource_not_found",
    "scope_locked",
    "subscription_not_found",
]


class ArmError(Exception):
    """An error answer.

    `gateway`: ARM's front door refused (header `x-ms-failure-cause: gateway`), otherwise a resource provider did.
    `pretty`: Compute's indented body. `extra` goes beside code and message.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        gateway: bool = True,
        pretty: bool = False,
        extra: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.gateway = gateway
        self.pretty = pretty
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})

    def body(self) -> dict[str, object]:
        """Return the JSON body."""
        return {"error": {"code": self.code, "message": self.message, **self.extra}}


def resource_not_found(kind: str, name: str, group: str) -> ArmError:
    """Recorded 404; `kind` is namespace/type, nested names are joined by slashes."""
    return ArmError(
        404,
        "ResourceNotFound",
        f"The Resource '{kind}/{name}' under resource group '{group}' was not found. "
        "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    )


def invalid_filter(text: str) -> ArmError:
    """400 of ARM's own lists (azure-sdk-for-go#2480, azure-cli#7674)."""
    return ArmError(400, "InvalidFilterInQueryString", f"Invalid $filter '{text}' specified in the query string.")


def group_not_found(group: str) -> ArmError:
    """Recorded 404."""
    return ArmError(404, "ResourceGroupNotFound", f"Resource group '{group}' could not be found.")


def subscription_not_found(subscription: str) -> ArmError:
    """404 as seen by the Azure CLI."""
    return ArmError(404, "SubscriptionNotFound", f"The subscription '{subscription}' could not be found.")


def missing_registration(namespace: str) -> ArmError:
    """409: the subscription has not registered the resource provider."""
    return ArmError(
        409,
        "MissingSubscriptionRegistration",
        f"The subscription is not registered to use namespace '{namespace}'. "
        "See https://aka.ms/rps-not-found for how to register subscriptions.",
        extra={
            "details": [
                {
                    "code": "MissingSubscriptionRegistration",
                    "target": namespace,
                    "message": f"The subscription is not registered to use namespace '{namespace}'. "
                    "See https://aka.ms/rps-not-found for how to register subscriptions.",
                }
            ]
        },
    )


def authorization_failed(client: str, object_id: str, action: str, scope: str) -> ArmError:
    """Recorded 403: the caller lacks `action` on `scope`."""
    return ArmError(
        403,
        "AuthorizationFailed",
        f"The client '{client}' with object id '{object_id}' does not have authorization to perform action '{action}' "
        f"over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your "
        "credentials.",
    )


_ASSIGN = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"


def linked_authorization_failed(
    client: str, object_id: str, action: str, scope: str, linked: Sequence[str], right: str = _ASSIGN
) -> ArmError:
    """403: the caller may write `scope` but has no `right` on the resources `linked`; all of them in one list."""
    return ArmError(
        403,
        "LinkedAuthorizationFailed",
        f"The client '{client}' with object id '{object_id}' has permission to perform action '{action}' on scope "
        f"'{scope}'; however, it does not have permission to perform action '{right}' on the linked scope(s) "
        f"'{','.join(linked)}' or the linked scope(s) are invalid.",
    )


def linked_tenant_mismatch(scope: str, tenant: str, subscription: str, right: str = _ASSIGN) -> ArmError:
    """Recorded 403: the identity is in a subscription of another tenant."""
    return ArmError(
        403,
        "LinkedAuthorizationFailed",
        f"The client has permission to perform action '{right}' on scope '{scope}', however the current tenant "
        f"'{tenant}' is not authorized to access linked subscription '{subscription}'.",
    )


def linked_subscription_not_found(scope: str, subscription: str, right: str = _ASSIGN) -> ArmError:
    """Recorded 403: the identity is in a subscription that does not exist. The blank at the end is Azure's."""
    return ArmError(
        403,
        "LinkedAuthorizationFailed",
        f"The client has permission to perform action '{right}' on scope '{scope}', however the linked subscription "
        f"'{subscription}' was not found. ",
    )


def scope_locked(scope: str, operation: str, locked: Sequence[str]) -> ArmError:
    """Recorded 409; `operation` is write or delete, `locked` the scopes that carry the locks."""
    scopes = ",".join(f"'{item}'" for item in locked)
    return ArmError(
        409,
        "ScopeLocked",
        f"The scope '{scope}' cannot perform {operation} operation because following scope(s) are locked: {scopes}. "
        "Please remove the lock and try again.",
    )


def invalid_content(reason: str) -> ArmError:
    """400: the body is not what ARM's deserializer takes; `reason` is the deserializer's sentence."""
    return ArmError(
        400, "InvalidRequestContent", f"The request content was invalid and could not be deserialized: '{reason}'."
    )


def precondition_failed(given: str, actual: int) -> ArmError:
    """412 of Compute for If-Match."""
    return ArmError(
        412,
        "PreconditionFailed",
        f'Etag provided in if-match header {given} does not match etag "{actual}" of resource.',
        gateway=False,
        pretty=True,
    )


def compute_conflict() -> ArmError:
    """Recorded 409 of Compute while another write is running."""
    return ArmError(
        409,
        "Conflict",
        "The request failed due to conflict with a concurrent request. To resolve it, please refer to "
        "https://aka.ms/activitylog to get more details on the conflicting requests.",
        gateway=False,
        pretty=True,
    )


def marked_for_deletion(operation: str, title: str, name: str) -> ArmError:
    """409 of Compute while a VM or scale set is being deleted; `title` is what it is."""
    return _not_allowed(
        f"Operation '{operation}' is not allowed on {title} '{name}' since the {title} is marked for deletion. "
        "You can only retry the Delete operation (or wait for an ongoing one to complete)."
    )


def in_progress(operation: str, title: str, name: str) -> ArmError:
    """409 that Compute's documentation has for a second write; the recorded one is `compute_conflict`."""
    return _not_allowed(
        f"Operation '{operation}' is not allowed on {title} '{name}' since another operation is in progress."
    )


def power_changing(operation: str, name: str, power: str) -> ArmError:
    """409 of Compute's documentation while a VM is started or stopped."""
    return _not_allowed(
        f"An ongoing operation is changing power state of Virtual Machine {name} to {power}. Please perform operation "
        f"{operation} after some time."
    )


def _not_allowed(message: str) -> ArmError:
    return ArmError(409, "OperationNotAllowed", message, gateway=False, pretty=True)


def policy_denied(resource: str, policy: Mapping[str, str], scope: str) -> ArmError:
    """403 of Azure Policy with its violation in additionalInfo."""
    definition = f"/providers/Microsoft.Authorization/policyDefinitions/{policy['definition']}"
    assignment = f"{scope}/providers/Microsoft.Authorization/policyAssignments/{policy['name']}"
    identifiers = (
        f'[{{"policyAssignment":{{"name":"{policy["name"]}","id":"{assignment}"}},'
        f'"policyDefinition":{{"name":"{policy["definition"]}","id":"{definition}"}}}}]'
    )
    info = {
        "policyDefinitionDisplayName": policy["definition"],
        "policyDefinitionId": definition,
        "policyDefinitionName": policy["definition"],
        "policyDefinitionEffect": "deny",
        "policyAssignmentId": assignment,
        "policyAssignmentName": policy["name"],
        "policyAssignmentDisplayName": policy["name"],
        "policyAssignmentScope": scope,
        "policyAssignmentParameters": {},
    }
    return ArmError(
        403,
        "RequestDisallowedByPolicy",
        f"Resource '{resource}' was disallowed by policy. Policy identifiers: '{identifiers}'.",
        extra={"target": resource, "additionalInfo": [{"type": "PolicyViolation", "info": info}]},
    )
