# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests that nobody would send: each is answered, never with a 500, and every refusal of ARM is ARM's JSON.

Few in a run of all tests; `nox -s fuzz` sends 10,000 of each kind.
"""

from __future__ import annotations

import copy
import http.client
import json
import re
import tempfile
import typing as t
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.emulator.client import Client
from tests.emulator.cloud import FOREIGN, GROUP, SUBSCRIPTION, TENANT, VM, A, B, Cloud, Reply
from tests.emulator.fuzz_specs import BODIES, PATHS, VERSIONS
from tests.support.emulator import Emulator

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=8)
VALUES: dict[str, list[str]] = {
    "subscriptionId": [SUBSCRIPTION, SUBSCRIPTION, SUBSCRIPTION, FOREIGN, "x"],
    "resourceGroupName": ["rg", "rg", "RG", "rg2", "new"],
    "vmName": ["vm", "vm", "VM", "new"],
    "vmScaleSetName": ["fleet", "new"],
    "resourceName": ["a", "b", "new", "x" * 200],
    "scope": [VM[1:], A[1:], GROUP[1:], f"subscriptions/{SUBSCRIPTION}", "", "x", "providers/x"],
    "guid": ["b24988ac-6180-42a0-ab88-20f7382dd24c", "11111111-1111-4111-8111-111111111111", "x"],
    "tenant": [TENANT, "common", "x"],
    "namespace": ["Microsoft.Compute", "microsoft.resources", "Nobody.Knows"],
}
ODD = ["", ".", "..", "%", "%00", "\u00e9", "\U0001f600", "null", "*", "'", "a b", "a/b", "providers", "x" * 500]
OVER_A_CONNECTION = f"{VM.replace('/rg/', '/rg-web/')}-web-01?api-version=2024-07-01"
METHODS = ["GET", "PUT", "PATCH", "POST", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW"]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | WORDS
    | st.sampled_from(["\ud800", VM, A, B, "UserAssigned"])
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=6
)
HEADERS: dict[str, list[str]] = {
    "Content-Type": ["application/json", "text/plain", "application/x-www-form-urlencoded", "x"],
    "If-Match": ["*", '"1"', "1", '"', "\u00e9"],
    "If-None-Match": ["*", '"1"', ""],
    "Metadata": ["true", "x"],
    "Accept-Language": ["xx"],
}
PARAMETERS = [
    "$filter",
    "$top",
    "$skiptoken",
    "$expand",
    "$orderby",
    "$skip",
    "resource",
    "client_id",
    "monitor",
    "forceDeletion",
]


class Sent(t.NamedTuple):
    """A request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@st.composite
def paths(draw: st.DrawFn) -> str:
    """Return a path of a description with values in it, now and then with a segment more, less or other."""
    path = re.sub(
        r"\{(\w+)\}",
        lambda found: draw(st.sampled_from([*VALUES.get(found[1], ["vm", "a", "new", "default"]), "\u00e9", ".."])),
        draw(st.sampled_from(PATHS)),
    )
    if draw(st.integers(0, 5)) == 0:
        segments = path.split("/")
        place = draw(st.integers(1, len(segments)))
        segments[place : place + draw(st.integers(0, 1))] = [draw(st.sampled_from(ODD) | WORDS)]
        path = "/".join(segments)
    return draw(st.sampled_from([path, path, path, path.upper(), path + "/", path.replace("/", "//")]))


def nodes(value: t.Any) -> t.Iterator[tuple[t.Any, t.Any]]:
    """Yield every place in a JSON value: its container and its key."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in list(pairs):
        yield value, key
        yield from nodes(item)


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Return the body of an example with a few places changed, or something else."""
    if draw(st.integers(0, 9)) == 0:
        return draw(
            st.binary(max_size=30)
            | st.sampled_from(
                [
                    b"",
                    b"{",
                    b"[]",
                    b"null",
                    b"\xff",
                    b'{"a":' * 3000,
                    b"[" * 100_000,
                    b'{"a":' * 500 + b"1" + b"}" * 500,
                ]
            )
        )
    value = copy.deepcopy(draw(st.sampled_from(BODIES)))
    for _number in range(draw(st.integers(0, 3))):
        places = list(nodes(value))
        if not places:
            break
        container, key = places[draw(st.integers(0, len(places) - 1))]
        if draw(st.booleans()):
            container[key] = draw(JSON)
        else:
            del container[key]
    return json.dumps(value).encode("utf-8", "replace")


@st.composite
def requests(draw: st.DrawFn) -> Sent:
    """Return a request, mostly one that could be."""
    version = draw(st.sampled_from([*VERSIONS, "", "x", "2999-01-01"]))
    query = {"api-version": version}
    if draw(st.integers(0, 2)) == 0:
        query.update(draw(st.dictionaries(st.sampled_from(PARAMETERS), WORDS | st.just("-1"), max_size=3)))
    parts = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
    headers = {"Content-Type": "application/json", "Metadata": "true"}
    if draw(st.integers(0, 3)) == 0:
        name = draw(st.sampled_from(sorted(HEADERS)))
        headers[name] = draw(st.sampled_from(HEADERS[name]))
    return Sent(draw(st.sampled_from(METHODS)), f"{draw(paths())}?{parts}", headers, draw(bodies()))


CLOUD = Cloud(
    Path(tempfile.gettempdir()),
    limit_sizes={"ArmWrites": {"capacity": 2}, "IdentityGetResource": {"capacity": 1}},
    resource_graph_seconds=1,
    # The clock goes on with every request, and a token must not end: then nothing would be looked at.
    token_seconds=10**9,
)


def of_web_server(reply: Reply) -> bool:
    """Return whether a path did not get as far as ARM."""
    return reply.status == 400 and reply.headers["Content-Type"].startswith("text/html")


def check(sent: Sent, reply: Reply) -> None:
    """Whatever the request was: no 500, and a refusal is in ARM's form (or Entra's, IMDS's, or the web server's)."""
    assert 200 <= reply.status < 500, (sent, reply)
    if reply.status < 400 or not reply.text or of_web_server(reply):
        return
    error = reply.json["error"]
    if isinstance(error, dict):
        assert error["code"], (sent, reply)
        assert isinstance(error["message"], str), (sent, reply)
        assert reply.headers["x-ms-request-id"], (sent, reply)
    assert reply.headers["Content-Type"].startswith("application/json"), (sent, reply)


@given(st.lists(requests(), min_size=1, max_size=3), st.booleans(), st.sampled_from([0.0, 5.0]))
def test_any_requests(sent: list[Sent], limits: bool, seconds: float) -> None:
    CLOUD.world.reset()
    CLOUD.world.configure(CLOUD.world.settings.updated({"limits": limits, "operation_seconds": seconds}))
    for request in sent:
        headers = {"Authorization": f"Bearer {CLOUD.token()}", **request.headers}
        reply = CLOUD.raw(request.method, request.path, request.body, headers)
        check(request, reply)
        assert (
            reply.status != 401
            or reply.code == "InvalidAuthenticationTokenTenant"
            or "/oauth2/" in request.path.lower()
        )
        CLOUD.now += 1


@given(requests(), st.sampled_from(["", "Bearer", "Bearer x", "Basic eDp4", "Bearer a.b.c", "\u00e9"]))
def test_without_a_good_token(sent: Sent, authorization: str) -> None:
    headers = {**sent.headers, "Authorization": authorization}
    reply = CLOUD.raw(sent.method, sent.path, sent.body, headers)
    check(sent, reply)
    if sent.path.lower().startswith("/subscriptions") and not of_web_server(reply):
        assert reply.status == 401
        assert reply.code in ("AuthenticationFailed", "InvalidAuthenticationToken")
        assert "WWW-Authenticate" in reply.headers


QUERIES = st.lists(
    st.sampled_from(["Resources", "|", "where", "project", "order by", "name", "id", "=~", "'x'", "has", "tags"])
    | st.sampled_from(
        [
            "(",
            ")",
            ",",
            "[",
            "]",
            ".",
            "asc",
            "count()",
            "mv-expand",
            "bag_keys(identity)",
            "extend",
            "summarize",
            "limit",
            "-1",
            "==",
            "in~",
            "not",
            '"',
        ]
    )
    | WORDS,
    max_size=12,
).map(" ".join)


@given(QUERIES, JSON)
def test_any_query(query: str, options: t.Any) -> None:
    body = json.dumps({"query": query, "options": options}).encode("utf-8", "replace")
    path = "/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01"
    sent = Sent("POST", path, {"Authorization": f"Bearer {CLOUD.token()}"}, body)
    check(sent, CLOUD.raw(sent.method, sent.path, sent.body, sent.headers))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"{GROUP}/providers/Microsoft.Compute/gadgets/x?api-version=2024-07-01", "InvalidResourceType"),
        (f"{GROUP}/providers/Microsoft.Compute/gadgets/x", "MissingApiVersionParameter"),
        (f"{VM}?api-version=x", "InvalidApiVersionParameter"),
        (f"{GROUP}/providers/Nobody.Knows/gadgets/x?api-version=2024-07-01", "InvalidResourceNamespace"),
    ],
)
def test_routes_that_are_not_there(path: str, code: str) -> None:
    CLOUD.world.reset()
    reply = CLOUD.raw("GET", path, headers={"Authorization": f"Bearer {CLOUD.token()}"})
    assert (reply.status // 100, reply.code) == (4, code)


def test_a_query_that_is_nested_too_deep() -> None:
    CLOUD.world.reset()
    query = f"Resources | where {'not(' * 5000}true{')' * 5000}"
    headers = {"Authorization": f"Bearer {CLOUD.token()}"}
    path = "/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01"
    assert CLOUD.raw("POST", path, json.dumps({"query": query}).encode(), headers).code == "BadRequest"


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"tags":' * 500 + b"1" + b"}" * 500, b'{"tags":{"a":"\\ud800"}}', b'{"tags":{"a":NaN}}']
)
def test_json_that_is_none(emulator: Emulator, body: bytes) -> None:
    client = Client(emulator)
    answer = client.raw("PATCH", OVER_A_CONNECTION, body.decode(), {"Authorization": f"Bearer {client.token()}"})
    assert (answer.status, answer.json["error"]["code"]) == (400, "InvalidRequestContent")


@pytest.mark.parametrize(
    "target",
    [
        *("/%00", "/%", "/%ff%fe", "/subscriptions/%2e%2e/x", "//", "/?", "/subscriptions?api-version=%ff", "*"),
        *("/_emulator/", "/_emulator/log?since=x", "http://other/subscriptions", "/" + "x" * 7000),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "BREW"])
def test_odd_targets_over_a_connection(emulator: Emulator, method: str, target: str) -> None:
    try:
        answer = Client(emulator).raw(method, target, "{", {"Content-Type": "application/json"})
    except http.client.InvalidURL:
        pytest.skip("the client does not send it")
    assert 200 <= answer.status < 500


@pytest.mark.parametrize("length", [("Content-Length", "x"), ("Transfer-Encoding", "chunked")])
def test_a_broken_body_over_a_connection(emulator: Emulator, length: tuple[str, str]) -> None:
    answer = Client(emulator).raw("PUT", "/subscriptions", "zz\r\n", dict([length]))
    assert answer.status in (400, 408)
