# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. From resolved access to a gateway: one session for all tasks with the same access."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..core._errors import MissingPackage
from ._access import Access
from ._deadline import Deadline
from ._gateway import Gateway

if TYPE_CHECKING:
    from ._transport import SharedTransport

__all__ = ["Session", "load_sdk", "open_session"]

_CLOUD_SECONDS = 60


@dataclass
class Session:
    """What tasks of one process share: the gateway, and the words for the credentials' source."""

    gateway: Gateway
    access: Access
    transport: SharedTransport

    async def close(self) -> None:
        """Close the connections."""
        await self.transport.end()


def load_sdk() -> None:
    """Import the packages that calls need.

    :raises MissingPackage: naming the package, the interpreter, and the command that installs it
    """
    try:
        import aiohttp  # noqa: F401
        import azure.core.pipeline.policies
        import azure.identity.aio  # noqa: F401

        from . import _client, _transport  # noqa: F401
    except ImportError as error:
        package = (
            (error.name or "azure").replace("azure.core", "azure-core").replace("azure.identity", "azure-identity")
        )
        raise MissingPackage(
            f"The Python package {package.split('.')[0]} is missing for {sys.executable}.",
            remedy=f"Install it with: {sys.executable} -m pip install azure-identity azure-core aiohttp",
        ) from error


async def open_session(access: Access, note: Callable[[str], None]) -> Session:
    """Find the cloud, make the credential and the pipeline. Nothing is signed in before the first request.

    :param note: takes words for ``-vvv``
    :raises MissingPackage, AccessError, InvalidInput, ConnectionFailed: see there
    """
    load_sdk()
    from azure.core.pipeline import AsyncPipeline
    from azure.core.pipeline.policies import (
        AsyncBearerTokenCredentialPolicy,
        RequestIdPolicy,
        UserAgentPolicy,
    )

    from ._client import ArmClient
    from ._clouds import find_cloud
    from ._credentials import make_credential
    from ._retry import ArmRetryPolicy
    from ._tls import ssl_context
    from ._transport import SharedTransport

    transport = SharedTransport(ssl_context(access))
    common: list[Any] = [RequestIdPolicy(), UserAgentPolicy("ansible-managed-identity-azure"), ArmRetryPolicy()]

    async def get_json(url: str) -> Any:
        anonymous = ArmClient(AsyncPipeline(transport, common), url.split("/metadata/")[0], None)
        return (await anonymous.request("GET", url, Deadline(_CLOUD_SECONDS))).body

    cloud = await find_cloud(access, get_json)
    credential = make_credential(access, cloud, transport, note)
    signed_in = AsyncBearerTokenCredentialPolicy(credential, cloud.scope)
    client = ArmClient(AsyncPipeline(transport, [*common, signed_in]), cloud.resource_manager, access)
    return Session(Gateway(client), access, transport)
