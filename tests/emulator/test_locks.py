# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Locks: their REST at every scope, and what they block."""

from __future__ import annotations

import typing as t

import pytest

from tests.emulator.access import AUTHORIZATION
from tests.emulator.cloud import GROUP, SUBSCRIPTION, VM, A, Cloud, uai

V = "2020-05-01"
HERE = f"/subscriptions/{SUBSCRIPTION}"


def lock(cloud: Cloud, scope: str, level: str, name: str = "keep", **more: t.Any) -> t.Any:
    """PUT a lock."""
    body = {"properties": {"level": level, **more}}
    return cloud.send("PUT", f"{scope}/{AUTHORIZATION}/locks/{name}", body, version=V)


@pytest.mark.parametrize("scope", [HERE, GROUP, VM, A])
@pytest.mark.parametrize("level", ["ReadOnly", "CanNotDelete"])
def test_round_trip(cloud: Cloud, scope: str, level: str) -> None:
    created = lock(cloud, scope, level, notes="why")
    assert (created.status, created.json["properties"]) == (201, {"level": level, "notes": "why"})
    path = f"{scope}/{AUTHORIZATION}/locks/keep"
    assert (created.json["id"], created.json["type"]) == (path, "Microsoft.Authorization/locks")
    assert cloud.send("GET", path.upper().replace("AUTHORIZATION", "Authorization"), version=V).json == created.json
    assert lock(cloud, scope, level).status == 200
    assert (cloud.send("DELETE", path, version=V).status, cloud.send("DELETE", path, version=V).status) == (200, 204)
    missing = cloud.send("GET", path, version=V)
    assert (missing.status, missing.code) == (404, "LockNotFound")


def test_refusals(cloud: Cloud) -> None:
    assert lock(cloud, GROUP, "Loose").code == "InvalidLockLevel"
    for gone in (uai("gone"), f"{VM}x", VM.replace("Machines", "MachineScaleSets")):
        assert lock(cloud, gone, "ReadOnly").code == "ResourceNotFound"


def names(cloud: Cloud, scope: str, text: str = "") -> list[str]:
    """Return the names of the locks that a list finds."""
    path: str = f"{scope}/{AUTHORIZATION}/locks?api-version={V}" + (f"&$filter={text}" if text else "")
    found: list[str] = []
    while path:
        answer = cloud.send("GET", path).json
        found += [item["name"] for item in answer["value"]]
        path = answer.get("nextLink", "")
    return sorted(found)


@pytest.mark.parametrize("size", [1, 100])
def test_lists(cloud: Cloud, size: int) -> None:
    for scope, name in ((HERE, "s"), (GROUP, "g"), (VM, "v"), (A, "a")):
        lock(cloud, scope, "CanNotDelete", name)
    cloud.world.settings = cloud.world.settings.updated({"page_size": size})
    assert names(cloud, HERE) == ["a", "g", "s", "v"]
    assert names(cloud, GROUP) == ["a", "g", "v"]
    assert names(cloud, VM) == ["v"]
    assert names(cloud, VM, "atScope()") == ["g", "s", "v"]
    assert names(cloud, HERE, "atScope()") == ["s"]


WRITES: list[tuple[str, str, t.Any, str]] = [
    ("PATCH", VM, {"identity": {"type": "SystemAssigned"}}, "2024-07-01"),
    ("PATCH", A, {"tags": {}}, "2023-01-31"),
    ("PUT", uai("new"), {"location": "westeurope"}, "2023-01-31"),
    ("POST", f"{A}/listAssociatedResources", None, "2022-01-31-preview"),
    ("PATCH", GROUP, {"tags": {}}, "2022-09-01"),
    (
        "PUT",
        f"{A}/federatedIdentityCredentials/fic",
        {"properties": {"issuer": "https://i", "subject": "s", "audiences": ["a"]}},
        "2023-01-31",
    ),
]
DELETES = [
    (VM, "2024-07-01"),
    (A, "2023-01-31"),
    (GROUP, "2022-09-01"),
    (f"{A}/federatedIdentityCredentials/fic", "2023-01-31"),
]


def text(scope: str, operation: str, locked: str) -> str:
    """Return the recorded text."""
    return (
        f"The scope '{scope}' cannot perform {operation} operation because following scope(s) are locked: '{locked}'. "
        "Please remove the lock and try again."
    )


@pytest.mark.parametrize("scope", [HERE, GROUP])
@pytest.mark.parametrize(("method", "path", "body", "version"), WRITES)
def test_a_read_only_lock_blocks_writes(
    cloud: Cloud, scope: str, method: str, path: str, body: t.Any, version: str
) -> None:
    lock(cloud, scope, "ReadOnly")
    answer = cloud.send(method, path, body, version=version)
    named = path.removesuffix("/listAssociatedResources")
    assert (answer.status, answer.code, answer.message) == (409, "ScopeLocked", text(named, "write", scope))
    assert cloud.send("GET", VM).status == 200


@pytest.mark.parametrize("level", ["ReadOnly", "CanNotDelete"])
@pytest.mark.parametrize(("path", "version"), DELETES)
def test_every_lock_blocks_deletes(cloud: Cloud, level: str, path: str, version: str) -> None:
    lock(cloud, GROUP, level)
    answer = cloud.send("DELETE", path, version=version)
    assert (answer.status, answer.code, answer.message) == (409, "ScopeLocked", text(path, "delete", GROUP))


@pytest.mark.parametrize(("method", "path", "body", "version"), WRITES)
def test_a_lock_against_deletion_lets_writes_through(
    cloud: Cloud, method: str, path: str, body: t.Any, version: str
) -> None:
    lock(cloud, GROUP, "CanNotDelete")
    assert cloud.send(method, path, body, version=version).status < 300


def test_a_lock_inside_blocks_the_deletion_of_what_is_around(cloud: Cloud) -> None:
    lock(cloud, A, "CanNotDelete")
    lock(cloud, VM, "ReadOnly")
    answer = cloud.send("DELETE", GROUP, version="2022-09-01")
    assert answer.message == text(GROUP, "delete", f"{VM}','{A}")
    assert cloud.send("DELETE", uai("b"), version="2023-01-31").status == 200


def test_not_specified_blocks_deletes_only(cloud: Cloud) -> None:
    assert lock(cloud, GROUP, "NotSpecified").json["properties"]["level"] == "NotSpecified"
    assert cloud.patch({"type": "SystemAssigned"}).status == 200
