# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to Resource Manager over real azure-core, aiohttp and TLS: answers, errors, retries, deadlines."""

from __future__ import annotations

import asyncio
import ssl
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import (
    ArmError,
    ConnectionFailed,
    ManagedIdentityError,
    UnexpectedAnswer,
    WaitTimedOut,
)

pytest.importorskip("azure.core")
pytest.importorskip("aiohttp")

from azure.core.pipeline import AsyncPipeline

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._transport import SharedTransport
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.pipeline._client import ArmClient
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.pipeline._retry import ArmRetryPolicy
from tests.support.scripted import hang, reset, scripted_server, truncate

NOT_FOUND = {"error": {"code": "ResourceNotFound", "message": "The Resource was\r\n not found."}}
BUSY = {"code": "OperationNotAllowed", "message": "too many requests have been received", "details": []}


@pytest_asyncio.fixture
async def arm():
    """A server, and a client that trusts it."""
    async with scripted_server() as server:
        transport = SharedTransport(server.context())
        client = ArmClient(AsyncPipeline(transport, [ArmRetryPolicy()]), server.url, None)
        yield SimpleNamespace(server=server, client=client, transport=transport)
        await transport.end()


async def call(arm, *answers, method="GET", target="/subscriptions/s", seconds=20.0, **details):
    arm.server.answers = list(answers)
    return await arm.client.request(method, target, Deadline(seconds), **details)


async def error_of(arm, *answers, kind=ArmError, **details):
    with pytest.raises(kind) as caught:
        await call(arm, *answers, **details)
    return caught.value


async def test_a_request_is_raw_json(arm) -> None:
    body = {"identity": {"type": "UserAssigned", "userAssignedIdentities": {"/x": None}}}
    answer = await call(
        arm,
        (200, {"id": "/vm"}, {"ETag": '"2"', "Retry-After": "7"}),
        method="PATCH",
        target="/subscriptions/s/resourceGroups/r(g) ü/vm",
        api_version="2024-07-01",
        body=body,
        etag='"1"',
    )
    assert (answer.body, answer.headers["etag"], answer.retry_after) == ({"id": "/vm"}, '"2"', 7.0)
    ((method, path, headers, sent),) = arm.server.asked
    assert (method, sent, headers["If-Match"]) == ("PATCH", body, '"1"')
    assert path == "/subscriptions/s/resourceGroups/r(g)%20%C3%BC/vm?api-version=2024-07-01"


async def test_a_read_has_no_body_and_no_etag(arm) -> None:
    assert (await call(arm, (200, "", {}))).body is None
    ((_method, path, headers, sent),) = arm.server.asked
    assert sent is None
    assert "If-Match" not in headers
    assert path == "/subscriptions/s"


async def test_a_url_of_azures_is_used_as_it_is(arm) -> None:
    url = f"{arm.server.url}/operations/1?p=a%2Fb&t=1"
    await call(arm, (200, {}, {}), (200, {}, {}), target=url)
    await arm.client.request("GET", url, Deadline(9), api_version="1")
    queries = [parse_qs(urlsplit(asked[1]).query) for asked in arm.server.asked]
    assert queries == [{"p": ["a/b"], "t": ["1"]}, {"p": ["a/b"], "t": ["1"], "api-version": ["1"]}]


@pytest.mark.parametrize("url", ["https://evil.test/x", "http://localhost/x", "https://notlocalhost/x"])
async def test_a_token_goes_to_no_foreign_host(arm, url: str) -> None:
    error = await error_of(arm, (200, {}, {}), kind=ManagedIdentityError, target=url)
    assert "foreign address" in str(error)
    assert arm.server.asked == []


async def test_an_error_keeps_all_that_azure_said(arm) -> None:
    error = await error_of(arm, (404, NOT_FOUND, {"x-ms-request-id": "r1", "Retry-After": "5"}))
    assert (error.status, error.code, error.message) == (404, "ResourceNotFound", "The Resource was not found.")
    assert (error.request_id, error.retry_after, error.call, error.target) == ("r1", 5.0, "GET", "/subscriptions/s")
    assert error.remedy
    assert len(arm.server.asked) == 1


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ("<html>proxy says no</html>", None, "proxy says no"),
        ("", None, "Bad Request"),
        ({"error": "text"}, None, "text"),
        ({"error": {"code": "X"}}, "X", "Bad Request"),
        ([1], None, "Bad Request"),
        (BUSY, "OperationNotAllowed", "too many requests have been received"),
    ],
)
async def test_errors_in_other_shapes(arm, body, code, message) -> None:
    error = await error_of(arm, (400, body, {"x-ms-correlation-request-id": "c1"}))
    assert (error.code, error.message, error.request_id) == (code, message, "c1")


@pytest.mark.parametrize("status", [408, 429, 500, 503])
async def test_a_read_is_tried_again(arm, status: int) -> None:
    assert (await call(arm, (status, BUSY, {}), (200, {"ok": 1}, {}))).body == {"ok": 1}
    assert len(arm.server.asked) == 2


async def test_a_throttled_write_is_sent_again_with_or_without_retry_after(arm) -> None:
    for headers in ({}, {"Retry-After": "1"}):
        await call(arm, (429, BUSY, headers), (200, {}, {}), method="PATCH", body={})
    assert len(arm.server.asked) == 4


@pytest.mark.parametrize("status", [408, 500, 503, 504])
@pytest.mark.parametrize("headers", [{}, {"Retry-After": "1"}])
async def test_a_write_that_may_have_been_made_is_not_sent_again(arm, status: int, headers: dict) -> None:
    assert (await error_of(arm, (status, BUSY, headers), method="PATCH", body={})).status == status
    assert len(arm.server.asked) == 1


@pytest.mark.parametrize("status", [400, 403, 409, 412])
async def test_what_does_not_pass_is_not_tried_again(arm, status: int) -> None:
    assert (await error_of(arm, (status, BUSY, {"Retry-After": "1"}))).status == status
    assert len(arm.server.asked) == 1


async def test_no_wait_goes_past_the_deadline(arm) -> None:
    assert (await error_of(arm, (429, BUSY, {"Retry-After": "1200"}), seconds=60)).status == 429
    assert len(arm.server.asked) == 1


async def test_a_server_that_does_not_answer_is_left_at_the_deadline(arm) -> None:
    error = await error_of(arm, hang, kind=WaitTimedOut, seconds=0.5)
    assert str(error).startswith("GET /subscriptions/s")
    assert "wait_timeout of 0.5 s passed while waiting for the answer." in str(error)


async def test_a_cancellation_that_comes_with_the_answer_is_not_lost(arm) -> None:
    class AtOnce:
        async def run(self, *_request, **_options):
            task.cancel()

    task = asyncio.ensure_future(ArmClient(AtOnce(), "https://arm.test", None).request("GET", "/x", Deadline(9)))
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("breakage", [reset, truncate, (503, {}, {})])
async def test_a_write_that_may_have_been_made_is_not_sent_again_whatever_its_method(arm, method, breakage) -> None:
    error = await error_of(arm, breakage, (200, {}, {}), kind=ManagedIdentityError, method=method)
    assert error.call == method
    assert [asked[0] for asked in arm.server.asked] == [method]


async def test_only_throttling_makes_it_send_that_again(arm) -> None:
    slow = (429, BUSY, {"Retry-After": "0"})
    await call(arm, slow, (201, {}, {}), method="PUT", body={}, only_new=True)
    assert [asked[2].get("If-None-Match") for asked in arm.server.asked] == ["*", "*"]


@pytest.mark.parametrize("breakage", [reset, truncate])
async def test_a_broken_connection_of_a_read_is_tried_again(arm, breakage) -> None:
    assert (await call(arm, breakage, (200, {"ok": 1}, {}))).body == {"ok": 1}


@pytest.mark.parametrize("breakage", [reset, truncate])
async def test_connections_that_always_break_end_after_four(arm, breakage) -> None:
    error = await error_of(arm, breakage, kind=ConnectionFailed)
    assert error.sent
    # aiohttp itself sends a read once more where a connection that it had kept turns out to be closed.
    assert 4 <= len(arm.server.asked) <= 8


@pytest.mark.parametrize("breakage", [reset, truncate])
async def test_a_broken_connection_of_a_write_is_told_once(arm, breakage) -> None:
    error = await error_of(arm, breakage, kind=ConnectionFailed, method="PATCH", body={})
    assert error.sent
    assert (error.call, error.target) == ("PATCH", "/subscriptions/s")
    assert len(arm.server.asked) == 1


async def test_an_answer_that_is_no_json_is_a_broken_one(arm) -> None:
    error = await error_of(arm, (200, "<html>", {}), kind=UnexpectedAnswer, method="PATCH", body={})
    assert error.sent
    assert "is not JSON" in str(error)


REDIRECTS = (301, 302, 303, 307, 308)


@pytest.mark.parametrize(
    ("method", "status"),
    [
        *((method, status) for method in ("GET", "PATCH", "PUT") for status in (202, 204, 206, *REDIRECTS)),
        *(("DELETE", status) for status in (202, 206, *REDIRECTS)),
    ],
)
async def test_what_does_not_say_that_it_was_done_is_no_success(arm, method: str, status: int) -> None:
    answer = (status, "", {"Location": "https://evil.test/x", "x-ms-request-id": "r1"})
    error = await error_of(arm, answer, kind=UnexpectedAnswer, method=method)
    assert (error.status, error.call, error.target, error.request_id) == (status, method, "/subscriptions/s", "r1")
    assert error.sent
    assert error.remedy
    assert ("a redirect" in str(error)) is (300 <= status < 400)
    assert len(arm.server.asked) == 1


async def test_a_read_that_is_a_post_is_tried_again(arm) -> None:
    answers = [(503, BUSY, {}), (200, {"ok": 1}, {})]
    assert (await call(arm, *answers, method="POST", body={}, reads=True)).body == {"ok": 1}
    assert (await error_of(arm, *answers, method="POST", body={})).status == 503


async def test_a_port_that_nobody_listens_on(arm) -> None:
    client = ArmClient(AsyncPipeline(arm.transport, [ArmRetryPolicy()]), "https://localhost:1", None)
    with pytest.raises(ConnectionFailed) as caught:
        await client.request("PATCH", "/x", Deadline(20), body={})
    assert not caught.value.sent
    assert "cloud_environment" in caught.value.remedy


async def test_a_certificate_that_is_not_trusted_fails_at_once(arm) -> None:
    distrustful = SharedTransport(ssl.create_default_context())
    client = ArmClient(AsyncPipeline(distrustful, [ArmRetryPolicy()]), arm.server.url, None)
    deadline = Deadline(20)
    with pytest.raises(ConnectionFailed) as caught:
        await client.request("GET", "/x", deadline)
    await distrustful.end()
    assert "REQUESTS_CA_BUNDLE" in caught.value.remedy
    assert deadline.left > 19


async def test_the_environments_proxy_is_used_unless_the_host_is_exempt(arm, monkeypatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://localhost:1")
    for exempt, kind in (("example.com", ConnectionFailed), ("localhost", None)):
        monkeypatch.setenv("NO_PROXY", exempt)
        transport = SharedTransport(arm.server.context())
        client = ArmClient(AsyncPipeline(transport, [ArmRetryPolicy()]), arm.server.url, None)
        arm.server.answers = [(200, {}, {})]
        if kind:
            with pytest.raises(kind):
                await client.request("PATCH", "/x", Deadline(20))
        else:
            await client.request("PATCH", "/x", Deadline(20))
        await transport.end()
    assert len(arm.server.asked) == 1


async def test_whoever_closes_the_transport_does_not_close_the_session(arm) -> None:
    async with AsyncPipeline(arm.transport, [ArmRetryPolicy()]):
        pass
    assert (await call(arm, (200, {"ok": 1}, {}))).body == {"ok": 1}
