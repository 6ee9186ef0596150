# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files with the credentials that a seed asks for: certificates with their keys, and federated tokens."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from .base.fields import SeedError
from .base.folder import Folder
from .cloud.model import Caller
from .entra.tokens import process_key

__all__ = ["CredentialFiles"]


_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._@ -]{0,127}")
_OURS = ("ca", "ca-bundle")


class CredentialFiles:
    """Makes `NAME.pem` (certificate and key) and `NAME.jwt` (federated token) in a directory; a name keeps its key."""

    def __init__(self, directory: Path) -> None:
        self._folder = Folder(directory)
        self._certificates: dict[str, str] = {}

    def certificate(self, name: str) -> str:
        """Return the PEM of a caller's certificate; its file also holds the key; raises SeedError and OSError."""
        if name not in self._certificates:
            key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            pem = _self_signed(name, key).public_bytes(serialization.Encoding.PEM).decode()
            private = key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ).decode()
            self._write(name, "pem", private + pem)
            self._certificates[name] = pem
        return self._certificates[name]

    def federated_tokens(self, callers: Iterable[Caller]) -> None:
        """Write a day's token of the first federated credential with issuer and subject of each caller or identity.

        Raises SeedError and OSError.
        """
        for caller in callers:
            for known in caller.federated:
                if "issuer" in known:
                    self._write(caller.name, "jwt", self._assertion(known))
                    break

    def forget_others(self, names: Collection[str]) -> None:
        """Forget the keys of all callers but these."""
        self._certificates = {name: pem for name, pem in self._certificates.items() if name in names}

    def _write(self, name: str, kind: str, text: str) -> None:
        if not _NAME.fullmatch(name) or name in _OURS:
            raise SeedError(f"the caller '{name}' has a credential, and no file can have that name")
        self._folder.write(f"{name}.{kind}", text)

    def _assertion(self, known: Mapping[str, str]) -> str:
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
