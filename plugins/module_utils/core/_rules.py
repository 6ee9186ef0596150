# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What each error of Azure means for us: one table, from answer to verdict and remedy.

Codes and texts are Azure's, as recorded or documented; an error that is not in the table fails at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ._errors import ArmError, OperationFailed
from ._rights import lacks, locked

__all__ = ["Verdict", "arm_error", "is_throttled_or_passing", "operation_error", "verdict_of"]


class Verdict(Enum):
    """What to do about an error."""

    FAIL = "fail at once"
    EXPLAIN = "fail at once, with a remedy that is known"
    RETRY = "the same request again, later; after a write the resource is read first"
    REPLAN = "read, plan and write again"
    BENIGN = "what was asked for is so already"


@dataclass(frozen=True)
class _Row:
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
    _Row(
        None,
        None,
        "exceeding (approved|quota limit)",
        Verdict.EXPLAIN,
        "The subscription's quota is used up: ask for more in the portal under Quotas, or take another size or region.",
    ),
    *(_Row(None, code, "", Verdict.EXPLAIN, _OTHER_SIZE) for code in _NO_CAPACITY),
    _Row(400, "InvalidParameter", "VM size", Verdict.EXPLAIN, "Correct size, such as Standard_D2s_v5."),
    _Row(
        400, "InvalidParameter", "supplied password", Verdict.EXPLAIN, "Choose another admin_password, by these rules."
    ),
    _Row(400, "InvalidParameter", "Admin Username", Verdict.EXPLAIN, "Choose another admin_username."),
    _Row(
        None,
        "PlatformImageNotFound",
        "",
        Verdict.EXPLAIN,
        "Correct image; az vm image list --all --publisher PUBLISHER --location REGION shows what there is.",
    ),
    _Row(None, "GalleryImageNotFound", "", Verdict.EXPLAIN, "Correct image, or have it replicated to the VM's region."),
    _Row(None, "VMMarketplaceInvalidInput", "", Verdict.EXPLAIN, "The image is sold under a plan: name it in plan."),
    *(
        _Row(None, code, "", Verdict.EXPLAIN, "Accept the image's terms once: az vm image terms accept --urn URN.")
        for code in ("MarketplacePurchaseEligibilityFailed", "ResourcePurchaseValidationFailed")
    ),
    *(
        _Row(
            None,
            code,
            "",
            Verdict.EXPLAIN,
            "The VM was made, but its system did not report in time: see its serial console; a generalized image needs "
            "admin_username, a specialized one none.",
        )
        for code in _NOT_PROVISIONED
    ),
    _Row(None, "NicInUse", "", Verdict.EXPLAIN, "Give the VM a network interface that no other VM has."),
    _Row(
        None,
        "InvalidResourceReference",
        r"Resource (?P<scope>\S+) referenced",
        Verdict.EXPLAIN,
        "{scope} does not exist: create it first, in the VM's region, or correct its ID.",
    ),
)
_ROWS = (
    _Row(412, None, "", Verdict.REPLAN),
    _Row(409, "Conflict", "", Verdict.REPLAN),
    _Row(409, "OperationNotAllowed", "marked for deletion", Verdict.EXPLAIN, "The VM is being deleted."),
    _Row(409, "OperationNotAllowed", "in progress|ongoing operation", Verdict.REPLAN),
    *_CREATION,
    _Row(409, "ResourceUpdateBlockedOnPlatformUpdate", "", Verdict.REPLAN),
    _Row(None, "OperationPreempted", "", Verdict.REPLAN),
    _Row(None, "FailedIdentityOperation", "pending delete operation", Verdict.REPLAN),
    _Row(
        None,
        "FailedIdentityOperation",
        r"Resource '(?P<scope>[^']+)' was not found",
        Verdict.EXPLAIN,
        "The identity {scope} does not exist: create it first, or correct its name or ID. Nothing was changed.",
    ),
    _Row(409, "RoleAssignmentExists", "", Verdict.BENIGN),
    _Row(409, "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity", "", Verdict.REPLAN),
    _Row(
        405,
        None,
        "(?i)federated identity credentials not enabled",
        Verdict.EXPLAIN,
        "Azure has no federated credentials in the region of this identity: use an identity in another region.",
    ),
    _Row(400, "PrincipalNotFound", "", Verdict.REPLAN),
    _Row(
        400,
        "RoleAssignmentUpdateNotPermitted",
        "",
        Verdict.EXPLAIN,
        "Another assignment has this name already: role, principal and scope of an assignment never change.",
    ),
    _Row(429, None, "", Verdict.RETRY, "Azure is throttling; wait, or raise wait_timeout."),
    _Row(408, None, "", Verdict.RETRY),
    _Row(
        403,
        "AuthorizationFailed",
        _AUTHORIZATION,
        Verdict.EXPLAIN,
        "{lacks} A role granted just now takes some minutes to work.",
    ),
    _Row(
        403,
        "LinkedAuthorizationFailed",
        _LINKED.replace("[^']+)", r"Microsoft\.Network/[^']+)", 1),
        Verdict.EXPLAIN,
        "{lacks} Azure says the same of a resource that does not exist.",
    ),
    _Row(
        403,
        "LinkedAuthorizationFailed",
        _LINKED,
        Verdict.EXPLAIN,
        "{lacks} It can be granted on the identity or on its resource group. Azure says the same of an identity that "
        "does not exist.",
    ),
    _Row(
        403,
        "LinkedAuthorizationFailed",
        "linked subscription",
        Verdict.EXPLAIN,
        "A user-assigned identity must be in a subscription of the VM's own tenant.",
    ),
    _Row(
        403,
        "Authorization_RequestDenied",
        "",
        Verdict.EXPLAIN,
        "The caller may not read the tenant's directory: give it in Entra ID the permission Directory.Read.All of "
        "Microsoft Graph (to an application, with an administrator's consent) or the directory role Directory Readers.",
    ),
    _Row(
        403,
        "RequestDisallowedByPolicy",
        "",
        Verdict.EXPLAIN,
        "An Azure Policy denies this change; ask its owner for an exemption.",
    ),
    _Row(
        409,
        "ScopeLocked",
        r"locked: '(?P<locked>[^']+(?:','[^']+)*)'",
        Verdict.EXPLAIN,
        "{locks}",
    ),
    _Row(
        None,
        "MissingSubscriptionRegistration",
        r"namespace '(?P<scope>[^']+)'",
        Verdict.EXPLAIN,
        "Register it once in the subscription: az provider register --namespace {scope}.",
    ),
    _Row(404, "SubscriptionNotFound", "", Verdict.EXPLAIN, "Check the subscription ID, the cloud and the tenant."),
    _Row(404, "ResourceGroupNotFound", "", Verdict.EXPLAIN, "Check resource_group and the subscription."),
    _Row(404, "ResourceNotFound", "", Verdict.EXPLAIN, "Check the name, the resource group and the subscription."),
    _Row(
        401,
        None,
        "",
        Verdict.EXPLAIN,
        "Azure does not accept the token: check that tenant and cloud_environment are those of the subscription.",
    ),
)


def _judge(status: int | None, code: str | None, message: str) -> tuple[Verdict, str]:
    """The verdict on an error answer, and the remedy if one is known."""
    for row in _ROWS:
        found = re.search(row.pattern, message)
        if found and row.status in (None, status) and row.code in (None, code):
            said = found.groupdict()
            return row.verdict, row.remedy.format(**said, **_explained(said))
    return (Verdict.RETRY if status is not None and status >= 500 else Verdict.FAIL), ""


def _explained(said: Mapping[str, str]) -> dict[str, str]:
    """What a message says of rights and locks, in our words: a sentence for each scope that it lists."""
    if "action" in said:
        return {"lacks": " ".join(lacks(said["action"], scope) for scope in said["scope"].split(","))}
    if "locked" in said:
        return {"locks": " ".join(map(locked, said["locked"].split("','")))}
    return {}


def arm_error(message: str, *, status: int, code: str | None, **details: Any) -> ArmError:
    """The error of an answer with an error status, with the remedy from the table."""
    remedy = _judge(status, code, message)[1]
    return ArmError(message, remedy=remedy, status=status, code=code, **details)


def operation_error(message: str, *, code: str | None, **details: Any) -> OperationFailed:
    """The error of a long-running operation that ended badly: Azure reports it in an answer of status 200."""
    remedy = _judge(None, code, message)[1]
    return OperationFailed(message, remedy=remedy, status=200, code=code, **details)


def verdict_of(error: ArmError) -> Verdict:
    """What to do about an error of Azure."""
    status = None if isinstance(error, OperationFailed) else error.status
    return _judge(status, error.code, error.message)[0]


def is_throttled_or_passing(status: int) -> bool:
    """Whether an answer of this status asks for the same request again, whatever its body says."""
    return status >= 400 and _judge(status, None, "")[0] is Verdict.RETRY
