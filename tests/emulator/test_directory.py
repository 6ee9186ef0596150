# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Microsoft Graph: which principals there are; held to what the Azure CLI asks and to the shape of recorded answers."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.emulator.access import assign, principal_of, seeded
from tests.emulator.cloud import OTHER_TENANT, VM, A, B, Cloud, Reply, uai

GRAPH = "https://graph.microsoft.com"
GROUP = "9d1b2c3e-0000-4000-8000-000000000001"
NOBODY = "9d1b2c3e-0000-4000-8000-00000000ffff"
CALLERS = [
    {"name": "main", "object_id": "9d1b2c3e-0000-4000-8000-000000000002", "client_id": "main-client", "secret": "s"},
    {"name": "poor", "object_id": "9d1b2c3e-0000-4000-8000-000000000003", "secret": "s", "roles": []},
    {
        "name": "clerk",
        "object_id": "9d1b2c3e-0000-4000-8000-000000000004",
        "secret": "s",
        "roles": [],
        "directory": True,
    },
    {"name": "ada", "object_id": "9d1b2c3e-0000-4000-8000-000000000005", "username": "ada@contoso.onmicrosoft.com"}
    | {"password": "p"},
    {"name": "foreigner", "tenant": OTHER_TENANT, "object_id": "9d1b2c3e-0000-4000-8000-000000000006", "secret": "s"},
]
MAIN, ADA, FOREIGNER = (str(CALLERS[number]["object_id"]) for number in (0, 3, 4))
RECORDED_HEADERS = {
    "cache-control": "no-cache",
    "content-type": "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;"
    "charset=utf-8",
    "odata-version": "4.0",
    "strict-transport-security": "max-age=31536000",
    "vary": "Accept-Encoding",
    "x-ms-resource-unit": "1",
}
# What the Azure CLI sends, `az role assignment list` and `az role assignment create --assignee`.
TYPES = ["user", "group", "servicePrincipal", "directoryObjectPartnerReference"]


@pytest.fixture
def cloud(tmp_path: Path) -> Cloud:
    vms = [{"name": "vm", "group": "rg", "system_identity": True}]
    directory = [{"name": "Team", "id": GROUP}]
    return seeded(tmp_path, callers=CALLERS, vms=vms, directory=directory, settings={"replication_seconds": 30.0})


def token(cloud: Cloud, caller: str = "main", audience: str = GRAPH) -> str:
    """Return a token of a caller for an audience."""
    found = next(item for item in cloud.world.store.callers.values() if item.name == caller)
    form = {"grant_type": "client_credentials", "client_id": found.client_id, "client_secret": found.secrets[0]}
    reply = cloud.form(f"/{found.tenant}/oauth2/v2.0/token", {**form, "scope": f"{audience}/.default"})
    return t.cast("str", reply.json["access_token"])


def ask(cloud: Cloud, method: str, path: str, body: object = None, *, caller: str = "main", **more: str) -> Reply:
    """Send a request to Microsoft Graph."""
    data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {more.get('token') or token(cloud, caller)}"}
    return cloud.raw(method, f"/v1.0/{path}", data, headers)


def by_ids(cloud: Cloud, *ids: str, caller: str = "main", **more: t.Any) -> Reply:
    """Ask for objects by their IDs, as the Azure CLI does."""
    return ask(cloud, "POST", "directoryObjects/getByIds", {"ids": list(ids), "types": TYPES, **more}, caller=caller)


def kinds(reply: Reply) -> dict[str, str]:
    """Return the types of the objects in an answer by their IDs."""
    assert reply.status == 200, reply.text
    return {item["id"]: item["@odata.type"].removeprefix("#microsoft.graph.") for item in reply.json["value"]}


def test_objects_of_every_kind_by_id(cloud: Cloud) -> None:
    identity, vm = principal_of(cloud, A), (cloud.identity() or {})["principalId"]
    reply = by_ids(cloud, identity.upper(), vm, MAIN, ADA, GROUP, NOBODY, FOREIGNER, identity)
    service = "servicePrincipal"
    assert kinds(reply) == {identity: service, vm: service, MAIN: service, ADA: "user", GROUP: "group"}
    assert len(reply.json["value"]) == 5
    assert reply.json["@odata.context"].endswith("/v1.0/$metadata#directoryObjects")
    shown = {item["id"]: item for item in reply.json["value"]}
    assert shown[identity]["servicePrincipalType"] == shown[vm]["servicePrincipalType"] == "ManagedIdentity"
    assert shown[identity]["alternativeNames"] == [
        "isExplicit=True",
        A.replace("resourceGroups", "resourcegroups"),
    ]
    assert shown[vm]["alternativeNames"] == ["isExplicit=False", VM]
    assert (shown[MAIN]["appId"], shown[MAIN]["servicePrincipalNames"]) == ("main-client", ["main-client"])
    assert (shown[ADA]["userPrincipalName"], shown[GROUP]["displayName"]) == ("ada@contoso.onmicrosoft.com", "Team")


def test_types_narrow_it(cloud: Cloud) -> None:
    ids = (principal_of(cloud, A), ADA, GROUP)
    assert set(kinds(by_ids(cloud, *ids, types=["group"]))) == {GROUP}
    assert set(kinds(by_ids(cloud, *ids, types=["User", "directoryObjectPartnerReference"]))) == {ADA}
    for everything in (None, [], ["directoryObject"]):
        assert set(kinds(by_ids(cloud, *ids, types=everything))) == set(ids)


def test_a_deleted_identity_is_gone_and_a_new_one_replicates(cloud: Cloud) -> None:
    old = principal_of(cloud, B)
    cloud.send("DELETE", B, version="2023-01-31")
    cloud.send("PUT", uai("new"), {"location": "westeurope"}, version="2023-01-31")
    new = principal_of(cloud, uai("new"))
    assert kinds(by_ids(cloud, old, new)) == {}
    cloud.now += 31
    assert set(kinds(by_ids(cloud, old, new))) == {new}


def test_by_name(cloud: Cloud) -> None:
    """`az role assignment create --assignee`: an application ID, a client ID, the name of a user."""

    def named(collection: str, text: str) -> list[str]:
        reply = ask(cloud, "GET", f"{collection}?$filter={quote(text)}")
        assert reply.status == 200, reply.text
        assert reply.json["@odata.context"].endswith(f"#{collection}")
        return [item["id"] for item in reply.json["value"]]

    principals = "servicePrincipals"
    assert named(principals, "servicePrincipalNames/any(c:c eq 'MAIN-client')") == [MAIN]
    client = cloud.send("GET", A, version="2023-01-31").json["properties"]["clientId"]
    assert named(principals, f"servicePrincipalNames/any(c:c eq '{client}')") == [principal_of(cloud, A)]
    # A principal ID is no name of a service principal.
    assert named(principals, f"servicePrincipalNames/any(c:c eq '{MAIN}')") == []
    assert named(principals, "servicePrincipalNames/any(c:c eq 'it''s')") == []
    assert named("users", "userPrincipalName eq 'ada@contoso.onmicrosoft.com'") == [ADA]
    assert named("users", "userPrincipalName eq 'main-client'") == []


def refused(reply: Reply, status: int, code: str, message: str = "") -> None:
    error = reply.json["error"]
    assert (reply.status, error["code"]) == (status, code)
    assert message in error["message"]
    assert set(error) == {"code", "message", "innerError"}
    assert set(error["innerError"]) == {"date", "request-id", "client-request-id"}
    assert error["innerError"]["request-id"] == reply.headers["request-id"]


def test_who_may_ask(cloud: Cloud) -> None:
    denied = ("Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
    refused(by_ids(cloud, MAIN, caller="poor"), 403, *denied)
    text = quote("servicePrincipalNames/any(c:c eq 'x')")
    refused(ask(cloud, "GET", f"servicePrincipals?$filter={text}", caller="poor"), 403, *denied)
    assert set(kinds(by_ids(cloud, MAIN, caller="clerk"))) == {MAIN}
    # Who is of another tenant sees that one's objects.
    assert set(kinds(by_ids(cloud, MAIN, FOREIGNER, caller="foreigner"))) == {FOREIGNER}


@pytest.mark.parametrize("audience", [GRAPH, f"{GRAPH}/", "https://graph.microsoft.us", "https://127.0.0.1:8443/"])
def test_audiences(cloud: Cloud, audience: str) -> None:
    assert (
        ask(cloud, "POST", "directoryObjects/getByIds", {"ids": [MAIN]}, token=token(cloud, audience=audience)).status
        == 200
    )


def test_tokens_for_others_are_refused(cloud: Cloud) -> None:
    body = {"ids": [MAIN]}
    for given, message in (
        (token(cloud, audience="https://management.azure.com"), "Invalid audience"),
        ("x", "parsing"),
    ):
        reply = ask(cloud, "POST", "directoryObjects/getByIds", body, token=given)
        refused(reply, 401, "InvalidAuthenticationToken", message)
        assert reply.headers["WWW-Authenticate"].startswith("Bearer ")
    refused(cloud.raw("POST", "/v1.0/directoryObjects/getByIds"), 401, "InvalidAuthenticationToken", "is empty")
    old = token(cloud)
    cloud.now += 9999
    refused(
        ask(cloud, "POST", "directoryObjects/getByIds", body, token=old), 401, "InvalidAuthenticationToken", "expired"
    )
    graph = token(cloud)
    arm = cloud.raw("GET", f"{A}?api-version=2023-01-31", headers={"Authorization": f"Bearer {graph}"})
    assert (arm.status, arm.code) == (401, "InvalidAuthenticationTokenAudience")


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("POST", "directoryObjects/getByIds", b"{", "BadRequest"),
        ("POST", "directoryObjects/getByIds", [], "BadRequest"),
        ("POST", "directoryObjects/getByIds", {}, "Request_BadRequest"),
        ("POST", "directoryObjects/getByIds", {"ids": []}, "Request_BadRequest"),
        ("POST", "directoryObjects/getByIds", {"ids": ["x"]}, "Request_BadRequest"),
        ("POST", "directoryObjects/getByIds", {"ids": [7]}, "Request_BadRequest"),
        ("POST", "directoryObjects/getByIds", {"ids": [MAIN], "types": "user"}, "Request_BadRequest"),
        ("POST", "directoryObjects/getByIds", {"ids": [MAIN] * 1001}, "Request_BadRequest"),
        ("GET", "directoryObjects/getByIds", None, "BadRequest"),
        ("GET", "servicePrincipals", None, "Request_UnsupportedQuery"),
        ("GET", "servicePrincipals?$filter=displayName%20eq%20'x'", None, "Request_UnsupportedQuery"),
        ("GET", "users?$filter=x", None, "Request_UnsupportedQuery"),
        ("GET", "users?$filter=x&$top=1", None, "Request_BadRequest"),
        ("POST", "directoryObjects/getByIds?$select=id", {"ids": []}, "Request_BadRequest"),
        ("GET", "groups", None, "BadRequest"),
        ("DELETE", "users", None, "BadRequest"),
        ("GET", "", None, "BadRequest"),
    ],
)
def test_what_is_refused(cloud: Cloud, method: str, path: str, body: object, code: str) -> None:
    refused(ask(cloud, method, path, body), 400, code)


def test_a_group_is_a_principal_of_its_kind(cloud: Cloud) -> None:
    assert assign(cloud, GROUP).json["properties"]["principalType"] == "Group"
    assert assign(cloud, GROUP, scope=VM, principalType="ServicePrincipal").code == "UnmatchedPrincipalType"


def test_headers_are_those_of_recorded_answers(cloud: Cloud) -> None:
    """As Graph sent them to the Azure CLI on 2023-08-23, without those that say who served it, how, and when."""
    ours = by_ids(cloud, MAIN).headers
    for name, value in RECORDED_HEADERS.items():
        assert ours[name] == value, name
    assert ours["request-id"]
