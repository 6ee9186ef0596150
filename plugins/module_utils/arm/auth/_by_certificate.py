# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Signs in as an application, by a certificate and its private key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._certificate import checked_certificate, read_certificate
from ._clouds import Cloud, authority_of
from ._method import Method, check_tenant, identity_package

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

    from ._access import Access

__all__ = ["METHOD"]


def _validate(access: Access) -> None:
    check_tenant(access)
    read_certificate(access.x509_certificate_path or "")


def _build(access: Access, cloud: Cloud, transport: Any) -> AsyncTokenCredential:
    identity = identity_package()
    authority, tenant = authority_of(cloud, access.tenant)
    path, password = access.x509_certificate_path or "", access.x509_certificate_password
    return identity.CertificateCredential(
        tenant,
        access.client_id,
        certificate_data=checked_certificate(path, password, access.thumbprint),
        password=password,
        authority=authority,
        transport=transport,
    )


METHOD = Method(
    name="certificate",
    words="certificate {x509_certificate_path} of application {client_id}",
    needs=("client_id", "tenant", "x509_certificate_path"),
    allows=("x509_certificate_password", "thumbprint"),
    validate=_validate,
    build=_build,
)
