# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Entra ID: who gets a token, who does not and why, and what clients look up first."""

from __future__ import annotations

import base64
import copy
import json
import time
import typing as t
from pathlib import Path

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.emulator.cloud import BASE, OTHER_TENANT, SEED, TENANT, VM, Cloud, Reply

SCOPE = "https://management.azure.com/.default"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SECRET = {
    "grant_type": "client_credentials",
    "client_id": "main-client",
    "client_secret": "main-secret",
    "scope": SCOPE,
}
AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
ISSUER, SUBJECT = "https://issuer.example.com", "repo:contoso"


@pytest.fixture
def people(tmp_path: Path) -> Cloud:
    """A cloud with every kind of caller."""
    seed = copy.deepcopy(SEED)
    seed["callers"] += [
        {"name": "certified", "client_id": "certified-client", "certificate": "generate"},
        {
            "name": "pipeline",
            "client_id": "pipeline-client",
            "federated": [{"issuer": ISSUER, "subject": SUBJECT}, {"token": "a-known-token"}],
        },
        {"name": "Ada", "username": "ada@contoso.onmicrosoft.com", "password": "right"},
        {"name": "Grace", "username": "grace@contoso.onmicrosoft.com", "password": "right", "mfa": True},
    ]
    return Cloud(tmp_path, seed)


def ask(cloud: Cloud, form: dict[str, str], tenant: str = TENANT, **headers: str) -> Reply:
    """Ask for a token."""
    return cloud.form(f"/{tenant}/oauth2/v2.0/token", form, **headers)


def assertion(cloud: Cloud, directory: Path, **changes: t.Any) -> str:
    """Sign a client assertion with the generated key."""
    pem = (directory / "certified.pem").read_bytes()
    certificate = x509.load_pem_x509_certificate(pem)
    key = t.cast("rsa.RSAPrivateKey", changes.pop("key", serialization.load_pem_private_key(pem, None)))
    thumbprint = changes.pop("thumbprint", certificate.fingerprint(hashes.SHA256()))
    x5t = base64.urlsafe_b64encode(thumbprint).decode().rstrip("=")
    claims = {"iss": "certified-client", "sub": "certified-client", "exp": int(time.time()) + 60, **changes}
    claims.setdefault("aud", f"{BASE}/{TENANT}/oauth2/v2.0/token")
    return jwt.encode(claims, key, algorithm="PS256", headers={"x5t#S256": x5t})


def certified(token: str, client: str = "certified-client") -> dict[str, str]:
    """Return the form of a certificate's or a federated token's request."""
    return {
        "grant_type": "client_credentials",
        "client_id": client,
        "client_assertion": token,
        "client_assertion_type": ASSERTION_TYPE,
        "scope": SCOPE,
    }


def password(name: str, word: str = "right", **changes: str) -> dict[str, str]:
    """Return the form of a user's request."""
    form = {"grant_type": "password", "client_id": AZURE_CLI, "username": f"{name}@contoso.onmicrosoft.com"}
    return {**form, "password": word, "scope": f"{SCOPE} openid profile offline_access", **changes}


def test_a_secret(cloud: Cloud) -> None:
    reply = ask(cloud, SECRET)
    assert reply.status == 200
    assert reply.json["token_type"] == "Bearer"
    assert reply.json["expires_in"] == 3599
    claims = jwt.decode(reply.json["access_token"], options={"verify_signature": False})
    assert (claims["aud"], claims["oid"], claims["tid"]) == ("https://management.azure.com", "main-object", TENANT)
    assert (claims["appid"], claims["exp"] - claims["iat"]) == ("main-client", 3599)


def test_the_signature_is_by_the_published_key(cloud: Cloud) -> None:
    keys = jwt.PyJWKSet.from_dict(cloud.raw("GET", f"/{TENANT}/discovery/v2.0/keys").json)
    token = cloud.token()
    key = keys[jwt.get_unverified_header(token)["kid"]]
    assert jwt.decode(token, key, algorithms=["RS256"], audience="https://management.azure.com")


def test_the_older_endpoint_takes_a_resource(cloud: Cloud) -> None:
    form = {**SECRET, "resource": "https://management.core.windows.net/"}
    del form["scope"]
    reply = cloud.form(f"/{TENANT}/oauth2/token", form)
    token = jwt.decode(reply.json["access_token"], options={"verify_signature": False})
    assert token["aud"] == "https://management.core.windows.net/"


def test_life_of_tokens(tmp_path: Path) -> None:
    assert ask(Cloud(tmp_path, token_seconds=7), SECRET).json["expires_in"] == 7


@pytest.mark.parametrize(
    ("changes", "status", "error", "start"),
    [
        (
            {"client_secret": "wrong"},
            401,
            "invalid_client",
            "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the "
            "client secret "
            "value, not the client secret ID, for a secret added to app 'main-client'. Trace ID: ",
        ),
        (
            {"client_id": "nobody"},
            400,
            "unauthorized_client",
            "AADSTS700016: Application with identifier 'nobody' was not found in the directory 'Contoso'.",
        ),
        ({"grant_type": "magic"}, 400, "unsupported_grant_type", "AADSTS70003: "),
        ({"client_secret": None}, 401, "invalid_client", "AADSTS7000218: "),
        (
            {"client_id": None},
            400,
            "invalid_request",
            "AADSTS900144: The request body must contain the following parameter",
        ),
        ({"scope": ""}, 400, "invalid_scope", "AADSTS70011: "),
    ],
)
def test_refusals(cloud: Cloud, changes: dict[str, str | None], status: int, error: str, start: str) -> None:
    form = {name: value for name, value in {**SECRET, **changes}.items() if value is not None}
    headers = {"client-request-id": "11111111-0000-4000-8000-000000000000"}
    reply = ask(cloud, form, **headers)
    assert (reply.status, reply.json["error"]) == (status, error)
    assert reply.json["error_description"].startswith(start)
    assert reply.json["correlation_id"] == "11111111-0000-4000-8000-000000000000"
    assert start.split(":", 1)[0] == f"AADSTS{reply.json['error_codes'][0]}"
    assert {"timestamp", "trace_id", "error_uri"} <= set(reply.json)


def test_an_unknown_tenant(cloud: Cloud) -> None:
    reply = ask(cloud, SECRET, "nowhere.example.com")
    assert (reply.status, reply.json["error_codes"]) == (400, [90002])
    assert cloud.raw("GET", "/nowhere.example.com/v2.0/.well-known/openid-configuration").status == 400


def test_an_application_of_another_tenant(cloud: Cloud) -> None:
    assert ask(cloud, SECRET, OTHER_TENANT).json["error_codes"] == [700016]


@pytest.mark.parametrize("tenant", [TENANT, TENANT.upper(), "contoso.onmicrosoft.com"])
def test_names_of_a_tenant(cloud: Cloud, tenant: str) -> None:
    assert ask(cloud, SECRET, tenant).status == 200


def test_a_certificate(people: Cloud, tmp_path: Path) -> None:
    assert ask(people, certified(assertion(people, tmp_path))).status == 200


def test_a_signature_by_another_key(people: Cloud, tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    reply = ask(people, certified(assertion(people, tmp_path, key=key)))
    assert (reply.status, reply.json["error_codes"]) == (401, [700027])
    assert "verify the signature failed" in reply.json["error_description"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"thumbprint": b"x" * 32}, 700027),
        ({"exp": 1}, 700024),
        ({"sub": "other"}, 700021),
        ({"aud": "https://graph.microsoft.com"}, 700023),
        ({"aud": f"{BASE}/{OTHER_TENANT}/oauth2/v2.0/token"}, 700023),
        ({"aud": "https://[/"}, 700023),
        ({"aud": None}, 700023),
    ],
)
def test_wrong_assertions(people: Cloud, tmp_path: Path, changes: dict[str, t.Any], code: int) -> None:
    reply = ask(people, certified(assertion(people, tmp_path, **changes)))
    assert (reply.status, reply.json["error_codes"]) == (401, [code])


@pytest.mark.parametrize(
    "audience",
    [
        f"{BASE}/{TENANT}/oauth2/token",
        f"{BASE}/{TENANT}/v2.0",
        f"{BASE}/contoso.onmicrosoft.com/oauth2/v2.0/token",
        f"{BASE}/common/oauth2/v2.0/token",
        f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token",
        f"https://sts.windows.net/{TENANT}/",
        ["https://other.example.com", f"{BASE}/{TENANT}/oauth2/v2.0/token"],
    ],
)
def test_audiences_of_an_assertion(people: Cloud, tmp_path: Path, audience: t.Any) -> None:
    assert ask(people, certified(assertion(people, tmp_path, aud=audience))).status == 200


@pytest.mark.parametrize(
    ("offsets", "status"),
    [
        # Clients round up, and their clocks differ.
        ({"nbf": 1, "iat": 1}, 200),
        ({"nbf": 290, "iat": 290}, 200),
        ({"exp": -290}, 200),
        ({"nbf": 310}, 401),
        ({"iat": 310}, 401),
        ({"exp": -310}, 401),
    ],
)
@pytest.mark.parametrize("federated", [False, True])
def test_times_of_an_assertion(
    people: Cloud, tmp_path: Path, offsets: dict[str, int], status: int, federated: bool
) -> None:
    times = {name: int(time.time()) + offset for name, offset in offsets.items()}
    if federated:
        claims = {"iss": ISSUER, "sub": SUBJECT, "aud": "api://AzureADTokenExchange", **times}
        form = certified(jwt.encode(claims, "k" * 32, algorithm="HS256"), "pipeline-client")
    else:
        form = certified(assertion(people, tmp_path, **times))
    reply = ask(people, form)
    assert reply.status == status
    if status == 401:
        assert reply.json["error_codes"] == [700024]
        said = reply.json["error_description"]
        word = "expiry time of assertion " if "exp" in offsets else "assertion valid from "
        given = time.strftime("%Y-%m-%dT%H:%M:%S.0000000Z", time.gmtime(next(iter(times.values()))))
        assert said.startswith("AADSTS700024: Client assertion is not within its valid time range. Current time: ")
        assert f"{word}{given}" in said


@pytest.mark.parametrize("exp", ["soon", True, -1, 10**12, [1], 1e400])
def test_times_that_are_none(people: Cloud, exp: t.Any) -> None:
    claims = {"iss": ISSUER, "sub": SUBJECT, "aud": "api://AzureADTokenExchange", "exp": exp}
    token = ".".join(
        base64.urlsafe_b64encode(part).decode().rstrip("=")
        for part in (b'{"alg":"HS256","typ":"JWT"}', json.dumps(claims).encode(), b"x")
    )
    reply = ask(people, certified(token, "pipeline-client"))
    assert (reply.status, reply.json["error_codes"]) == (400, [50027])


def test_an_assertion_with_another_algorithm(people: Cloud, tmp_path: Path) -> None:
    token = assertion(people, tmp_path)
    header = {"alg": "HS256", "x5t#S256": jwt.get_unverified_header(token)["x5t#S256"]}
    claims = jwt.decode(token, options={"verify_signature": False})
    reply = ask(people, certified(jwt.encode(claims, "k" * 32, algorithm="HS256", headers=header)))
    assert (reply.status, reply.json["error_codes"]) == (400, [5002730])


def test_not_a_token(people: Cloud) -> None:
    assert ask(people, certified("nonsense")).json["error_codes"] == [50027]


def test_federated_tokens(people: Cloud, tmp_path: Path) -> None:
    assert ask(people, certified("a-known-token", "pipeline-client")).status == 200
    assert ask(people, certified((tmp_path / "pipeline.jwt").read_text(), "pipeline-client")).status == 200


@pytest.mark.parametrize(
    ("changes", "code", "what"),
    [
        ({"iss": "https://elsewhere.example.com"}, 700211, "issuer"),
        ({"sub": "repo:fabrikam"}, 700213, "subject"),
        ({"aud": "https://graph.example.com"}, 700212, "audience"),
    ],
)
def test_a_federated_token_that_does_not_match(people: Cloud, changes: dict[str, str], code: int, what: str) -> None:
    claims = {
        "iss": ISSUER,
        "sub": SUBJECT,
        "aud": "api://AzureADTokenExchange",
        "exp": int(time.time()) + 60,
        **changes,
    }
    token = jwt.encode(claims, "k" * 32, algorithm="HS256")
    reply = ask(people, certified(token, "pipeline-client"))
    assert (reply.status, reply.json["error_codes"]) == (401, [code])
    said = f"presented assertion {what} '{next(iter(changes.values()))}'. Check your federated identity credential"
    assert said in reply.json["error_description"]


def test_a_password(people: Cloud) -> None:
    reply = ask(people, password("ada"))
    claims = jwt.decode(reply.json["access_token"], options={"verify_signature": False})
    assert (claims["upn"], claims["idtyp"]) == ("ada@contoso.onmicrosoft.com", "user")
    headers = {"Authorization": f"Bearer {reply.json['access_token']}"}
    assert people.raw("GET", f"{VM}?api-version=2024-07-01", headers=headers).status == 200
    assert ask(people, password("ada"), "organizations").status == 200


@pytest.mark.parametrize(
    ("form", "code"),
    [
        (password("ada", "wrong"), 50126),
        (password("nobody"), 50034),
        (password("grace"), 50076),
        (password("ada", client_id="not-an-app"), 700016),
    ],
)
def test_passwords_refused(people: Cloud, form: dict[str, str], code: int) -> None:
    reply = ask(people, form)
    assert (reply.status, reply.json["error_codes"]) == (400, [code])


def test_discovery(cloud: Cloud) -> None:
    configuration = cloud.raw("GET", f"/{TENANT}/v2.0/.well-known/openid-configuration").json
    assert configuration["token_endpoint"] == f"{BASE}/{TENANT}/oauth2/v2.0/token"
    endpoint = f"{BASE}/{TENANT}/oauth2/v2.0/authorize"
    instance = cloud.raw("GET", f"/common/discovery/instance?api-version=1.1&authorization_endpoint={endpoint}").json
    assert instance["tenant_discovery_endpoint"] == f"{BASE}/{TENANT}/v2.0/.well-known/openid-configuration"
    realm = cloud.raw("GET", "/common/userrealm/ada@contoso.onmicrosoft.com?api-version=1.0").json
    assert realm["account_type"] == "Managed"
