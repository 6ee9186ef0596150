# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Which certificate authorities are trusted: the system's, or those that the user names."""

from __future__ import annotations

import re
import ssl
import stat
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from ...core._errors import InvalidInput

__all__ = ["ssl_context", "trusted_certificates"]

# All public authorities together take a quarter of a million bytes.
_LARGEST = 64 * 1024 * 1024
# What Python 3.13 and newer ask of the certificates of public authorities.
_STRICT = ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VERIFY_X509_STRICT if sys.version_info >= (3, 13) else ssl.VERIFY_DEFAULT
# How c_rehash names certificates and revocations.
_HASHED = re.compile(r"[0-9a-f]{8}\.r?\d+")


def trusted_certificates(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The files and directories of trusted authorities that the environment names, instead of the system's.

    The variables of requests (REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE: a file or a directory) come before those of OpenSSL
    (SSL_CERT_FILE and SSL_CERT_DIR, which go together), as they do for other Azure tools.

    :raises InvalidInput: there is nothing at a path, or nothing that could be read
    """
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        if environ.get(name, "").strip():
            return (_existing(name, environ[name]),)
    return tuple(
        _existing(name, environ[name]) for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if environ.get(name, "").strip()
    )


def ssl_context(*, verify: bool, authorities: Sequence[str]) -> ssl.SSLContext:
    """The TLS context of every connection.

    :param verify: whether a server must prove who it is
    :param authorities: files and directories of those who are trusted; none means the system's
    :raises InvalidInput: a file of authorities has no certificate
    """
    if not verify:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    # Not create_default_context: it writes each connection's keys to the file that SSLKEYLOGFILE names.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if not authorities:
        context.load_default_certs()
        context.verify_flags |= _STRICT
    for path in authorities:
        _trust(context, path)
    return context


def _existing(name: str, path: str) -> str:
    """A path that can be read to its end: OpenSSL would wait for a pipe, in a directory of certificates too."""
    path = path.strip()
    try:
        place = Path(path).expanduser()
        path = str(place)
        wrong = _never_ends(place)
        if place.is_dir():
            # OpenSSL reads them one by one, when a server names one of them.
            named = sorted(file for file in place.iterdir() if _HASHED.fullmatch(file.name))
            wrong = next((f"has {file.name}, which {why}" for file in named if (why := _never_ends(file))), None)
    except FileNotFoundError:
        wrong = "does not exist"
    except (OSError, RuntimeError, ValueError) as error:
        wrong = f"cannot be read: {getattr(error, 'strerror', None) or error}"
    if wrong:
        raise InvalidInput(
            f"{name} names {path}, which {wrong}.",
            remedy="It must be a file of certificate authorities in PEM, or a directory of them made by c_rehash.",
        )
    return path


def _never_ends(place: Path) -> str | None:
    """Why something may not be read to its end, if so: files of the kernel's own have no size, and some have no end."""
    there = place.stat()
    if not stat.S_ISREG(there.st_mode):
        return None if stat.S_ISDIR(there.st_mode) else "is neither a file nor a directory"
    if not there.st_size:
        return "is empty"
    return "is too large to hold certificates" if there.st_size > _LARGEST else None


def _trust(context: ssl.SSLContext, path: str) -> None:
    try:
        if Path(path).is_dir():
            context.load_verify_locations(capath=path)
        else:
            context.load_verify_locations(cafile=path)
    except (ssl.SSLError, OSError) as error:
        raise InvalidInput(
            f"The file of certificate authorities {path} cannot be used: {error.strerror or error}.",
            remedy="It must hold certificates in PEM.",
        ) from error
