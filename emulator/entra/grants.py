# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who a token request proves to be: client secrets, passwords, and assertions, which have a file of their own."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from ..cloud.model import Caller
from ..cloud.store import Store
from ..rights.directory import find_workload
from .assertions import check_assertion
from .errors import EntraError

__all__ = ["prove"]

# First-party public clients, through which users may sign in with a password: Azure CLI and Azure PowerShell.
_PUBLIC_CLIENTS = {"04b07795-8ddb-461a-bbee-02f9e1bf7b46", "1950a258-227b-4e31-a9cf-717495945fc2"}
_MFA_RESOURCE = "797f4846-ba00-4fd7-ba43-dac1f8f63013"


def prove(form: Mapping[str, str], tenant: str, store: Store) -> Caller:
    """Return the caller that a token request's form proves; raises EntraError."""
    for name in ("grant_type", "client_id"):
        if not form.get(name):
            message = f"The request body must contain the following parameter: '{name}'."
            raise EntraError(900144, "invalid_request", message)
    grant = form["grant_type"]
    if grant == "password":
        return _password(form, tenant, store)
    if grant != "client_credentials":
        message = f"The app requested an unsupported grant type '{grant}'."
        raise EntraError(70003, "unsupported_grant_type", message)
    caller = _application(form["client_id"], tenant, store)
    if "client_assertion" in form:
        check_assertion(form, tenant, caller, store)
        return caller
    secret = form.get("client_secret")
    if secret is None:
        message = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."
        raise EntraError(7000218, "invalid_client", message)
    if not any(hmac.compare_digest(secret.encode(), known.encode()) for known in caller.secrets):
        raise EntraError(
            7000215,
            "invalid_client",
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "
            f"not the client secret ID, for a secret added to app '{caller.client_id}'.",
        )
    return caller


def _application(client_id: str, tenant: str, store: Store) -> Caller:
    for caller in store.callers.values():
        if caller.client_id.lower() == client_id.lower() and caller.tenant == tenant and not caller.username:
            return caller
    workload = find_workload(store, client_id, tenant)
    if workload is not None:
        return workload
    raise _unknown_application(client_id, store.tenants[tenant]["name"])


def _unknown_application(client_id: str, directory: str) -> EntraError:
    return EntraError(
        700016,
        "unauthorized_client",
        f"Application with identifier '{client_id}' was not found in the directory '{directory}'. This can happen if "
        "the application has not been installed by the administrator of the tenant or consented to by any user in the "
        "tenant. You may have sent your authentication request to the wrong tenant.",
    )


def _password(form: Mapping[str, str], tenant: str, store: Store) -> Caller:
    client_id = form["client_id"].lower()
    known = client_id in _PUBLIC_CLIENTS or any(item.client_id == client_id for item in store.callers.values())
    if not known:
        raise _unknown_application(client_id, store.tenants[tenant]["name"])
    username = form.get("username", "").lower()
    caller = next(
        (item for item in store.callers.values() if item.username and item.username.lower() == username), None
    )
    if caller is None or caller.tenant != tenant:
        raise EntraError(
            50034,
            "invalid_grant",
            f"The user account {{EmailHidden}} does not exist in the {tenant} directory. To sign into this "
            "application, the account must be added to the directory.",
        )
    if not hmac.compare_digest(form.get("password", "").encode(), caller.password.encode()):
        message = "Error validating credentials due to invalid username or password."
        raise EntraError(50126, "invalid_grant", message)
    if caller.mfa:
        raise EntraError(
            50076,
            "invalid_grant",
            "Due to a configuration change made by your administrator, or because you moved to a new location, you "
            f"must use multi-factor authentication to access '{_MFA_RESOURCE}'.",
            suberror="basic_action",
        )
    return caller
