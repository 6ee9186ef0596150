# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS for loopback: a certificate authority made for the run."""

from __future__ import annotations

import ssl

import trustme

from .folder import Folder

__all__ = ["make_tls"]


def make_tls(folder: Folder, bundle: str) -> ssl.SSLContext:
    """Write `ca.pem` and `ca-bundle.pem` (the given bundle and our CA) and return the server's context."""
    authority = trustme.CA()
    ours = authority.cert_pem.bytes().decode()
    # No secret, and clients of other users may need them.
    folder.write("ca.pem", ours, 0o644)
    folder.write("ca-bundle.pem", bundle.rstrip("\n") + "\n" + ours, 0o644)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context
