# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. All that decides who signs in and where: resolved once for a task, with no network."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...core._errors import InvalidInput
from ...core._path import shown
from ..net._tls import trusted_certificates
from ..net._urls import checked_url
from ._access import Access
from ._az_config import active_cloud
from ._az_process import find_az
from ._clouds import check_cloud
from ._layers import CREDENTIAL_NAMES, SETTING_NAMES, Layer, choice, flag, variables
from ._methods import BY_NAME
from ._sources import Found, find

__all__ = ["resolve"]

# What the SDK and the Azure CLI read from the environment by themselves: it decides who signs in as much as an option.
_SURROUNDINGS = (
    "AZURE_AUTHORITY_HOST",
    "AZURE_CONFIG_DIR",
    "AZURE_POD_IDENTITY_AUTHORITY_HOST",
    "ALL_PROXY",
    "HOME",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
    "IDENTITY_SERVER_THUMBPRINT",
    "IMDS_ENDPOINT",
    "MSI_ENDPOINT",
    "MSI_SECRET",
    "NO_PROXY",
    "PATH",
    "all_proxy",
    "http_proxy",
    "https_proxy",
    "no_proxy",
)
_DEFAULTS = {"cert_validation_mode": "validate", "disable_instance_discovery": False}


def resolve(params: Mapping[str, Any], environ: Mapping[str, str]) -> Access:
    """Decide who signs in and where, from a task's options, the environment and the credentials file.

    An empty string is unset, wherever it stands. The credential comes whole from one source. What is no credential is
    looked up in the options, then in the profile if that is the source, then in the environment.

    :param params: a task's validated options; those that are not about access are left alone
    :param environ: the environment variables of the task
    :raises AccessError: the source that the user named has no complete credential
    :raises InvalidInput: a value cannot be right, or a parameter would have no effect
    """
    given = Layer.of("parameters", params)
    variable = variables(environ)
    found = find(given, variable, environ)
    layers = [given, *([found.profile] if found.profile else []), variable]
    settings = {name: _look_up(name, layers) for name in SETTING_NAMES}
    verify = choice(*settings["cert_validation_mode"], ("validate", "ignore")) == "validate"
    cloud = settings["cloud_environment"][0] or _cloud_of_az(found, environ) or "AzureCloud"
    if "://" in cloud:
        checked_url(cloud.strip(), settings["cloud_environment"][1])
    check_cloud(cloud)
    access = Access(
        kind=found.kind,
        source=found.source,
        subscription_id=_subscription(*settings["subscription_id"]),
        cloud_environment=cloud,
        adfs_authority_url=_authority(*settings["adfs_authority_url"]),
        disable_instance_discovery=flag(*settings["disable_instance_discovery"]),
        verify_tls=verify,
        ca_bundle=trusted_certificates(environ) if verify else (),
        lacks=found.lacks,
        surroundings=tuple((name, environ[name]) for name in _SURROUNDINGS if environ.get(name)),
        **{name: found.fields.get(name) for name in CREDENTIAL_NAMES},
    )
    if access.kind in BY_NAME:
        BY_NAME[access.kind].validate(access)
    return access


def _look_up(name: str, layers: list[Layer]) -> tuple[Any, str]:
    """The first layer's value, and how it is spelled there."""
    for layer in layers:
        if layer.get(name) is not None:
            return layer.get(name), layer.spelled(name)
    return _DEFAULTS.get(name), name


def _cloud_of_az(found: Found, environ: Mapping[str, str]) -> str | None:
    """The Azure CLI's cloud, if it signs in, or may do so."""
    asked = found.kind == "cli" or (found.kind == "auto" and find_az(environ.get("PATH", "")) is not None)
    return active_cloud(environ) if asked else None


def _subscription(value: str | None, spelled: str) -> str | None:
    """A subscription's ID; its name would be refused only by Azure, and in other words."""
    if value is not None and not re.fullmatch(r"[A-Za-z0-9-]{1,64}", value):
        raise InvalidInput(
            f"{spelled} is {shown(value)}, which is not the ID of a subscription.",
            remedy="Give its GUID, such as `az account show --query id` prints.",
        )
    return value


def _authority(url: str | None, spelled: str) -> str | None:
    """A sign-in service's URL without a slash at its end."""
    if url is None:
        return None
    if "?" in url or "#" in url:
        raise InvalidInput(f"{spelled} has a query or a fragment, but the tenant's path is put after it.")
    return checked_url(url, spelled).rstrip("/")
