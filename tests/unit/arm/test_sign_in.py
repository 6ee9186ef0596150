# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in: in time whatever the service does, again where that helps, and told if not."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio

pytest.importorskip("azure.identity")

from azure.core.pipeline import AsyncPipeline

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._access import Access
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._clouds import Cloud
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._credential import make_credential
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._in_thread import InThread
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._resolve import resolve
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._sign_in import SignIn
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._transport import SharedTransport
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.pipeline._client import ArmClient
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.pipeline._retry import ArmRetryPolicy
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.pipeline._token_policy import TokenPolicy
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import (
    AccessError,
    WaitTimedOut,
)
from tests.support.scripted import hang, reset, scripted_server, truncate

pytestmark = pytest.mark.filterwarnings("ignore:Unverified HTTPS", "ignore:This API has been deprecated")

SCOPE = "https://management.test/.default"
APP = {"client_id": "app", "tenant": "tid", "secret": "s3cret"}
JSON = {"Content-Type": "application/json"}
TOKEN = (200, {"token_type": "Bearer", "expires_in": 3600, "access_token": "t1"}, JSON)
BUSY = (503, {"error": "unavailable", "error_description": "AADSTS90033: A transient error."}, JSON)
HOUR = (429, {"error": "throttled", "error_description": "AADSTS90055: Too many."}, {**JSON, "Retry-After": "3600"})
SOON = (429, {}, {**JSON, "Retry-After": "0"})
HTML = "<html><title>Sign in to our network</title></html>"


@pytest_asyncio.fixture
async def entra():
    """A sign-in service that answers as it is told, and a SignIn there."""
    async with scripted_server() as server:
        transport = SharedTransport(server.context())
        cloud = Cloud("test", "https://management.test", server.url, SCOPE, instance_discovery=False)
        access = resolve(APP, {"HOME": "/nonexistent"})
        sign_in = SignIn(access, lambda: make_credential(access, cloud, transport, lambda _note: None), server.url)
        yield SimpleNamespace(server=server, sign_in=sign_in, transport=transport)
        await transport.end()


async def token(entra: Any, *answers: Any, seconds: float = 20.0) -> str:
    entra.server.answers = list(answers)
    return await entra.sign_in.token(SCOPE, Deadline(seconds))


async def test_a_token_is_asked_for_once(entra) -> None:
    assert [await token(entra, TOKEN) for _time in range(3)] == ["t1"] * 3
    assert len(entra.server.asked) == 1


@pytest.mark.parametrize("passing", [BUSY, SOON, reset, truncate, (502, HTML, {}), (408, "", {})])
async def test_what_passes_is_tried_again(entra, passing) -> None:
    assert await token(entra, passing, TOKEN) == "t1"
    assert len(entra.server.asked) == 2


async def test_an_hour_is_not_slept_out(entra) -> None:
    begun = time.monotonic()
    with pytest.raises(WaitTimedOut) as caught:
        await token(entra, HOUR, seconds=30)
    assert time.monotonic() - begun < 5
    assert len(entra.server.asked) == 1
    source = "client secret of application app, from parameters"
    assert caught.value.message.startswith(
        f"wait_timeout of 30 s would pass while waiting for the sign-in at {entra.server.url} by the {source}: "
    )
    assert "Too many." in caught.value.message


@pytest.mark.parametrize("never", [BUSY, hang, reset])
async def test_the_deadline_ends_all_and_the_message_names_the_sign_in(entra, never) -> None:
    begun = time.monotonic()
    with pytest.raises(WaitTimedOut, match="while waiting for the sign-in at https://localhost"):
        await token(entra, never, seconds=0.6)
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((400, {"error": "x", "error_description": "AADSTS7000222: The secret has expired."}, JSON), "has expired"),
        ((200, HTML, {"Content-Type": "text/html"}), "failed: Sign in to our network."),
        ((403, HTML, {"Content-Type": "text/html"}), "failed: Sign in to our network."),
        ((200, "", JSON), "failed: The answer is 200 OK."),
        ((302, "", {"Location": "https://evil.test"}), "sends us to another address"),
        ((200, {}, JSON), "failed"),
        ((200, [], JSON), "failed: The answer is 200 OK."),
        ((200, {"access_token": 1, "expires_in": 3600}, JSON), "failed: the answer holds no token."),
        ((200, {"access_token": "a\r\nb", "expires_in": 3600}, JSON), "failed: the answer holds no token."),
        ((200, {"access_token": "", "expires_in": 3600}, JSON), "failed: the answer holds no token."),
        ((200, {"access_token": "a", "expires_in": "soon"}, JSON), "failed: the answer holds no token."),
        ((200, {"expires_in": 3600}, JSON), "failed: the answer holds no token."),
        ((200, {"access_token": "a", "expires_in": [1]}, JSON), "failed: the answer holds no token."),
        ((200, {"error": ["x"]}, JSON), "failed"),
    ],
)
async def test_what_does_not_pass_is_told_at_once(entra, answer, message) -> None:
    with pytest.raises(AccessError) as caught:
        await token(entra, answer)
    assert caught.value.message.startswith("The sign-in of the client secret of application app, from parameters ")
    assert message in caught.value.message
    assert caught.value.remedy
    assert len(entra.server.asked) == 1


async def test_a_request_that_waits_for_its_token_tells_of_the_sign_in(entra) -> None:
    entra.server.answers = [hang]
    policies = [ArmRetryPolicy(), TokenPolicy(entra.sign_in, SCOPE, "https://management.test")]
    client = ArmClient(AsyncPipeline(entra.transport, policies), "https://management.test", None)
    with pytest.raises(WaitTimedOut, match="while waiting for the sign-in at https://localhost"):
        await client.request("PATCH", "/x", Deadline(0.5))


async def test_a_blocking_sign_in_is_left_behind() -> None:
    credential = SimpleNamespace(get_token_info=lambda *_scopes, options: time.sleep(1.5), close=lambda: None)
    begun = time.monotonic()
    with pytest.raises(WaitTimedOut, match="while waiting for the sign-in by the somebody"):
        await SignIn(Access("password", "somebody"), lambda: InThread(credential)).token(SCOPE, Deadline(0.3))
    assert time.monotonic() - begun < 1


async def test_waiting_for_another_ones_sign_in_ends_in_time(entra) -> None:
    entra.server.answers = [hang, TOKEN]
    first = asyncio.ensure_future(entra.sign_in.token(SCOPE, Deadline(1)))
    await asyncio.sleep(0.05)
    with pytest.raises(WaitTimedOut):
        await entra.sign_in.token(SCOPE, Deadline(0.3))
    with pytest.raises(WaitTimedOut):
        await first
    assert await entra.sign_in.token(SCOPE, Deadline(9)) == "t1"


@pytest.mark.parametrize(
    "params",
    [
        APP,
        {"client_id": "app", "tenant": "tid", "oidc_token": "assertion"},
        {"ad_user": "u", "password": "p", "cert_validation_mode": "ignore"},
        {"auth_source": "msi"},
    ],
)
async def test_a_token_that_was_refused_is_not_given_again(service, make, monkeypatch, params) -> None:
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", service.url)
    sign_in = SignIn(make(params)[1], lambda: make(params)[0])
    assert [await sign_in.token(SCOPE, Deadline(9)) for _time in range(2)] == ["token-1"] * 2
    assert await sign_in.token(SCOPE, Deadline(9), refused="token-1") == "token-2"
    assert await sign_in.token(SCOPE, Deadline(9), refused="token-1") == "token-2"


async def test_an_hour_is_not_slept_out_for_a_managed_identity_either(service, make, monkeypatch) -> None:
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", service.url)
    service.refusal, service.status, service.headers = "slow down", 429, {"Retry-After": "3600"}
    sign_in = SignIn(make({"auth_source": "msi"})[1], lambda: make({"auth_source": "msi"})[0])
    begun = time.monotonic()
    with pytest.raises(WaitTimedOut, match=r"by the managed identity of this machine:") as caught:
        await sign_in.token(SCOPE, Deadline(20))
    assert time.monotonic() - begun < 5
    assert "An answer asks to wait 3600 s" in caught.value.message


async def test_an_hour_is_not_slept_out_for_a_user_either(service, make) -> None:
    service.refusal, service.status, service.headers = "AADSTS90055: Too many.", 429, {"Retry-After": "3600"}
    params = {"ad_user": "u", "password": "p", "cert_validation_mode": "ignore"}
    sign_in = SignIn(make(params)[1], lambda: make(params)[0])
    begun = time.monotonic()
    with pytest.raises(WaitTimedOut, match="Too many"):
        await sign_in.token(SCOPE, Deadline(20))
    assert time.monotonic() - begun < 5
