# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""listAssociatedResources: what has an identity."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from tests.emulator.access import seeded
from tests.emulator.cloud import GROUP, SUBSCRIPTION, A, B, Cloud, uai

V = "2022-01-31-preview"


def names(cloud: Cloud, query: str = "", identity: str = A) -> tuple[int, list[list[str]]]:
    """Return the total and the pages' names."""
    address, pages, total = f"{identity}/listAssociatedResources?api-version={V}{query}", [], 0
    while address:
        answer = cloud.send("POST", address).json
        total = answer["totalCount"]
        pages.append([item["name"] for item in answer["value"]])
        address = answer.get("nextLink", "")
    return total, pages


@pytest.fixture
def fleet(tmp_path: Path) -> Cloud:
    """A cloud with five VMs that have the identity, and one that has another."""
    vms = [{"name": f"vm{number}", "group": "rg", "user_identities": ["a"]} for number in range(5)]
    return seeded(tmp_path, vms=[*vms, {"name": "other", "group": "rg", "user_identities": ["b"]}])


ALL = ["vm0", "vm1", "vm2", "vm3", "vm4"]


@pytest.mark.parametrize(
    ("query", "total", "pages"),
    [
        ("", 5, [ALL]),
        ("&$top=2", 5, [["vm0", "vm1"], ["vm2", "vm3"], ["vm4"]]),
        ("&$skip=3", 5, [["vm3", "vm4"]]),
        ("&$skip=1&$top=3", 5, [["vm1", "vm2", "vm3"], ["vm4"]]),
        ("&$orderby=name desc&$top=3", 5, [["vm4", "vm3", "vm2"], ["vm1", "vm0"]]),
        ("&$filter=contains(name, 'M3')", 1, [["vm3"]]),
        ("&$filter=startswith(name,'vm') and name eq 'VM1'", 1, [["vm1"]]),
        ("&$filter=resourceGroup eq 'nowhere'", 0, [[]]),
        ("&$filter=type eq 'microsoft.compute/virtualmachines'&$top=4", 5, [ALL[:4], ALL[4:]]),
    ],
)
def test_queries(fleet: Cloud, query: str, total: int, pages: list[list[str]]) -> None:
    assert names(fleet, query) == (total, pages)


def test_others(fleet: Cloud) -> None:
    assert names(fleet, identity=B) == (1, [["other"]])
    assert names(fleet, identity=uai("c")) == (0, [[]])
    assert fleet.send("POST", f"{uai('gone')}/listAssociatedResources", version=V).code == "ResourceNotFound"


@pytest.mark.parametrize(
    "query", ["$filter=near(name,'x')", "$filter=colour eq 'x'", "$orderby=colour", "$top=x", "$skiptoken=-1"]
)
def test_what_is_not_understood(fleet: Cloud, query: str) -> None:
    answer: t.Any = fleet.send("POST", f"{A}/listAssociatedResources?api-version={V}&{query}")
    assert (answer.status, answer.code) == (400, "BadRequest")


def test_only_two_previews_have_it(fleet: Cloud) -> None:
    answer = fleet.send("POST", f"{A}/listAssociatedResources", version="2024-11-30")
    assert (answer.status, answer.code) == (400, "NoRegisteredProviderFound")


def test_any_type_and_readable_or_not(tmp_path: Path) -> None:
    site = {"type": "Microsoft.Web/sites", "name": "site", "group": "rg", "user_identities": ["a", "b"]}
    cloud = seeded(tmp_path, others=[site], vms=[{"name": "vm0", "group": "rg", "user_identities": ["a"]}])
    listed = cloud.send("POST", f"{A}/listAssociatedResources", version=V).json["value"]
    assert [(item["name"], item["type"]) for item in listed] == [
        ("vm0", "microsoft.compute/virtualmachines"),
        ("site", "microsoft.web/sites"),
    ]
    assert names(cloud, identity=B) == (1, [["site"]])
    query = f"/subscriptions/{SUBSCRIPTION}/resources?$filter=resourceType eq 'Microsoft.Web/sites'"
    (found,) = cloud.send("GET", query, version="2021-04-01").json["value"]
    assert (found["name"], list(found["identity"]["userAssignedIdentities"])) == ("site", [A, B])
    assert cloud.send("DELETE", GROUP, version="2021-04-01").status == 202
    assert cloud.world.store.others == {}


def test_lags_as_resource_graph_does(tmp_path: Path) -> None:
    has = {"name": "vm0", "group": "rg", "user_identities": ["a"]}
    cloud = seeded(tmp_path, vms=[has, {"name": "other", "group": "rg"}], settings={"resource_graph_seconds": 120})
    vms = f"{GROUP}/providers/Microsoft.Compute/virtualMachines"
    assert cloud.patch({"type": "None"}, f"{vms}/vm0").status == 200
    assert cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {A: {}}}, f"{vms}/other").status == 200
    assert names(cloud) == (1, [["vm0"]])
    cloud.now += 121
    assert names(cloud) == (1, [["other"]])
