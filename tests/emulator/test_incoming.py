# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What clients send is bounded, and none of them keeps the others waiting."""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import ssl
import threading
import time
import typing as t

import pytest

from emulator.base.read_json import read_json
from emulator.wire import incoming
from tests.emulator.client import Answer, Client
from tests.emulator.cloud import TENANT, VM, Cloud
from tests.support.emulator import Emulator

PATH = (
    "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-web/providers/Microsoft.Compute/"
    "virtualMachines/vm-web-01?api-version=2024-07-01"
)


def sent(emulator: Emulator, body: str, **headers: str) -> Answer:
    """PATCH a VM."""
    client = Client(emulator)
    given = {"Authorization": f"Bearer {client.token()}", "Content-Type": "application/json", **headers}
    return client.raw("PATCH", PATH, body, given)


def test_a_body_as_large_as_it_may_be(emulator: Emulator) -> None:
    tags = json.dumps({"tags": {"t": "x" * (4 * 1024 * 1024 - 100)}})
    assert sent(emulator, tags).status == 200


@pytest.mark.parametrize("path", [PATH, "/_emulator/seed", f"/{TENANT}/oauth2/v2.0/token"])
def test_a_body_that_is_too_large(emulator: Emulator, path: str) -> None:
    answer = Client(emulator).raw("POST", path, "x" * (4 * 1024 * 1024 + 1), {})
    assert (answer.status, answer.json["error"]) == (
        413,
        {
            "code": "RequestContentTooLarge",
            "message": "The request content size exceeds the maximum size of 4 MB.",
        },
    )


def test_headers_that_are_too_large(emulator: Emulator) -> None:
    client = Client(emulator)
    assert client.raw("GET", PATH, None, {"X-Long": "x" * 20_000}).status == 400
    assert client.raw("GET", PATH, None, {f"X-{number}": "x" for number in range(2000)}).status == 400
    assert client.raw("GET", f"{PATH}&{'x' * 20_000}", None, {}).status == 400


@contextlib.contextmanager
def connections(emulator: Emulator, count: int, start: bytes) -> t.Iterator[list[ssl.SSLSocket]]:
    """Open connections that each send the beginning of a request, and no more."""
    context = ssl.create_default_context(cafile=str(emulator.directory / "ca.pem"))
    port = int(emulator.url.rpartition(":")[2])
    with contextlib.ExitStack() as stack:
        found = []
        for _number in range(count):
            plain = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
            found.append(stack.enter_context(context.wrap_socket(plain, server_hostname="127.0.0.1")))
            found[-1].sendall(start)
        yield found


SLOW = {
    "nothing": b"",
    "a line": b"GET /subscriptions HT",
    "a header": b"GET /subscriptions HTTP/1.1\r\nHost: 127.0.0.1\r\nX-",
    "a body": b"PUT /subscriptions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{",
}


@pytest.mark.parametrize("name", SLOW)
def test_slow_clients_do_not_keep_others_waiting(emulator: Emulator, name: str) -> None:
    with connections(emulator, 60, SLOW[name]):
        started = time.monotonic()
        assert Client(emulator).send("GET", PATH).status == 200
        assert time.monotonic() - started < incoming._HEAD_SECONDS


@pytest.mark.parametrize("name", SLOW)
def test_slow_clients_are_sent_away(emulator: Emulator, name: str) -> None:
    with connections(emulator, 1, SLOW[name]) as (slow,):
        try:
            answer = slow.recv(100)
        except (ConnectionResetError, ssl.SSLError):
            answer = b""
        assert answer == b"" or answer.startswith(b"HTTP/1.1 408 ")


def test_a_connection_that_is_kept_stays(emulator: Emulator) -> None:
    """What waits is only the first request of each."""
    whole = b"GET /metadata/endpoints HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with connections(emulator, 1, whole) as (kept,):
        assert kept.recv(15) == b"HTTP/1.1 200 OK"
        time.sleep(incoming._HEAD_SECONDS + 0.5)
        kept.sendall(whole)
        assert kept.recv(15)


def test_a_delayed_request_does_not_stop_others(emulator: Emulator) -> None:
    emulator.faults({"match": {"path": "vm-web-01"}, "action": {"delay": 5}})
    client = Client(emulator)
    client.token()
    ended: list[str] = []

    def send(name: str) -> None:
        client.send("GET", PATH.replace("vm-web-01", name))
        ended.append(name)

    threads = [threading.Thread(target=send, args=(name,)) for name in ("vm-web-01", "vm-web-02")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ended == ["vm-web-02", "vm-web-01"]


def test_a_request_line_with_bytes_that_are_no_text(emulator: Emulator) -> None:
    emulator.faults({"match": {"path": "nowhere"}, "action": {"status": 500}})
    with connections(emulator, 1, b"GET /\xff\xfe HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: \xff\r\n\r\n") as (odd,):
        answer = odd.recv(100)
    assert b" 4" in answer[:13]
    emulator.log()


ODD_JSON = {
    "deep": "[" * 100_000,
    "deep and whole": '{"tags":' * 200 + "1" + "}" * 200,
    "a number of many digits": '{"tags":{"a":' + "9" * 5000 + "}}",
    "a number beyond 64 bits": '{"tags":{"a":18446744073709551616}}',
    "a negative one": '{"tags":{"a":-9223372036854775809}}',
    "a decimal that is infinite": '{"tags":{"a":1e999}}',
    "NaN": '{"tags":{"a":NaN}}',
    "infinity": '{"tags":{"a":-Infinity}}',
    "a name twice": '{"tags":{"a":"1","a":"2"}}',
    "half of a character": '{"tags":{"a":"\\ud800"}}',
    "half of a character as a name": '{"tags":{"\\uDC00":1}}',
}


@pytest.mark.parametrize("name", ODD_JSON)
def test_json_that_not_every_reader_reads_alike(cloud: Cloud, name: str) -> None:
    headers = {"Authorization": f"Bearer {cloud.token()}"}
    for method in ("PUT", "PATCH"):
        reply = cloud.raw(method, f"{VM}?api-version=2024-07-01", ODD_JSON[name].encode(), headers)
        assert (reply.status, reply.code) == (400, "InvalidRequestContent")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18446744073709551615", 2**64 - 1),
        ("-9223372036854775808", -(2**63)),
        ("1.5e300", 1.5e300),
        ('{"a":1,"A":2}', {"a": 1, "A": 2}),
        ('"\\ud83d\\ude00"', "\U0001f600"),
        ("[" * 63 + "]" * 63, None),
    ],
)
def test_json_that_is_read(text: str, value: t.Any) -> None:
    found = read_json(text.encode())
    assert value is None or found == value


def encoded(text: str) -> str:
    """Return a part of a token."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


GOOD = encoded('{"alg":"RS256","typ":"JWT"}')
TOKENS = {
    "a deep header": f"{encoded('[' * 5000)}.{encoded('{}')}.eHh4eA",
    "deep claims": ".".join((GOOD, encoded('{"a":' * 3000), "eHh4eA")),
    "an infinite end": ".".join((GOOD, encoded('{"exp":1e999,"sub":"x"}'), "eHh4eA")),
    "an end of many digits": ".".join((GOOD, encoded('{"exp":' + "9" * 5000 + "}"), "eHh4eA")),
    "no text": f"{GOOD}.____.eHh4eA",
    "one part": "x",
    "beyond ASCII": "\u00e9.\u00e9.\u00e9",
}


@pytest.mark.parametrize("name", TOKENS)
def test_tokens_that_are_none(cloud: Cloud, name: str) -> None:
    for path in (f"{VM}?api-version=2024-07-01", "/v1.0/users"):
        reply = cloud.raw("GET", path, headers={"Authorization": f"Bearer {TOKENS[name]}"})
        assert reply.status == 401
    form = {
        "grant_type": "client_credentials",
        "client_id": "main-client",
        "scope": "https://management.azure.com/.default",
        "client_assertion": TOKENS[name],
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }
    assert cloud.form(f"/{TENANT}/oauth2/v2.0/token", form).status in (400, 401)
