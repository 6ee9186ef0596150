# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of errors: Azure's answers as recorded or documented, what we do about them, what we tell the user."""

from __future__ import annotations

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import ArmError, OperationFailed
from ansible_collections.managed_identity.azure.plugins.module_utils.core._rules import (
    Verdict,
    arm_error,
    is_throttled_or_passing,
    operation_error,
    verdict_of,
)

VM = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm1"
UAI = "/subscriptions/s/resourcegroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/x"
UAI2 = UAI + "2"


def denied(action: str, scope: str = VM) -> str:
    return (
        f"The client 'app' with object id 'oid' does not have authorization to perform action '{action}' over scope "
        f"'{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials."
    )


def failed_identity(inner: str) -> str:
    return (
        f"Identity operation for resource '{VM}' failed with error 'Failed to perform resource identity operation. "
        f"""Status: 'BadRequest'. Response: '{{"error":{{"code":"BadRequest","message":"{inner}"}}}}'.'."""
    )


NO_VM = (
    "The Resource 'Microsoft.Compute/virtualMachines/d1' under resource group 'rg' was not found. "
    "For more details please go to https://aka.ms/ARMResourceNotFoundFix"
)
LOCKED = (
    f"The scope '{VM}' cannot perform write operation because following scope(s) are locked: '/subscriptions/s'. "
    "Please remove the lock and try again."
)
LINKED = (
    f"The client 'app' with object id 'oid' has permission to perform action 'Microsoft.Compute/virtualMachines/write' "
    f"on scope '{VM}'; however, it does not have permission to perform action "
    f"'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action' on the linked scope(s) '{UAI},{UAI2}' "
    "or the linked scope(s) are invalid."
)
FOREIGN_TENANT = (
    "The client has permission to perform action 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action' on "
    f"scope '{VM}', however the current tenant 't' is not authorized to access linked subscription 'x'."
)
BUSY = "Operation 'update' is not allowed on VM 'vm1' since another operation is in progress."
POWER = (
    "An ongoing operation is changing power state of Virtual Machine vm1 to Stopped. Please perform operation later."
)
DELETING = "Operation 'update' is not allowed on VM 'vm1' since the VM is marked for deletion."
PENDING = (
    "Resource 'x' is new, but resource already exists. This may be due to a pending delete operation, try again later"
)
NAMESPACE = (
    "The subscription is not registered to use namespace 'Microsoft.Compute'. See https://aka.ms/rps-not-found how"
)

# (status, code, message, verdict, words of the remedy)
ROWS = [
    (412, "PreconditionFailed", "Etag provided in if-match header", Verdict.REPLAN, ""),
    (412, None, "", Verdict.REPLAN, ""),
    (409, "Conflict", "The request failed due to conflict with a concurrent request.", Verdict.REPLAN, ""),
    (409, "OperationNotAllowed", BUSY, Verdict.REPLAN, ""),
    (409, "OperationNotAllowed", POWER, Verdict.REPLAN, ""),
    (409, "OperationNotAllowed", DELETING, Verdict.EXPLAIN, "The VM is being deleted."),
    (409, "OperationNotAllowed", "Some quota.", Verdict.FAIL, ""),
    (409, "ResourceUpdateBlockedOnPlatformUpdate", "Try again later.", Verdict.REPLAN, ""),
    (409, "FailedIdentityOperation", failed_identity(PENDING), Verdict.REPLAN, ""),
    (
        400,
        "FailedIdentityOperation",
        failed_identity(f"Resource '{UAI}' was not found."),
        Verdict.EXPLAIN,
        f"The identity {UAI} does not exist: create it first, or correct its name or ID. This write changed nothing.",
    ),
    (
        400,
        "FailedIdentityOperation",
        failed_identity("User Assigned Identities Number '151' Assign exceed limit '150' in one request."),
        Verdict.EXPLAIN,
        "Azure takes 150 identities in one request: name fewer in one task. This write changed nothing.",
    ),
    (400, "FailedIdentityOperation", failed_identity("Removal of all is invalid."), Verdict.FAIL, ""),
    *(
        (
            400,
            "InvalidParameter",
            f"The value '{kind}' of parameter 'identity' is not allowed. Allowed values are: UserAssigned, None.",
            Verdict.EXPLAIN,
            "Give the set a user-assigned identity by vmss_user_identity, or each of its VMs a system-assigned one by "
            "vm_system_identity. Nothing was changed.",
        )
        for kind in ("SystemAssigned", "SystemAssigned, UserAssigned")
    ),
    (400, "MissingIdentityIds", "The identity ids must not be null", Verdict.FAIL, ""),
    (
        429,
        "TooManyRequests",
        "",
        Verdict.RETRY,
        "Azure is throttling; wait, or raise wait_timeout.",
    ),
    (
        429,
        "OperationNotAllowed",
        "too many requests",
        Verdict.RETRY,
        "Azure is throttling; wait, or raise wait_timeout.",
    ),
    (408, None, "", Verdict.RETRY, ""),
    (500, "InternalServerError", "", Verdict.RETRY, ""),
    (503, None, "", Verdict.RETRY, ""),
    (504, "ResourceReadFailed", "", Verdict.RETRY, ""),
    (499, None, "", Verdict.FAIL, ""),
    (
        403,
        "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation.",
        Verdict.EXPLAIN,
        "The caller may not read the tenant's directory: give it in Entra ID the permission Directory.Read.All of "
        "Microsoft Graph (to an application, with an administrator's consent) or the directory role Directory Readers.",
    ),
    (
        403,
        "AuthorizationFailed",
        denied("Microsoft.Compute/virtualMachines/write"),
        Verdict.EXPLAIN,
        f"The caller lacks Microsoft.Compute/virtualMachines/write on {VM}; "
        "the role Virtual Machine Contributor has it. A role granted just now takes some minutes to work.",
    ),
    (
        403,
        "AuthorizationFailed",
        denied("Microsoft.Compute/virtualMachines/read"),
        Verdict.EXPLAIN,
        "the role Reader has it.",
    ),
    (
        403,
        "AuthorizationFailed",
        denied("microsoft.managedidentity/userassignedidentities/read", UAI),
        Verdict.EXPLAIN,
        "the role Reader has it.",
    ),
    (
        403,
        "AuthorizationFailed",
        denied("Microsoft.ManagedIdentity/userAssignedIdentities/write", UAI),
        Verdict.EXPLAIN,
        "the role Managed Identity Contributor has it.",
    ),
    (
        403,
        "AuthorizationFailed",
        denied("Microsoft.Storage/x/join/action"),
        Verdict.EXPLAIN,
        "a role with this action has it.",
    ),
    (403, "AuthorizationFailed", "You are not allowed.", Verdict.FAIL, ""),
    (409, "RoleAssignmentExists", "The role assignment already exists.", Verdict.BENIGN, ""),
    (400, "PrincipalNotFound", "Principal abc does not exist in the directory t.", Verdict.REPLAN, ""),
    (
        409,
        "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
        "Too many Federated Identity Credentials are written concurrently for the managed identity 'x'.",
        Verdict.REPLAN,
        "",
    ),
    (
        400,
        "RoleAssignmentUpdateNotPermitted",
        "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
        Verdict.EXPLAIN,
        "Another assignment has this name already: role, principal and scope of an assignment never change.",
    ),
    (
        403,
        "LinkedAuthorizationFailed",
        LINKED,
        Verdict.EXPLAIN,
        f"The caller lacks Microsoft.ManagedIdentity/userAssignedIdentities/assign/action on {UAI}; "
        "the role Managed Identity Operator has it. "
        f"The caller lacks Microsoft.ManagedIdentity/userAssignedIdentities/assign/action on {UAI2}; "
        "the role Managed Identity Operator has it. It can be granted on the identity or on its resource group. "
        "Azure says the same of an identity that does not exist.",
    ),
    (
        403,
        "LinkedAuthorizationFailed",
        FOREIGN_TENANT,
        Verdict.EXPLAIN,
        "A user-assigned identity must be in a subscription of the VM's own tenant.",
    ),
    (
        403,
        "RequestDisallowedByPolicy",
        "Resource 'vm1' was disallowed by policy.",
        Verdict.EXPLAIN,
        "An Azure Policy denies this change; ask its owner for an exemption.",
    ),
    (
        409,
        "ScopeLocked",
        LOCKED,
        Verdict.EXPLAIN,
        "A lock on /subscriptions/s forbids it; who may remove locks can remove it for the time of the change.",
    ),
    (
        409,
        "ScopeLocked",
        LOCKED.replace("'/subscriptions/s'", "'/subscriptions/s','/subscriptions/s/resourceGroups/rg'"),
        Verdict.EXPLAIN,
        "A lock on /subscriptions/s forbids it; who may remove locks can remove it for the time of the change. "
        "A lock on /subscriptions/s/resourceGroups/rg forbids it; "
        "who may remove locks can remove it for the time of the change.",
    ),
    (
        405,
        "MethodNotAllowed",
        "The request format was unexpected: Support for federated identity credentials not enabled.",
        Verdict.EXPLAIN,
        "Azure has no federated credentials in the region of this identity: use an identity in another region.",
    ),
    (405, "MethodNotAllowed", "Another reason.", Verdict.FAIL, ""),
    (
        409,
        "MissingSubscriptionRegistration",
        NAMESPACE,
        Verdict.EXPLAIN,
        "Register it once in the subscription: az provider register --namespace Microsoft.Compute.",
    ),
    (404, "ResourceNotFound", NO_VM, Verdict.EXPLAIN, "Check the name, the resource group and the subscription."),
    (404, "ResourceGroupNotFound", "", Verdict.EXPLAIN, "Check resource_group and the subscription."),
    (404, "SubscriptionNotFound", "", Verdict.EXPLAIN, "Check the subscription ID, the cloud and the tenant."),
    (404, "NotFound", "", Verdict.FAIL, ""),
    (
        401,
        "RequestDisallowedByPolicy",
        "Resource 'vm1' was disallowed by policy. Reasons: MFA is required.",
        Verdict.EXPLAIN,
        "Azure wants a stronger sign-in, mostly a user's with a second factor: sign in again, or as an application.",
    ),
    (
        401,
        "InvalidAuthenticationTokenTenant",
        "The access token is from the wrong issuer",
        Verdict.EXPLAIN,
        "Azure does not accept the token: check that tenant and cloud_environment are those of the subscription.",
    ),
]


DEFAULTS = {
    Verdict.RETRY: "Azure, or what stands before it, has trouble: run the task again in some minutes.",
    Verdict.REPLAN: "Something else changes it at the same time: run the task again, or raise wait_timeout.",
    Verdict.BENIGN: "Azure does not show yet what is there: run the task again in some minutes.",
    Verdict.FAIL: "Azure's message says why; by the request ID its support finds more.",
}


@pytest.mark.parametrize(("status", "code", "message", "verdict", "remedy"), ROWS)
def test_row(status: int, code: str | None, message: str, verdict: Verdict, remedy: str) -> None:
    error = arm_error(message, status=status, code=code, call="PATCH", target=VM, request_id="r", retry_after=3.0)
    assert verdict_of(error) is verdict
    if remedy[:1].islower():
        assert f"; {remedy}" in error.remedy
    else:
        assert error.remedy == (remedy or DEFAULTS[verdict])
    assert (error.status, error.code, error.request_id, error.retry_after) == (status, code, "r", 3.0)
    assert (error.call, error.target) == ("PATCH", VM)


@pytest.mark.parametrize(
    ("code", "message", "verdict"),
    [
        ("OperationPreempted", "Operation execution has been preempted by a more recent operation.", Verdict.REPLAN),
        ("FailedIdentityOperation", PENDING, Verdict.REPLAN),
        ("InternalExecutionError", "An internal execution error occurred.", Verdict.FAIL),
        ("Conflict", "", Verdict.FAIL),
        (None, "Azure gave no reason.", Verdict.FAIL),
    ],
)
def test_a_failed_operation_is_judged_by_code_not_by_its_status(
    code: str | None, message: str, verdict: Verdict
) -> None:
    error = operation_error(message, code=code, call="PATCH", target=VM)
    assert verdict_of(error) is verdict
    assert isinstance(error, OperationFailed)
    assert (error.status, error.code, error.target) == (200, code, VM)


def test_a_failed_operation_is_explained_too() -> None:
    error = operation_error(f"Resource '{UAI}' was not found.", code="FailedIdentityOperation")
    assert error.remedy.startswith(f"The identity {UAI} does not exist")


@pytest.mark.parametrize(
    ("status", "again"),
    [
        *((status, False) for status in (200, 399, 400, 404, 409, 412, 499)),
        *((status, True) for status in (408, 429, 500, 502, 599)),
    ],
)
def test_statuses_that_ask_for_the_same_request_again(status: int, again: bool) -> None:
    assert is_throttled_or_passing(status) is again


def test_an_error_of_another_kind_keeps_its_class() -> None:
    error = arm_error("m", status=400, code=None)
    assert isinstance(error, ArmError)
    assert not isinstance(error, OperationFailed)
