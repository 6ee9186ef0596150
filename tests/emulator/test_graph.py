# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resource Graph: pages, scopes, rights, lag, quota, and its errors."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import pytest

from tests.emulator.cloud import FOREIGN, GROUP, SECOND, SEED, SUBSCRIPTION, VM, A, Cloud, Reply

PATH = "/providers/Microsoft.ResourceGraph/resources"
VMS = "Resources | where type =~ 'microsoft.compute/virtualmachines'"
OURS = "type in ('microsoft.compute/virtualmachines', 'microsoft.managedidentity/userassignedidentities')"
FLEET = {**SEED, "fleets": [{"prefix": "f", "count": 250, "group": "rg", "user_identities": ["a"]}]}


def ask(cloud: Cloud, query: object, caller: str = "main", options: object = None, **body: t.Any) -> Reply:
    """Send a query."""
    body = {"query": query, **body, **({} if options is None else {"options": options})}
    return cloud.send("POST", PATH, body, caller=caller, version="2021-03-01")


def names(reply: Reply) -> list[str]:
    """Return the names of the rows."""
    return [row["name"] for row in reply.json["data"]]


def test_a_row_has_what_azure_shows(cloud: Cloud) -> None:
    cloud.patch({"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {A: {}}})
    cloud.identity()
    (row,) = ask(cloud, VMS).json["data"]
    assert (row["id"], row["name"], row["type"]) == (VM, "vm", "microsoft.compute/virtualmachines")
    assert (row["resourceGroup"], row["subscriptionId"], row["location"]) == ("rg", SUBSCRIPTION, "westeurope")
    assert row["identity"]["type"] == "SystemAssigned, UserAssigned"
    assert set(row["identity"]["userAssignedIdentities"][A]) == {"clientId", "principalId"}
    assert row["properties"]["provisioningState"] == "Succeeded"
    assert row["properties"]["extended"]["instanceView"]["powerState"]["code"] == "PowerState/running"
    assert row["properties"]["hardwareProfile"]["vmSize"]


def test_identities_by_vm(cloud: Cloud) -> None:
    cloud.patch({"type": "UserAssigned", "userAssignedIdentities": {A.upper(): {}}})
    query = (
        f"{VMS} | mv-expand uai = bag_keys(identity.userAssignedIdentities) "
        "| extend uai = tolower(tostring(uai)) | project id, uai"
    )
    assert ask(cloud, query).json["data"] == [{"id": VM, "uai": A.lower()}]


@pytest.mark.parametrize("version", ["2021-03-01", "2024-04-01"])
def test_the_form_of_an_answer(cloud: Cloud, version: str) -> None:
    reply = cloud.send("POST", PATH, {"query": f"{VMS} | project id"}, version=version)
    assert reply.json == {"totalRecords": 1, "count": 1, "data": [{"id": VM}], "facets": [], "resultTruncated": "false"}
    assert reply.headers["x-ms-user-quota-remaining"] == "14"
    assert reply.headers["x-ms-user-quota-resets-after"] == "00:00:05"


def test_a_table_on_request(cloud: Cloud) -> None:
    data = ask(cloud, f"{VMS} | project name, n = 1, tags", options={"resultFormat": "table"}).json["data"]
    assert [column["name"] for column in data["columns"]] == ["name", "n", "tags"]
    assert [column["type"] for column in data["columns"]][:2] == ["string", "integer"]
    assert data["rows"] == [["vm", 1, None]]


def test_pages(tmp_path: Path) -> None:
    cloud = Cloud(tmp_path, FLEET)
    query = f"{VMS} | where name startswith 'f' | project id, name | order by id asc"
    found, token, counts = [], None, []
    while token is not None or not counts:
        reply = ask(cloud, query, options={"$skipToken": token} if token else None)
        assert (reply.json["totalRecords"], reply.json["resultTruncated"]) == (250, "false")
        counts.append(reply.json["count"])
        found += names(reply)
        token = reply.json.get("$skipToken")
    assert counts == [100, 100, 50]
    assert found == [f"f{number:05}" for number in range(1, 251)]
    assert ask(cloud, query, options={"$top": 1000}).json["count"] == 250
    assert names(ask(cloud, query, options={"$top": 2, "$skip": 3})) == ["f00004", "f00005"]


def test_without_the_id_there_is_one_page_only(tmp_path: Path) -> None:
    cloud = Cloud(tmp_path, FLEET)
    reply = ask(cloud, f"{VMS} | project name")
    assert (reply.json["count"], reply.json["totalRecords"], reply.json["resultTruncated"]) == (100, 251, "true")
    assert "$skipToken" not in reply.json


def test_scopes(cloud: Cloud) -> None:
    query = f"Resources | where {OURS} | project id, name | order by name asc"
    everywhere = ["a", "b", "c", "shared", "vm"]
    assert names(ask(cloud, query)) == everywhere
    assert names(ask(cloud, query, subscriptions=[SUBSCRIPTION, SECOND])) == everywhere
    assert names(ask(cloud, query, subscriptions=[SECOND.upper()])) == ["shared"]
    assert names(ask(cloud, query, subscriptions=[SECOND, FOREIGN])) == ["shared"]
    refusal = ask(cloud, query, subscriptions=[FOREIGN])
    assert (refusal.status, refusal.code) == (403, "AccessDenied")
    assert refusal.json["error"]["details"][0]["message"].startswith("Access is denied")


def test_rows_that_a_caller_may_not_read_are_missing(cloud: Cloud) -> None:
    assert names(ask(cloud, f"Resources | where {OURS} | project id, name", caller="limited")) == ["vm"]
    both = [SUBSCRIPTION, SECOND]
    assert names(ask(cloud, f"{VMS} | project name", caller="limited", subscriptions=both)) == ["vm"]
    assert ask(cloud, "Resources", caller="limited", subscriptions=[SECOND]).status == 403


def test_containers(cloud: Cloud) -> None:
    query = "ResourceContainers | where type == 'microsoft.resources/subscriptions/resourcegroups' | project name"
    assert names(ask(cloud, query)) == ["rg", "rg2"]


def test_lag(tmp_path: Path) -> None:
    cloud = Cloud(tmp_path, resource_graph_seconds=30, operation_seconds=5)
    cloud.patch({"type": "SystemAssigned"})
    cloud.send("DELETE", A, version="2023-01-31")
    query = "Resources | where name in ('vm', 'a') | project name, type = identity.type | order by name asc"
    before, after = [("a", None), ("vm", None)], [("vm", "SystemAssigned")]
    seen = []
    for seconds in (0, 29, 2):
        cloud.now += seconds
        seen.append([(row["name"], row["type"]) for row in ask(cloud, query).json["data"]])
    assert seen == [before, before, after]
    state = f"{VMS} | project state = properties.provisioningState"
    assert ask(cloud, state).json["data"] == [{"state": "Updating"}]
    cloud.now += 10
    assert ask(cloud, state).json["data"] == [{"state": "Succeeded"}]


def test_quota(tmp_path: Path) -> None:
    cloud = Cloud(tmp_path, limits=True)
    replies = [ask(cloud, VMS) for _number in range(16)]
    assert [reply.status for reply in replies] == [200] * 15 + [429]
    assert (replies[0].headers["x-ms-user-quota-remaining"], replies[-1].headers["x-ms-user-quota-remaining"]) == (
        "14",
        "0",
    )
    assert (replies[-1].headers["x-ms-user-quota-resets-after"], replies[-1].headers["Retry-After"]) == (
        "00:00:05",
        "1",
    )
    assert replies[-1].code == "RateLimiting"
    assert "https://aka.ms/resourcegraph-throttling" in replies[-1].json["error"]["details"][0]["message"]
    assert ask(cloud, VMS, caller="limited").status == 200
    cloud.now += 5
    assert ask(cloud, VMS).headers["x-ms-user-quota-remaining"] == "14"


def test_a_wrong_query(cloud: Cloud) -> None:
    reply = ask(cloud, "Resources | parse id with x")
    assert (reply.status, reply.code) == (400, "BadRequest")
    assert re.fullmatch(
        r"Please provide below info when asking for support: timestamp = \d{4}-\d\d-\d\dT[\d:]+\.\d{7}Z, "
        r"correlationId = [0-9a-f-]{36}\.",
        reply.message,
    )
    assert reply.json["error"]["details"] == [
        {
            "code": "InvalidQuery",
            "message": "Query is invalid. Please refer to the documentation for the Azure Resource Graph service and "
            "fix the error before retrying.",
        },
        {
            "code": "InvalidQueryLanguage",
            "message": "InvalidQueryLanguage",
            "line": -1,
            "characterPositionInLine": -1,
            "token": "parse",
        },
    ]
    failure = ask(cloud, "Resources\n| where name == ==").json["error"]["details"][1]
    assert (failure["code"], failure["line"], failure["characterPositionInLine"]) == ("ParserFailure", 2, 16)
    assert ask(cloud, "Secrets").json["error"]["details"][1]["token"] == "secrets"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"query": 3},
        {"query": " "},
        {"query": "Resources", "subscriptions": "x"},
        {"query": "Resources", "subscriptions": [1]},
        {"query": "Resources", "options": []},
        {"query": "Resources", "options": {"$top": 0}},
        {"query": "Resources", "options": {"$top": 1001}},
        {"query": "Resources", "options": {"$top": "1"}},
        {"query": "Resources", "options": {"$skip": -1}},
        {"query": "Resources", "options": {"$skipToken": "x"}},
        {"query": "Resources", "options": {"$skipToken": "e30="}},
    ],
)
def test_a_wrong_body(cloud: Cloud, body: dict[str, t.Any]) -> None:
    reply = cloud.send("POST", PATH, body, version="2024-04-01")
    assert (reply.status, reply.code) == (400, "BadRequest")


def test_what_else_is_not_there(cloud: Cloud) -> None:
    assert cloud.send("GET", PATH, version="2024-04-01").code == "HttpMethodNotSupported"
    assert cloud.send("POST", f"{PATH}History", {}, version="2024-04-01").code == "InvalidResourceType"
    assert cloud.send("POST", f"{GROUP}{PATH}", {}, version="2024-04-01").code == "InvalidResourceType"


def test_subscriptions_of_a_management_group(tmp_path: Path) -> None:
    seed = {
        **SEED,
        "management_groups": [{"name": "platform"}, {"name": "empty"}],
        "subscriptions": [
            {**item, "management_group": "platform"} if item["name"] == "Second" else item
            for item in SEED["subscriptions"]
        ],
    }
    cloud = Cloud(tmp_path, seed)
    query = "Resources | project id, name"
    assert "shared" in names(ask(cloud, query))
    assert "vm" in names(ask(cloud, query))
    assert names(ask(cloud, query, managementGroups=["Platform"])) == ["shared"]
    assert "vm" in names(ask(cloud, query, managementGroups=[]))
    for groups in (["empty"], ["nowhere"]):
        reply = ask(cloud, query, managementGroups=groups)
        assert (reply.status, reply.code) == (403, "AccessDenied")


@pytest.mark.parametrize(
    "more",
    [
        {"managementGroups": "platform"},
        {"managementGroups": ["platform"], "subscriptions": [SUBSCRIPTION]},
        {"facets": [{"expression": "location"}]},
        {"options": {"resultFormat": "csv"}},
    ],
)
def test_what_a_query_asks_for_is_not_passed_over(cloud: Cloud, more: dict[str, t.Any]) -> None:
    reply = ask(cloud, VMS, **more)
    assert (reply.status, reply.code) == (400, "BadRequest")
