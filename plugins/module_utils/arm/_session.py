# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. From resolved access to the gateways: one session for all tasks with the same access."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..core._errors import AccessError, ManagedIdentityError, MissingPackage, WaitTimedOut
from .auth._access import Access
from .auth._clouds import Cloud, find_cloud
from .auth._credential import find_subscription, is_local, make_credential
from .auth._method import identity_package
from .auth._sign_in import SignIn
from .gateways._authorization import Authorization
from .gateways._directory import Directory
from .gateways._machine_identities import MachineIdentities
from .gateways._user_assigned import UserAssignedIdentities
from .gateways._vms import Vms
from .net._deadline import Deadline
from .net._tls import ssl_context
from .pipeline._journal import Journal

if TYPE_CHECKING:
    from .net._transport import SharedTransport
    from .pipeline._client import ArmClient

__all__ = ["Session", "load_sdk", "open_session"]

_USER_AGENT = "ansible-managed-identity-azure"


class Session:
    """What tasks with the same access share.

    :param client: sends all requests
    :param sign_in: gives the access's tokens
    :param client_of: makes a client for another of the cloud's services, given its URL
    """

    def __init__(
        self,
        client: ArmClient,
        access: Access,
        cloud: Cloud,
        sign_in: SignIn,
        transport: SharedTransport,
        client_of: Callable[[str], ArmClient],
    ) -> None:
        self.machines = MachineIdentities(client)
        self.user_assigned = UserAssignedIdentities(client)
        self.authorization = Authorization(client)
        self.vms = Vms(client)
        self.journal = client.journal
        self._access = access
        self._cloud = cloud
        self._sign_in = sign_in
        self._transport = transport
        self._client_of = client_of
        self._directory: Directory | None = None
        self._subscription_id: str | None = None

    @property
    def directory(self) -> Directory:
        """The tenant's directory. Nothing is signed in to it before it is asked.

        :raises AccessError: the cloud has none that could be asked
        """
        if self._directory is None:
            if self._cloud.graph is None:
                raise AccessError(
                    f"The cloud {self._cloud.name} names no Microsoft Graph, so nothing tells who is there."
                )
            self._directory = Directory(self._client_of(self._cloud.graph))
        return self._directory

    async def subscription_id(self, deadline: Deadline) -> str:
        """The subscription that names without one are in, where no option and no variable says it.

        It is the Azure CLI's current one if that signs in, else the only one that the caller sees.

        :raises AccessError: there is not exactly one
        :raises WaitTimedOut: not in time
        """
        if self._subscription_id is None:
            found = await find_subscription(self._access, self._cloud, self._sign_in, deadline)
            self._subscription_id = found or await self._only_subscription(deadline)
        return self._subscription_id

    async def _only_subscription(self, deadline: Deadline) -> str:
        seen = await self.machines.subscriptions(deadline)
        if len(seen) != 1:
            raise AccessError(
                f"No subscription is named, and the caller sees {len(seen)}: {', '.join(sorted(seen)) or 'none'}.",
                remedy="Set subscription_id or AZURE_SUBSCRIPTION_ID, or give the full resource ID.",
            )
        return seen[0]

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.end()


def load_sdk() -> None:
    """Import the packages that calls need.

    :raises MissingPackage: naming the package, the interpreter, and the command that installs it
    """
    from .net._sdk import MISSING

    if MISSING:
        package = "aiohttp" if (MISSING.name or "").startswith("aiohttp") else "azure-core"
        raise MissingPackage(
            f"The Python package {package} is missing for {sys.executable}.",
            remedy=f"Install it with: {sys.executable} -m pip install azure-identity azure-core aiohttp",
        ) from MISSING
    identity_package()
    from .net import _transport  # noqa: F401
    from .pipeline import _client  # noqa: F401


async def open_session(access: Access, note: Callable[[str], None], deadline: Deadline) -> Session:
    """Find the cloud, make the credential and the pipeline. Nothing is signed in before the first request.

    :param note: takes words for ``-vvv``
    :param deadline: of the operation that opens it; each request of a session has its own
    :raises MissingPackage, AccessError, InvalidInput, ConnectionFailed, WaitTimedOut: see there
    """
    load_sdk()
    from .net._sdk import AsyncPipeline, RequestIdPolicy, UserAgentPolicy
    from .net._transport import SharedTransport
    from .pipeline._client import ArmClient
    from .pipeline._retry import ArmRetryPolicy
    from .pipeline._token_policy import TokenPolicy

    transport = SharedTransport(ssl_context(verify=access.verify_tls, authorities=access.ca_bundle))
    common: list[Any] = [RequestIdPolicy(), UserAgentPolicy(_USER_AGENT), ArmRetryPolicy()]

    async def get_json(url: str) -> Any:
        anonymous = ArmClient(AsyncPipeline(transport, common), url.split("/metadata/")[0], None)
        try:
            return (await anonymous.request("GET", url, deadline)).body
        except WaitTimedOut as error:
            place = url.partition("?")[0]
            raise deadline.passed("the description of the cloud", call="GET", target=place) from error

    journal = Journal()
    try:
        cloud = await find_cloud(access, get_json)
        where = "" if is_local(access) else cloud.authority
        sign_in = SignIn(access, lambda: make_credential(access, cloud, transport, note), where)
    except ManagedIdentityError:
        await transport.end()
        raise

    def client_of(endpoint: str, scope: str | None = None) -> ArmClient:
        signed_in = TokenPolicy(sign_in, scope or f"{endpoint}/.default", endpoint)
        return ArmClient(AsyncPipeline(transport, [*common, signed_in]), endpoint, access, journal)

    client = client_of(cloud.resource_manager, cloud.scope)
    return Session(client, access, cloud, sign_in, transport, client_of)
