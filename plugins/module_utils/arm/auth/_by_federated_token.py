# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Signs in as an application, by a token of an issuer that it trusts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...core._errors import AccessError
from ._clouds import Cloud, authority_of
from ._file import read_file
from ._method import Method, check_tenant, identity_package

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

    from ._access import Access

__all__ = ["BY_FILE", "BY_TOKEN"]


def _read(path: str) -> str:
    """The token in a file. Kubernetes and others replace it when it expires, so it is read for every sign-in."""
    content = read_file(path, "token file", AccessError)
    try:
        token = content.decode("utf-8").strip()
    except UnicodeDecodeError:
        # Not chained: the error holds the bytes, which may be a token.
        raise AccessError(f"The token file {path} cannot be read: it is not text.") from None
    if not token:
        raise AccessError(f"The token file {path} is empty.")
    return token


def _check_file(access: Access) -> None:
    check_tenant(access)
    _read(access.oidc_token_file_path or "")


def _build(access: Access, cloud: Cloud, transport: Any) -> AsyncTokenCredential:
    authority, tenant = authority_of(cloud, access.tenant)

    def assertion() -> str:
        return (access.oidc_token or "").strip() or _read(access.oidc_token_file_path or "")

    return identity_package().ClientAssertionCredential(
        tenant, access.client_id, assertion, authority=authority, transport=transport
    )


BY_TOKEN = Method(
    name="oidc_token",
    words="federated token for application {client_id}",
    needs=("client_id", "tenant", "oidc_token"),
    allows=(),
    validate=check_tenant,
    build=_build,
)
BY_FILE = Method(
    name="oidc_token_file",
    words="federated token in {oidc_token_file_path} for application {client_id}",
    needs=("client_id", "tenant", "oidc_token_file_path"),
    allows=(),
    validate=_check_file,
    build=_build,
)
