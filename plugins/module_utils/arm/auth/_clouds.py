# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The clouds: where their Resource Manager is, who signs in, and what a token is for."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ...core._errors import AccessError, ArmError, InvalidInput
from ..net._origin import split_url, without_user

if TYPE_CHECKING:
    from ._access import Access

__all__ = ["Cloud", "authority_of", "check_cloud", "find_cloud"]

# Azure Stack Hub knows the old version only; the newer one gives all of a cloud's endpoints.
_METADATA_VERSIONS = ("2022-09-01", "2015-01-01")
_METADATA_PATH = "/metadata/endpoints"
# Of what an answer says, in characters.
_SHOWN = 200


@dataclass(frozen=True)
class Cloud:
    """Where a cloud is.

    :param resource_manager: URL of Resource Manager, without a slash at its end
    :param authority: URL of the sign-in service, without the tenant; ends with /adfs if that is AD FS
    :param scope: what a token for Resource Manager is asked for
    :param instance_discovery: whether the authority may be looked up in Entra ID's public list
    :param graph: URL of Microsoft Graph, without a slash at its end; None if the cloud has none
    """

    name: str
    resource_manager: str
    authority: str
    scope: str
    instance_discovery: bool = True
    graph: str | None = None


# The values of azure.mgmt.core.tools.get_arm_endpoints, azure.identity.AzureAuthorityHosts, and for Microsoft Graph
# learn.microsoft.com, graph/deployments.
_KNOWN = (
    Cloud(
        "AzureCloud",
        "https://management.azure.com",
        "https://login.microsoftonline.com",
        "https://management.azure.com/.default",
        graph="https://graph.microsoft.com",
    ),
    Cloud(
        "AzureUSGovernment",
        "https://management.usgovcloudapi.net",
        "https://login.microsoftonline.us",
        "https://management.core.usgovcloudapi.net/.default",
        graph="https://graph.microsoft.us",
    ),
    Cloud(
        "AzureChinaCloud",
        "https://management.chinacloudapi.cn",
        "https://login.chinacloudapi.cn",
        "https://management.chinacloudapi.cn/.default",
        graph="https://microsoftgraph.chinacloudapi.cn",
    ),
)


async def find_cloud(access: Access, get_json: Callable[[str], Awaitable[Any]]) -> Cloud:
    """The cloud that an access names, by name or by the URL of its Resource Manager.

    A URL that is not that of a known cloud is asked for the rest: one GET of /metadata/endpoints, which needs no token.

    :param get_json: gets a URL and returns its JSON; raises ArmError or ConnectionFailed
    :raises InvalidInput: there is no such cloud
    :raises AccessError: what is at the URL is no metadata of a cloud
    """
    cloud = _known(access.cloud_environment)
    if cloud is None:
        url = _endpoint(access.cloud_environment)
        cloud = _from_metadata(url, await _metadata(url, get_json))
    if access.adfs_authority_url:
        cloud = replace(cloud, authority=access.adfs_authority_url)
    return replace(cloud, instance_discovery=cloud.instance_discovery and not access.disable_instance_discovery)


def check_cloud(cloud_environment: str) -> None:
    """Check offline what can be: that it is a known name, or a URL.

    :raises InvalidInput: it is neither
    """
    if _known(cloud_environment) is None:
        _endpoint(cloud_environment)


def authority_of(cloud: Cloud, tenant: str | None) -> tuple[str, str]:
    """The authority and the tenant as azure-identity wants them: with AD FS, the tenant's place in URLs is /adfs.

    :param tenant: has no default here: which one is a matter of the way to sign in
    """
    host, slash, last = cloud.authority.rpartition("/")
    if slash and last.lower() == "adfs":
        return host, "adfs"
    return cloud.authority, tenant or ""


def _known(cloud_environment: str) -> Cloud | None:
    wanted = cloud_environment.strip().rstrip("/").lower()
    return next((cloud for cloud in _KNOWN if wanted in (cloud.name.lower(), cloud.resource_manager)), None)


def _endpoint(cloud_environment: str) -> str:
    """The URL of a Resource Manager; that of its metadata will do."""
    url = cloud_environment.strip().partition(_METADATA_PATH)[0].rstrip("/")
    shown = repr(without_user(cloud_environment))
    if "://" not in url:
        names = ", ".join(cloud.name for cloud in _KNOWN)
        raise InvalidInput(
            f"cloud_environment is {shown}, which is no cloud.",
            remedy=f"Give {names}, or the https URL of a Resource Manager.",
        )
    if _https(url) is None:
        raise InvalidInput(f"cloud_environment is {shown}, which is not an https URL: tokens go there.")
    return url


def _https(url: Any) -> str | None:
    """An https URL without a slash at its end, if this is one that all clients understand alike; None otherwise."""
    parts = split_url(url) if isinstance(url, str) else None
    return None if parts is None or parts.query or parts.fragment else url.rstrip("/")


async def _metadata(url: str, get_json: Callable[[str], Awaitable[Any]]) -> Any:
    newest, oldest = (f"{url}{_METADATA_PATH}?api-version={version}" for version in _METADATA_VERSIONS)
    try:
        return await get_json(newest)
    except ArmError as error:
        if error.status not in (400, 404):
            raise
        return await get_json(oldest)


def _from_metadata(url: str, answer: Any) -> Cloud:
    """A cloud from what its metadata say: one cloud (Azure Stack Hub and newer versions), or a list of them."""
    # A wrapper around a list is what an HTTP client may make of it, since most of Azure's lists have one.
    answer = answer.get("value", answer) if isinstance(answer, Mapping) else answer
    clouds = [one for one in (answer if isinstance(answer, list) else [answer]) if isinstance(one, Mapping)]
    entry = next((one for one in clouds if _same(one.get("resourceManager"), url)), None)
    if entry is None and len(clouds) == 1:
        entry = clouds[0]
    if entry is None:
        names = ", ".join(str(one.get("name")) for one in clouds)[:_SHOWN] or "no cloud"
        raise _no_cloud(url, f"It describes {names}, and none of it is at this URL.")
    login, audiences = _authentication(url, entry)
    name = entry.get("name")
    name = name[:_SHOWN] if isinstance(name, str) and name else url
    # No token goes to a Microsoft Graph without https: that is none.
    graph = _https(entry.get("microsoftGraphResourceId"))
    return Cloud(name, url, login, _scope(url, audiences), instance_discovery=False, graph=graph)


def _no_cloud(url: str, message: str) -> AccessError:
    """The error where what is at a URL is no description of a cloud."""
    remedy = "Check that cloud_environment is the URL of a Resource Manager."
    return AccessError(message, call="GET", target=f"{url}{_METADATA_PATH}", remedy=remedy)


def _authentication(url: str, entry: Mapping[str, Any]) -> tuple[str, list[str]]:
    said = entry.get("authentication")
    said = said if isinstance(said, Mapping) else {}
    login, audiences = said.get("loginEndpoint"), said.get("audiences")
    audiences = [one for one in audiences if _is_audience(one)] if isinstance(audiences, list) else []
    if not isinstance(login, str) or not audiences:
        raise _no_cloud(url, "It does not say how to sign in.")
    service = _https(login)
    if service is None:
        raise _no_cloud(url, f"It names a sign-in service without https, {without_user(login)[:_SHOWN]!r}.")
    if str(said.get("identityProvider", "")).upper() == "ADFS" and not service.lower().endswith("/adfs"):
        service += "/adfs"
    return service, audiences


def _is_audience(said: Any) -> bool:
    """Whether azure-identity takes it: it refuses other characters, since they may end up in a command."""
    return isinstance(said, str) and bool(re.fullmatch(r"[A-Za-z0-9_.:/-]+", said))


def _scope(url: str, audiences: list[str]) -> str:
    """A token for the endpoint itself if it is an audience, else for the first one, with its slash if it has one."""
    own = any(_same(audience, url) for audience in audiences)
    return f"{url if own else audiences[0]}/.default"


def _same(one: Any, other: str) -> bool:
    return isinstance(one, str) and one.rstrip("/").lower() == other.lower()
