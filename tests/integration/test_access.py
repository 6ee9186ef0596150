# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way to sign in, against the emulator's Entra ID and IMDS: real TLS, the real azure-identity, one transport."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._access import Access
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._clouds import find_cloud
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._credential import make_credential
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._resolve import resolve
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._tls import ssl_context
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._transport import SharedTransport
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import AccessError
from tests.support.emulator import Emulator

pytestmark = pytest.mark.oldest

TENANT = "5a1d6c3e-0b7f-4f3c-9c53-0f4e1d2b8a10"
SUBSCRIPTION = "11111111-2222-4333-8444-555555555555"
APP = {"client_id": "7d1f4a0e-0000-4c7e-a3c8-000000000001", "tenant": TENANT}
APP_OBJECT = "7d1f4a0e-0000-4c7e-a3c8-000000000002"
USER_OBJECT = "7d1f4a0e-0000-4c7e-a3c8-000000000003"
VM_OBJECT = "7d1f4a0e-0000-4c7e-a3c8-000000000004"
UAI_OBJECT = "7d1f4a0e-0000-4c7e-a3c8-000000000005"
UAI_CLIENT = "7d1f4a0e-0000-4c7e-a3c8-000000000006"
SEED = {
    "tenants": [{"id": TENANT, "name": "Contoso", "domain": "contoso.onmicrosoft.com"}],
    "subscriptions": [{"id": SUBSCRIPTION, "name": "Production"}],
    "groups": [{"name": "rg"}],
    "identities": [{"name": "uai", "group": "rg", "principal_id": UAI_OBJECT, "client_id": UAI_CLIENT}],
    "vms": [
        {"name": "vm", "group": "rg", "system_identity": True, "principal_id": VM_OBJECT, "user_identities": ["uai"]},
        {"name": "bare", "group": "rg"},
    ],
    "callers": [
        {
            "name": "app",
            "client_id": APP["client_id"],
            "object_id": APP_OBJECT,
            "secret": "app-s3cret",
            "certificate": "generate",
            "federated": [{"issuer": "https://issuer.test", "subject": "repo:x"}, {"token": "known-token"}],
        },
        {"name": "ada", "username": "ada@contoso.onmicrosoft.com", "password": "ada-s3cret", "object_id": USER_OBJECT},
        {"name": "grace", "username": "grace@contoso.onmicrosoft.com", "password": "grace-s3cret", "mfa": True},
    ],
}


@pytest.fixture(scope="module")
def entra(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator.start(SEED, directory=tmp_path_factory.mktemp("entra")) as emulator:
        yield emulator


@pytest.fixture
def environ(entra: Emulator) -> dict[str, str]:
    """Where to sign in, without who."""
    names = ("AZURE_CLOUD_ENVIRONMENT", "REQUESTS_CA_BUNDLE", "AZURE_SUBSCRIPTION_ID")
    return {"HOME": "/nonexistent", "PATH": "", **{name: entra.env[name] for name in names}}


async def sign_in(access: Access) -> tuple[dict[str, str], int]:
    """The claims of the access's token, and the status with which Resource Manager answers to it."""
    trust = ssl_context(verify=access.verify_tls, authorities=access.ca_bundle)
    async with ClientSession() as anonymous:

        async def get_json(url: str) -> object:
            async with anonymous.get(url, ssl=trust) as answer:
                return await answer.json()

        cloud = await find_cloud(access, get_json)
        transport = SharedTransport(trust)
        try:
            credential = make_credential(access, cloud, transport, lambda _words: None)
            token = (await credential.get_token(cloud.scope)).token
            await credential.close()
        finally:
            await transport.end()
        url = f"{cloud.resource_manager}/subscriptions/{SUBSCRIPTION}/resourceGroups/rg?api-version=2021-04-01"
        headers = {"Authorization": f"Bearer {token}"}
        async with anonymous.get(url, headers=headers, ssl=trust) as answer:
            payload = token.split(".")[1]
            return json.loads(base64.urlsafe_b64decode(payload + "==")), answer.status


@pytest.mark.parametrize("place", ["parameters", "environment", "azcollection", "file"])
async def test_secret(environ, tmp_path, place):
    given = {**APP, "secret": "app-s3cret"}
    params: dict[str, str] = {}
    if place == "parameters":
        params = given
    elif place == "file":
        (tmp_path / ".azure").mkdir()
        lines = [f"{name}={value}\n" for name, value in given.items()]
        (tmp_path / ".azure" / "credentials").write_text("[default]\n" + "".join(lines))
        environ["HOME"] = str(tmp_path)
    else:
        names = (
            ("AZURE_TENANT", "AZURE_SECRET") if place == "azcollection" else ("AZURE_TENANT_ID", "AZURE_CLIENT_SECRET")
        )
        environ |= {"AZURE_CLIENT_ID": APP["client_id"], names[0]: TENANT, names[1]: "app-s3cret"}
    claims, status = await sign_in(resolve(params, environ))
    assert (claims["oid"], status) == (APP_OBJECT, 200)


@pytest.mark.parametrize("kind", ["pem", "pem with password", "pkcs12 with password"])
async def test_certificate(entra, environ, tmp_path, kind):
    source = (entra.directory / "app.pem").read_bytes()
    (tmp_path / "app").write_bytes(convert(source, kind))
    params = {**APP, "x509_certificate_path": str(tmp_path / "app")}
    if "password" in kind:
        params["x509_certificate_password"] = "pä55"
    claims, status = await sign_in(resolve(params, environ))
    assert (claims["oid"], status) == (APP_OBJECT, 200)


def convert(source: bytes, kind: str) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization as s
    from cryptography.hazmat.primitives.serialization import pkcs12

    if kind == "pem":
        return source
    key, certificate = s.load_pem_private_key(source, None), x509.load_pem_x509_certificate(source)
    hidden = s.BestAvailableEncryption("pä55".encode())
    if kind.startswith("pkcs12"):
        return pkcs12.serialize_key_and_certificates(b"app", key, certificate, None, hidden)
    return key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, hidden) + certificate.public_bytes(s.Encoding.PEM)


def text_of(file: Path) -> str:
    return file.read_text()


@pytest.mark.parametrize("place", ["text", "file", "environment of a pod"])
async def test_federated_token(entra, environ, place):
    file = entra.directory / "app.jwt"
    params = {**APP, "oidc_token_file_path": str(file)}
    if place == "text":
        params = {**APP, "oidc_token": text_of(file)}
    elif place == "environment of a pod":
        params = {}
        environ |= {"AZURE_CLIENT_ID": APP["client_id"], "AZURE_TENANT_ID": TENANT}
        environ |= {"AZURE_FEDERATED_TOKEN_FILE": str(file), "AZURE_AUTHORITY_HOST": entra.url}
    claims, status = await sign_in(resolve(params, environ))
    assert (claims["oid"], status) == (APP_OBJECT, 200)


@pytest.mark.parametrize(
    ("params", "variables", "principal"),
    [
        ({"auth_source": "msi"}, {}, VM_OBJECT),
        ({"auth_source": "msi", "client_id": UAI_CLIENT}, {}, UAI_OBJECT),
        ({"auth_source": "msi"}, {"AZURE_CLIENT_ID": UAI_CLIENT}, UAI_OBJECT),
        ({}, {"AZURE_CLIENT_ID": UAI_CLIENT}, UAI_OBJECT),
        ({}, {"AZURE_AD_USER": "", "AZURE_PASSWORD": ""}, VM_OBJECT),
    ],
)
async def test_managed_identity(entra, environ, monkeypatch, params, variables, principal):
    host = f"{entra.url}/imds/{SUBSCRIPTION}/rg/vm"
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", host)
    claims, _status = await sign_in(resolve(params, {**environ, **variables}))
    assert claims["oid"] == principal


async def test_user(environ):
    environ |= {"AZURE_AD_USER": "ada@contoso.onmicrosoft.com", "AZURE_PASSWORD": "ada-s3cret"}
    claims, status = await sign_in(resolve({}, environ))
    assert (claims["oid"], status) == (USER_OBJECT, 200)


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({**APP, "secret": "wrong-s3cret"}, "AADSTS7000215"),
        ({**APP, "client_id": "7d1f4a0e-0000-4c7e-a3c8-00000000000f", "secret": "x"}, "AADSTS700016"),
        ({**APP, "tenant": "nowhere.test", "secret": "x"}, "AADSTS90002"),
        ({"ad_user": "grace@contoso.onmicrosoft.com", "password": "grace-s3cret"}, "AADSTS50076"),
        ({"ad_user": "ada@contoso.onmicrosoft.com", "password": "wrong-s3cret"}, "AADSTS50126"),
        ({**APP, "oidc_token": "no token"}, "AADSTS50027"),
    ],
)
async def test_refusals(environ, params, code):
    access = resolve(params, environ)
    with pytest.raises(AccessError) as caught:
        await sign_in(access)
    error = caught.value
    assert error.code == code
    assert error.remedy
    assert "s3cret" not in str(error)


async def test_another_certificate(environ, tmp_path):
    from tests.unit.arm.conftest import AppCertificate

    AppCertificate().write(tmp_path / "other", "pem")
    access = resolve({**APP, "x509_certificate_path": str(tmp_path / "other")}, environ)
    with pytest.raises(AccessError) as caught:
        await sign_in(access)
    assert caught.value.code == "AADSTS700027"


async def test_a_machine_without_identity(entra, environ, monkeypatch):
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", f"{entra.url}/imds/{SUBSCRIPTION}/rg/bare")
    with pytest.raises(AccessError) as caught:
        await sign_in(resolve({}, environ))
    assert "(5) managed identity of this machine: " in caught.value.message
    assert "assigned" in caught.value.message
