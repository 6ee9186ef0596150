# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. Makes the credential of an access, by azure-identity over a shared transport."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..net._deadline import Deadline
from ._access import Access
from ._auto_chain import AutoChain, Link
from ._az_process import current_subscription, find_az
from ._clouds import Cloud
from ._explain import explain_auth_error
from ._methods import BY_NAME
from ._sign_in import SignIn
from ._sign_in_transport import SignInTransport

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

__all__ = ["explain_auth_error", "find_subscription", "is_local", "make_credential"]


def make_credential(access: Access, cloud: Cloud, transport: Any, note: Callable[[str], None]) -> AsyncTokenCredential:
    """Make the credential. No call is made, save that a certificate's file is read.

    :param transport: azure-core's kind, async; closing the credential does not close it if it is made so
    :param note: is called once with the source in human words: now, or with ``auto`` when a source has given a token
    :raises InvalidInput: the certificate cannot be used
    :raises MissingPackage: azure-identity is not installed
    """
    if access.kind != "auto":
        # azure-identity itself knows which answers of a machine's own endpoint come from somebody else.
        credential = BY_NAME[access.kind].make(
            access, cloud, transport if is_local(access) else SignInTransport(transport)
        )
        note(access.source)
        return credential
    links = [_link("msi", access, cloud, transport)]
    if find_az(dict(access.surroundings).get("PATH", "")) is not None:
        links.insert(0, _link("cli", access, cloud, transport))
    return AutoChain(access, links, note)


def is_local(access: Access) -> bool:
    """Whether this machine itself is asked for tokens, not a sign-in service that the cloud or the user names."""
    return access.kind in ("auto", "cli", "msi")


async def find_subscription(access: Access, cloud: Cloud, sign_in: SignIn, deadline: Deadline) -> str | None:
    """The subscription of an access; if none was given and the Azure CLI signs in, that one's current subscription.

    :param sign_in: over what ``make_credential`` made of the access
    :raises AccessError: the Azure CLI does not tell, or with ``auto`` no source gives a credential
    :raises WaitTimedOut: not in time
    """
    if access.subscription_id is not None:
        return access.subscription_id
    kind = access.kind
    if isinstance(sign_in.credential, AutoChain):
        await sign_in.token(cloud.scope, deadline)
        kind = sign_in.credential.chosen.kind if sign_in.credential.chosen else kind
    if kind != "cli":
        return None
    return await deadline.within(current_subscription(seconds=deadline.left), "the Azure CLI's current subscription")


def _link(kind: str, access: Access, cloud: Cloud, transport: Any) -> Link:
    method = BY_NAME[kind]
    client_id = access.client_id if "client_id" in method.allows else None
    words = method.words.format(client_id=client_id or "").replace("  ", " ")
    own = replace(access, kind=kind, source=words, client_id=client_id)
    return Link(kind, words, lambda: method.make(own, cloud, transport))
