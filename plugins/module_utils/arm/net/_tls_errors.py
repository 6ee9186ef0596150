# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Why TLS failed, told apart: whom to trust, for which host, when, and whether at all."""

from __future__ import annotations

import ssl

__all__ = ["explain_tls"]

_CLOCK = "Check this machine's clock; if it is right, whoever runs the server must renew the certificate."
# Numbers of OpenSSL's x509_vfy.h. Of an unknown authority: its certificate is missing, or it is its own authority.
_EXPIRED, _NOT_YET, _OTHER_HOST, _UNKNOWN = 10, 9, (62, 64), (2, 18, 19, 20, 21)
_NO_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG")


def explain_tls(error: ssl.SSLError, where: str) -> tuple[str, str]:
    """What went wrong, as a sentence, and what to do about it, as another.

    :param where: the server, or the proxy
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        return _explain_certificate(error.verify_code, str(error.verify_message).rstrip("."), where)
    reason = error.reason or ""
    if reason in _NO_TLS:
        return f"No TLS is spoken by {where}.", "Check the port in cloud_environment, or the scheme in HTTPS_PROXY."
    words = reason.replace("_", " ").lower() or "no reason is given"
    return f"TLS with {where} failed: {words}.", "Check that the server, and any proxy between, takes TLS 1.2 or newer."


def _explain_certificate(code: int, words: str, where: str) -> tuple[str, str]:
    subject = f"The certificate of {where}"
    if code == _EXPIRED:
        return f"{subject} has expired.", _CLOCK
    if code == _NOT_YET:
        return f"{subject} is not valid yet.", _CLOCK
    if code in _OTHER_HOST:
        return f"{subject} is for another host: {words}.", (
            "Check cloud_environment, and whether DNS or a proxy leads to another server."
        )
    if code in _UNKNOWN:
        return f"{subject} is from an authority that is not trusted here: {words}.", (
            "If the endpoint or a proxy has a private certificate authority, name its file in REQUESTS_CA_BUNDLE."
        )
    return f"{subject} is refused: {words}.", "Ask whoever runs the server, or a proxy between, about its certificate."
