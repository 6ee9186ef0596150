# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Azure says where a VM cannot be made, and the remedies for it."""

from __future__ import annotations

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core._rules import (
    Verdict,
    arm_error,
    operation_error,
    verdict_of,
)

# Texts as people report them of Azure, shortened.
QUOTA = (
    "Operation could not be completed as it results in exceeding approved standardDASv5Family Cores quota. Additional "
    "details - Deployment Model: Resource Manager, Location: eastus, Current Limit: 100, Current Usage: 96."
)
OLD_QUOTA = "Operation results in exceeding quota limits of Core. Maximum allowed: 4, Current in use: 4."
PLAN = (
    "Creating a virtual machine from Marketplace image or a custom image sourced from a Marketplace image requires Plan"
)
SUBNET = (
    "The client 'a' with object id 'o' has permission to perform action 'Microsoft.Compute/virtualMachines/write' on "
    "scope '/vm'; however, it does not have permission to perform action "
    "'Microsoft.Network/virtualNetworks/subnets/join/action' on the linked scope(s) '/net/subnets/web' or the linked "
    "scope(s) are invalid."
)
REFERENCE = "Resource /net/subnets/web referenced by resource /vm was not found. Please make sure that it exists."
CAPACITY = "Take another size, zone or region"
PURCHASE = "Accept the image's terms once"
NOT_HEARD = "its system did not report in time"
ROWS = [
    (409, "OperationNotAllowed", QUOTA, "quota is used up"),
    (409, "QuotaExceeded", QUOTA, "quota is used up"),
    (409, "OperationNotAllowed", OLD_QUOTA, "quota is used up"),
    (409, "SkuNotAvailable", "The requested VM size is currently not available", CAPACITY),
    (None, "AllocationFailed", "Allocation failed.", CAPACITY),
    (None, "ZonalAllocationFailed", "Allocation failed.", CAPACITY),
    (None, "OverconstrainedAllocationRequest", "Allocation failed.", CAPACITY),
    (None, "OverconstrainedZonalAllocationRequest", "Allocation failed.", CAPACITY),
    (400, "InvalidParameter", "The value x provided for the VM size is not valid.", "Correct size"),
    (400, "InvalidParameter", "The supplied password must be between 6-72 characters", "another admin_password"),
    (400, "InvalidParameter", "The Admin Username specified is not allowed.", "another admin_username"),
    (404, "PlatformImageNotFound", "The platform image 'a:b:c:d' is not available.", "az vm image list --all"),
    (404, "GalleryImageNotFound", "The gallery image is not available.", "replicated to the VM's region"),
    (400, "VMMarketplaceInvalidInput", PLAN, "name it in plan"),
    (400, "MarketplacePurchaseEligibilityFailed", "Marketplace purchase eligibilty check returned errors.", PURCHASE),
    (400, "ResourcePurchaseValidationFailed", "User failed validation to purchase resources.", PURCHASE),
    (None, "OSProvisioningTimedOut", "OS Provisioning for VM 'x' did not finish in the allotted time.", NOT_HEARD),
    (None, "OSProvisioningClientError", "OS provisioning failed", NOT_HEARD),
    (None, "OSProvisioningInternalError", "OS Provisioning failed", NOT_HEARD),
    (400, "NicInUse", "Network Interface x is used by existing resource y.", "no other VM has"),
    (400, "InvalidResourceReference", REFERENCE, "/net/subnets/web does not exist: create it first"),
    (
        403,
        "LinkedAuthorizationFailed",
        SUBNET,
        "The caller lacks Microsoft.Network/virtualNetworks/subnets/join/action on /net/subnets/web; the role Network "
        "Contributor has it. Azure says the same of a resource that does not exist.",
    ),
]


@pytest.mark.parametrize(("status", "code", "message", "remedy"), ROWS, ids=[f"{row[1]}-{row[2][:20]}" for row in ROWS])
def test_remedies(status: int | None, code: str, message: str, remedy: str) -> None:
    error = arm_error(message, status=status, code=code) if status else operation_error(message, code=code)
    assert remedy in error.remedy
    assert verdict_of(error) is Verdict.EXPLAIN


def test_a_way_to_sign_in_is_no_matter_of_the_password() -> None:
    message = "Authentication using either SSH or by user name and password must be enabled in Linux profile."
    assert "password" not in arm_error(message, status=400, code="InvalidParameter").remedy
