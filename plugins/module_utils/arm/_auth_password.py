# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Signs in as a user, by name and password, as AWX offers. No second factor."""

from __future__ import annotations

import ssl
import warnings
from typing import TYPE_CHECKING, Any

from ._clouds import Cloud, authority_of
from ._method import Method, check_tenant, identity_package
from ._sync_adapter import InThread

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

    from ._access import Access

__all__ = ["METHOD"]

# The Azure CLI's own application, which every tenant knows; azure.azcollection signs users in by it too.
_CLI_APPLICATION = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
_ANY_TENANT = "organizations"
_CONNECT_SECONDS = 10
_READ_SECONDS = 30


def _build(access: Access, cloud: Cloud, transport: Any) -> AsyncTokenCredential:
    """azure-identity has this credential for blocking calls only, with a transport of its own kind."""
    identity_package()
    from azure.core.pipeline.transport import RequestsTransport
    from azure.identity import UsernamePasswordCredential

    authority, tenant = authority_of(cloud, access.tenant or _ANY_TENANT)
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
            transport=RequestsTransport(
                connection_verify=_verify(access), connection_timeout=_CONNECT_SECONDS, read_timeout=_READ_SECONDS
            ),
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
