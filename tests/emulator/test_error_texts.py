# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors that no other file provokes, by what causes them: status, code and message to the letter."""

from __future__ import annotations

import copy
import typing as t
from pathlib import Path

import pytest

from tests.emulator.access import seeded
from tests.emulator.cloud import GROUP, SEED, SUBSCRIPTION, TENANT, VM, A, B, Cloud, Reply, uai

SCALE_SET = f"{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/set"
ENABLE = {"type": "SystemAssigned"}
ASSIGN = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"


def said(reply: Reply) -> tuple[int, str, str]:
    """Return what there is to say about an error."""
    return reply.status, reply.code, reply.message


@pytest.mark.parametrize(("target", "name", "title"), [(VM, "vm", "VM"), (SCALE_SET, "set", "VM Scale Set")])
@pytest.mark.parametrize(("method", "verb"), [("PATCH", "Update"), ("PUT", "Create or Update")])
def test_a_second_write_as_documented(
    tmp_path: Path, target: str, name: str, title: str, method: str, verb: str
) -> None:
    cloud = Cloud(tmp_path, operation_seconds=6, concurrency="refuse")
    body = {"location": "westeurope", "identity": ENABLE}
    assert cloud.send("PUT", target, body).status in (200, 201)
    message = f"Operation '{verb} {title}' is not allowed on {title} '{name}' since another operation is in progress."
    assert said(cloud.send(method, target, body)) == (409, "OperationNotAllowed", message)
    cloud.now += 6
    assert cloud.send(method, target, body).status == 200


@pytest.mark.parametrize("concurrency", ["conflict", "refuse"])
@pytest.mark.parametrize(
    ("action", "state"), [("deallocate", "deallocated"), ("powerOff", "stopped"), ("start", "running")]
)
def test_a_write_while_the_power_changes(tmp_path: Path, concurrency: str, action: str, state: str) -> None:
    cloud = Cloud(tmp_path, operation_seconds=6, concurrency=concurrency)
    assert cloud.send("POST", f"{VM}/{action}").status == 202
    message = (
        f"An ongoing operation is changing power state of Virtual Machine vm to {state}. Please perform operation "
    )
    assert said(cloud.patch(ENABLE)) == (409, "OperationNotAllowed", f"{message}Update VM after some time.")
    assert said(cloud.send("POST", f"{VM}/restart")) == (
        409,
        "OperationNotAllowed",
        f"{message}restart after some time.",
    )
    cloud.now += 6
    assert cloud.patch(ENABLE).status == 200


def test_generalized_machines(cloud: Cloud) -> None:
    message = (
        "Operation 'generalize' is not allowed on VM 'vm' since the VM is running. Please power off explicitly in case "
        "you shut down the VM from inside the guest operating system."
    )
    assert said(cloud.send("POST", f"{VM}/generalize")) == (409, "OperationNotAllowed", message)
    poll = cloud.send("POST", f"{VM}/deallocate").headers["Azure-AsyncOperation"]
    assert cloud.send("GET", poll).json["status"] == "Succeeded"
    assert cloud.send("POST", f"{VM}/generalize").status == 200
    message = "Operation 'start' is not allowed on VM 'vm' since the VM is generalized."
    assert said(cloud.send("POST", f"{VM}/start")) == (409, "OperationNotAllowed", message)


def test_an_operation_that_is_not_there(cloud: Cloud) -> None:
    path = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Compute/locations/westeurope/operations/none"
    assert said(cloud.send("GET", path)) == (404, "NotFound", "The entity was not found in this Azure location.")


@pytest.mark.parametrize("kind", ["SystemAssigned", "None"])
def test_the_list_of_2017_beside_a_type_without_users(cloud: Cloud, kind: str) -> None:
    message = f'ResourceIdentity identityIds should not be provided if the type is "{kind}".'
    assert said(cloud.patch({"type": kind, "identityIds": [A]})) == (400, "InvalidParameter", message)


@pytest.mark.parametrize(
    "block", [{"userAssignedIdentities": {"x": {}}}, {"type": 1, "userAssignedIdentities": {"x": {}}}]
)
def test_keys_are_read_before_the_type(cloud: Cloud, block: dict[str, t.Any]) -> None:
    message = (
        "Property id 'x' at path '' is invalid. Expect fully qualified resource Id that start with "
        "'/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'."
    )
    assert said(cloud.patch(block)) == (400, "LinkedInvalidPropertyId", message)


VALUES = (
    "The 'UserAssignedIdentities' property keys should only be empty json objects, null or the resource exisiting "
    "property."
)


@pytest.mark.parametrize("target", [VM, SCALE_SET])
@pytest.mark.parametrize(
    ("users", "code", "message"),
    [
        ({}, "MissingIdentityIds", "The identity ids must not be null or empty for 'UserAssigned' identity type."),
        (
            {A: {"clientId": "x"}},
            "InvalidIdentityValues",
            f"Invalid value for the identities '{A.partition('.')[0]}'. {VALUES}",
        ),
        (
            {uai("gone"): {}},
            "FailedIdentityOperation",
            "Identity operation for resource '{}' failed with error 'Failed to perform resource identity operation. "
            'Status: \'BadRequest\'. Response: \'{{"error":{{"code":"BadRequest","message":"Resource '
            f"'{uai('gone').replace('Groups', 'groups')}' was not found.\"}}}}}}}}'.'.",
        ),
    ],
)
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_machines_of_both_kinds_refuse_alike(
    cloud: Cloud, target: str, users: dict[str, t.Any], code: str, message: str, method: str
) -> None:
    cloud.send("PUT", target, {"location": "westeurope"})
    body = {"location": "westeurope", "identity": {"type": "UserAssigned", "userAssignedIdentities": users}}
    wanted = message.format(target) if code == "FailedIdentityOperation" else message
    assert said(cloud.send(method, target, body)) == (400, code, wanted)
    assert "identity" not in cloud.send("GET", target).json


def test_naming_what_was_deleted_takes_a_right_that_nobody_has_on_it(cloud: Cloud) -> None:
    cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {A: {}}})
    cloud.send("DELETE", A, version="2023-01-31")
    never = uai("never")
    reply = cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {A: {}, never: {}, B: {}}}, caller="limited")
    message = (
        "The client 'limited-client' with object id 'limited-object' has permission to perform action "
        f"'Microsoft.Compute/virtualMachines/write' on scope '{VM}'; however, it does not have permission to perform "
        f"action '{ASSIGN}' on the linked scope(s) '{A},{never},{B}' or the linked scope(s) are invalid."
    )
    assert said(reply) == (403, "LinkedAuthorizationFailed", message)


def test_a_person_is_called_by_name(tmp_path: Path) -> None:
    person = {
        "name": "main",
        "object_id": "oid",
        "username": "ann@contoso.onmicrosoft.com",
        "password": "p",
        "roles": [],
    }
    cloud = seeded(tmp_path, callers=[person])
    form = {
        "grant_type": "password",
        "client_id": "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
        "username": person["username"],
        "password": "p",
        "scope": "https://management.azure.com/.default",
    }
    token = cloud.form(f"/{TENANT}/oauth2/v2.0/token", t.cast("dict[str, str]", form)).json["access_token"]
    reply = cloud.raw("GET", f"{VM}?api-version=2024-07-01", headers={"Authorization": f"Bearer {token}"})
    message = (
        "The client 'ann@contoso.onmicrosoft.com' with object id 'oid' does not have authorization to perform action "
        f"'Microsoft.Compute/virtualMachines/read' over scope '{VM}' or the scope is invalid. If access was recently "
        "granted, please refresh your credentials."
    )
    assert said(reply) == (403, "AuthorizationFailed", message)


PERMISSIONS = "providers/Microsoft.Authorization"
SUB = f"/subscriptions/{SUBSCRIPTION}"


@pytest.mark.parametrize(
    ("method", "path", "action", "scope"),
    [
        ("GET", f"{A}/{PERMISSIONS}/permissions", "Microsoft.Authorization/permissions/read", f"{A}/{PERMISSIONS}"),
        (
            "GET",
            f"{GROUP}/{PERMISSIONS}/permissions",
            "Microsoft.Authorization/permissions/read",
            f"{GROUP}/{PERMISSIONS}",
        ),
        (
            "GET",
            f"{A}/{PERMISSIONS}/roleAssignments",
            "Microsoft.Authorization/roleAssignments/read",
            f"{A}/{PERMISSIONS}",
        ),
        ("GET", f"{A}/{PERMISSIONS}/locks", "Microsoft.Authorization/locks/read", f"{A}/{PERMISSIONS}"),
        ("GET", GROUP, "Microsoft.Resources/subscriptions/resourceGroups/read", GROUP),
        ("GET", f"{SUB}/resourceGroups", "Microsoft.Resources/subscriptions/resourceGroups/read", SUB),
        (
            "GET",
            VM.rpartition("/")[0],
            "Microsoft.Compute/virtualMachines/read",
            f"{GROUP}/providers/Microsoft.Compute",
        ),
        ("GET", f"{SUB}/providers/Microsoft.Compute/virtualMachines", "Microsoft.Compute/virtualMachines/read", SUB),
        ("POST", f"{VM}/start", "Microsoft.Compute/virtualMachines/start/action", VM),
        ("DELETE", VM, "Microsoft.Compute/virtualMachines/delete", VM),
    ],
)
def test_a_caller_without_any_role(tmp_path: Path, method: str, path: str, action: str, scope: str) -> None:
    callers = copy.deepcopy(SEED["callers"])
    callers[1]["roles"] = []
    cloud = seeded(tmp_path, callers=callers)
    kind = action.split("/")[0]
    version = {"Microsoft.Authorization": "2022-04-01", "Microsoft.Resources": "2022-12-01"}.get(kind, "2024-07-01")
    version = "2016-09-01" if path.endswith("/locks") else version
    message = (
        "The client 'limited-client' with object id 'limited-object' does not have authorization to perform action "
        f"'{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your "
        "credentials."
    )
    reply = cloud.send(method, path, caller="limited", version=version)
    assert said(reply) == (403, "AuthorizationFailed", message)


def test_a_region_without_federated_credentials(tmp_path: Path) -> None:
    cloud = Cloud(tmp_path, no_credentials_in=["westeurope"])
    properties = {"issuer": "https://issuer", "subject": "s", "audiences": ["api://AzureADTokenExchange"]}
    path = f"{A}/federatedIdentityCredentials/fic"
    reply = cloud.send("PUT", path, {"properties": properties}, version="2023-01-31")
    message = "The request format was unexpected: Support for federated identity credentials not enabled."
    assert said(reply) == (405, "MethodNotAllowed", message)
    cloud.world.settings = cloud.world.settings.updated({"no_credentials_in": []})
    assert cloud.send("PUT", path, {"properties": properties}, version="2023-01-31").status == 201


def test_compute_has_had_enough(tmp_path: Path) -> None:
    cloud = Cloud(tmp_path, limits=True)
    replies = [cloud.patch(ENABLE) for _number in range(13)]
    message = "The server rejected the request because too many requests have been received for this subscription."
    assert said(replies[-1]) == (429, "OperationNotAllowed", message)


def test_imds_wants_its_header(cloud: Cloud) -> None:
    path = f"/imds/{SUBSCRIPTION}/rg/vm/metadata/identity/oauth2/token?api-version=2018-02-01&resource=r"
    reply = cloud.raw("GET", path)
    refusal = {"error": "bad_request_102", "error_description": "Required metadata header not specified"}
    assert (reply.status, reply.json) == (400, refusal)
