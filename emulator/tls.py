# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS for loopback: a certificate authority made for the run."""

from __future__ import annotations

import ssl
from pathlib import Path

import trustme

__all__ = ("make_tls",)


def make_tls(directory: Path, bundle: str) -> ssl.SSLContext:
    """Write `ca.pem` and `ca-bundle.pem` (the given bundle and our CA) and return the server's context."""
    authority = trustme.CA()
    ours = authority.cert_pem.bytes().decode()
    (directory / "ca.pem").write_text(ours, encoding="ascii")
    (directory / "ca-bundle.pem").write_text(bundle.rstrip("\n") + "\n" + ours, encoding="utf-8")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context
