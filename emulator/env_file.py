# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`env.sh`: what a shell needs so that clients in it talk to the emulator."""

from __future__ import annotations

import os
import shlex
import ssl
from pathlib import Path

from .base.folder import Folder
from .cloud.store import Store

__all__ = ["public_bundle", "write_env"]


def public_bundle() -> str:
    """Return the certificates that clients trust without us: those of the environment, the system or certifi."""
    candidates = [
        os.environ.get("REQUESTS_CA_BUNDLE"),
        os.environ.get("SSL_CERT_FILE"),
        ssl.get_default_verify_paths().cafile,
    ]
    candidates += ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"]
    for name in candidates:
        if name and Path(name).is_file():
            return Path(name).read_text(encoding="utf-8", errors="replace")
    try:
        import certifi
    except ImportError:
        return ""
    return Path(certifi.where()).read_text(encoding="utf-8")


def write_env(folder: Folder, base_url: str, store: Store) -> None:
    """Write env.sh into a folder for the seed's first caller with a secret and its first subscription."""
    caller = next((item for item in store.callers.values() if item.secrets), next(iter(store.callers.values())))
    subscription = next(iter(store.subscriptions.values()))
    secret = caller.secrets[0] if caller.secrets else ""
    bundle = str(folder.path / "ca-bundle.pem")
    values = {
        "AZURE_CLOUD_ENVIRONMENT": base_url,
        "ARM_CLOUD_METADATA_URL": f"{base_url}/metadata/endpoints?api-version=2019-05-01",
        "REQUESTS_CA_BUNDLE": bundle,
        "SSL_CERT_FILE": bundle,
        "AZURE_TENANT": caller.tenant,
        "AZURE_CLIENT_ID": caller.client_id,
        "AZURE_SECRET": secret,
        "AZURE_SUBSCRIPTION_ID": subscription.id,
        "AZURE_TENANT_ID": caller.tenant,
        "AZURE_CLIENT_SECRET": secret,
        "AZURE_AUTHORITY_HOST": base_url,
    }
    lines = ["# Source this file: clients in the shell then talk to the emulator."]
    for name, value in values.items():
        if name == "AZURE_AUTHORITY_HOST":
            # In, because without it the SDK's own credentials would send these values to the public cloud.
            lines.append("# So that the SDK's credentials never offer the values above to the public cloud.")
        lines.append(f"export {name}={shlex.quote(value)}")
    folder.write("env.sh", "\n".join(lines) + "\n")
