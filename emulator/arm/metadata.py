# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ARM's `/metadata/endpoints`: how clients learn where everything is, in the shape of each api-version."""

from __future__ import annotations

from typing import Any

__all__ = ["endpoints"]


def endpoints(version: str, base_url: str) -> object:
    """Return the metadata: the short form of 2015-01-01, one cloud from 2022-09-01 on, a list of clouds in between."""
    if version < "2018":
        return {
            "galleryEndpoint": f"{base_url}/",
            "graphEndpoint": f"{base_url}/",
            "portalEndpoint": f"{base_url}/",
            "authentication": {"loginEndpoint": base_url, "audiences": _audiences()},
        }
    cloud = _cloud(base_url)
    return cloud if version >= "2022-09-01" else [cloud]


def _audiences() -> list[str]:
    return ["https://management.core.windows.net/", "https://management.azure.com/"]


def _cloud(base_url: str) -> dict[str, Any]:
    return {
        "portal": base_url,
        "authentication": {
            "loginEndpoint": base_url,
            "audiences": _audiences(),
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "graphAudience": f"{base_url}/",
        "graph": f"{base_url}/",
        "microsoftGraphResourceId": f"{base_url}/",
        "name": "AzureEmulator",
        "suffixes": {
            "acrLoginServer": "azurecr.invalid",
            "keyVaultDns": "vault.invalid",
            "storage": "core.invalid",
            "sqlServerHostname": "database.invalid",
        },
        "batch": f"{base_url}/",
        "resourceManager": base_url,
        "gallery": f"{base_url}/",
        "vmImageAliasDoc": f"{base_url}/aliases.json",
    }
