# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens on requests: to the cloud's own origin only, and a new one for one that is refused, whatever is asked."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio

pytest.importorskip("azure.core")
pytest.importorskip("aiohttp")

from azure.core.credentials import AccessTokenInfo
from azure.core.pipeline import AsyncPipeline
from azure.core.rest import HttpRequest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._access import Access
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._auto_chain import AutoChain, Link
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._sign_in import SignIn
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._transport import SharedTransport
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.pipeline._client import ArmClient
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.pipeline._retry import ArmRetryPolicy
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.pipeline._token_policy import TokenPolicy
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import (
    AccessError,
    ArmError,
    ManagedIdentityError,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._secrets import showable
from ansible_collections.managed_identity.azure.plugins.module_utils.core.wire._challenge import (
    claims_of,
    login_command,
)
from tests.support.scripted import scripted_server

OK = (200, {}, {})
CLAIMS = '{"access_token": {"nbf": {"essential": true}}}'
ENCODED = base64.urlsafe_b64encode(CLAIMS.encode()).decode().rstrip("=")
CHALLENGE = f'Bearer realm="", error="insufficient_claims", claims="{ENCODED}"'


class Credentials:
    """Makes credentials, each of which keeps its first token, as those of azure-identity do."""

    def __init__(self, *, forgets: bool = True) -> None:
        self.given: list[Any] = []
        self.made = 0
        self._forgets = forgets

    def make(self) -> Any:
        self.made += 1
        kept: dict[str, str] = {}

        async def get_token_info(scope: str, options: Any) -> AccessTokenInfo:
            if options.get("claims") or scope not in kept:
                self.given.append(options.get("claims"))
                kept[scope] = f"t{len(self.given) if self._forgets else 0}"
            return AccessTokenInfo(kept[scope], 9_999_999_999)

        return SimpleNamespace(get_token_info=get_token_info)


@pytest_asyncio.fixture
async def arm():
    """A Resource Manager that answers as it is told, and a function that sends it a request with a token."""
    async with scripted_server() as server:
        transport = SharedTransport(server.context())

        def client(credentials: Credentials):
            sign_in = SignIn(Access("secret", "somebody"), credentials.make)
            pipeline = AsyncPipeline(transport, [ArmRetryPolicy(), TokenPolicy(sign_in, "scope", server.url)])

            async def send(method: str = "GET", url: str = f"{server.url}/x") -> int:
                answer = await pipeline.run(HttpRequest(method, url), deadline=Deadline(9), retry_on_methods=())
                return answer.http_response.status_code

            return send

        yield SimpleNamespace(server=server, client=client, tokens=lambda: _tokens(server))
        await transport.end()


def _tokens(server: Any) -> list[str]:
    return [asked[2]["Authorization"].removeprefix("Bearer ") for asked in server.asked]


def refused(challenge: str | None = None) -> Any:
    return (401, {}, {"WWW-Authenticate": challenge} if challenge else {})


@pytest.mark.parametrize("method", ["GET", "PATCH", "PUT", "DELETE"])
async def test_a_token_that_is_refused_is_renewed_once(arm, method) -> None:
    credentials = Credentials()
    arm.server.answers = [refused(), OK]
    send = arm.client(credentials)
    assert await send(method) == 200
    assert await send(method) == 200
    assert arm.tokens() == ["t1", "t2", "t2"]
    assert credentials.made == 2


async def test_it_never_loops(arm) -> None:
    arm.server.answers = [refused()]
    assert await arm.client(Credentials())() == 401
    assert arm.tokens() == ["t1", "t2"]


async def test_the_same_token_is_not_sent_again(arm) -> None:
    arm.server.answers = [refused()]
    assert await arm.client(Credentials(forgets=False))() == 401
    assert arm.tokens() == ["t0"]


async def test_of_many_that_are_refused_one_renews(arm) -> None:
    credentials = Credentials()
    arm.server.answers = [*[refused()] * 5, OK]
    send = arm.client(credentials)
    assert await asyncio.gather(*(send() for _time in range(5))) == [200] * 5
    assert credentials.made == 2


async def test_claims_that_are_asked_for_are_passed_on(arm) -> None:
    credentials = Credentials()
    arm.server.answers = [refused(CHALLENGE), OK]
    assert await arm.client(credentials)() == 200
    assert (credentials.given, credentials.made) == ([None, CLAIMS], 1)


MFA = {"error": {"code": "RequestDisallowedByPolicy", "message": "Reasons: MFA is required."}}
LOGIN = "az login --tenant t --claims-challenge "
NO_TOKEN = AccessError("AADSTS53003: blocked.", remedy="Ask the administrator.")


class _Stubborn(Credentials):
    """Has no token for claims, as the Azure CLI has none."""

    def make(self) -> Any:
        made = super().make()
        easy = made.get_token_info

        async def get_token_info(scope: str, options: Any = None) -> AccessTokenInfo:
            if (options or {}).get("claims"):
                raise NO_TOKEN
            return await easy(scope, options or {})

        made.get_token_info = get_token_info
        return made


async def refusal_of(arm, kind: str, credentials: Credentials) -> ArmError:
    """What comes of a write that Azure refuses for want of claims, whatever the token."""
    arm.server.answers = [(401, MFA, {"WWW-Authenticate": CHALLENGE})]
    access = Access(kind, "somebody", tenant="t")
    transport = SharedTransport(arm.server.context())

    def make() -> Any:
        link = Link("cli", "CLI", credentials.make)
        return AutoChain(access, [link], lambda _source: None) if kind == "auto" else credentials.make()

    policies = [ArmRetryPolicy(), TokenPolicy(SignIn(access, make), "scope", arm.server.url)]
    client = ArmClient(AsyncPipeline(transport, policies), arm.server.url, access)
    with pytest.raises(ArmError) as caught:
        await client.request("PATCH", "/x", Deadline(9), api_version="1", body={})
    await transport.end()
    return caught.value


@pytest.mark.parametrize("credentials", [Credentials(), Credentials(forgets=False), _Stubborn()])
@pytest.mark.parametrize("kind", ["cli", "password", "auto", "secret", "msi"])
async def test_claims_that_nobody_has_are_told_with_azures_words_and_the_way_to_them(arm, kind, credentials) -> None:
    error = await refusal_of(arm, kind, credentials)
    assert (error.status, error.code, error.message) == (401, "RequestDisallowedByPolicy", "Reasons: MFA is required.")
    if kind in ("secret", "msi"):
        assert "claims that its token does not have" in error.remedy
        assert "az login" not in error.remedy
        assert ("AADSTS53003: blocked. Ask the administrator." in error.remedy) == isinstance(credentials, _Stubborn)
        return
    command = re.search(r"`([^`]+)`", str(error)).group(1)
    assert command.startswith(LOGIN)
    assert json.loads(base64.b64decode(command.removeprefix(LOGIN))) == json.loads(CLAIMS)
    assert ("auth_source: cli" in error.remedy) == (kind == "password")
    assert "tenant and cloud" not in error.remedy


few = st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=2)


@given(st.dictionaries(st.sampled_from(["access_token", "id_token"]), few))
def test_the_command_to_sign_in_again_holds_the_claims(claims: dict) -> None:
    command = login_command(json.dumps(claims), None)
    assert json.loads(base64.b64decode(command.rpartition(" ")[2], validate=True)) == claims
    assert "=" not in command


@pytest.mark.parametrize(
    "claims",
    [
        '{"access_token":{"acrs":{"essential":true,"values":["p1"]}}}',
        ' {"access_token":{"nbf":{"essential":true,"value":"1726077595"},"xms_caeerror":{"value":"10012"}}}',
        '{"access_token":{"capolids":{"essential":true,"values":["b1a2c3d4-0000-4000-8000-000000000001"]}}}',
        "{}",
    ],
)
def test_the_command_is_shown(claims: str) -> None:
    command = f"Run `{login_command(claims, 'contoso.onmicrosoft.com')}`, then the task again."
    assert showable(command) == command


def test_endless_claims_make_no_endless_command() -> None:
    assert login_command(json.dumps({"x": "y" * 5000}), "t; rm") == "az login --tenant 't; rm'"


@pytest.mark.parametrize(
    "challenge",
    [
        'Bearer error="insufficient_claims", claims="%%%"',
        'Bearer error="insufficient_claims", claims="gICA"',
        'Bearer error="insufficient_claims", claims="W10"',
        'Bearer error="insufficient_claims", claims="',
        'Bearer error="insufficient_claims"',
        "Bearer",
        '""=,,Bearer =""',
    ],
)
async def test_a_challenge_that_cannot_be_read_is_a_refusal_like_any_other(arm, challenge) -> None:
    arm.server.answers = [refused(challenge), OK]
    assert await arm.client(Credentials())() == 200
    assert arm.tokens() == ["t1", "t2"]


@given(st.text() | st.text('aeW=-_ "').map(lambda text: f'Bearer error="insufficient_claims", claims="{text}"'))
def test_a_challenge_gives_json_or_nothing_and_never_raises(challenge: str) -> None:
    claims = claims_of(challenge)
    assert claims is None or isinstance(json.loads(claims), dict)


@pytest.mark.parametrize("url", ["https://localhost:1/x", "http://localhost/x", "https://evil.test/x"])
async def test_no_token_goes_elsewhere(arm, url) -> None:
    credentials = Credentials()
    with pytest.raises(ManagedIdentityError, match="names a foreign address"):
        await arm.client(credentials)(url=url)
    assert credentials.given == []
