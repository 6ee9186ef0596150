# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. A certificate with its private key: every reason why it would not do, told in words."""

from __future__ import annotations

from typing import Any

from ...core._errors import InvalidInput
from ._file import read_file

__all__ = ["checked_certificate", "read_certificate"]

_PEM = b"-----BEGIN"


def read_certificate(path: str) -> bytes:
    """The bytes of a certificate file.

    :raises InvalidInput: it cannot be read, or is empty
    """
    data = read_file(path, "certificate")
    if not data:
        raise InvalidInput(f"The certificate {path} is empty.")
    return data


def checked_certificate(path: str, password: str | None, thumbprint: str | None) -> bytes:
    """The bytes of a PEM or PKCS 12 file which azure-identity is known to accept.

    azure-identity signs with the file's private key and names the file's first certificate, so these must belong
    together. It computes the thumbprint by itself: one that is given can only be compared.

    :param password: of the private key, or of the PKCS 12 file
    :param thumbprint: SHA-1 of the certificate in hexadecimal; colons, spaces and case do not matter
    :raises InvalidInput: the file cannot be used, and why
    """
    data = read_certificate(path)
    secret = password.encode() if password else None
    key, certificate = (_load_pem if _PEM in data else _load_pkcs12)(path, data, secret)
    _check_key(path, key, certificate)
    if thumbprint:
        _check_thumbprint(path, thumbprint, certificate)
    return data


def _load_pem(path: str, data: bytes, password: bytes | None) -> tuple[Any, Any]:
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if b"PRIVATE KEY-----" not in data:
        raise InvalidInput(f"The certificate {path} has no private key.", remedy="Append the key, in PEM, to the file.")
    if b"-----BEGIN CERTIFICATE-----" not in data:
        raise InvalidInput(f"The file {path} has a private key, but no certificate.")
    try:
        return load_pem_private_key(data, password), x509.load_pem_x509_certificate(data)
    except TypeError as error:
        raise _password_error(path, password) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        wrong = "or x509_certificate_password is wrong" if password else "it is damaged"
        raise InvalidInput(f"The certificate {path} cannot be loaded: it is not valid PEM, {wrong}.") from error


def _load_pkcs12(path: str, data: bytes, password: bytes | None) -> tuple[Any, Any]:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        key, certificate, _chain = pkcs12.load_key_and_certificates(data, password)
    except (ValueError, UnsupportedAlgorithm) as error:
        wrong = "x509_certificate_password is wrong" if password else "it needs x509_certificate_password"
        raise InvalidInput(
            f"The certificate {path} cannot be loaded: {wrong}, or it is no PEM or PKCS 12 file."
        ) from error
    if key is None or certificate is None:
        raise InvalidInput(f"The certificate {path} has no {'private key' if certificate else 'certificate'} in it.")
    return key, certificate


def _password_error(path: str, password: bytes | None) -> InvalidInput:
    """cryptography's TypeError means that a password was given in vain, or is missing."""
    if password:
        return InvalidInput(f"x509_certificate_password is given, but the private key in {path} is not encrypted.")
    return InvalidInput(f"The private key in {path} is encrypted, and x509_certificate_password is not given.")


def _check_key(path: str, key: Any, certificate: Any) -> None:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    if not isinstance(key, RSAPrivateKey):
        raise InvalidInput(f"The private key in {path} is not an RSA key, which Entra ID needs.")
    if key.public_key() != certificate.public_key():
        raise InvalidInput(
            f"The private key in {path} is not that of the first certificate in it.",
            remedy="Put the application's certificate before those of its authorities.",
        )


def _check_thumbprint(path: str, thumbprint: str, certificate: Any) -> None:
    from cryptography.hazmat.primitives.hashes import SHA1

    actual = certificate.fingerprint(SHA1()).hex().upper()
    if "".join(c for c in thumbprint if c not in ": \t").upper() != actual:
        raise InvalidInput(
            f"The thumbprint {thumbprint} is not that of the certificate {path}, which is {actual}.",
            remedy="Name the right file, or leave thumbprint out: it is computed.",
        )
