# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rights by role, locks, policies and registration: who may change what."""

from __future__ import annotations

import copy
import typing as t
from pathlib import Path

import pytest

from tests.emulator.cloud import GROUP, SEED, SUBSCRIPTION, VM, A, Cloud, uai


def seeded(tmp_path: Path, **parts: t.Any) -> Cloud:
    """Return a cloud whose seed has more parts."""
    return Cloud(tmp_path, {**copy.deepcopy(SEED), **parts})


def test_a_right_that_the_caller_lacks(tmp_path: Path) -> None:
    roles = [{"role": "reader", "scope": f"/subscriptions/{SUBSCRIPTION}"}]
    callers = [{"name": "main", "client_id": "id", "object_id": "oid", "secret": "s", "roles": roles}]
    cloud = seeded(tmp_path, callers=callers)
    assert cloud.send("GET", VM).status == 200
    reply = cloud.patch({"type": "SystemAssigned"})
    message = (
        "The client 'id' with object id 'oid' does not have authorization to perform action "
        f"'Microsoft.Compute/virtualMachines/write' over scope '{VM}' or the scope is invalid. If access was recently "
        "granted, please refresh your credentials."
    )
    assert (reply.status, reply.code, reply.message) == (403, "AuthorizationFailed", message)
    assert reply.headers["x-ms-failure-cause"] == "gateway"


@pytest.mark.parametrize("scope", [A, GROUP.upper(), f"/subscriptions/{SUBSCRIPTION}"])
def test_managed_identity_operator_may_assign(tmp_path: Path, scope: str) -> None:
    roles = [
        {"role": "Virtual Machine Contributor", "scope": GROUP},
        {"role": "f1a07417-d97a-45cb-824c-7a7467783830", "scope": scope},
    ]
    cloud = seeded(tmp_path, callers=[{"name": "main", "secret": "s", "roles": roles}])
    assert cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {A: {}}}).status == 200


def test_managed_identity_contributor_may_not_assign(tmp_path: Path) -> None:
    roles = [
        {"role": "Virtual Machine Contributor", "scope": GROUP},
        {"role": "Managed Identity Contributor", "scope": GROUP},
    ]
    cloud = seeded(tmp_path, callers=[{"name": "main", "secret": "s", "roles": roles}])
    reply = cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {A: {}}})
    assert reply.code == "LinkedAuthorizationFailed"
    assert cloud.send("DELETE", A, version="2023-01-31").status == 200


def test_a_list_shows_what_one_may_read(tmp_path: Path) -> None:
    vms = [{"name": "vm", "group": "rg"}, {"name": "hidden", "group": "rg"}]
    callers = [{"name": "main", "secret": "s", "roles": [{"role": "Reader", "scope": VM}]}]
    cloud = seeded(tmp_path, vms=vms, callers=callers)
    listing = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute/virtualMachines"
    assert [vm["name"] for vm in cloud.send("GET", listing).json["value"]] == ["vm"]


def test_a_list_of_what_one_may_not_read_at_all(cloud: Cloud) -> None:
    listing = uai("x").rpartition("/")[0]
    assert cloud.send("GET", listing, caller="limited", version="2023-01-31").code == "AuthorizationFailed"


@pytest.mark.parametrize("scope", [VM, GROUP, f"/subscriptions/{SUBSCRIPTION}"])
def test_a_read_only_lock(tmp_path: Path, scope: str) -> None:
    cloud = seeded(tmp_path, locks=[{"name": "keep", "scope": scope, "level": "ReadOnly"}])
    reply = cloud.patch({"type": "SystemAssigned"})
    message = (
        f"The scope '{VM}' cannot perform write operation because following scope(s) are locked: '{scope}'. Please "
        "remove "
        "the lock and try again."
    )
    assert (reply.status, reply.code, reply.message) == (409, "ScopeLocked", message)
    assert cloud.send("GET", VM).json["etag"] == '"1"'


def test_a_lock_against_deletion_blocks_deletion_only(tmp_path: Path) -> None:
    cloud = seeded(tmp_path, locks=[{"name": "keep", "scope": VM, "level": "CanNotDelete"}])
    assert cloud.patch({"type": "SystemAssigned"}).status == 200
    reply = cloud.send("DELETE", VM)
    assert (reply.status, reply.code) == (409, "ScopeLocked")
    assert "cannot perform delete operation" in reply.message
    assert cloud.send("DELETE", GROUP, version="2022-09-01").code == "ScopeLocked"


def test_locks_over_rest(cloud: Cloud) -> None:
    lock = f"{GROUP}/providers/Microsoft.Authorization/locks/keep"
    body = {"properties": {"level": "ReadOnly"}}
    assert cloud.send("PUT", lock, body, version="2016-09-01").status == 201
    assert cloud.send("PUT", lock, body, version="2016-09-01").status == 200
    assert cloud.send("GET", lock, version="2016-09-01").json["properties"] == {"level": "ReadOnly"}
    assert cloud.patch({"type": "SystemAssigned"}).code == "ScopeLocked"
    listing = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/locks"
    assert len(cloud.send("GET", listing, version="2016-09-01").json["value"]) == 1
    assert cloud.send("DELETE", lock, version="2016-09-01").status == 200
    assert cloud.send("DELETE", lock, version="2016-09-01").status == 204
    assert cloud.patch({"type": "SystemAssigned"}).status == 200


def test_a_policy_that_denies(tmp_path: Path) -> None:
    cloud = seeded(tmp_path, policies=[{"name": "no-change", "definition": "deny-all", "scope": GROUP}])
    reply = cloud.patch({"type": "SystemAssigned"})
    assert (reply.status, reply.code) == (403, "RequestDisallowedByPolicy")
    assignment = f"{GROUP}/providers/Microsoft.Authorization/policyAssignments/no-change"
    definition = "/providers/Microsoft.Authorization/policyDefinitions/deny-all"
    assert reply.message == (
        "Resource 'vm' was disallowed by policy. Policy identifiers: "
        f'\'[{{"policyAssignment":{{"name":"no-change","id":"{assignment}"}},'
        f'"policyDefinition":{{"name":"deny-all","id":"{definition}"}}}}]\'.'
    )
    assert reply.json["error"]["additionalInfo"][0]["type"] == "PolicyViolation"


def test_a_provider_that_is_not_registered(tmp_path: Path) -> None:
    subscriptions = [{**item, "unregistered": ["Microsoft.Compute"]} for item in SEED["subscriptions"]]
    cloud = seeded(tmp_path, subscriptions=subscriptions)
    reply = cloud.patch({"type": "SystemAssigned"})
    assert (reply.status, reply.code) == (409, "MissingSubscriptionRegistration")
    assert reply.message == (
        "The subscription is not registered to use namespace 'Microsoft.Compute'. See https://aka.ms/rps-not-found for "
        "how to register subscriptions."
    )
    register = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute/register"
    assert cloud.send("POST", register, version="2021-04-01").json["registrationState"] == "Registered"
    assert cloud.patch({"type": "SystemAssigned"}).status == 200
