# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The table of Azure's errors: which verdict each gets, and which remedy.

Codes and texts are Azure's, as recorded or documented; an error that is not in the table fails at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

__all__ = ["FLEXIBLE_REMEDY", "ROWS", "Row", "Verdict"]


class Verdict(Enum):
    """What to do about an error."""

    FAIL = "fail at once"
    EXPLAIN = "fail at once, with a remedy that is known"
    RETRY = "the same request again, later; after a write the resource is read first"
    REPLAN = "read, plan and write again"
    BENIGN = "what was asked for is so already"


@dataclass(frozen=True)
class Row:
    """A kind of error, and what it means. None, and an empty pattern, stand for any.

    :param pattern: regular expression of the message; its groups fill the remedy
    """

    status: int | None
    code: str | None
    pattern: str
    verdict: Verdict
    remedy: str = ""


# With conditions on role assignments the words before are others.
_AUTHORIZATION = r"perform action '(?P<action>[^']+)' over scope '(?P<scope>[^']+)'"
_LINKED = r"permission to perform action '(?P<action>[^']+)' on the linked scope\(s\) '(?P<scope>[^']+)'"
_OTHER_SIZE = (
    "Take another size, zone or region, or try again later; az vm list-skus --location REGION --zone shows some."
)
FLEXIBLE_REMEDY = (
    "Give the set a user-assigned identity by vmss_user_identity, or each of its VMs a system-assigned one by "
    "vm_system_identity. Nothing was changed."
)
_NO_CAPACITY = (
    "SkuNotAvailable",
    "AllocationFailed",
    "ZonalAllocationFailed",
    "OverconstrainedAllocationRequest",
    "OverconstrainedZonalAllocationRequest",
)
_NOT_PROVISIONED = ("OSProvisioningTimedOut", "OSProvisioningClientError", "OSProvisioningInternalError")
# What Azure says when a VM cannot be made. An operation's error has no status.
_CREATION = (
    Row(
        None,
        None,
        "exceeding (approved|quota limit)",
        Verdict.EXPLAIN,
        "The subscription's quota is used up: ask for more in the portal under Quotas, or take another size or region.",
    ),
    *(Row(None, code, "", Verdict.EXPLAIN, _OTHER_SIZE) for code in _NO_CAPACITY),
    Row(400, "InvalidParameter", "VM size", Verdict.EXPLAIN, "Correct size, such as Standard_D2s_v5."),
    Row(
        400, "InvalidParameter", "supplied password", Verdict.EXPLAIN, "Choose another admin_password, by these rules."
    ),
    Row(400, "InvalidParameter", "Admin Username", Verdict.EXPLAIN, "Choose another admin_username."),
    Row(
        None,
        "PlatformImageNotFound",
        "",
        Verdict.EXPLAIN,
        "Correct image; az vm image list --all --publisher PUBLISHER --location REGION shows what there is.",
    ),
    Row(None, "GalleryImageNotFound", "", Verdict.EXPLAIN, "Correct image, or have it replicated to the VM's region."),
    Row(None, "VMMarketplaceInvalidInput", "", Verdict.EXPLAIN, "The image is sold under a plan: name it in plan."),
    *(
        Row(None, code, "", Verdict.EXPLAIN, "Accept the image's terms once: az vm image terms accept --urn URN.")
        for code in ("MarketplacePurchaseEligibilityFailed", "ResourcePurchaseValidationFailed")
    ),
    *(
        Row(
            None,
            code,
            "",
            Verdict.EXPLAIN,
            "The VM was made, but its system did not report in time: see its serial console; a generalized image needs "
            "admin_username, a specialized one none.",
        )
        for code in _NOT_PROVISIONED
    ),
    Row(None, "NicInUse", "", Verdict.EXPLAIN, "Give the VM a network interface that no other VM has."),
    Row(
        None,
        "InvalidResourceReference",
        r"Resource (?P<scope>\S+) referenced",
        Verdict.EXPLAIN,
        "{scope} does not exist: create it first, in the VM's region, or correct its ID.",
    ),
)
ROWS = (
    Row(412, None, "", Verdict.REPLAN),
    Row(409, "Conflict", "", Verdict.REPLAN),
    Row(409, "OperationNotAllowed", "marked for deletion", Verdict.EXPLAIN, "The VM is being deleted."),
    Row(409, "OperationNotAllowed", "in progress|ongoing operation", Verdict.REPLAN),
    *_CREATION,
    # Users report it, such as Azure/azure-powershell#25378. Old api-versions do not tell that a scale set is flexible.
    Row(400, "InvalidParameter", "'SystemAssigned[^']*' of parameter 'identity'", Verdict.EXPLAIN, FLEXIBLE_REMEDY),
    Row(409, "ResourceUpdateBlockedOnPlatformUpdate", "", Verdict.REPLAN),
    Row(None, "OperationPreempted", "", Verdict.REPLAN),
    Row(None, "FailedIdentityOperation", "pending delete operation", Verdict.REPLAN),
    Row(
        None,
        "FailedIdentityOperation",
        r"Resource '(?P<scope>[^']+)' was not found",
        Verdict.EXPLAIN,
        "The identity {scope} does not exist: create it first, or correct its name or ID. This write changed nothing.",
    ),
    Row(
        400,
        None,
        "User Assigned Identities Number '[^']+' Assign exceed limit '(?P<limit>[^']+)' in one request",
        Verdict.EXPLAIN,
        "Azure takes {limit} identities in one request: name fewer in one task. This write changed nothing.",
    ),
    Row(409, "RoleAssignmentExists", "", Verdict.BENIGN),
    Row(409, "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity", "", Verdict.REPLAN),
    Row(
        405,
        None,
        "(?i)federated identity credentials not enabled",
        Verdict.EXPLAIN,
        "Azure has no federated credentials in the region of this identity: use an identity in another region.",
    ),
    Row(400, "PrincipalNotFound", "", Verdict.REPLAN),
    Row(
        400,
        "RoleAssignmentUpdateNotPermitted",
        "",
        Verdict.EXPLAIN,
        "Another assignment has this name already: role, principal and scope of an assignment never change.",
    ),
    Row(429, None, "", Verdict.RETRY, "Azure is throttling; wait, or raise wait_timeout."),
    Row(408, None, "", Verdict.RETRY),
    Row(
        403,
        "AuthorizationFailed",
        _AUTHORIZATION,
        Verdict.EXPLAIN,
        "{lacks} A role granted just now takes some minutes to work.",
    ),
    Row(
        403,
        "LinkedAuthorizationFailed",
        _LINKED.replace("[^']+)", r"Microsoft\.Network/[^']+)", 1),
        Verdict.EXPLAIN,
        "{lacks} Azure says the same of a resource that does not exist.",
    ),
    Row(
        403,
        "LinkedAuthorizationFailed",
        _LINKED,
        Verdict.EXPLAIN,
        "{lacks} It can be granted on the identity or on its resource group. Azure says the same of an identity that "
        "does not exist.",
    ),
    Row(
        403,
        "LinkedAuthorizationFailed",
        "linked subscription",
        Verdict.EXPLAIN,
        "A user-assigned identity must be in a subscription of the VM's own tenant.",
    ),
    Row(
        403,
        "Authorization_RequestDenied",
        "",
        Verdict.EXPLAIN,
        "The caller may not read the tenant's directory: give it in Entra ID the permission Directory.Read.All of "
        "Microsoft Graph (to an application, with an administrator's consent) or the directory role Directory Readers.",
    ),
    Row(
        403,
        "RequestDisallowedByPolicy",
        "",
        Verdict.EXPLAIN,
        "An Azure Policy denies this change; ask its owner for an exemption.",
    ),
    Row(
        409,
        "ScopeLocked",
        r"locked: '(?P<locked>[^']+(?:','[^']+)*)'",
        Verdict.EXPLAIN,
        "{locks}",
    ),
    Row(
        None,
        "MissingSubscriptionRegistration",
        r"namespace '(?P<scope>[^']+)'",
        Verdict.EXPLAIN,
        "Register it once in the subscription: az provider register --namespace {scope}.",
    ),
    Row(404, "SubscriptionNotFound", "", Verdict.EXPLAIN, "Check the subscription ID, the cloud and the tenant."),
    Row(404, "ResourceGroupNotFound", "", Verdict.EXPLAIN, "Check resource_group and the subscription."),
    Row(404, "ResourceNotFound", "", Verdict.EXPLAIN, "Check the name, the resource group and the subscription."),
    Row(
        401,
        "RequestDisallowedByPolicy",
        "",
        Verdict.EXPLAIN,
        "Azure wants a stronger sign-in, mostly a user's with a second factor: sign in again, or as an application.",
    ),
    Row(
        401,
        None,
        "",
        Verdict.EXPLAIN,
        "Azure does not accept the token: check that tenant and cloud_environment are those of the subscription.",
    ),
)
