# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The options by which every module signs in; documented by the fragment _auth."""

from __future__ import annotations

import os
from typing import Any

from ansible.module_utils.errors import AnsibleFallbackNotFound

__all__ = ["AUTH_ARGUMENTS", "UNSUPPORTED_HINTS"]


def _filled_variable(*names: str) -> str:
    """As Ansible's env_fallback, but a variable that is set to an empty string is unset."""
    for name in names:
        if os.environ.get(name, "").strip():
            return os.environ[name]
    raise AnsibleFallbackNotFound


# No other option has a default or a fallback here: what is unset must be seen to be unset, to be looked up elsewhere.
AUTH_ARGUMENTS: dict[str, dict[str, Any]] = {
    "auth_source": {
        "type": "str",
        "choices": ["auto", "cli", "credential_file", "env", "msi"],
        "default": "auto",
        "fallback": (_filled_variable, ["ANSIBLE_AZURE_AUTH_SOURCE", "AZURE_AUTH_SOURCE"]),
    },
    "profile": {"type": "str"},
    "subscription_id": {"type": "str"},
    "client_id": {"type": "str"},
    "secret": {"type": "str", "no_log": True},
    "tenant": {"type": "str"},
    "ad_user": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "cloud_environment": {"type": "str"},
    "adfs_authority_url": {"type": "str"},
    "cert_validation_mode": {"type": "str", "choices": ["validate", "ignore"]},
    "x509_certificate_path": {"type": "path"},
    "x509_certificate_password": {"type": "str", "no_log": True},
    "thumbprint": {"type": "str"},
    "disable_instance_discovery": {"type": "bool"},
    "oidc_token": {"type": "str", "no_log": True},
    "oidc_token_file_path": {"type": "path", "no_log": False},
}

# Options of azure.azcollection that have no effect there: name -> what to do.
UNSUPPORTED_HINTS: dict[str, str] = {
    "api_profile": "Leave api_profile out: this collection knows the API version of every resource type that it uses.",
    "log_mode": "Leave log_mode out: run with -vvv, or set ANSIBLE_LOG_PATH.",
    "log_path": "Leave log_path out: run with -vvv, or set ANSIBLE_LOG_PATH.",
}
