# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deployments some of whose resources have to wait for others."""

from __future__ import annotations

import typing as t
from pathlib import Path

from emulator.state import StateFile
from tests.emulator.cloud import GROUP, SUBSCRIPTION, Cloud
from tests.emulator.templates import DEPLOYMENT, MACHINE, PASSWORD, deploy, get, machine, resource

ROLES = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions"
READER = f"{ROLES}/acdd72a7-3385-48ef-bd42-f606fba81ae7"
NAME = "3f2e8d0c-5b7a-4c61-9d0e-6f1a2b3c4d5e"


def with_role(**options: t.Any) -> list[dict[str, t.Any]]:
    """Return a VM with an identity that gets a role on the group."""
    principal = f"[reference('{MACHINE}', '2019-07-01', 'Full').identity.principalId]"
    role = {"roleDefinitionId": READER, "principalId": principal, "scope": GROUP}
    granted = resource(
        "Microsoft.Authorization/roleAssignments", NAME, "Microsoft.Compute/virtualMachines/new", properties=role
    )
    return [granted, *machine(identity={"type": "SystemAssigned"})]


def assigned(cloud: Cloud) -> list[str]:
    """Return who has got the role."""
    return [item.principal for item in cloud.world.store.assignments if item.name == NAME]


def test_a_role_is_given_when_the_machine_is_there(tmp_path: Path) -> None:
    """By then its principal has replicated, whoever looks."""
    cloud = Cloud(tmp_path, operation_seconds=20, replication_seconds=15, retry_after=7)
    answer = deploy(cloud, *with_role(), **PASSWORD)
    assert (answer.status, answer.headers["Retry-After"]) == (201, "7")
    url = answer.headers["Azure-AsyncOperation"]
    cloud.now += 10
    running = cloud.send("GET", url)
    assert (running.json, running.headers["Retry-After"]) == ({"status": "Running"}, "7")
    assert assigned(cloud) == []
    cloud.now += 11
    assert cloud.send("GET", url, caller="limited").json == {"status": "Succeeded"}
    assert assigned(cloud) == [get(cloud, MACHINE, "2024-07-01")["identity"]["principalId"]]
    assert get(cloud, DEPLOYMENT)["properties"]["duration"] == "PT20.0000000S"


def test_a_machine_that_fails_gives_no_role(tmp_path: Path) -> None:
    cloud = Cloud(tmp_path, operation_seconds=20)
    deploy(cloud, *with_role(), **PASSWORD, status="Failed", code="AllocationFailed", message="No room.")
    cloud.now += 21
    properties = get(cloud, DEPLOYMENT)["properties"]
    assert (properties["provisioningState"], assigned(cloud)) == ("Failed", [])
    assert [item["code"] for item in properties["error"]["details"]] == ["AllocationFailed"]
    targets = [item["properties"]["targetResource"] for item in get(cloud, f"{DEPLOYMENT}/operations")["value"]]
    assert NAME not in [target["resourceName"] for target in targets]


def test_it_goes_on_after_a_restart(tmp_path: Path) -> None:
    cloud = Cloud(tmp_path, operation_seconds=20)
    url = deploy(cloud, *with_role(), **PASSWORD).headers["Azure-AsyncOperation"]
    state = StateFile(tmp_path / "state.json")
    state.save(cloud.world)
    again = Cloud(tmp_path, operation_seconds=20)
    state.load(again.world)
    assert again.send("GET", url).json == {"status": "Running"}
    again.now += 21
    assert again.send("GET", url).json == {"status": "Succeeded"}
    assert len(assigned(again)) == 1
