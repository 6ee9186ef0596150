# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Where access options come from: a task's parameters, the environment, a profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...core._errors import InvalidInput
from ._file import usable_path

__all__ = ["CREDENTIAL_NAMES", "ENVIRONMENT", "SETTING_NAMES", "Layer", "choice", "flag", "variables"]

# The first variable that has a value counts. The second names are those of the Azure SDK, see
# https://learn.microsoft.com/python/api/overview/azure/identity-readme#environment-variables. AZURE_AUTH_SOURCE is for
# credential types of AWX, which may not set a variable whose name begins with ANSIBLE_.
ENVIRONMENT: dict[str, tuple[str, ...]] = {
    "auth_source": ("ANSIBLE_AZURE_AUTH_SOURCE", "AZURE_AUTH_SOURCE"),
    "profile": ("AZURE_PROFILE",),
    "client_id": ("AZURE_CLIENT_ID",),
    "tenant": ("AZURE_TENANT", "AZURE_TENANT_ID"),
    "secret": ("AZURE_SECRET", "AZURE_CLIENT_SECRET"),
    "ad_user": ("AZURE_AD_USER", "AZURE_USERNAME"),
    "password": ("AZURE_PASSWORD",),
    "x509_certificate_path": ("AZURE_X509_CERTIFICATE_PATH", "AZURE_CLIENT_CERTIFICATE_PATH"),
    "x509_certificate_password": ("AZURE_CLIENT_CERTIFICATE_PASSWORD",),
    "thumbprint": ("AZURE_THUMBPRINT",),
    "oidc_token": ("AZURE_FEDERATED_TOKEN",),
    "oidc_token_file_path": ("AZURE_FEDERATED_TOKEN_FILE",),
    "subscription_id": ("AZURE_SUBSCRIPTION_ID",),
    "cloud_environment": ("AZURE_CLOUD_ENVIRONMENT",),
    "adfs_authority_url": ("AZURE_ADFS_AUTHORITY_URL",),
    "cert_validation_mode": ("AZURE_CERT_VALIDATION_MODE",),
    "disable_instance_discovery": ("AZURE_DISABLE_INSTANCE_DISCOVERY",),
}
SETTING_NAMES = (
    "subscription_id",
    "cloud_environment",
    "adfs_authority_url",
    "cert_validation_mode",
    "disable_instance_discovery",
)
CREDENTIAL_NAMES = (
    "client_id",
    "tenant",
    "secret",
    "ad_user",
    "password",
    "x509_certificate_path",
    "x509_certificate_password",
    "thumbprint",
    "oidc_token",
    "oidc_token_file_path",
)
_PATHS = ("x509_certificate_path", "oidc_token_file_path")
_TRUE = ("1", "on", "t", "true", "y", "yes")
_FALSE = ("0", "f", "false", "n", "no", "off")


@dataclass(frozen=True)
class Layer:
    """The options that one place gives, without the empty ones.

    :param where: the place, in human words
    :param values: option name -> value; never empty
    :param names: option name -> how the user spells it there; an option's own name if absent
    """

    where: str
    values: Mapping[str, Any]
    names: Mapping[str, str]

    @classmethod
    def of(cls, where: str, values: Mapping[str, Any], names: Mapping[str, str] | None = None) -> Layer:
        """Make a layer of what has a value. AWX sets variables of blank fields to an empty string, hence the rule."""
        kept = {name: value for name, value in values.items() if name in ENVIRONMENT and _is_set(value)}
        return cls(where, kept, names or {})

    def get(self, name: str) -> Any:
        """The option's value as it stands there, or None."""
        return self.values.get(name)

    def use(self, name: str) -> Any:
        """The option's value, or None, to sign in with; a path with ~ and variables replaced.

        :raises InvalidInput: it is the option of a path, and its value cannot be one
        """
        value = self.values.get(name)
        return usable_path(str(value), self.spelled(name), self.where) if value and name in _PATHS else value

    def spelled(self, name: str) -> str:
        """The option's name as the user writes it in this place."""
        return self.names.get(name, name)


def variables(environ: Mapping[str, str]) -> Layer:
    """The environment as a layer."""
    names = {
        name: next((spelling for spelling in spellings if _is_set(environ.get(spelling))), spellings[0])
        for name, spellings in ENVIRONMENT.items()
    }
    return Layer.of("environment variables", {name: environ.get(names[name]) for name in names}, names)


def choice(value: Any, spelled: str, choices: tuple[str, ...]) -> str:
    """The value, which must be one of the choices.

    :raises InvalidInput: it is not
    """
    if value not in choices:
        raise InvalidInput(f"{spelled} is {value!r}, which is none of {', '.join(choices)}.")
    return str(value)


def flag(value: Any, spelled: str) -> bool:
    """A boolean, or text that spells one as Ansible does.

    :raises InvalidInput: the text spells none
    """
    text = str(value).strip().lower()
    if text not in _TRUE + _FALSE:
        raise InvalidInput(f"{spelled} is {value!r}, which is neither true nor false.")
    return text in _TRUE


def _is_set(value: Any) -> bool:
    return value is not None and (not isinstance(value, str) or value.strip() != "")
