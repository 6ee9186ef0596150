# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The `callers` of a seed: applications with secrets, certificates or federated tokens, and users."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from ..base.fields import Fields, SeedError
from ..cloud.model import Caller
from ..cloud.store import Store
from .machines import read_roles

__all__ = ["MakeCertificate", "read_callers"]

_NAMESPACE = uuid.UUID("b7a7f0f4-0f5e-4d5d-a0f4-7e5f0f2c5c11")
_AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
MakeCertificate = Callable[[str], str]


def read_callers(seed: Fields, store: Store, make_certificate: MakeCertificate) -> None:
    """Add the callers; `make_certificate` returns a new certificate's PEM for a caller's name; raises SeedError."""
    for item in seed.each("callers"):
        name = item.text("name")
        given = item.text("tenant", next(iter(store.tenants)))
        tenant = store.resolve_tenant(given)
        if tenant is None:
            raise SeedError(f"{item.where}.tenant '{given}' is not among 'tenants'")
        username = item.text("username", "")
        caller = Caller(
            name=name,
            tenant=tenant,
            client_id=item.text("client_id", _AZURE_CLI if username else str(uuid.uuid5(_NAMESPACE, f"client {name}"))),
            object_id=item.text("object_id", str(uuid.uuid5(_NAMESPACE, f"object {name}"))),
            secrets=_secrets(item),
            certificates=_certificates(item, name, make_certificate),
            federated=tuple(_federated(entry) for entry in item.each("federated")),
            username=username,
            password=item.text("password", ""),
            mfa=item.take("mfa", bool, False),
        )
        roles = read_roles(item)
        # Members of a tenant may read its directory, programs must be given the right.
        caller.reads_directory = item.take("directory", bool, bool(username) or roles is None)
        if roles is not None:
            caller.roles = ()
            store.principals[caller.object_id] = roles
        item.done()
        store.callers[caller.object_id] = caller
    if not store.callers:
        raise SeedError("seed needs at least one of 'callers'")


def _secrets(item: Fields) -> tuple[str, ...]:
    secret = item.text("secret", "")
    return (secret,) if secret else ()


def _certificates(item: Fields, name: str, make_certificate: MakeCertificate) -> tuple[str, ...]:
    given = item.text("certificate", "")
    if not given:
        return ()
    if given == "generate":
        return (make_certificate(name),)
    if "-----BEGIN CERTIFICATE-----" not in given:
        raise SeedError(f"{item.where}.certificate must be 'generate' or a certificate in PEM form")
    return (given,)


def _federated(entry: Fields) -> dict[str, str]:
    names = ("token", "issuer", "subject", "audience")
    found = {name: value for name in names if (value := entry.text(name, ""))}
    entry.done()
    if "token" not in found and not {"issuer", "subject"} <= found.keys():
        raise SeedError(f"{entry.where} needs 'token', or 'issuer' and 'subject'")
    return found
