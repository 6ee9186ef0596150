# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Federated credentials: REST, rules, one write at a time, and tokens for them."""

from __future__ import annotations

import time
import typing as t
from pathlib import Path

import jwt
import pytest

from tests.emulator.access import assign, seeded
from tests.emulator.cloud import GROUP, TENANT, VM, A, B, Cloud, uai

V = "2023-01-31"
ISSUER = "https://oidc.example.com/tenant"
AUDIENCE = "api://AzureADTokenExchange"
KEY = "k" * 40
LOWER = A.replace("resourceGroups", "resourcegroups")


def path(name: str = "fic", identity: str = A) -> str:
    """Return the ID of a credential."""
    return f"{identity}/federatedIdentityCredentials/{name}"


def put(cloud: Cloud, name: str = "fic", identity: str = A, **changes: t.Any) -> t.Any:
    """PUT a credential."""
    properties = {"issuer": ISSUER, "subject": "system:serviceaccount:ns:app", "audiences": [AUDIENCE], **changes}
    return cloud.send("PUT", path(name, identity), {"properties": properties}, version=V)


def test_round_trip(cloud: Cloud) -> None:
    created = put(cloud)
    assert (created.status, created.headers["Location"]) == (201, path(identity=LOWER))
    assert created.json == {
        "id": path(identity=LOWER),
        "name": "fic",
        "type": "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
        "properties": {"issuer": ISSUER, "subject": "system:serviceaccount:ns:app", "audiences": [AUDIENCE]},
    }
    updated = put(cloud, "FIC", subject="other")
    assert (updated.status, updated.json["name"], updated.json["id"]) == (200, "fic", created.json["id"])
    assert "Location" not in updated.headers
    assert cloud.send("GET", path(), version=V).json == updated.json
    assert cloud.send("DELETE", path(), version=V).status == 200
    assert cloud.send("DELETE", path(), version=V).status == 204
    missing = cloud.send("GET", path(), version=V)
    assert (missing.status, missing.code) == (404, "ResourceNotFound")
    assert "'Microsoft.ManagedIdentity/userAssignedIdentities/a/federatedIdentityCredentials/fic'" in missing.message


def test_pages(cloud: Cloud) -> None:
    for number in range(5):
        put(cloud, f"fic{number}", subject=str(number))
    address, seen = f"{A}/federatedIdentityCredentials?api-version={V}&$top=2", []
    while address:
        answer = cloud.send("GET", address).json
        seen.append([item["name"] for item in answer["value"]])
        address = answer.get("nextLink", "")
    assert seen == [["fic0", "fic1"], ["fic2", "fic3"], ["fic4"]]
    assert len(cloud.send("GET", f"{A}/federatedIdentityCredentials", version=V).json["value"]) == 5
    assert cloud.send("GET", f"{B}/federatedIdentityCredentials", version=V).json == {"value": []}


EMPTY = "Federated Identity Credential from HTTP body has empty properties"
ONE = "Federated identity credentials must have exactly one audience."


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("fi", {}, "Federated Identity Credential name 'fi' is invalid."),
        ("_fic", {}, "Federated Identity Credential name '_fic' is invalid."),
        ("x" * 121, {}, f"Federated Identity Credential name '{'x' * 121}' is invalid."),
        ("new", {"issuer": ""}, EMPTY),
        ("new", {"subject": None}, EMPTY),
        ("new", {"audiences": None}, EMPTY),
        ("new", {"audiences": []}, ONE),
        ("new", {"audiences": [AUDIENCE, "two"]}, ONE),
        ("new", {"issuer": "https://" + "x" * 600}, "Federated Identity Credential property 'issuer' is invalid."),
        ("new", {"subject": "x" * 601}, "Federated Identity Credential property 'subject' is invalid."),
        ("new", {}, "Issuer and subject combination already exists for this Managed Identity."),
    ],
)
def test_refusals(cloud: Cloud, name: str, changes: dict[str, t.Any], message: str) -> None:
    put(cloud)
    answer = put(cloud, name, **changes)
    assert (answer.status, answer.code, answer.message) == (400, "BadRequest", message)


def test_an_identity_that_is_not_there(cloud: Cloud) -> None:
    answer = put(cloud, identity=uai("gone"))
    assert (answer.status, answer.code) == (404, "ParentResourceNotFound")
    assert answer.message == (
        "Failed to perform 'write' on resource(s) of type 'userAssignedIdentities/federatedIdentityCredentials', "
        f"because the parent resource '{uai('gone')}' could not be found."
    )


def test_twenty_is_the_most(cloud: Cloud) -> None:
    for number in range(20):
        assert put(cloud, f"fic{number}", subject=str(number)).status == 201
    assert put(cloud, "fic20", subject="20").status == 400
    assert put(cloud, "fic19", subject="21").status == 200
    assert put(cloud, "fic20", identity=B, subject="20").status == 201


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_writes_must_not_overlap(tmp_path: Path, method: str) -> None:
    cloud = seeded(tmp_path, settings={"credential_seconds": 2.0})
    start = cloud.now
    assert put(cloud).status == 201
    assert cloud.now == start + 2.0
    cloud.now = start + 1.0
    again = {"PUT": lambda: put(cloud, "fic2", subject="2"), "DELETE": lambda: cloud.send("DELETE", path(), version=V)}
    second = again[method]()
    assert (second.status, second.code) == (409, "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity")
    assert second.message == (
        "Too many Federated Identity Credentials are written concurrently for the managed identity "
        f"'{LOWER}'. Concurrent Federated Identity Credentials writes under the same managed identity are not "
        "supported."
    )
    assert cloud.send("GET", path(), version=V).status == 200
    assert put(cloud, identity=B).status == 201
    cloud.now = start + 2.0
    assert put(cloud, "fic2", subject="2").status == 201


def test_credentials_go_with_their_identity(cloud: Cloud) -> None:
    identity = uai("fleeting")
    cloud.send("PUT", identity, {"location": "westeurope"}, version=V)
    put(cloud, identity=identity)
    cloud.send("DELETE", identity, version=V)
    cloud.send("PUT", identity, {"location": "westeurope"}, version=V)
    assert cloud.send("GET", f"{identity}/federatedIdentityCredentials", version=V).json == {"value": []}


def assertion(**changes: t.Any) -> str:
    """Return a token of the other identity provider."""
    claims = {"iss": ISSUER, "sub": "system:serviceaccount:ns:app", "aud": AUDIENCE, "exp": int(time.time()) + 600}
    return jwt.encode({**claims, **changes}, KEY, algorithm="HS256")


def exchange(cloud: Cloud, token: str, identity: str = A) -> t.Any:
    """Ask Entra ID for a token of an identity."""
    client = cloud.send("GET", identity, version=V).json["properties"]["clientId"]
    form = {
        "grant_type": "client_credentials",
        "client_id": client,
        "client_assertion": token,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "scope": "https://management.azure.com/.default",
    }
    return cloud.form(f"/{TENANT}/oauth2/v2.0/token", form)


def test_a_token_for_a_federated_token(cloud: Cloud) -> None:
    put(cloud)
    properties = cloud.send("GET", A, version=V).json["properties"]
    answer = exchange(cloud, assertion())
    assert answer.status == 200
    claims = jwt.decode(answer.json["access_token"], options={"verify_signature": False})
    assert (claims["oid"], claims["appid"]) == (properties["principalId"], properties["clientId"])
    assert claims["xms_mirid"] == LOWER
    headers = {"Authorization": f"Bearer {answer.json['access_token']}"}
    assert cloud.raw("GET", f"{VM}?api-version=2024-07-01", headers=headers).status == 403
    assign(cloud, properties["principalId"], scope=GROUP)
    assert cloud.raw("GET", f"{VM}?api-version=2024-07-01", headers=headers).status == 200


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"iss": ISSUER + "/"}, 700211),
        ({"sub": "system:serviceaccount:ns:App"}, 700213),
        ({"aud": "api://other"}, 700212),
        ({"exp": 1}, 700024),
    ],
)
def test_tokens_that_do_not_match(cloud: Cloud, changes: dict[str, t.Any], code: int) -> None:
    put(cloud)
    answer = exchange(cloud, assertion(**changes))
    assert (answer.status, answer.json["error_codes"]) == (401, [code])


def test_only_the_identity_of_the_credential(cloud: Cloud) -> None:
    put(cloud)
    assert exchange(cloud, assertion(), B).json["error_codes"] == [70025]
    cloud.send("DELETE", path(), version=V)
    assert exchange(cloud, assertion()).json["error_codes"] == [70025]
