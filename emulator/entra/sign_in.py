# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Entra ID: tokens, discovery, keys."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from ..cloud.model import Caller
from ..cloud.settings import Settings
from ..cloud.store import Store
from ..wire.answers import Answer, json_answer
from .errors import EntraError
from .grants import prove
from .tokens import Tokens

__all__ = ["is_entra", "serve_entra", "token_claims"]

_SHARED = ("common", "organizations", "adfs")


def is_entra(segments: Sequence[str]) -> bool:
    """Whether the segments of a path are Entra ID's."""
    rest = [segment.lower() for segment in segments[1:3]]
    return bool(rest) and (
        rest[0] in ("oauth2", "discovery", "userrealm", ".well-known") or rest[:2] == ["v2.0", ".well-known"]
    )


def serve_entra(
    segments: Sequence[str],
    query: Mapping[str, str],
    form: Mapping[str, str],
    headers: Mapping[str, str],
    *,
    store: Store,
    settings: Settings,
    tokens: Tokens,
    base_url: str,
) -> Answer:
    """Answer a request; `segments` are the path's as written, `form` the body's fields."""
    try:
        tail = "/".join(segments[1:]).lower()
        if tail == "discovery/instance":
            return json_answer(200, _instance(query, base_url))
        if tail.startswith("userrealm/"):
            return json_answer(200, _realm(segments[-1], base_url))
        tenant = _tenant(segments[0], form, store)
        if tail.endswith("openid-configuration"):
            return json_answer(200, _configuration(segments[0], tenant, base_url))
        if tail in ("discovery/v2.0/keys", "discovery/keys"):
            return json_answer(200, tokens.keys())
        if tail in ("oauth2/v2.0/token", "oauth2/token"):
            return _token(form, prove(form, tenant, store), settings, tokens)
        return json_answer(404, {"error": "not_found", "error_description": "AADSTS90019: Unknown endpoint."})
    except EntraError as error:
        body = error.body(headers.get("client-request-id"), base_url)
        return Answer(error.status, json.dumps(body).encode(), {"x-ms-request-id": body["trace_id"]})


def _tenant(name: str, form: Mapping[str, str], store: Store) -> str:
    if name.lower() in _SHARED:
        domain = form.get("username", "").rpartition("@")[2]
        return store.resolve_tenant(domain) or next(iter(store.tenants))
    found = store.resolve_tenant(name)
    if found is None:
        raise EntraError(
            90002,
            "invalid_request",
            f"Tenant '{name}' not found. Check to make sure you have the correct tenant ID and are signing into the "
            "correct cloud. Check with your subscription administrator, this may happen if there are no active "
            "subscriptions for the tenant.",
        )
    return found


def _token(form: Mapping[str, str], caller: Caller, settings: Settings, tokens: Tokens) -> Answer:
    scopes = [scope for scope in form.get("scope", "").split() if "/" in scope]
    audience = scopes[0].rpartition("/")[0] if scopes else form.get("resource", "")
    if not audience:
        message = (
            "The provided request must include a 'scope' input parameter. The provided value for the input parameter "
            f"'scope' is not valid. The scope {form.get('scope', '')} is not valid."
        )
        raise EntraError(70011, "invalid_scope", message)
    token = tokens.issue(token_claims(caller, audience), settings.token_seconds)
    body: dict[str, Any] = {"token_type": "Bearer", "expires_in": settings.token_seconds}
    body.update(ext_expires_in=settings.token_seconds, access_token=token)
    if caller.username:
        body["scope"] = f"{audience}/user_impersonation {audience}/.default"
        body["id_token"] = tokens.issue(_id_claims(caller, form["client_id"]), settings.token_seconds)
        info = json.dumps({"uid": caller.object_id, "utid": caller.tenant}).encode()
        body["client_info"] = base64.urlsafe_b64encode(info).decode().rstrip("=")
    return json_answer(200, body, {"x-ms-request-id": str(uuid.uuid4())})


def _id_claims(caller: Caller, client_id: str) -> dict[str, Any]:
    return {
        "aud": client_id,
        "iss": f"https://login.microsoftonline.com/{caller.tenant}/v2.0",
        "sub": caller.object_id,
        "oid": caller.object_id,
        "tid": caller.tenant,
        "name": caller.name,
        "preferred_username": caller.username,
        "ver": "2.0",
    }


def token_claims(caller: Caller, audience: str) -> dict[str, Any]:
    """Return the claims of an access token for a caller."""
    claims = {
        "aud": audience,
        "iss": f"https://sts.windows.net/{caller.tenant}/",
        "appid": caller.client_id,
        "appidacr": "1" if caller.secrets else "2",
        "oid": caller.object_id,
        "sub": caller.object_id,
        "tid": caller.tenant,
        "idtyp": "user" if caller.username else "app",
    }
    if caller.resource:
        claims["xms_mirid"] = caller.resource
    if caller.username:
        claims.update(upn=caller.username, unique_name=caller.username, scp="user_impersonation", name=caller.name)
    return claims


def _instance(query: Mapping[str, str], base_url: str) -> dict[str, Any]:
    host = base_url.partition("://")[2]
    tenant = "common"
    endpoint = query.get("authorization_endpoint", "")
    if endpoint.count("/") > 3:
        tenant = endpoint.split("/")[3]
    return {
        "tenant_discovery_endpoint": f"{base_url}/{tenant}/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
    }


def _realm(username: str, base_url: str) -> dict[str, Any]:
    return {
        "ver": "1.0",
        "account_type": "Managed",
        "domain_name": username.rpartition("@")[2],
        "cloud_instance_name": base_url.partition("://")[2],
        "cloud_audience_urn": "urn:federation:MicrosoftOnline",
    }


def _configuration(name: str, tenant: str, base_url: str) -> dict[str, Any]:
    return {
        "token_endpoint": f"{base_url}/{name}/oauth2/v2.0/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": f"{base_url}/{name}/discovery/v2.0/keys",
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": f"{base_url}/{tenant}/v2.0",
        "authorization_endpoint": f"{base_url}/{name}/oauth2/v2.0/authorize",
        "device_authorization_endpoint": f"{base_url}/{name}/oauth2/v2.0/devicecode",
        "end_session_endpoint": f"{base_url}/{name}/oauth2/v2.0/logout",
        "cloud_instance_name": base_url.partition("://")[2],
        "tenant_region_scope": None,
    }
