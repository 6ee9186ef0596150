# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Signs in as an application, by its client secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._clouds import Cloud, authority_of
from ._method import Method, check_tenant, identity_package

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

    from ._access import Access

__all__ = ["METHOD"]


def _build(access: Access, cloud: Cloud, transport: Any) -> AsyncTokenCredential:
    authority, tenant = authority_of(cloud, access.tenant)
    return identity_package().ClientSecretCredential(
        tenant, access.client_id, access.secret, authority=authority, transport=transport
    )


METHOD = Method(
    name="secret",
    words="client secret of application {client_id}",
    needs=("client_id", "tenant", "secret"),
    allows=(),
    validate=check_tenant,
    build=_build,
)
