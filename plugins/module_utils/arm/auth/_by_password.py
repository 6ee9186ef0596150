# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Signs in as a user, by name and password, as AWX offers. No second factor."""

from __future__ import annotations

import ssl
import warnings
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..net._proxy import Proxies
from ._clouds import Cloud, authority_of
from ._in_thread import InThread
from ._method import Method, check_tenant, identity_package
from ._sign_in_transport import NotSignedIn, no_answer, refuse_odd

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
    """Sends one request of a sign-in, and judges the answer.

    Gives requests to an authority its port: MSAL forgets it when it asks about the user, /common/userrealm.

    :param transport: azure-core's kind, blocking
    :param authority: a URL, such as https://localhost:8443
    """

    def __init__(self, transport: Any, authority: str) -> None:
        self._transport = transport
        self._host = urlsplit(authority).netloc
        self._proxies = Proxies()

    def send(self, request: Any, **options: Any) -> Any:
        """Send one request.

        :raises NotSignedIn: no answer came, or none that MSAL could use
        """
        from azure.core.exceptions import AzureError

        parts = urlsplit(request.url)
        if parts.scheme != "https":
            raise NotSignedIn(f"The sign-in service names {parts.hostname} without https, where no password goes.")
        if parts.port is None and parts.hostname == urlsplit(f"//{self._host}").hostname:
            request.url = parts._replace(netloc=self._host).geturl()
        proxy = self._proxies.of(request.url)
        options["proxies"] = {"https": proxy.with_user} if proxy else {}
        try:
            response = self._transport.send(request, **options)
        except (AzureError, ValueError) as error:
            raise no_answer(error) from error
        refuse_odd(response, json_only=False)
        return response

    def sleep(self, duration: float) -> None:
        """Wait between two attempts, as azure-core's retry policy asks: it does not ask, since it sees no failure."""
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
        connection_verify=_verify(access),
        connection_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        use_env_settings=False,
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
