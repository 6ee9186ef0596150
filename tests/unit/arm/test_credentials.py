# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every kind of credential, made by the real azure-identity, signs in at a service on loopback."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from dataclasses import replace

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._by_managed_identity import (
    BoundedTransport,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._credential import (
    explain_auth_error,
    find_subscription,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._sign_in import SignIn
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import (
    AccessError,
    InvalidInput,
    MissingPackage,
)

pytest.importorskip("azure.core")
pytest.importorskip("azure.identity")

SCOPE = "https://management.test/.default"
APP = {"client_id": "app", "tenant": "tid"}


@pytest.fixture
def token_file(tmp_path):
    (tmp_path / "token").write_text("first\n")
    return tmp_path / "token"


@pytest.mark.parametrize("call", ["get_token", "get_token_info"])
async def test_secret(service, make, call):
    credential, access, notes = make({**APP, "secret": "s3cret"})
    assert (await getattr(credential, call)(SCOPE)).token == "token-1"
    assert (await getattr(credential, call)(SCOPE)).token == "token-1"
    assert service.asked == [
        {
            "path": "/tid/oauth2/v2.0/token",
            "client_id": "app",
            "client_secret": "s3cret",
            "grant_type": "client_credentials",
            "scope": SCOPE,
        }
    ]
    assert notes == [access.source]


async def test_token(service, make):
    credential, _access, _notes = make({**APP, "oidc_token": "tok\n"})
    await credential.get_token(SCOPE)
    assert service.asked[0]["client_assertion"] == "tok"
    assert service.asked[0]["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


async def test_a_token_file_is_read_for_every_sign_in(service, make, token_file):
    service.expires_in = 0
    credential, _access, _notes = make({**APP, "oidc_token_file_path": str(token_file)})
    await credential.get_token(SCOPE)
    token_file.write_text("second")
    await credential.get_token(SCOPE)
    assert [asked["client_assertion"] for asked in service.asked] == ["first", "second"]


async def test_a_token_file_that_vanishes(service, make, token_file):
    credential, access, _notes = make({**APP, "oidc_token_file_path": str(token_file)})
    token_file.unlink()
    with pytest.raises(Exception, match="cannot be read") as caught:
        await credential.get_token(SCOPE)
    assert explain_auth_error(caught.value, access) is caught.value


@pytest.mark.parametrize("client_id", [None, "uai"])
async def test_managed_identity(service, make, monkeypatch, client_id):
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", service.url)
    environ = {"AZURE_CLIENT_ID": client_id} if client_id else {}
    credential, _access, notes = make({"auth_source": "msi"}, environ)
    assert (await credential.get_token(SCOPE)).token == "token-1"
    expected = {"path": "/metadata/identity/oauth2/token", "metadata": "true", "resource": "https://management.test"}
    expected["api-version"] = "2018-02-01"
    assert service.asked == [expected | ({"client_id": client_id} if client_id else {})]
    assert notes == [
        f"managed identity {client_id} of this machine" if client_id else "managed identity of this machine"
    ]


async def test_managed_identity_that_is_not_assigned(service, make, monkeypatch):
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", service.url)
    service.refusal = "Identity not found"
    credential, _access, _notes = make({"auth_source": "msi", "client_id": "uai"})
    with pytest.raises(AccessError) as caught:
        await credential.get_token(SCOPE)
    error = caught.value
    assert "managed identity uai of this machine" in error.message
    assert error.remedy == "Assign the identity to this machine, or check client_id."


@pytest.mark.parametrize(("params", "requests"), [({}, 4), ({"auth_source": "msi"}, 6)])
async def test_auto_does_not_wait_long_for_another_clouds_endpoint(service, make, monkeypatch, params, requests):
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", service.url)
    service.refusal, service.status = "Not Found", 404
    waits = []

    async def wait(_self, seconds):
        waits.append(seconds)

    monkeypatch.setattr(BoundedTransport, "sleep", wait)
    credential, _access, _notes = make(params)
    with pytest.raises(AccessError):
        await credential.get_token(SCOPE)
    assert len(service.asked) == requests
    assert sum(waits) < 10 or params


class Silent:
    """A transport from which no answer comes."""

    def __init__(self):
        self.options = []

    async def send(self, request, **options):
        self.options.append(options)
        await asyncio.sleep(60)

    async def sleep(self, duration):
        await asyncio.sleep(0)


async def test_a_silent_endpoint_of_managed_identities_is_given_up(make, monkeypatch):
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", "https://nowhere.test")
    monkeypatch.setattr(BoundedTransport.__init__, "__defaults__", (0.01,))
    silent = Silent()
    credential, _access, _notes = make({"auth_source": "msi"}, transport=silent)
    with pytest.raises(AccessError) as caught:
        await credential.get_token(SCOPE)
    assert len(silent.options) == 2
    assert all(options["proxies"] == {} for options in silent.options)
    assert "no endpoint of managed identities" in caught.value.remedy


def test_the_wait_for_managed_identities_is_bounded():
    assert 2 * BoundedTransport(None)._seconds < 10


async def test_ad_fs(service, make, cloud):
    own = replace(cloud, authority=f"{service.url}/adfs")
    credential, _access, _notes = make({**APP, "secret": "s"}, cloud=own)
    await credential.get_token(SCOPE)
    assert service.asked[0]["path"] == "/adfs/oauth2/v2.0/token"


@pytest.mark.parametrize(
    "params",
    [{**APP, "secret": "s"}, {**APP, "oidc_token": "t"}, {"auth_source": "msi"}, {"auth_source": "cli"}, {}],
)
async def test_closing_leaves_the_transport_open(service, make, transport, params, monkeypatch):
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", service.url)
    monkeypatch.setenv("PATH", "")
    credential, _access, _notes = make(params)
    if params.get("auth_source") != "cli":
        await credential.get_token(SCOPE)
    await credential.close()
    async with make(params)[0]:
        pass
    assert not transport.session.closed


async def test_what_azure_identity_refuses_is_an_error_for_the_user(make, monkeypatch):
    for name in ("AZURE_AUTHORITY_HOST", "AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE"):
        monkeypatch.setenv(name, "https://x")
    monkeypatch.delenv("AZURE_CLIENT_ID", raising=False)
    with pytest.raises(InvalidInput, match="managed identity of this machine cannot be used: Workload identity"):
        make({"auth_source": "msi"})


async def test_without_azure_identity_the_command_that_installs_it_is_told(make, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "azure.identity.aio", None)
    with pytest.raises(MissingPackage, match="azure-identity cannot be imported by") as caught:
        make({**APP, "secret": "s"})
    assert "-m pip install azure-identity" in caught.value.remedy


async def test_the_subscription_is_not_looked_for_if_it_is_known_or_nobody_knows(make, cloud):
    credential, access, _notes = make({**APP, "secret": "s", "subscription_id": "sub"})
    assert await find_subscription(access, cloud, SignIn(access, lambda: credential), Deadline(9)) == "sub"
    credential, access, _notes = make({**APP, "secret": "s"})
    assert await find_subscription(access, cloud, SignIn(access, lambda: credential), Deadline(9)) is None


def claims_of(assertion):
    header, payload, _signature = assertion.split(".")
    return tuple(json.loads(base64.urlsafe_b64decode(part + "==")) for part in (header, payload))


async def test_certificate(service, make, tmp_path, certificate):
    certificate.write(tmp_path / "app.pem", "pem", b"pw")
    params = {**APP, "x509_certificate_path": str(tmp_path / "app.pem"), "x509_certificate_password": "pw"}
    credential, _access, _notes = make(params)
    await credential.get_token(SCOPE)
    header, claims = claims_of(service.asked[0]["client_assertion"])
    assert header["x5t#S256"].rstrip("=") == certificate.sha256_thumbprint
    assert claims["iss"] == "app"
    assert claims["aud"] == f"{service.url}/tid/oauth2/v2.0/token"
    assert claims["exp"] > time.time()
