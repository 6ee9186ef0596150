# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One clock for everything: it can be fast, it can jump, it never goes back."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from emulator.base.clock import Clock
from tests.emulator.client import Client
from tests.emulator.cloud import Cloud
from tests.support.emulator import Emulator, EmulatorError

ENABLE = {"identity": {"type": "SystemAssigned"}}
VM = (
    "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-web/providers/Microsoft.Compute/"
    "virtualMachines/vm-web-01?api-version=2024-07-01"
)


def test_it_runs_faster_from_the_moment_it_is_told() -> None:
    now = 5.0
    clock = Clock(lambda: now)
    now = 7.0
    clock.run(100)
    assert clock() == 7.0
    now = 8.0
    assert clock() == 107.0
    clock.advance(10)
    clock.run(1)
    now = 9.0
    assert clock() == 118.0


def test_dates_follow_it() -> None:
    clock = Clock()
    before = clock.date()
    clock.advance(86400)
    assert 86400 <= (clock.date() - before).total_seconds() < 86460
    assert abs(clock.wall(clock() - 86400) - time.time()) < 5


def test_a_reset_sets_the_speed_of_the_start(tmp_path: Path) -> None:
    cloud = Cloud(tmp_path, time_scale=10)
    cloud.world.configure(cloud.world.settings.updated({"time_scale": 1000}))
    assert cloud.world.clock.scale == 1000
    cloud.world.reset()
    assert cloud.world.clock.scale == 10


def test_tokens_age_with_it(cloud: Cloud) -> None:
    token = cloud.token()
    cloud.world.clock.advance(3600)
    reply = cloud.raw("GET", "/subscriptions?api-version=2022-12-01", headers={"Authorization": f"Bearer {token}"})
    assert (reply.status, reply.code) == (401, "ExpiredAuthenticationToken")
    cloud._tokens.clear()
    assert cloud.send("GET", "/subscriptions", version="2022-12-01").status == 200


def test_seventeen_minutes_take_no_time(emulator: Emulator) -> None:
    emulator.settings(operation_seconds=1020)
    client = Client(emulator)
    url = client.send("PATCH", VM, ENABLE).headers["Azure-AsyncOperation"].removeprefix(emulator.url)
    first = client.send("GET", url).json
    assert first["status"] == "InProgress"
    emulator.control("POST", "time", {"advance": 1021})
    last = client.send("GET", url).json
    assert last["status"] == "Succeeded"
    assert last["startTime"] == first["startTime"] < last["endTime"]
    emulator.settings(operation_seconds=600, time_scale=10_000)
    url = client.send("PATCH", VM, ENABLE).headers["Azure-AsyncOperation"].removeprefix(emulator.url)
    time.sleep(0.1)
    assert client.send("GET", url).json["status"] == "Succeeded"


@pytest.mark.parametrize("body", [{}, {"advance": -1}, {"advance": "x"}, {"retreat": 1}, [], {"advance": 1e18}])
def test_it_only_goes_ahead(emulator: Emulator, body: object) -> None:
    with pytest.raises(EmulatorError, match="advance"):
        emulator.control("POST", "time", body)


def test_the_time_can_be_read(emulator: Emulator) -> None:
    answer = emulator.control("GET", "time")
    assert isinstance(answer, dict)
    assert answer["scale"] == 1.0
    assert answer["now"].startswith("20")
