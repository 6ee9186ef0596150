# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every refusal of an `identity` block, to the letter."""

from __future__ import annotations

import typing as t

import pytest

from tests.emulator.cloud import FOREIGN, OTHER_TENANT, SUBSCRIPTION, TENANT, VM, A, B, C, Cloud, uai

GONE = uai("gone")
INNER = VM.replace("resourceGroups", "resourcegroups")
FAILED = (
    "Identity operation for resource '{}' failed with error 'Failed to perform resource identity operation. Status: "
)
MISSING = "The identity ids must not be null or empty for 'UserAssigned' identity type."


def refused(reply: t.Any) -> tuple[int, str, str]:
    """Return what there is to say about an error."""
    return reply.status, reply.code, reply.message


@pytest.mark.parametrize("before", [None, {"type": "UserAssigned", "userAssignedIdentities": {A: {}}}])
def test_an_empty_map_is_refused_even_if_the_vm_has_identities(cloud: Cloud, before: t.Any) -> None:
    if before:
        cloud.patch(before)
    reply = cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {}})
    assert refused(reply) == (400, "MissingIdentityIds", MISSING)
    assert reply.headers["x-ms-failure-cause"] == "gateway"


@pytest.mark.parametrize("block", [{"type": "UserAssigned"}, {"type": "UserAssigned", "userAssignedIdentities": None}])
def test_no_map_on_a_vm_without_identities(cloud: Cloud, block: t.Any) -> None:
    assert refused(cloud.patch(block)) == (400, "MissingIdentityIds", MISSING)


def test_nulls_may_not_remove_the_last_one(cloud: Cloud) -> None:
    cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {A: {}}})
    reply = cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {A: None}})
    message = (
        FAILED.format(VM) + '\'BadRequest\'. Response: \'{"error":{"code":"BadRequest","message":"Removal of all '
        f"user-assigned identities assigned to resource '{INNER}' with type 'UserAssigned' is invalid.\"}}}}'.'."
    )
    assert refused(reply) == (400, "FailedIdentityOperation", message)
    assert reply.headers["x-ms-failure-cause"] == "gateway"
    assert A in (cloud.identity() or {})["userAssignedIdentities"]


@pytest.mark.parametrize("value", [{}, None])
def test_more_than_150_in_one_request(cloud: Cloud, value: t.Any) -> None:
    cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {A: {}}})
    named = {uai(f"x{number}"): value for number in range(150)}
    reply = cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {**named, B: {}}})
    message = (
        FAILED.format(VM) + '\'BadRequest\'. Response: \'{"error":{"code":"BadRequest","message":"User Assigned '
        "Identities Number '151' Assign exceed limit '150' in one request.\"}}'.'."
    )
    assert refused(reply) == (400, "FailedIdentityOperation", message)
    assert list((cloud.identity() or {})["userAssignedIdentities"]) == [A]
    within = cloud.patch({"type": "UserAssigned", "userAssignedIdentities": named})
    assert "exceed limit" not in str(within.json)


def test_an_identity_that_does_not_exist(cloud: Cloud) -> None:
    reply = cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {A: {}, GONE: {}}})
    inner = GONE.replace("resourceGroups", "resourcegroups")
    message = (
        FAILED.format(VM) + '\'BadRequest\'. Response: \'{"error":{"code":"BadRequest","message":'
        f"\"Resource '{inner}' was not found.\"}}}}'.'."
    )
    assert refused(reply) == (400, "FailedIdentityOperation", message)
    assert cloud.identity() is None


def test_a_key_that_is_no_id(cloud: Cloud) -> None:
    reply = cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {"myIdentity": {}}})
    message = (
        "Property id 'myIdentity' at path '' is invalid. Expect fully qualified resource Id that start with "
        "'/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'."
    )
    assert refused(reply) == (400, "LinkedInvalidPropertyId", message)


@pytest.mark.parametrize("value", [{"clientId": "x"}, [], "", 1, True])
def test_a_value_that_is_nothing(cloud: Cloud, value: t.Any) -> None:
    reply = cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {A: value}})
    message = (
        f"Invalid value for the identities '{A.partition('.')[0]}'. The 'UserAssignedIdentities' property keys should "
        "only be "
        "empty json objects, null or the resource exisiting property."
    )
    if value in ({}, None):
        assert reply.status == 200
    else:
        assert refused(reply) == (400, "InvalidIdentityValues", message)


def test_no_type(cloud: Cloud) -> None:
    message = (
        "The request content was invalid and could not be deserialized: 'Required property 'type' not found in "
        "JSON. Path "
        "'identity'.'."
    )
    assert refused(cloud.patch({})) == (400, "InvalidRequestContent", message)


@pytest.mark.parametrize("kind", ["SystemAssigned", "None"])
def test_a_map_beside_a_type_without_users(cloud: Cloud, kind: str) -> None:
    reply = cloud.patch({"type": kind, "userAssignedIdentities": {A: {}}})
    message = f'ResourceIdentity identityIds should not be provided if the type is "{kind}".'
    assert refused(reply) == (400, "InvalidParameter", message)
    assert reply.json["error"]["target"] == "resourceIdentity.identityIds"
    assert "x-ms-failure-cause" not in reply.headers
    assert reply.text.startswith("{\r\n")


def test_a_map_beside_system_can_be_ignored(cloud: Cloud) -> None:
    cloud.world.settings = cloud.world.settings.updated({"map_with_system_assigned": "ignore"})
    assert cloud.patch({"type": "SystemAssigned", "userAssignedIdentities": {A: {}}}).status == 200
    assert set(cloud.identity() or {}) == {"type", "principalId", "tenantId"}


def test_the_list_of_2017(cloud: Cloud) -> None:
    reply = cloud.patch({"type": "UserAssigned", "identityIds": [A]})
    message = (
        "ResourceIdentity property identityIds is deprecated. "
        "The userAssignedIdentities property should be used instead."
    )
    assert refused(reply) == (400, "InvalidParameter", message)


def test_the_slot_of_a_disabled_identity(cloud: Cloud) -> None:
    cloud.world.settings = cloud.world.settings.updated({"identity_slot_seconds": 5})
    cloud.patch({"type": "SystemAssigned"})
    first = cloud.identity()
    cloud.patch({"type": "None"})
    reply = cloud.patch({"type": "SystemAssigned"})
    message = (
        FAILED.format(VM) + '\'Conflict\'. Response: \'{"error":{"code":"Conflict","message":"Request specified that '
        f"resource '{INNER}' is new, but resource already exists. This may be due to a pending delete operation, try "
        "again later.\"}}'.'."
    )
    assert refused(reply) == (409, "FailedIdentityOperation", message)
    cloud.now += 5
    assert cloud.patch({"type": "SystemAssigned"}).status == 200
    assert cloud.identity() != first


def test_all_identities_that_one_may_not_assign_are_in_one_list(cloud: Cloud) -> None:
    block = {"type": "UserAssigned", "userAssignedIdentities": {A: {}, B: {}}}
    message = (
        "The client 'limited-client' with object id 'limited-object' has permission to perform action "
        f"'Microsoft.Compute/virtualMachines/write' on scope '{VM}'; however, it does not have permission to perform "
        f"action 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action' on the linked scope(s) '{A},{B}' "
        "or the "
        "linked scope(s) are invalid."
    )
    reply = cloud.patch(block, caller="limited")
    assert refused(reply) == (403, "LinkedAuthorizationFailed", message)
    assert reply.headers["x-ms-failure-cause"] == "gateway"


def test_removing_takes_no_right_on_the_identity(cloud: Cloud) -> None:
    cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {A: {}, B: {}}})
    reply = cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {A: None}}, caller="limited")
    assert reply.status == 200
    assert list((cloud.identity() or {})["userAssignedIdentities"]) == [B]


def test_an_identity_of_another_subscription(cloud: Cloud) -> None:
    shared = uai("shared", subscription="22222222-3333-4444-8555-666666666666", group="RG2")
    assert cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {shared: {}}}).status == 200
    assert list((cloud.identity() or {})["userAssignedIdentities"]) == [shared]


def test_an_identity_of_another_tenant(cloud: Cloud) -> None:
    reply = cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {uai("x", subscription=FOREIGN): {}}})
    message = (
        "The client has permission to perform action "
        "'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action' on "
        f"scope '{VM}', however the current tenant '{TENANT}' is not authorized to access linked subscription "
        f"'{FOREIGN}'."
    )
    assert refused(reply) == (403, "LinkedAuthorizationFailed", message)
    assert OTHER_TENANT not in reply.text


def test_an_identity_of_no_subscription(cloud: Cloud) -> None:
    unknown = "00000000-0000-4000-8000-000000000000"
    reply = cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {uai("x", subscription=unknown): {}}})
    message = (
        "The client has permission to perform action "
        "'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action' on "
        f"scope '{VM}', however the linked subscription '{unknown}' was not found. "
    )
    assert refused(reply) == (403, "LinkedAuthorizationFailed", message)


def test_a_deleted_identity_stays_listed_and_poisons_writes_that_name_it(cloud: Cloud) -> None:
    cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {A: {}, C: {}}})
    before = cloud.identity()
    assert cloud.send("DELETE", A, version="2023-01-31").status == 200
    assert cloud.identity() == before
    assert cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {A: {}}}).code == "FailedIdentityOperation"
    assert cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {B: {}}}).status == 200
    assert cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {A: None}}).status == 200
    assert list((cloud.identity() or {})["userAssignedIdentities"]) == [C, B]
    assert SUBSCRIPTION in VM
