# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors of Azure whose causes no emulator has: a fault answers with them, word for word."""

from __future__ import annotations

import json

import pytest

from tests.emulator.client import Client
from tests.support.emulator import Emulator

GROUP = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-web"
PATH = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/vm-web-01"
READ_FAILED = (
    "Policy required full resource content to evaluate the request. The request to GET resource "
    f"'https://management.azure.com{PATH}?api-version=2020-12-01' failed with status 'GatewayTimeout'."
)
CONDITION = (
    "The client 'id' with object id 'oid' does not have authorization or an ABAC condition not fulfilled to perform "
    f"action 'Microsoft.Authorization/roleAssignments/write' over scope '{PATH}' or the scope is invalid. If access "
    "was recently granted, please refresh your credentials."
)
BLOCKED = "Resource cannot be updated at this time due to ongoing platform update. Please try again later."
THROTTLED = (
    "Number of requests for subscription '11111111-2222-4333-8444-555555555555' and operation "
    "'PATCH/SUBSCRIPTIONS/RESOURCEGROUPS/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/' exceeded the backend storage "
    "limit. Please try again after '6' seconds."
)


@pytest.mark.parametrize(
    ("status", "code", "message", "headers"),
    [
        (504, "ResourceReadFailed", READ_FAILED, {"x-ms-failure-cause": "gateway"}),
        (403, "AuthorizationFailed", CONDITION, {"x-ms-failure-cause": "gateway"}),
        (409, "ResourceUpdateBlockedOnPlatformUpdate", BLOCKED, {}),
        (429, "SubscriptionRequestsThrottled", THROTTLED, {"Retry-After": "6"}),
    ],
)
def test_an_answer_of_azure(emulator: Emulator, status: int, code: str, message: str, headers: dict[str, str]) -> None:
    client = Client(emulator)
    action = {"status": status, "code": code, "message": message, "headers": headers}
    emulator.faults({"match": {"method": "PATCH", "path": "/virtualMachines/"}, "times": 1, "action": action})
    body = {"identity": {"type": "SystemAssigned"}}
    answer = client.send("PATCH", f"{PATH}?api-version=2024-07-01", body)
    assert (answer.status, answer.json) == (status, {"error": {"code": code, "message": message}})
    assert {name: answer.headers[name] for name in headers} == headers
    assert emulator.vm("vm-web-01")["identity"] is None
    assert client.send("PATCH", f"{PATH}?api-version=2024-07-01", body).status == 200


def test_an_operation_that_fails_as_recorded(emulator: Emulator) -> None:
    client = Client(emulator)
    failure = {"outcome": "Failed", "code": "AllocationFailed", "message": "Allocation failed."}
    emulator.faults({"match": {"method": "PATCH"}, "action": {"operation": failure}})
    answer = client.send("PATCH", f"{PATH}?api-version=2024-07-01", {"identity": {"type": "SystemAssigned"}})
    url = answer.headers["Azure-AsyncOperation"].removeprefix(emulator.url)
    poll = client.send("GET", url)
    assert poll.status == 200
    assert list(poll.json) == ["startTime", "endTime", "status", "error", "name"]
    assert (poll.json["status"], poll.json["error"]) == (
        "Failed",
        {"code": "AllocationFailed", "message": "Allocation failed."},
    )
    assert json.dumps(poll.json, indent=2).replace("\n", "\r\n").encode() == poll.body
