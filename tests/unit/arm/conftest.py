# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sign-in service on loopback, credentials that use it, and certificates of applications: all made on the fly."""

from __future__ import annotations

import base64
import datetime

import pytest
import pytest_asyncio

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._clouds import Cloud
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._credential import make_credential
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._resolve import resolve

SCOPE = "https://management.test/.default"


@pytest_asyncio.fixture
async def service():
    """A running sign-in service; see tests/support/entra.py."""
    pytest.importorskip("azure.identity")
    pytest.importorskip("aiohttp")
    from tests.support.entra import sign_in_service

    async with sign_in_service() as running:
        yield running


@pytest_asyncio.fixture
async def transport(service):
    """A transport that trusts the service, and belongs to nobody."""
    from aiohttp import ClientSession, TCPConnector
    from azure.core.pipeline.transport import AioHttpTransport

    session = ClientSession(connector=TCPConnector(ssl=service.context()), auto_decompress=False)
    yield AioHttpTransport(session=session, session_owner=False, use_env_settings=False)
    await session.close()


@pytest.fixture
def cloud(service):
    """A cloud that signs in at the service."""
    return Cloud("test", "https://management.test", service.url, SCOPE, instance_discovery=False)


@pytest.fixture
def make(cloud, transport):
    """A function from parameters and environment to a credential, the access that it is made of, and the notes."""

    def credential_of(params, environ=None, *, cloud=cloud, transport=transport):
        notes = []
        access = resolve(params, {"HOME": "/nonexistent", **(environ or {})})
        return make_credential(access, cloud, transport, notes.append), access, notes

    return credential_of


class AppCertificate:
    """A self-signed certificate with its key, and how to write both to files of all kinds."""

    def __init__(self, name: str = "app", key=None):
        from cryptography import x509
        from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.x509.oid import NameOID

        self.key = key or generate_private_key(65537, 2048)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = x509.CertificateBuilder(subject, subject, self.key.public_key(), x509.random_serial_number())
        day = datetime.timedelta(days=1)
        self.certificate = builder.not_valid_before(now - day).not_valid_after(now + day).sign(self.key, SHA256())

    @property
    def thumbprint(self) -> str:
        from cryptography.hazmat.primitives.hashes import SHA1

        return self.certificate.fingerprint(SHA1()).hex()

    @property
    def sha256_thumbprint(self) -> str:
        from cryptography.hazmat.primitives.hashes import SHA256

        return base64.urlsafe_b64encode(self.certificate.fingerprint(SHA256())).decode().rstrip("=")

    def pem(self) -> bytes:
        from cryptography.hazmat.primitives.serialization import Encoding

        return self.certificate.public_bytes(Encoding.PEM)

    def key_pem(self, password: bytes | None = None) -> bytes:
        from cryptography.hazmat.primitives import serialization as s

        how = s.BestAvailableEncryption(password) if password else s.NoEncryption()
        return self.key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, how)

    def write(self, path, kind: str, password: bytes | None = None) -> None:
        from cryptography.hazmat.primitives import serialization as s
        from cryptography.hazmat.primitives.serialization import pkcs12

        if kind == "pem":
            path.write_bytes(self.key_pem(password) + self.pem())
        else:
            how = s.BestAvailableEncryption(password) if password else s.NoEncryption()
            path.write_bytes(pkcs12.serialize_key_and_certificates(b"app", self.key, self.certificate, None, how))


@pytest.fixture(scope="session")
def certificate() -> AppCertificate:
    """The certificate of an application."""
    return AppCertificate()
