# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recorded errors: each has its cause in the emulator, which answers it to the letter, or is in LEFT_OUT."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

import pytest

from tests.emulator import recordings
from tests.emulator.error_causes import CAUSES, ELSEWHERE, SEED, Asked, not_there, without_group
from tests.emulator.replay import start

pytestmark = pytest.mark.skipif(
    not (recordings.FOLDER / "errors.jsonl").is_file(),
    reason=f"no recordings at {recordings.FOLDER} (set MANAGED_IDENTITY_RECORDINGS)",
)
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
PROVOKED = 68


def key_of(error: dict[str, t.Any]) -> str:
    """Return the name of an error's recording and its number in it."""
    return f"{Path(error['path']).stem}:{error['index']}"


def errors() -> dict[str, dict[str, t.Any]]:
    """Return the recorded errors by key, or nothing where there are no recordings."""
    there = (recordings.FOLDER / "errors.jsonl").is_file()
    return {key_of(error): error for error in (recordings.errors() if there else ())}


def is_concerned(error: dict[str, t.Any]) -> bool:
    """Whether an error is about what the emulator serves, or is one that every type gets."""
    about_ours = recordings.is_concerned("/" + error["url"].partition("://")[2].partition("/")[2])
    for_all = error["code"] in FOR_ALL or WITHOUT_TYPE in error["body"] or NOT_FOUND.search(error["body"])
    return about_ours or bool(for_all)


CONCERNED = {key: error for key, error in errors().items() if is_concerned(error)}


@pytest.mark.parametrize("key", [key for key in CONCERNED if key not in LEFT_OUT])
def test_error(tmp_path: Path, key: str) -> None:
    error = CONCERNED[key]
    cause = CAUSES.get(key) or (not_there if NOT_FOUND.search(error["body"]) else None)
    assert cause, f"{key} has neither a cause nor a reason to be left out"
    # Of what is asked in a group that is not there, the body is of no account (one is a template, not JSON).
    body = json.loads(error["request_body"]) if error["request_body"] and cause is not without_group else None
    path = "/" + error["url"].partition("://")[2].partition("/")[2]
    tenant = ELSEWHERE if ELSEWHERE in error["body"] else ""
    seed = {**SEED, "tenants": [{"id": tenant}, SEED["tenants"][1]]} if tenant else SEED
    asked, ours = cause(start(tmp_path, **seed).cloud, Asked(error["method"], path, body, error["body"]))
    assert (ours.status, ours.json) == (error["status"], json.loads(asked.text))
    gateway = any(name.lower() == "x-ms-failure-cause" for name in error["headers"])
    assert ("x-ms-failure-cause" in ours.headers) == gateway
    # Compute indents by two with CRLF, the others write one line.
    assert ours.text.startswith("{\r\n  ") == asked.text.startswith("{\r\n  ")


def test_no_error_is_forgotten() -> None:
    found = errors()
    assert len(found) == len(recordings.errors())
    assert set(CAUSES) <= set(CONCERNED)
    assert set(LEFT_OUT) <= set(CONCERNED)
    assert len(CONCERNED) - len(LEFT_OUT) == PROVOKED
