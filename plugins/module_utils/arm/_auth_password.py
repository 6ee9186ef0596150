# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Signs in as a user, by name and password, as AWX offers. No second factor."""

from __future__ import annotations

import ssl
import warnings
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ._clouds import Cloud, authority_of
from ._method import Method, check_tenant, identity_package
from ._sync_adapter import InThread

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

    from ._access import Access

__all__ = ["METHOD", "PortKeeper"]

# The Azure CLI's own application, which every tenant knows; azure.azcollection signs users in by it too.
_CLI_APPLICATION = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
_ANY_TENANT = "organizations"
_CONNECT_SECONDS = 10
_READ_SECONDS = 30


class PortKeeper:
    """Gives requests to an authority its port: MSAL forgets it when it asks about the user, /common/userrealm.

    :param transport: azure-core's kind, blocking
    :param authority: a URL, such as https://localhost:8443
    """

    def __init__(self, transport: Any, authority: str) -> None:
        self._transport = transport
        self._host = urlsplit(authority).netloc

    def send(self, request: Any, **options: Any) -> Any:
        """Send one request."""
        parts = urlsplit(request.url)
        if parts.port is None and parts.hostname == urlsplit(f"//{self._host}").hostname:
            request.url = parts._replace(netloc=self._host).geturl()
        return self._transport.send(request, **options)

    def sleep(self, duration: float) -> None:
        """Wait between two attempts, as azure-core's retry policy asks."""
        self._transport.sleep(duration)

    def __enter__(self) -> PortKeeper:
        self._transport.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._transport.__exit__(*error)


def _build(access: Access, cloud: Cloud, _shared: Any) -> AsyncTokenCredential:
    """azure-identity has this credential for blocking calls only, with a transport of its own kind."""
    identity_package()
    from azure.core.pipeline.transport import RequestsTransport
    from azure.identity import UsernamePasswordCredential

    authority, tenant = authority_of(cloud, access.tenant or _ANY_TENANT)
    transport = RequestsTransport(
        connection_verify=_verify(access), connection_timeout=_CONNECT_SECONDS, read_timeout=_READ_SECONDS
    )
    with warnings.catch_warnings():
        # That this way to sign in has no future is said in the documentation, not once per task.
        warnings.simplefilter("ignore", DeprecationWarning)
        credential = UsernamePasswordCredential(
            access.client_id or _CLI_APPLICATION,
            access.ad_user or "",
            access.password or "",
            tenant_id=tenant,
            authority=authority,
            disable_instance_discovery=not cloud.instance_discovery,
            transport=PortKeeper(transport, authority),
        )
    return InThread(credential)


def _verify(access: Access) -> bool | str:
    """requests trusts a list of its own unless it is told; the system's is what the other credentials trust."""
    if not access.verify_tls:
        return False
    paths = ssl.get_default_verify_paths()
    return next(iter(access.ca_bundle), None) or paths.cafile or paths.capath or True


METHOD = Method(
    name="password",
    words="password of user {ad_user}",
    needs=("ad_user", "password"),
    allows=("client_id", "tenant"),
    validate=check_tenant,
    build=_build,
)
