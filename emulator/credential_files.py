# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files with the credentials that a seed asks for: certificates with their keys, and federated tokens."""

from __future__ import annotations

import os
import time
import typing as t
from datetime import datetime, timedelta, timezone
from pathlib import Path

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from .model import Caller
from .tokens import process_key

__all__ = ("CredentialFiles", "write_private")


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, all at once."""
    temporary = path.with_name(path.name + ".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    temporary.replace(path)


class CredentialFiles:
    """Makes `NAME.pem` (certificate and key) and `NAME.jwt` (federated token) in a directory; a name keeps its key."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._certificates: dict[str, str] = {}

    def certificate(self, name: str) -> str:
        """Return the PEM of a caller's certificate; its file also holds the key."""
        if name not in self._certificates:
            key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            pem = _self_signed(name, key).public_bytes(serialization.Encoding.PEM).decode()
            private = key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ).decode()
            write_private(self._directory / f"{name}.pem", private + pem)
            self._certificates[name] = pem
        return self._certificates[name]

    def federated_tokens(self, callers: t.Iterable[Caller]) -> None:
        """Write a day's token of the first federated credential with issuer and subject of each caller or identity."""
        for caller in callers:
            for known in caller.federated:
                if "issuer" in known:
                    write_private(self._directory / f"{caller.name}.jwt", self._assertion(known))
                    break

    def _assertion(self, known: t.Mapping[str, str]) -> str:
        now = int(time.time())
        audience = known.get("audience", "api://AzureADTokenExchange")
        claims = {"iss": known["issuer"], "sub": known["subject"], "aud": audience, "iat": now, "exp": now + 86400}
        return jwt.encode(claims, process_key(), algorithm="RS256", headers={"kid": "federated"})


def _self_signed(name: str, key: rsa.RSAPrivateKey) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(timezone.utc)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
