# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IMDS of each machine: what a program on it gets as a token.

It is under `/imds/{subscription}/{group}/{vm}` and `/imds/{subscription}/{group}/{scale set}/{number of the instance}`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..cloud.identity_rules import Identity
from ..cloud.model import Caller, Holder, ScaleSet, Vm
from ..cloud.settings import Settings
from ..cloud.store import Store
from ..entra.sign_in import token_claims
from ..entra.tokens import Tokens
from ..wire.answers import Answer, json_answer

__all__ = ["serve_imds", "throttled"]

# Client ID, principal ID and resource ID, the last by either name.
_CHOICES = ("client_id", "object_id", "msi_res_id", "mi_res_id")
_SERVER = {"Server": "IMDS/150.870.65.1015"}


def serve_imds(
    segments: Sequence[str],
    query: Mapping[str, str],
    headers: Mapping[str, str],
    *,
    store: Store,
    settings: Settings,
    tokens: Tokens,
) -> Answer:
    """Answer a request; `segments` are the path's after `imds`."""
    if [segment.lower() for segment in segments[-4:]] != ["metadata", "identity", "oauth2", "token"]:
        return json_answer(404, {"error": "Not found"}, _SERVER)
    if "X-Forwarded-For" in headers:
        return _refused("bad_request", "The request must not have the header X-Forwarded-For")
    if headers.get("Metadata", "").lower() != "true":
        return _refused("bad_request_102", "Required metadata header not specified")
    if "api-version" not in query:
        return _refused("bad_request", "Required query variable 'api-version' not specified")
    if not query.get("resource"):
        return _refused("invalid_request", "Required query variable 'resource' is missing")
    machine = _machine(store, segments[:-4])
    if machine is None:
        return json_answer(404, {"error": "Not found"}, _SERVER)
    holder, identity = machine
    found = _choose(store, holder, identity, query)
    if isinstance(found, Answer):
        return found
    principal, client, tenant = found
    claims = {**token_claims(Caller(holder.id, tenant, client, principal), query["resource"]), "xms_mirid": holder.id}
    token = tokens.issue(claims, settings.token_seconds)
    issued = int(tokens.clock.wall())
    return json_answer(200, _token(token, client, query["resource"], settings.token_seconds, issued), _SERVER)


def throttled(seconds: int) -> Answer:
    """Return IMDS's 429, whose words are not known."""
    return json_answer(429, {"error": "Too many requests"}, {**_SERVER, "Retry-After": str(seconds)})


def _token(token: str, client: str, resource: str, seconds: int, issued: int) -> dict[str, str]:
    """Return the body of a token, in which every number is a text."""
    return {
        "access_token": token,
        "client_id": client,
        "expires_in": str(seconds),
        "expires_on": str(issued + seconds),
        "ext_expires_in": str(seconds),
        "not_before": str(issued),
        "resource": resource,
        "token_type": "Bearer",
    }


def _machine(store: Store, names: Sequence[str]) -> tuple[Holder, Identity] | None:
    """Return a VM or a scale set with the identity that is on the machine, or None.

    `names` are subscription, group and VM, or subscription, group, scale set and the number of an instance.
    """
    if len(names) not in (3, 4):
        return None
    prefix = f"/subscriptions/{names[0]}/resourceGroups/{names[1]}/providers".lower()
    if len(names) == 3:
        vm = store.vms.get(f"{prefix}/{Vm.kind}/{names[2]}".lower())
        if vm is None:
            return None
        # A change reaches the host when its operation ends.
        return vm, (vm.pending[0].before if vm.pending else vm.identity) or {}
    scale_set = store.scale_sets.get(f"{prefix}/{ScaleSet.kind}/{names[2]}".lower())
    if scale_set is None:
        return None
    instance = scale_set.instances.get(names[3])
    return None if instance is None else (scale_set, instance.identity or {})


def _choose(
    store: Store, holder: Holder, identity: Identity, query: Mapping[str, str]
) -> tuple[str, str, str] | Answer:
    """Return principal, client and tenant ID of the identity that the query names or that is the default."""
    users = {key.lower(): value for key, value in (identity.get("userAssignedIdentities") or {}).items()}
    live = {key: store.identities[key] for key in users if key in store.identities}
    named = {name: query[name].lower() for name in _CHOICES if query.get(name)}
    if named:
        for key, item in live.items():
            if _is_named(named, item.client_id, item.principal_id, key):
                return item.principal_id, item.client_id, item.tenant_id
        if "principalId" in identity and _is_named(named, holder.system_client_id, identity["principalId"], None):
            return identity["principalId"], holder.system_client_id, identity["tenantId"]
        return _refused("invalid_request", "Identity not found")
    if "principalId" in identity:
        return identity["principalId"], holder.system_client_id, identity["tenantId"]
    if len(users) > 1:
        return _refused(
            "invalid_request",
            "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the "
            "token request",
        )
    for item in live.values():
        return item.principal_id, item.client_id, item.tenant_id
    return _refused("invalid_request", "Identity not found")


def _is_named(named: Mapping[str, str], client: str, principal: str, resource_id: str | None) -> bool:
    """Tell whether an identity is what every parameter names; each looks at its own kind of ID alone."""
    actual = dict(zip(_CHOICES, (client, principal, resource_id, resource_id), strict=True))
    return all((actual[name] or "").lower() == value for name, value in named.items())


def _refused(error: str, description: str) -> Answer:
    return json_answer(400, {"error": error, "error_description": description}, _SERVER)
