# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests without end do not fill the memory, and what had to go is never missing without a word."""

from __future__ import annotations

import json
import typing as t

import pytest

from emulator.base.newest import Newest
from emulator.cloud.store import Store
from emulator.control import serve_control
from tests.emulator.client import Client
from tests.emulator.cloud import GROUP, VM, A, Cloud
from tests.emulator.templates import VERSION, body
from tests.support.emulator import Emulator, EmulatorError


def control(cloud: Cloud, method: str, name: str, given: object = None, **query: str) -> tuple[int, t.Any]:
    """Send a request to the control API."""
    data = b"" if given is None else json.dumps(given).encode()
    answer = serve_control(cloud.world, method, name, query, data)
    return answer.status, json.loads(answer.body)


def memory(cloud: Cloud) -> dict[str, dict[str, int]]:
    """Return what the control API says of the memory."""
    return t.cast("dict[str, dict[str, int]]", control(cloud, "GET", "memory")[1])


def note(cloud: Cloud, number: int, size: int = 10) -> None:
    """Put an entry into the log."""
    cloud.world.log.add("PUT", f"/{number}", 200, body="x" * size, headers={}, caller=None, fault=None)


def test_the_log_keeps_the_newest(cloud: Cloud) -> None:
    control(cloud, "POST", "settings", {"log_entries": 5})
    for number in range(1, 6):
        note(cloud, number)
    assert [item["n"] for item in control(cloud, "GET", "log")[1]] == [1, 2, 3, 4, 5]
    for number in range(6, 9):
        note(cloud, number)
    status, refusal = control(cloud, "GET", "log")
    assert (status, refusal["error"].startswith("entries 1 to 3 are no longer in memory")) == (410, True)
    assert control(cloud, "GET", "log", since="2")[0] == 410
    assert [item["n"] for item in control(cloud, "GET", "log", since="3")[1]] == [4, 5, 6, 7, 8]
    assert [item["n"] for item in control(cloud, "GET", "log", since="7")[1]] == [8]
    assert control(cloud, "GET", "log", since="8") == (200, [])
    assert {key: memory(cloud)["log"][key] for key in ("kept", "dropped")} == {"kept": 5, "dropped": 3}
    control(cloud, "DELETE", "log")
    assert memory(cloud)["log"] == {"kept": 0, "bytes": 0, "dropped": 0}
    note(cloud, 9)
    assert [item["n"] for item in control(cloud, "GET", "log")[1]] == [9]


def test_the_log_keeps_so_many_bytes(cloud: Cloud) -> None:
    control(cloud, "POST", "settings", {"log_bytes": 100_000})
    for number in range(100):
        note(cloud, number, 10_000)
    counts = memory(cloud)["log"]
    assert counts["bytes"] <= 100_000
    assert counts["kept"] + counts["dropped"] == 100
    note(cloud, 101, 200_000)
    assert memory(cloud)["log"]["kept"] == 0
    assert control(cloud, "GET", "log")[0] == 410


def test_bytes_that_are_no_text_are_logged(cloud: Cloud) -> None:
    cloud.world.log.add("GET", "/\udcff", 404, body=None, headers={"User-Agent": "\udcfe"}, caller=None, fault=None)
    (entry,) = control(cloud, "GET", "log")[1]
    assert (entry["path"], entry["headers"]["user-agent"]) == ("/\udcff", "\udcfe")


def test_what_is_gone_is_an_error_for_tests(emulator: Emulator) -> None:
    client = Client(emulator)
    client.token()
    emulator.clear_log()
    emulator.settings(log_entries=2)
    for _number in range(3):
        client.send("GET", VM)
    with pytest.raises(EmulatorError, match="are no longer in memory, only in requests"):
        emulator.log()
    assert len((emulator.directory / "requests.jsonl").read_text().splitlines()) >= 3


def tag(cloud: Cloud, value: str) -> None:
    """Write to an identity."""
    assert cloud.send("PATCH", A, {"tags": {"t": value}}, version="2023-01-31").status == 200


def tags_ago(cloud: Cloud, writes: int) -> t.Any:
    """Return the tag of the identity so many writes ago."""
    past = cloud.world.history.writes_ago(cloud.world.store, cloud.world.clock(), writes).store
    return past.identities[A.lower()].tags.get("t")


def test_history_keeps_the_newest(cloud: Cloud) -> None:
    control(cloud, "POST", "settings", {"history_writes": 20})
    for number in range(200):
        cloud.now += 1
        tag(cloud, str(number))
        assert tags_ago(cloud, 2) == (str(number - 2) if number > 1 else None)
    # A write touches the group and what is in it that its path names.
    counts = memory(cloud)["history"]
    assert counts["kept"] == 20
    assert counts["dropped"] > 100
    assert [tags_ago(cloud, writes) for writes in (1, 2, 3)] == ["198", "197", "196"]
    past = cloud.world.history.seconds_ago(cloud.world.store, cloud.world.clock(), 2.5).store
    assert past.identities[A.lower()].tags == {"t": "196"}
    assert len(cloud.world.history._moments) <= 40
    assert len(cloud.world.history._lines) <= 20


def test_history_keeps_so_many_bytes(cloud: Cloud) -> None:
    control(cloud, "POST", "settings", {"history_bytes": 50_000})
    for number in range(20):
        tag(cloud, f"{number}-{'x' * 10_000}")
    assert memory(cloud)["history"]["bytes"] <= 50_000
    assert str(tags_ago(cloud, 1)).startswith("18-")


def test_history_forgets_names(cloud: Cloud) -> None:
    """Of resources that came and went, too, and of writes that were refused."""
    control(cloud, "POST", "settings", {"history_writes": 10})
    for number in range(60):
        path = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/n{number}"
        cloud.send("PUT", path, {"location": "x"}, version="2023-01-31")
        cloud.send("PUT", path, {"location": 1}, version="2023-01-31")
        cloud.send("DELETE", path, version="2023-01-31")
    assert len(cloud.world.history._lines) <= 10


def test_operations_that_ended_are_forgotten(cloud: Cloud) -> None:
    control(cloud, "POST", "settings", {"operations": 5})
    first = cloud.patch({"type": "SystemAssigned"}).headers["Azure-AsyncOperation"]
    assert cloud.send("GET", first).json["status"] == "Succeeded"
    for number in range(20):
        cloud.patch({"type": ("None", "SystemAssigned")[number % 2]})
    last = cloud.patch({"type": "None"}).headers["Azure-AsyncOperation"]
    assert memory(cloud)["operations"] == {"kept": 5, "dropped": 17}
    assert (cloud.send("GET", first).status, cloud.send("GET", last).json["status"]) == (404, "Succeeded")


def test_operations_that_run_are_not_forgotten(cloud: Cloud) -> None:
    control(cloud, "POST", "settings", {"operations": 2, "concurrency": "queue"})
    polls = [cloud.patch({"type": "SystemAssigned"}, status="never").headers["Azure-AsyncOperation"]]
    polls += [cloud.patch({"type": "SystemAssigned"}).headers["Azure-AsyncOperation"] for _number in range(9)]
    assert [cloud.send("GET", poll).json["status"] for poll in polls] == ["InProgress"] * 10
    statuses = [cloud.patch({"type": "SystemAssigned"}).status for _number in range(200)]
    assert (statuses[0], statuses[-1], memory(cloud)["operations"]["kept"]) == (200, 409, 100)


def test_deployments_that_ended_are_forgotten(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emulator.resources.deployments._MOST", 3)
    path = f"{GROUP}/providers/Microsoft.Resources/deployments"
    for number in range(6):
        cloud.now += 1
        assert cloud.send("PUT", f"{path}/d{number}", body(), version=VERSION).status == 201
    names = [item["name"] for item in cloud.send("GET", path, version=VERSION).json["value"]]
    assert names == ["d3", "d4", "d5"]


def test_tokens_that_are_forgotten_are_good_still(cloud: Cloud) -> None:
    cloud.world.tokens.known.most = 3
    token = cloud.token()
    for _number in range(5):
        cloud.world.tokens.issue({"oid": "x"}, 10)
    assert memory(cloud)["tokens"] == {"kept": 3, "dropped": 3}
    assert cloud.raw("GET", f"{VM}?api-version=2024-07-01", headers={"Authorization": f"Bearer {token}"}).status == 200


def test_one_resource_too_many(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emulator.arm.gate.MOST_RESOURCES", cloud.world.store.size())
    answer = cloud.send("PUT", f"{GROUP}-new", {"location": "westeurope"}, version="2022-09-01")
    assert (answer.status, answer.code) == (409, "QuotaExceeded")
    assert cloud.send("PUT", GROUP, {"location": "westeurope"}, version="2022-09-01").status == 200
    assert cloud.send("PUT", A, {"location": "westeurope"}, version="2023-01-31").status == 200
    assert cloud.send("DELETE", A, version="2023-01-31").status == 200
    assert cloud.send("PUT", f"{GROUP}-new", {"location": "westeurope"}, version="2022-09-01").status == 201


def test_what_comes_and_goes_leaves_nothing(cloud: Cloud) -> None:
    """A round of everything, and each table is as long as it was."""

    def lengths() -> dict[str, int]:
        names = ("addresses", "resources", "credentials", "locks", "roles", "deployments", "vms", "identities")
        return {name: len(getattr(cloud.world.store, name)) for name in names}

    before = lengths()
    for number in range(5):
        net = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/n{number}"
        subnet = {"name": "s", "properties": {"addressPrefix": "10.9.0.0/24"}}
        space = {"addressSpace": {"addressPrefixes": ["10.9.0.0/16"]}, "subnets": [subnet]}
        cloud.send("PUT", net, {"location": "westeurope", "properties": space}, version="2022-01-01")
        card = f"{GROUP}/providers/Microsoft.Network/networkInterfaces/n{number}"
        configuration = {"name": "ip", "properties": {"subnet": {"id": f"{net}/subnets/s"}}}
        properties = {"ipConfigurations": [configuration]}
        assert (
            cloud.send("PUT", card, {"location": "westeurope", "properties": properties}, version="2022-01-01").status
            == 201
        )
        assert len(cloud.world.store.addresses) > before["addresses"]
        assert cloud.send("DELETE", card, version="2022-01-01").status == 200
        assert cloud.send("DELETE", net, version="2022-01-01").status == 200
    assert lengths() == before


def test_principals_of_long_ago_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emulator.cloud.store._MOST_MOMENTS", 3)
    store = Store()
    for number in range(10):
        store.remember_born(str(number), number)
    assert list(store.born) == ["7", "8", "9"]


def test_newest() -> None:
    items: Newest[str, int] = Newest(2)
    for key in "abca":
        items.set(key, ord(key))
    assert (items.get("a"), items.get("b"), items.get("c"), items.counts()) == (97, None, 99, {"kept": 2, "dropped": 2})
    items.clear()
    assert items.counts() == {"kept": 0, "dropped": 0}
