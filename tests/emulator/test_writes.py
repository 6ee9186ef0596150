# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes to a VM: answers, ETags, conditions, operations and what happens between them."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from tests.emulator.cloud import BASE, VM, A, B, Cloud

ENABLE = {"type": "SystemAssigned"}
CONFLICT = (
    "The request failed due to conflict with a concurrent request. To resolve it, please refer to "
    "https://aka.ms/activitylog to get more details on the conflicting requests."
)


def status(cloud: Cloud, reply: t.Any) -> t.Any:
    """Poll the operation of a write."""
    return cloud.send("GET", reply.headers["Azure-AsyncOperation"]).json


def test_answer_of_a_patch(cloud: Cloud) -> None:
    cloud.world.settings = cloud.world.settings.updated({"operation_seconds": 6})
    reply = cloud.patch({"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {A: {}}})
    assert reply.status == 200
    assert reply.headers["Azure-AsyncNotification"] == "Enabled"
    assert "Location" not in reply.headers
    assert "Retry-After" not in reply.headers
    assert reply.headers["etag"] == '"2"'
    url = reply.headers["Azure-AsyncOperation"]
    assert url.startswith(f"{BASE}/subscriptions/")
    assert len(url) > 3000
    assert "/providers/Microsoft.Compute/locations/westeurope/operations/" in url
    assert reply.headers["x-ms-request-id"] in url
    body = reply.json
    assert list(body) == ["name", "id", "type", "location", "tags", "identity", "properties", "etag"]
    assert body["etag"] == '"2"'
    assert body["properties"]["provisioningState"] == "Updating"
    assert body["identity"]["userAssignedIdentities"] == {A: {}}
    assert len(body["identity"]["principalId"]) == 36
    assert reply.text.replace("\r\n", "\n") == json.dumps(body, indent=2)


def test_ids_of_a_new_identity_come_with_the_end_of_the_operation(cloud: Cloud) -> None:
    cloud.world.settings = cloud.world.settings.updated({"operation_seconds": 6})
    reply = cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {A: {}}})
    cloud.now += 5.9
    assert status(cloud, reply)["status"] == "InProgress"
    assert cloud.identity() == {"type": "UserAssigned", "userAssignedIdentities": {A: {}}}
    assert cloud.send("GET", VM).json["properties"]["provisioningState"] == "Updating"
    cloud.now += 0.1
    ended = status(cloud, reply)
    assert (ended["status"], list(ended)) == ("Succeeded", ["startTime", "endTime", "status", "name"])
    assert (cloud.identity() or {})["userAssignedIdentities"][A] == cloud.world.store.identity_ids(A)
    vm = cloud.send("GET", VM)
    assert vm.json["properties"]["provisioningState"] == "Succeeded"
    assert vm.headers["etag"] == '"2"'


def test_without_a_duration_the_first_poll_finds_it_done(cloud: Cloud) -> None:
    reply = cloud.patch(ENABLE)
    assert reply.json["properties"]["provisioningState"] == "Updating"
    assert status(cloud, reply)["status"] == "Succeeded"


def test_every_accepted_write_raises_the_etag_by_one(cloud: Cloud) -> None:
    etags = [cloud.patch(ENABLE).headers["etag"] for _number in range(3)]
    assert etags == ['"2"', '"3"', '"4"']
    assert cloud.patch({}).status == 400
    assert cloud.send("GET", VM).headers["etag"] == '"4"'


def test_a_system_identity_survives_changes_of_users_and_not_its_own_end(cloud: Cloud) -> None:
    first = cloud.patch(ENABLE).json["identity"]["principalId"]
    both = cloud.patch({"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {A: {}}})
    assert both.json["identity"]["principalId"] == first
    cloud.patch({"type": "None"})
    assert "identity" not in cloud.send("GET", VM).json
    assert cloud.patch(ENABLE).json["identity"]["principalId"] != first


@pytest.mark.parametrize("header", ['"1"', "1", "*"])
def test_if_match_of_the_present_etag(cloud: Cloud, header: str) -> None:
    assert cloud.patch(ENABLE, headers={"If-Match": header}).status == 200


def test_if_match_of_a_past_etag(cloud: Cloud) -> None:
    cloud.patch(ENABLE)
    cloud.patch(ENABLE)
    reply = cloud.patch({"type": "None"}, headers={"If-Match": '"2"'})
    message = 'Etag provided in if-match header "2" does not match etag "3" of resource.'
    assert (reply.status, reply.code, reply.message) == (412, "PreconditionFailed", message)
    assert cloud.identity() is not None


def test_conditions_need_an_api_version_that_knows_them(cloud: Cloud) -> None:
    assert cloud.patch(ENABLE, headers={"If-Match": '"9"'}, version="2023-07-01").status == 200


def test_if_none_match(cloud: Cloud) -> None:
    assert cloud.patch(ENABLE, headers={"If-None-Match": "*"}).status == 412


def test_a_second_write_while_one_is_running(cloud: Cloud) -> None:
    cloud.world.settings = cloud.world.settings.updated({"operation_seconds": 6})
    cloud.patch(ENABLE)
    reply = cloud.patch({"type": "None"})
    assert (reply.status, reply.code, reply.message) == (409, "Conflict", CONFLICT)
    assert "x-ms-failure-cause" not in reply.headers
    cloud.now += 6
    assert cloud.patch({"type": "None"}).status == 200


def test_a_second_write_can_wait(tmp_path: Path) -> None:
    cloud = Cloud(tmp_path, operation_seconds=6, concurrency="queue")
    first, second = cloud.patch(ENABLE), cloud.patch({"type": "None"})
    cloud.now += 6
    assert (status(cloud, first)["status"], status(cloud, second)["status"]) == ("Succeeded", "InProgress")
    assert cloud.send("GET", VM).json["properties"]["provisioningState"] == "Updating"
    cloud.now += 6
    assert status(cloud, second)["status"] == "Succeeded"


def test_a_second_write_can_end_the_first(tmp_path: Path) -> None:
    cloud = Cloud(tmp_path, operation_seconds=6, concurrency="preempt")
    first = cloud.patch(ENABLE)
    cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {B: {}}})
    ended = status(cloud, first)
    assert (ended["status"], ended["error"]["code"]) == ("Canceled", "OperationPreempted")
    assert ended["error"]["message"] == "Operation execution has been preempted by a more recent operation."
    cloud.now += 6
    assert cloud.send("GET", VM).json["properties"]["provisioningState"] == "Succeeded"


@pytest.mark.parametrize(
    ("outcome", "shown", "code"),
    [
        ("Failed", "Failed", "InternalExecutionError"),
        ("Canceled", "Canceled", "OperationNotAllowed"),
        ("OperationPreempted", "Canceled", "OperationPreempted"),
    ],
)
def test_an_operation_that_fails_takes_its_change_back(cloud: Cloud, outcome: str, shown: str, code: str) -> None:
    reply = cloud.patch(ENABLE, status=outcome)
    ended = status(cloud, reply)
    assert (ended["status"], ended["error"]["code"]) == (shown, code)
    vm = cloud.send("GET", VM).json
    assert "identity" not in vm
    assert vm["etag"] == '"3"'
    assert vm["properties"]["provisioningState"] == "Failed"
    assert cloud.patch(ENABLE).status == 200
    assert cloud.send("GET", VM).json["properties"]["provisioningState"] == "Succeeded"


def test_an_operation_that_fails_can_leave_its_change(cloud: Cloud) -> None:
    block = {"type": "UserAssigned", "userAssignedIdentities": {A: {}}}
    reply = cloud.patch(block, status="Failed", applied=True, code="X", message="y")
    assert status(cloud, reply)["error"] == {"code": "X", "message": "y"}
    assert (cloud.identity() or {})["userAssignedIdentities"][A]


def test_an_operation_that_never_ends(cloud: Cloud) -> None:
    reply = cloud.patch(ENABLE, status="never")
    cloud.now += 3000
    assert status(cloud, reply)["status"] == "InProgress"
    assert cloud.patch(ENABLE).status == 409


def test_retry_after_of_a_running_operation(tmp_path: Path) -> None:
    cloud = Cloud(tmp_path, operation_seconds=6, retry_after=7)
    reply = cloud.patch(ENABLE)
    assert reply.headers["Retry-After"] == "7"
    assert cloud.send("GET", reply.headers["Azure-AsyncOperation"]).headers["Retry-After"] == "7"
    cloud.now += 6
    assert "Retry-After" not in cloud.send("GET", reply.headers["Azure-AsyncOperation"]).headers


def test_an_unknown_operation(cloud: Cloud) -> None:
    url = cloud.patch(ENABLE).headers["Azure-AsyncOperation"].partition("?")[0]
    assert cloud.send("GET", url[:-3] + "xyz").status == 404
