# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults over a real connection: each does what it says, to the requests that it names, and is in the log."""

from __future__ import annotations

import http.client
import time
import typing as t
from pathlib import Path

import pytest

from tests.emulator.client import Client
from tests.emulator.cloud import SEED
from tests.support.emulator import Emulator, EmulatorError

ROOT = Path(__file__).resolve().parents[2]
UAI = "Microsoft.ManagedIdentity/userAssignedIdentities"
VERSION = "?api-version=2023-01-31"
GROUP = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-web"
VM = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/vm-web-01?api-version=2024-07-01"
ENABLE = {"identity": {"type": "SystemAssigned"}}


@pytest.fixture
def client(emulator: Emulator) -> Client:
    """A client of the emulator, with its token."""
    found = Client(emulator)
    found.token()
    emulator.clear_log()
    return found


def fault(action: dict[str, t.Any], **more: t.Any) -> dict[str, t.Any]:
    """Return a fault of writes to the VM."""
    return {"match": {"method": "PATCH", "path": "/virtualMachines/vm-web-01"}, "action": action, **more}


def statuses(client: Client, count: int) -> list[int]:
    """Return the statuses of as many writes."""
    return [client.send("PATCH", VM, ENABLE).status for _number in range(count)]


def test_an_error_instead_of_the_answer(client: Client) -> None:
    action = {"status": 429, "code": "TooManyRequests", "message": "Slow down.", "headers": {"Retry-After": 3}}
    client.emulator.faults(fault(action))
    answer = client.send("PATCH", VM, ENABLE)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "3")
    assert answer.json == {"error": {"code": "TooManyRequests", "message": "Slow down."}}
    assert client.emulator.vm("vm-web-01")["identity"] is None
    assert client.send("GET", VM).status == 200
    assert [entry.get("fault") for entry in client.emulator.log("vm-web-01")] == ["status", None]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"nth": 2}, [200, 503, 200, 200]),
        ({"times": 2}, [503, 503, 200, 200]),
        ({"every": 2}, [200, 503, 200, 503]),
        ({"every": 2, "times": 1}, [200, 503, 200, 200]),
        ({}, [503, 503, 503, 503]),
    ],
)
def test_which_requests(client: Client, when: dict[str, int], expected: list[int]) -> None:
    client.emulator.faults(fault({"status": 503}, **when))
    assert statuses(client, 4) == expected


def test_the_first_fault_that_is_due_acts_and_all_count(client: Client) -> None:
    client.emulator.faults(fault({"status": 500}, nth=1), fault({"status": 502}, nth=2))
    assert statuses(client, 3) == [500, 502, 200]
    client.emulator.faults()
    client.emulator.faults(fault({"status": 500}, nth=1))
    client.emulator.faults()
    assert statuses(client, 1) == [200]


@pytest.mark.parametrize(("caller", "status"), [("deployer", 500), ("operator", 200)])
def test_a_fault_of_one_caller(client: Client, caller: str, status: int) -> None:
    client.emulator.faults({"match": {"caller": caller}, "action": {"status": 500}})
    assert client.send("GET", VM).status == status


def test_a_raw_body(client: Client) -> None:
    client.emulator.faults(fault({"status": 502, "body": "<html>Bad gateway</html>"}))
    assert client.send("PATCH", VM, ENABLE).body == b"<html>Bad gateway</html>"


@pytest.mark.parametrize(("moment", "changed"), [("before", False), ("after", True)])
def test_a_broken_connection(client: Client, moment: str, changed: bool) -> None:
    client.emulator.faults(fault({"reset": moment}))
    with pytest.raises(OSError):
        client.send("PATCH", VM, ENABLE)
    assert (client.emulator.vm("vm-web-01")["identity"] is not None) is changed
    (entry,) = client.emulator.log("vm-web-01")
    assert (entry["status"], entry["fault"]) == (None, "reset")


def test_a_truncated_body(client: Client) -> None:
    client.emulator.faults(fault({"truncate": 10}))
    with pytest.raises(http.client.IncompleteRead) as caught:
        client.send("PATCH", VM, ENABLE)
    assert len(caught.value.partial) == 10
    assert client.emulator.vm("vm-web-01")["identity"] is not None


def test_a_rejected_token(client: Client) -> None:
    client.emulator.faults(fault({"reject_token": True}, times=1))
    answer = client.send("PATCH", VM, ENABLE)
    assert (answer.status, answer.json["error"]["code"]) == (401, "InvalidAuthenticationToken")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
    assert statuses(client, 1) == [200]


@pytest.mark.parametrize(("name", "changed"), [("delay", False), ("delay_after", True)])
def test_a_delay(client: Client, name: str, changed: bool) -> None:
    client.emulator.faults(fault({name: 0.4}))
    with pytest.raises(TimeoutError):
        client.send("PATCH", VM, ENABLE, timeout=0.15)
    assert (client.emulator.vm("vm-web-01")["identity"] is not None) is changed
    client.emulator.faults()
    client.emulator.faults(fault({name: 0.1}))
    started = time.monotonic()
    client.send("PATCH", VM, ENABLE)
    assert time.monotonic() - started >= 0.1


@pytest.mark.parametrize(("effect", "kept"), [("applied", True), ("rolled_back", False)])
def test_the_end_of_an_operation(client: Client, effect: str, kept: bool) -> None:
    operation = {"outcome": "Failed", "code": "X", "message": "y", "effect": effect, "retry_after": 4}
    client.emulator.faults(fault({"operation": operation}))
    answer = client.send("PATCH", VM, ENABLE)
    assert (answer.status, answer.headers["Retry-After"]) == (200, "4")
    url = answer.headers["Azure-AsyncOperation"].removeprefix(client.emulator.url)
    ended = client.send("GET", url).json
    assert (ended["status"], ended["error"]) == ("Failed", {"code": "X", "message": "y"})
    assert (client.emulator.vm("vm-web-01")["identity"] is not None) is kept


def test_faults_reach_sign_in(client: Client) -> None:
    client.emulator.faults({"match": {"path": "/oauth2/"}, "action": {"status": 503}})
    assert client.raw("POST", f"/{client.emulator.env['AZURE_TENANT']}/oauth2/v2.0/token", "", {}).status == 503


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({}, "faults[0].action must be a mapping that says what happens"),
        ({"action": {"explode": 1}}, "faults[0].action: unknown 'explode'"),
        ({"action": {"status": 500}, "nth": 0}, "faults[0].nth must be a whole number, 1 or more"),
        ({"action": {"status": 500}, "match": {"path": "("}}, "faults[0].match.path: "),
        ({"action": {"reset": "sometime"}}, "faults[0].action.reset must be before or after"),
        ({"action": {"operation": {"outcome": "Hm"}}}, "faults[0].action.operation.outcome must be one of"),
        ({"action": {"operation": {"effect": "Hm"}}}, "faults[0].action.operation.effect must be"),
    ],
)
def test_a_wrong_fault_is_refused(emulator: Emulator, wrong: dict[str, t.Any], text: str) -> None:
    with pytest.raises(EmulatorError) as caught:
        emulator.faults(wrong)
    assert text in str(caught.value)


def test_faults_of_the_seed_come_back_with_a_reset(client: Client) -> None:
    client.emulator.seed({**SEED, "faults": [{"action": {"status": 418}}]})
    assert client.send("GET", "/tenants?api-version=2022-12-01").status == 418
    client.emulator.faults()
    assert client.send("GET", "/tenants?api-version=2022-12-01").status == 401
    client.emulator.reset()
    assert client.send("GET", "/tenants?api-version=2022-12-01").status == 418
    client.emulator.seed((ROOT / "emulator" / "seeds" / "estate.yml").read_text())


def test_chance_is_the_same_in_each_run(client: Client) -> None:
    drawn = []
    for seed in (1, 1, 2):
        client.emulator.faults(fault({"status": 503}, probability=0.5, seed=seed))
        drawn.append(statuses(client, 20))
        client.emulator.faults()
    assert drawn[0] == drawn[1] != drawn[2]
    assert 4 < drawn[0].count(503) < 16


def identities(client: Client, count: int) -> list[t.Any]:
    """Return a VM's identity as many GETs show it."""
    return [client.send("GET", VM).json.get("identity", {}).get("type") for _number in range(count)]


@pytest.mark.parametrize(("writes", "expected"), [(1, "UserAssigned"), (2, "SystemAssigned"), (3, None), (9, None)])
def test_a_stale_read_by_writes(client: Client, writes: int, expected: str | None) -> None:
    users = {"type": "UserAssigned", "userAssignedIdentities": {f"{GROUP}/providers/{UAI}/id-web": {}}}
    for identity in (ENABLE["identity"], users, {"type": "None"}):
        assert client.send("PATCH", VM, {"identity": identity}).status == 200
    client.emulator.faults({"match": {"method": "GET"}, "times": 1, "action": {"stale": {"writes": writes}}})
    assert identities(client, 2) == [expected, None]
    assert client.emulator.log("vm-web-01")[-2]["fault"] == "stale"


def test_a_stale_read_by_seconds(client: Client) -> None:
    client.emulator.settings(operation_seconds=10)
    assert client.send("PATCH", VM, ENABLE).status == 200
    states = []
    client.emulator.faults({"match": {"method": "GET"}, "action": {"stale": {"seconds": 60}}})
    for seconds in (0, 65, 10, 0):
        client.emulator.control("POST", "time", {"advance": seconds})
        body = client.send("GET", VM).json
        states.append((body["properties"]["provisioningState"], body["etag"], "identity" in body))
    before, running, ended = ("Succeeded", '"1"', False), ("Updating", '"2"', True), ("Succeeded", '"2"', True)
    assert states == [before, running, ended, ended]
    client.emulator.faults()
    assert client.emulator.vm("vm-web-01")["provisioning_state"] == "Succeeded"


def test_what_is_new_or_gone_is_stale_too(client: Client) -> None:
    new, old = f"{GROUP}/providers/{UAI}/id-new{VERSION}", f"{GROUP}/providers/{UAI}/id-cache{VERSION}"
    client.send("PUT", new, {"location": "westeurope"})
    client.send("DELETE", old)
    stale = {"match": {"method": "GET"}, "action": {"stale": {"writes": 2}}}
    client.emulator.faults(stale)
    assert [client.send("GET", path).status for path in (new, old)] == [404, 200]
    listed = client.send("GET", f"{GROUP}/providers/{UAI}{VERSION}").json["value"]
    assert sorted(item["name"] for item in listed) == ["id-cache", "id-web"]
    client.emulator.faults()
    assert [client.send("GET", path).status for path in (new, old)] == [200, 404]


def test_a_group_that_is_gone_is_still_seen_with_all_in_it(client: Client) -> None:
    client.send("DELETE", f"{GROUP}?api-version=2022-12-01")
    client.emulator.faults({"match": {"method": "GET"}, "times": 1, "action": {"stale": {"writes": 1}}})
    assert client.send("GET", VM).status == 200
    assert client.send("GET", VM).json["error"]["code"] == "ResourceGroupNotFound"


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"probability": 2, "action": {"status": 500}}, "probability must be a number from 0 to 1"),
        ({"action": {"stale": {}}}, "stale must be a mapping with seconds or writes"),
        ({"action": {"stale": {"hours": 1}}}, "unknown 'hours'"),
        ({"action": {"stale": {"writes": 0}}}, "writes must be a whole number, 1 or more"),
        ({"action": {"stale": {"seconds": "x"}}}, "seconds must be a number above 0"),
        ({"action": {"status": "abc"}}, "status must be a status from 200 to 599"),
        ({"action": {"status": 99}}, "status must be a status from 200 to 599"),
        ({"action": {"delay": -1}}, "delay must be a number, 0 or more"),
        ({"action": {"delay": True}}, "delay must be a number, 0 or more"),
        ({"action": {"truncate": -5}}, "truncate must be a whole number, 0 or more"),
        ({"action": {"status": 500, "body": 7}}, "body must be a text"),
        ({"action": {"status": 400, "code": 5}}, "code must be a text"),
        ({"action": {"status": 400, "headers": [1]}}, "headers must be a mapping"),
        ({"action": {"status": 400, "headers": {"a": "b\nc"}}}, "headers must be a mapping"),
        ({"action": {"status": 400, "headers": {"a b": "c"}}}, "headers must be a mapping"),
        ({"action": {"reject_token": "yes"}}, "reject_token must be true or false"),
        ({"action": {"reset": "never"}}, "reset must be before or after"),
        ({"action": {"operation": {"outcome": "Lost"}}}, "outcome must be one of Succeeded, Failed"),
        ({"action": {"operation": {"seconds": "x"}}}, "seconds must be a number, 0 or more"),
        ({"action": {"operation": {"code": 7}}}, "code must be a text"),
        ({"action": {"operation": {"retry_after": 1.5}}}, "retry_after must be a whole number"),
        ({"action": {"message": "only"}}, "must be a mapping that says what happens"),
        ({}, "must be a mapping that says what happens"),
        ({"match": {"method": 7}, "action": {"status": 500}}, "method must be a text or a list"),
        ({"match": {"path": "("}, "action": {"status": 500}}, "missing"),
        ({"match": [], "action": {"status": 500}}, "match must be a mapping"),
        ({"nth": True, "action": {"status": 500}}, "nth must be a whole number, 1 or more"),
        ({"seed": [], "action": {"status": 500}}, "seed must be a text or a whole number"),
    ],
)
def test_faults_that_cannot_be(client: Client, given: dict[str, t.Any], text: str) -> None:
    with pytest.raises(EmulatorError, match=text):
        client.emulator.faults(given)
    assert statuses(client, 1) == [200]
