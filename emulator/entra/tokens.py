# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access tokens: JWTs signed with a key made for the run."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ..base.clock import Clock
from ..base.newest import Newest
from .jwts import check_jwt

__all__ = ["Tokens", "process_key"]

_MOST = 10_000


@lru_cache(maxsize=1)
def process_key() -> rsa.RSAPrivateKey:
    """Return the key of this process."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Tokens:
    """Issues tokens and reads them back; a token read once is not verified again."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._key = process_key()
        public = self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self._kid = base64.urlsafe_b64encode(hashlib.sha256(public).digest()[:20]).decode().rstrip("=")
        # One that has been dropped is verified again: nothing but time is lost.
        self.known: Newest[str, dict[str, Any]] = Newest(_MOST)

    def issue(self, claims: Mapping[str, Any], seconds: int) -> str:
        """Return a signed token with the claims that lives for `seconds`."""
        now = int(self.clock.wall())
        uti = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        full = {"iat": now, "nbf": now, "exp": now + seconds, "uti": uti, "ver": "1.0", **claims}
        token = jwt.encode(full, self._key, algorithm="RS256", headers={"kid": self._kid})
        self.known.set(token, full)
        return token

    def read(self, token: str) -> dict[str, Any]:
        """Return the claims of a token of ours, expired or not; raises jwt.InvalidTokenError for any other."""
        claims = self.known.get(token)
        if claims is None:
            check_jwt(token)
            options: Any = {"verify_exp": False, "verify_aud": False, "verify_iat": False, "verify_nbf": False}
            claims = jwt.decode(token, self._key.public_key(), algorithms=["RS256"], options=options)
            self.known.set(token, claims)
        return claims

    def keys(self) -> dict[str, Any]:
        """Return the JSON Web Key Set."""
        numbers = self._key.public_key().public_numbers()
        key = {"kty": "RSA", "use": "sig", "kid": self._kid, "x5t": self._kid}
        return {"keys": [{**key, "n": _base64_int(numbers.n), "e": _base64_int(numbers.e)}]}


def _base64_int(value: int) -> str:
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
