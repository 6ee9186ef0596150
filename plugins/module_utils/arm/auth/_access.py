# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Who signs in and where, as a task was resolved to."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Access"]


@dataclass(frozen=True)
class Access:
    """What a task was resolved to. Hashable, so that credentials and clients are cached by it; its repr has no secret.

    :param kind: the way to sign in: a name in ``_methods.BY_NAME``, or auto
    :param source: the same in human words, for ``-vvv`` and for errors
    :param subscription_id: None where no source named one
    :param ca_bundle: files and directories of trusted certificate authorities; none means the system's
    :param lacks: why ``auto`` passed over each earlier source
    :param surroundings: environment variables that the SDK or the Azure CLI reads by itself
    """

    kind: str
    source: str
    subscription_id: str | None = None
    cloud_environment: str = "AzureCloud"
    adfs_authority_url: str | None = None
    disable_instance_discovery: bool = False
    verify_tls: bool = True
    ca_bundle: tuple[str, ...] = ()
    client_id: str | None = None
    tenant: str | None = None
    ad_user: str | None = None
    x509_certificate_path: str | None = None
    thumbprint: str | None = None
    oidc_token_file_path: str | None = None
    secret: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    x509_certificate_password: str | None = field(default=None, repr=False)
    oidc_token: str | None = field(default=None, repr=False)
    lacks: tuple[str, ...] = ()
    surroundings: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must never be shown."""
        return tuple(filter(None, (self.secret, self.password, self.x509_certificate_password, self.oidc_token)))
