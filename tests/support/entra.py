# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sign-in service on loopback that gives everybody a token, or refuses everybody, and keeps what it was asked.

For unit tests of credentials: it checks nothing, unlike the emulator.
"""

from __future__ import annotations

import base64
import json
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import trustme
from aiohttp import web

__all__ = ["SignIns", "sign_in_service"]


@dataclass
class SignIns:
    """The service's state.

    :param url: https://localhost:PORT, which is the authority
    :param authority: the certificate authority of its certificate
    :param asked: a dict per token request: its path and form, or for managed identities its query
    :param refusal: if set, the error_description of every answer; its status is `status`, its headers `headers`
    :param body: if set, the body of every answer to a request for a token, as it stands, of the type `content_type`
    """

    url: str
    authority: trustme.CA
    asked: list[dict[str, str]] = field(default_factory=list)
    refusal: str = ""
    status: int = 400
    headers: dict[str, str] = field(default_factory=dict)
    expires_in: int = 3600
    body: bytes | None = None
    content_type: str = "application/json"

    def context(self) -> ssl.SSLContext:
        """The TLS context of a client that trusts the service."""
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return context

    async def token(self, request: web.Request) -> web.Response:
        """Answer a token request of OAuth 2.0."""
        form = {key: str(value) for key, value in (await request.post()).items()}
        self.asked.append({"path": request.path, **form})
        if self.body is not None:
            return web.Response(body=self.body, content_type=self.content_type)
        if self.refusal:
            return self._refused("invalid_client")
        body = {"token_type": "Bearer", "expires_in": self.expires_in, "access_token": f"token-{len(self.asked)}"}
        if form["grant_type"] == "password":
            body |= {"id_token": self._id_token(form), "scope": form["scope"]}
        return web.json_response(body)

    async def imds(self, request: web.Request) -> web.Response:
        """Answer a token request of a managed identity."""
        self.asked.append({"path": request.path, "metadata": request.headers.get("Metadata", ""), **request.query})
        if self.body is not None:
            return web.Response(body=self.body, content_type=self.content_type)
        if self.refusal:
            return self._refused("invalid_request")
        now = int(time.time())
        body = {"access_token": f"token-{len(self.asked)}", "expires_on": str(now + self.expires_in), "expires_in": "1"}
        return web.json_response({**body, "resource": request.query["resource"], "token_type": "Bearer"})

    def _refused(self, error: str) -> web.Response:
        said = {"error": error, "error_description": self.refusal}
        return web.json_response(said, status=self.status, headers=self.headers)

    async def discovery(self, request: web.Request) -> web.Response:
        """Answer what MSAL asks before it sends a password."""
        if "userrealm" in request.path:
            return web.json_response({"account_type": "Managed", "ver": "1.0"})
        tenant = request.match_info["tenant"]
        base = f"{self.url}/{tenant}/oauth2/v2.0"
        return web.json_response(
            {"token_endpoint": f"{base}/token", "authorization_endpoint": f"{base}/authorize", "issuer": self.url}
        )

    def _id_token(self, form: dict[str, str]) -> str:
        claims = {
            "aud": form["client_id"],
            "iss": f"{self.url}/tid/v2.0",
            "sub": "s",
            "preferred_username": form["username"],
            "exp": int(time.time()) + 60,
            "tid": "tid",
        }
        parts = [{"alg": "none"}, claims]
        return ".".join([base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts] + [""])


@asynccontextmanager
async def sign_in_service() -> AsyncIterator[SignIns]:
    """Run the service on a free port of loopback, in the running event loop."""
    authority = trustme.CA()
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(serving)
    state = SignIns("", authority)
    app = web.Application()
    app.router.add_post("/{tenant}/oauth2/v2.0/token", state.token)
    app.router.add_get("/{tenant}/v2.0/.well-known/openid-configuration", state.discovery)
    app.router.add_get("/common/userrealm/{user}", state.discovery)
    app.router.add_get("/metadata/identity/oauth2/token", state.imds)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "localhost", 0, ssl_context=serving)
    await site.start()
    try:
        state.url = f"https://localhost:{runner.addresses[0][1]}"
        yield state
    finally:
        await runner.cleanup()
