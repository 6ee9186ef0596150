# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens on requests: to the cloud's own origin only, and a new one for one that is refused, whatever is asked."""

from __future__ import annotations

import asyncio
import base64
import json
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
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._sign_in import SignIn
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._transport import SharedTransport
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.pipeline._retry import ArmRetryPolicy
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.pipeline._token_policy import TokenPolicy
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import ManagedIdentityError
from ansible_collections.managed_identity.azure.plugins.module_utils.core.wire._challenge import claims_of
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
