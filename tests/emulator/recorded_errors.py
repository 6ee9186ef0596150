# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recorded errors: which of them concern the emulator, and what our table says of each."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

from tests.emulator import recordings

__all__ = ("LEFT_OUT", "NOT_FOUND", "concerned", "errors", "fact", "provoked")

LEFT_OUT = {
    "test_vmss_rolling_upgrade:52": "rollingUpgrades/cancel is not served",
    "test_vm_simulate_eviction:11": "simulateEviction is not served",
    "test_vm_simulate_eviction:41": "a VM that has just been evicted; simulateEviction is not served",
    "test_vmss_simulate_eviction:9": "simulateEviction is not served",
    "test_vm_install_patches:40": "installPatches is not served",
    "test_vmss_update_image:54": "managed images are not served, nor what goes with a security type",
    "test_keyvault_hsm_role:2": "a role definition of a key vault, which is no business of Resource Manager",
    "test_put_data_boundary:0": "the caller has no role at the root, on a type there that is not served",
    "test_resource_policy_identity:1": "a policy definition; the action and scope are those of a misread name",
    "test_live_output_show:9": "ParentResourceNotFound in the wording of 2022 and before",
    "test_dns_zone1_import:22": "ParentResourceNotFound in the wording of 2022 and before",
}
# What the front door, the identity service or Microsoft.Authorization say to every type.
FOR_ALL = (
    "AuthorizationFailed",
    "FailedIdentityOperation",
    "InvalidIdentityValues",
    "LinkedAuthorizationFailed",
    "LinkedInvalidPropertyId",
    "MissingIdentityIds",
    "ParentResourceNotFound",
    "PrincipalNotFound",
    "ResourceGroupNotFound",
    "RoleAssignmentExists",
    "RoleAssignmentUpdateNotPermitted",
    "ScopeLocked",
)
WITHOUT_TYPE = "Required property 'type' not found in JSON. Path 'identity'"
NOT_FOUND = re.compile(r"The Resource '[^'/]+/[^'/]+/[^'/]+(/[^'/]+/[^'/]+)?' under resource group '")


def errors() -> dict[str, dict[str, t.Any]]:
    """Return the recorded errors by the name of the recording and the number in it."""
    return {f"{Path(error['path']).stem}:{error['index']}": error for error in recordings.errors()}


def _is_concerned(error: dict[str, t.Any]) -> bool:
    """Whether an error is about what the emulator serves, or is one that every type gets."""
    about_ours = recordings.is_concerned(_path(error))
    for_all = error["code"] in FOR_ALL or WITHOUT_TYPE in error["body"] or NOT_FOUND.search(error["body"])
    return about_ours or bool(for_all)


def _path(error: dict[str, t.Any]) -> str:
    return "/" + error["url"].partition("://")[2].partition("/")[2]


def concerned() -> dict[str, dict[str, t.Any]]:
    """Return those that concern us."""
    return {key: error for key, error in errors().items() if _is_concerned(error)}


def provoked() -> dict[str, dict[str, t.Any]]:
    """Return those that concern us and are not left out."""
    return {key: error for key, error in concerned().items() if key not in LEFT_OUT}


def fact(key: str, error: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return a row of our table: the request, and what matters of the answer."""
    request: t.Any = error["request_body"]
    try:
        body = json.loads(request) if request else None
    except json.JSONDecodeError:
        # A template, not JSON: asked in a group that is not there, the body is of no account.
        body = None
    return {
        "key": key,
        "request": f"{error['method']} {_path(error)}",
        "body": body,
        "status": error["status"],
        "gateway": any(name.lower() == "x-ms-failure-cause" for name in error["headers"]),
        # Compute indents by two with CRLF, the others write one line.
        "indented": error["body"].startswith("{\r\n  "),
        "answer": json.loads(error["body"]),
    }
