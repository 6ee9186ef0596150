# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of Azure for each thing: paths, api-versions, pages; and how answers are read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.gateways._machine_identities import (
    MachineIdentities,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import (
    ArmError,
    UnexpectedAnswer,
    WaitTimedOut,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._resource_id import (
    SCALE_SET,
    VIRTUAL_MACHINE,
    ResourceId,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._rules import arm_error
from tests.unit.arm.fake_client import SUB, VM, FakeClient, ask

BODY = {
    "id": str(VM).replace("/rg/", "/RG/"),
    "name": "vm1",
    "type": "Microsoft.Compute/virtualMachines",
    "location": "westeurope",
    "etag": '"body"',
    "identity": {"type": "SystemAssigned", "principalId": "sp", "tenantId": "t"},
    "properties": {"provisioningState": "Updating"},
}


def test_read() -> None:
    client = FakeClient((BODY, {"ETag": '"header"'}))
    reading = ask(MachineIdentities(client).read(VM, Deadline(9)))
    assert client.asked == [("GET", str(VM), "2024-07-01", {})]
    assert (str(reading.id), reading.location, reading.etag) == (BODY["id"], "westeurope", '"body"')
    assert reading.identity.system.principal_id == "sp"
    assert reading.changing
    assert (reading.operation_url, reading.retry_after) == (None, None)
    assert reading.to_result() == {
        "id": BODY["id"],
        "name": "vm1",
        "resource_group": "RG",
        "subscription_id": SUB,
        "location": "westeurope",
    }


def test_an_etag_of_whatever_there_is_is_none() -> None:
    answer = ({**BODY, "etag": "*"}, {"ETag": "*"})
    assert ask(MachineIdentities(FakeClient(answer)).read(VM, Deadline(9))).etag is None
    header = ({**BODY, "etag": None}, {"ETag": '"header"'})
    assert ask(MachineIdentities(FakeClient(header)).read(VM, Deadline(9))).etag == '"header"'


def test_the_etag_may_be_in_the_body_or_nowhere() -> None:
    assert ask(MachineIdentities(FakeClient((BODY, {}))).read(VM, Deadline(9))).etag == '"body"'
    bare = {**BODY, "id": str(VM), "etag": None, "properties": {"provisioningState": "Succeeded"}}
    reading = ask(MachineIdentities(FakeClient((bare, {}))).read(VM, Deadline(9)))
    assert (reading.etag, reading.location, reading.id, reading.changing) == (None, "westeurope", VM, False)


def test_write_holds_identity_alone() -> None:
    client = FakeClient((BODY, {"Azure-AsyncOperation": "https://arm.test/op", "Retry-After": "12"}))
    accepted = ask(MachineIdentities(client).write(VM, {"type": "None"}, '"7"', Deadline(9)))
    assert client.asked == [
        ("PATCH", str(VM), "2024-07-01", {"body": {"identity": {"type": "None"}}, "etag": '"7"', "fits": (200, 202)}),
    ]
    assert (accepted.operation_url, accepted.retry_after) == ("https://arm.test/op", 12.0)


@pytest.mark.parametrize(
    ("body", "status", "code", "message"),
    [
        ({"status": "InProgress"}, "InProgress", None, "Azure gave no reason."),
        ({"status": "Succeeded"}, "Succeeded", None, "Azure gave no reason."),
        ({"status": "Failed", "error": {"code": "X", "message": "why"}}, "Failed", "X", "why"),
    ],
)
def test_operation(body: dict, status: str, code: str | None, message: str) -> None:
    client = FakeClient((body, {"Retry-After": "3"}))
    state = ask(MachineIdentities(client).operation("https://arm.test/op", Deadline(9)))
    assert (state.status, state.code, state.message, state.retry_after) == (status, code, message, 3.0)
    assert client.asked == [("GET", "https://arm.test/op", None, {"fits": (200, 202)})]


def refused(versions: str, code: str = "InvalidApiVersionParameter", status: int = 400) -> ArmError:
    return arm_error(f"The api-version is invalid. The supported versions are '{versions}'.", status=status, code=code)


def test_a_cloud_with_older_versions_is_asked_by_its_newest_that_serves_and_only_once() -> None:
    known = "2025-01-01-preview,2024-07-01,2024-03-01-preview, 2023-09-01,2020-06-01,2017-12-01"
    client = FakeClient(refused(known.replace("2024-07-01,", "")), (BODY, {}), (BODY, {}))
    gateway = MachineIdentities(client)
    ask(gateway.read(VM, Deadline(9)))
    ask(gateway.write(VM, {}, None, Deadline(9)))
    assert [asked[2] for asked in client.asked] == ["2024-07-01", "2023-09-01", "2023-09-01"]


def test_azures_other_words_for_it() -> None:
    text = (
        "No registered resource provider found for location 'local' and API version '2024-07-01' for type "
        "'virtualMachines'. The supported api-versions are '2019-12-01, 2020-06-01'. "
        "The supported locations are 'local'."
    )
    client = FakeClient(arm_error(text, status=400, code="NoRegisteredProviderFound"), (BODY, {}))
    ask(MachineIdentities(client).read(VM, Deadline(9)))
    assert client.asked[-1][2] == "2020-06-01"


@pytest.mark.parametrize(
    "error", [refused("2017-12-01"), refused("2024-07-01"), refused("2026-01-01"), refused("2020-06-01", status=404)]
)
def test_no_version_that_serves_is_the_error(error: ArmError) -> None:
    client = FakeClient(error)
    with pytest.raises(ArmError) as caught:
        ask(MachineIdentities(client).read(VM, Deadline(9)))
    assert caught.value is error
    assert len(client.asked) == 1


async def listed(gateway: MachineIdentities, group: str | None) -> list[str]:
    return [str(reading.id) async for reading in gateway.list_all(VIRTUAL_MACHINE, SUB, group, Deadline(9))]


def test_lists_follow_pages() -> None:
    one, two = ({**BODY, "id": str(VM) + number} for number in "12")
    client = FakeClient(({"value": [one], "nextLink": "https://arm.test/2"}, {}), ({"value": [two]}, {}))
    assert ask(listed(MachineIdentities(client), "rg")) == [one["id"], two["id"]]
    path = f"/subscriptions/{SUB}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines"
    assert client.asked == [("GET", path, "2024-07-01", {}), ("GET", "https://arm.test/2", None, {})]


def test_a_whole_subscription_and_an_empty_list() -> None:
    client = FakeClient(({"value": []}, {}))
    assert ask(listed(MachineIdentities(client), None)) == []
    assert client.asked[0][1] == f"/subscriptions/{SUB}/providers/Microsoft.Compute/virtualMachines"


def test_a_deadline() -> None:
    now = [0.0]
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    deadline = Deadline(10, now=lambda: now[0], sleep=sleep)
    ask(deadline.sleep(4, "x"))
    assert deadline.left == 6
    assert deadline.allows(5.9)
    assert not deadline.allows(6)
    with pytest.raises(WaitTimedOut, match="wait_timeout of 10 s would pass while waiting for the moon") as caught:
        ask(deadline.sleep(6, "the moon", refused("x", status=409)))
    assert (caught.value.status, caught.value.code) == (409, "InvalidApiVersionParameter")
    assert slept == [4]
    now[0] = 99
    assert deadline.left == 0


SET = ResourceId.build(SUB, "rg", SCALE_SET, "set1")


def test_a_scale_set_tells_how_its_instances_get_a_model() -> None:
    modes = {"orchestrationMode": "Uniform", "upgradePolicy": {"mode": "Manual"}}
    body = {**BODY, "id": str(SET), "type": SET.type}
    readings = [
        ask(
            MachineIdentities(FakeClient(({**body, "properties": {**BODY["properties"], **properties}}, {}))).read(
                SET, Deadline(9)
            )
        )
        for properties in (modes, {"orchestrationMode": "Flexible"}, {"upgradePolicy": None})
    ]
    assert [(reading.flexible, reading.manual) for reading in readings] == [
        (False, True),
        (True, False),
        (False, False),
    ]


def test_instances_and_their_upgrade() -> None:
    listed = [
        {
            "id": f"{SET}/virtualMachines/0",
            "instanceId": "0",
            "location": "x",
            "properties": {"latestModelApplied": True},
        },
        {
            "id": f"{SET}/virtualMachines/1",
            "instanceId": "1",
            "location": "x",
            "properties": {"latestModelApplied": False},
        },
        {"id": f"{SET}/virtualMachines/2", "instanceId": "2", "location": "x", "properties": {}},
    ]
    accepted = {"Azure-AsyncOperation": "https://arm.test/op", "Retry-After": "7"}
    client = FakeClient(({"value": listed}, {}), (None, accepted, 202))
    gateway = MachineIdentities(client)
    instances = ask(gateway.instances(SET, Deadline(9)))
    assert [(one.instance_id, one.current) for one in instances] == [("0", True), ("1", False), ("2", False)]
    answer = ask(gateway.upgrade(SET, ["1", "2"], Deadline(9)))
    assert (answer.operation_url, answer.retry_after, answer.id) == ("https://arm.test/op", 7.0, SET)
    assert client.asked == [
        ("GET", f"{SET}/virtualMachines", "2024-07-01", {}),
        ("POST", f"{SET}/manualupgrade", "2024-07-01", {"body": {"instanceIds": ["1", "2"]}, "fits": (200, 202)}),
    ]


def test_the_location_of_a_group() -> None:
    client = FakeClient(({"id": f"/subscriptions/{SUB}/resourceGroups/rg", "location": "westeurope"}, {}))
    assert ask(MachineIdentities(client).group_location(SUB, "rg", Deadline(9))) == "westeurope"
    assert client.asked == [("GET", f"/subscriptions/{SUB}/resourceGroups/rg", "2021-04-01", {})]


def test_an_accepted_write_may_say_nothing_of_the_resource() -> None:
    client = FakeClient((None, {"Azure-AsyncOperation": "https://arm.test/op"}, 202), (BODY, {}))
    gateway = MachineIdentities(client)
    reading = ask(gateway.write(VM, {"type": "None"}, None, Deadline(9)))
    assert (reading.told, reading.id, reading.operation_url) == (False, VM, "https://arm.test/op")
    assert ask(gateway.read(VM, Deadline(9))).told


@pytest.mark.parametrize(
    "said",
    [
        {"status": 1},
        {"status": "X", "name": 1},
        {"status": "X", "error": {"code": 1}},
        {"status": "X", "error": {"message": ["why"]}},
        {"status": "X", "error": []},
        {},
        None,
    ],
)
def test_an_operation_that_does_not_say_how_it_stands(said: Any) -> None:
    with pytest.raises(UnexpectedAnswer):
        ask(MachineIdentities(FakeClient((said, {}))).operation("https://arm.test/op", Deadline(9)))


@pytest.mark.parametrize(
    "said",
    [{"type": 1}, {"type": "Microsoft.Compute/disks"}, {"etag": 1}, {"tags": []}, {"tags": {"a": 1}}]
    + [{"properties": {name: 1}} for name in ("provisioningState", "orchestrationMode", "upgradePolicy")]
    + [{"properties": {"upgradePolicy": {"mode": 1}}}, {"properties": None}, {"properties": {}}]
    + [{name: None} for name in ("id", "name", "type", "location")],
)
def test_what_is_not_of_the_right_kind_describes_no_machine(said: dict) -> None:
    with pytest.raises(UnexpectedAnswer):
        ask(MachineIdentities(FakeClient(({**BODY, **said}, {}))).read(VM, Deadline(9)))


@pytest.mark.parametrize("group", ["rg", None])
def test_what_is_not_inside_what_was_listed_is_no_item_of_it(group: str | None) -> None:
    other = str(VM).replace(SUB, SUB.replace("1", "3")) if group is None else str(VM).replace("/rg/", "/rg2/")
    with pytest.raises(UnexpectedAnswer, match="The list holds what is elsewhere"):
        ask(listed(MachineIdentities(FakeClient(({"value": [{**BODY, "id": other}]}, {}))), group))


def test_a_first_page_that_names_itself_ends_the_list() -> None:
    class Answering(FakeClient):
        async def request(self, *arguments: Any, **details: Any) -> Any:
            answer = await super().request(*arguments, **details)
            return replace(answer, url="https://arm.test/vms?b=2&a=1")

    page = {"value": [BODY], "nextLink": "https://ARM.test/VMs?a=1&b=2"}
    client = Answering((page, {}), (page, {}))
    with pytest.raises(UnexpectedAnswer, match="The list does not end"):
        ask(listed(MachineIdentities(client), "rg"))
    assert len(client.asked) == 1
