# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a request may ask for in its query: each option is honoured, or refused by name; none is passed over."""

from __future__ import annotations

import typing as t

import pytest

from emulator.arm.query_options import _READ
from emulator.arm.routes import ROUTES
from tests.emulator.cloud import GROUP, SUBSCRIPTION, TENANT, VM, A, Cloud
from tests.emulator.templates import DEPLOYMENT, body, resource

HERE = f"/subscriptions/{SUBSCRIPTION}"
GROUPS = f"{HERE}/resourceGroups"
COMPUTE = f"{HERE}/providers/Microsoft.Compute"
AUTHORIZATION = "providers/Microsoft.Authorization"
IMAGE = "publishers/Canonical/artifactTypes/vmimage/offers/ubuntu-24_04-lts/skus/server/versions"
SET = f"{GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/uniform"
V: t.Final = "2024-11-01"


def names(cloud: Cloud, path: str, version: str = V) -> list[str]:
    """Return the names in a list, of all its pages."""
    found = []
    while path:
        reply = cloud.send("GET", path, version=version)
        assert reply.status == 200, reply.text
        found += [item["name"] for item in reply.json["value"]]
        path = reply.json.get("nextLink")
    return found


@pytest.fixture(name="tagged")
def _tagged(cloud: Cloud) -> Cloud:
    """A cloud with groups that have tags."""
    for name, tags in {
        "one": {"team": "data"},
        "two": {"Team": "web", "stage": "data"},
        "three": {"team": "data"},
    }.items():
        assert cloud.send("PUT", f"{GROUPS}/{name}", {"location": "westeurope", "tags": tags}, version=V).status == 201
    return cloud


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", ["one", "rg", "three", "two"]),
        # As `az group list --tag team=data` and `--tag team` send them.
        ("$filter=tagname eq 'team' and tagvalue eq 'data'", ["one", "three"]),
        ("$filter=tagname eq 'team'", ["one", "three", "two"]),
        ("$filter=tagValue eq 'data' and tagName eq 'TEAM'", ["one", "three"]),
        ("$filter=tagName eq 'team' and tagValue eq 'Data'", []),
        ("$filter=tagName eq 'stage' and tagValue eq 'web'", []),
        ("$FILTER=tagName eq 'team' and tagValue eq 'data'", ["one", "three"]),
        ("$top=3", ["one", "rg", "three", "two"]),
        ("$top=1&$filter=tagName eq 'team'", ["one", "three", "two"]),
    ],
)
def test_groups(tagged: Cloud, query: str, wanted: list[str]) -> None:
    assert names(tagged, f"{GROUPS}?{query}") == wanted


def test_pages_of_groups(tagged: Cloud) -> None:
    reply = tagged.send("GET", f"{GROUPS}?$top=1&$filter=tagName eq 'team'", version=V)
    assert [item["name"] for item in reply.json["value"]] == ["one"]
    assert "$filter=" in reply.json["nextLink"]


@pytest.mark.parametrize(
    "text",
    [
        "name eq 'one'",
        "substringof('one', name)",
        "startswith(name,'o')",
        "tagName ne 'x'",
        "tagName eq 'a' or x",
        "'",
        "tagName eq 'a' and tagName eq 'b'",
        "location eq 'westeurope'",
    ],
)
def test_filters_that_groups_do_not_have(tagged: Cloud, text: str) -> None:
    reply = tagged.send("GET", f"{GROUPS}?$filter={text}", version=V)
    assert (reply.status, reply.code) == (400, "InvalidFilterInQueryString")
    assert reply.message == f"Invalid $filter '{text}' specified in the query string."


@pytest.mark.parametrize("top", ["x", "-1", "1.5", "²"])
def test_a_top_that_is_no_number(cloud: Cloud, top: str) -> None:
    reply = cloud.send("GET", f"{GROUPS}?$top={top}", version=V)
    assert (reply.status, reply.code) == (400, "BadRequest")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("substringof('NIC', name)", ["vm-nic"]),
        ("substringof('vm', name) and resourceType eq 'Microsoft.Compute/virtualMachines'", ["vm"]),
        ("substringof('r', resourceGroup) and name eq 'a'", ["a"]),
    ],
)
def test_resources_by_a_part_of_their_names(cloud: Cloud, text: str, wanted: list[str]) -> None:
    assert names(cloud, f"{GROUP}/resources?$filter={text}") == wanted


def test_resources_by_a_tag(cloud: Cloud) -> None:
    cloud.send("PATCH", A, {"tags": {"role": "front", "x": "back"}}, version="2024-11-30")
    reply = cloud.send("GET", f"{GROUP}/resources?$filter=tagName eq 'role' and tagValue eq 'front'", version=V)
    assert [(item["name"], "tags" in item) for item in reply.json["value"]] == [("a", False)]
    assert names(cloud, f"{GROUP}/resources?$filter=tagName eq 'role' and tagValue eq 'back'") == []
    both = cloud.send("GET", f"{GROUP}/resources?$filter=tagName eq 'role' and name eq 'a'", version=V)
    assert both.code == "InvalidFilterInQueryString"


def test_what_a_list_of_resources_can_expand(cloud: Cloud) -> None:
    path = f"{GROUP}/resources?$expand=createdTime,changedTime,provisioningState"
    more = {"createdTime", "changedTime", "provisioningState"}
    assert all(more <= item.keys() for item in cloud.send("GET", path, version=V).json["value"])
    assert not any(more & item.keys() for item in cloud.send("GET", f"{GROUP}/resources", version=V).json["value"])
    assert cloud.send("GET", f"{GROUP}/resources?$expand=secrets", version=V).status == 400


def test_locks(cloud: Cloud) -> None:
    path = f"{GROUP}/{AUTHORIZATION}/locks"
    assert cloud.send("GET", f"{path}?$filter=atScope()", version="2020-05-01").status == 200
    assert cloud.send("GET", f"{path}?$filter=level eq 'x'", version="2020-05-01").code == "InvalidFilterInQueryString"


def test_skus_of_a_location(cloud: Cloud) -> None:
    path = f"{COMPUTE}/skus?includeExtendedLocations=false&$filter="
    value = cloud.send("GET", f"{path}location eq 'WestUS2'", version="2021-07-01").json["value"]
    assert {tuple(item["locations"]) for item in value} == {("westus2",)}
    assert cloud.send("GET", f"{path}name eq 'x'", version="2021-07-01").status == 400


def test_versions_of_an_image(cloud: Cloud) -> None:
    path = f"{COMPUTE}/locations/westeurope/{IMAGE}"
    asked = [
        [item["name"] for item in cloud.send("GET", f"{path}?{query}").json]
        for query in ("", "$orderby=name desc", "$orderby=name desc&$top=1", "$top=1")
    ]
    old, new = asked[0]
    assert asked[1:] == [[new, old], [new], [old]]
    assert cloud.send("GET", f"{path}?$orderby=size").status == 400
    assert cloud.send("GET", f"{path}?$expand=properties").code == "UnsupportedQuery"


def test_deployments_by_their_state(cloud: Cloud) -> None:
    groups = [resource("Microsoft.Network/networkSecurityGroups", f"g{number}", properties={}) for number in range(3)]
    assert cloud.send("PUT", DEPLOYMENT, body(*groups), version=V).status == 201
    many = DEPLOYMENT.rpartition("/")[0]
    assert names(cloud, f"{many}?$filter=provisioningState eq 'succeeded'") == ["made"]
    assert names(cloud, f"{many}?$filter=provisioningState eq 'Failed'") == []
    assert cloud.send("GET", f"{many}?$filter=name eq 'x'", version=V).code == "InvalidFilterInQueryString"
    path, pages = f"{DEPLOYMENT}/operations?$top=2", []
    while path:
        page = cloud.send("GET", path, version=V).json
        pages.append(len(page["value"]))
        path = page.get("nextLink")
    assert pages == [2, sum(pages) - 2]
    assert sum(pages) >= 3


def test_views_in_lists_of_machines(cloud: Cloud) -> None:
    def views(query: str) -> set[bool]:
        reply = cloud.send("GET", f"{COMPUTE}/virtualMachines?{query}")
        assert reply.status == 200, reply.text
        return {"instanceView" in item["properties"] for item in reply.json["value"]}

    assert views("statusOnly=true") == {True}
    assert views("statusOnly=false") == views("") == {False}
    of_set = f"$filter='virtualMachineScaleSet/id' eq '{SET}'"
    assert views(f"{of_set}&$expand=instanceView") == set()
    for query in ("statusOnly=maybe", "$expand=instanceView", f"{of_set}&$expand=userData", "$filter=name eq 'x'"):
        assert cloud.send("GET", f"{COMPUTE}/virtualMachines?{query}").status == 400, query


def test_what_a_machine_can_expand(cloud: Cloud) -> None:
    assert "instanceView" in cloud.send("GET", f"{VM}?$Expand=instanceView").json["properties"]
    assert cloud.send("GET", f"{VM}?$expand=userData").status == 200
    refused = cloud.send("GET", f"{VM}?$expand=everything")
    assert (refused.status, refused.code) == (400, "InvalidParameter")
    assert refused.message.endswith("Allowed values are: instanceView, userData.")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", f"{VM}/powerOff?skipShutdown=true", 202),
        ("POST", f"{VM}/powerOff?skipShutdown=perhaps", 400),
        ("POST", f"{VM}/deallocate?hibernate=false", 202),
        ("POST", f"{VM}/deallocate?hibernate=true", 409),
        ("DELETE", f"{VM}?forceDeletion=true", 202),
        ("DELETE", f"{VM}?forceDeletion=always", 400),
        ("DELETE", f"{GROUP}?forceDeletionTypes=Microsoft.Compute/virtualMachines", 202),
        ("DELETE", f"{GROUP}?forceDeletionTypes=Microsoft.Storage/storageAccounts", 400),
        ("GET", f"{HERE}/locations?includeExtendedLocations=true", 200),
        ("GET", "/tenants?$includeAllTenantCategories=true", 200),
        ("GET", f"{GROUP}/{AUTHORIZATION}/roleAssignments?tenantId={TENANT}", 200),
        ("GET", f"{GROUP}/{AUTHORIZATION}/roleAssignments?tenantId=x", 400),
        # What nobody documents is passed over without a word, as in Azure.
        ("GET", f"{VM}?colour=blue", 200),
    ],
)
def test_options_of_other_operations(cloud: Cloud, method: str, path: str, status: int) -> None:
    version = "2022-04-01" if "Authorization" in path or "Microsoft.Compute/" not in path.partition("?")[0] else V
    reply = cloud.send(method, path, version=version)
    assert reply.status == status, reply.text


def test_no_route_passes_over_an_option(cloud: Cloud) -> None:
    """Every route, so that a new one has to say what it reads."""
    seen = 0
    for (method, template), route in ROUTES.items():
        kind, _bar, rest = template.rpartition("|")
        start = {"subscription": HERE, "group": GROUP, "resource": VM, "management": None, "tenant": "", "": ""}[kind]
        if start is None:
            continue
        path = f"{start}{'/providers' if kind else ''}/{rest}".replace(
            "subscriptions/*", f"subscriptions/{SUBSCRIPTION}", 1
        )
        path = path.replace("resourcegroups/*", "resourceGroups/rg", 1)
        version = cloud.world.settings.served(route.versions).listed[-1]
        reply = cloud.send(method, f"{path.replace('*', 'x')}?$colour=blue", version=version)
        seen += 1
        if method == "HEAD":
            assert reply.status == 400
            continue
        assert (reply.status, reply.code) == (400, "UnsupportedQuery"), (method, template, reply.text)
        assert "'$colour'" in reply.message
    assert seen > 100


def test_what_is_said_to_be_read_is_of_a_route() -> None:
    assert _READ.keys() <= {route.handler for route in ROUTES.values()}
