# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxies: what the environment may say, and what is sent by them, over both of the libraries that send."""

from __future__ import annotations

import base64

import pytest

pytest.importorskip("azure.core")
pytest.importorskip("aiohttp")

from azure.core.rest import HttpRequest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._sign_in import SignIn
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._deadline import Deadline
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._proxy import Proxies, Proxy
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._transport import SharedTransport
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import AccessError, InvalidInput
from tests.support.proxy import connect_proxy
from tests.support.scripted import scripted_server

URL = "https://management.azure.com/x"


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "ALL_PROXY", "HTTP_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def proxy_of(monkeypatch: pytest.MonkeyPatch, url: str = URL, **environ: str) -> Proxy | None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return Proxies().of(url)


@pytest.mark.parametrize(
    ("value", "proxy"),
    [
        ("http://proxy:3128", Proxy("http://proxy:3128")),
        ("proxy:3128", Proxy("http://proxy:3128")),
        (" HTTP://Proxy/ ", Proxy("http://proxy:80")),
        ("https://proxy", Proxy("https://proxy:443")),
        ("http://[::1]:3128", Proxy("http://[::1]:3128")),
        ("http://me:p%40ss%2F@proxy:3128", Proxy("http://proxy:3128", "me", "p@ss/")),
        ("me:pass@proxy:3128", Proxy("http://proxy:3128", "me", "pass")),
        ("http://me:p@ss@proxy:3128", Proxy("http://proxy:3128", "me", "p@ss")),
        ("http://me@proxy:3128", Proxy("http://proxy:3128", "me", "")),
    ],
)
def test_values(monkeypatch, value, proxy) -> None:
    assert proxy_of(monkeypatch, HTTPS_PROXY=value) == proxy
    assert "ss" not in repr(proxy).replace("password", "")


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({}, None),
        ({"HTTPS_PROXY": " "}, None),
        ({"HTTP_PROXY": "http://plain:1"}, None),
        ({"ALL_PROXY": "all:1"}, "http://all:1"),
        ({"ALL_PROXY": "all:1", "HTTPS_PROXY": "own:1"}, "http://own:1"),
        ({"HTTPS_PROXY": "upper:1", "https_proxy": "lower:1"}, "http://lower:1"),
        ({"HTTPS_PROXY": "own:1", "NO_PROXY": ".azure.com"}, None),
        ({"HTTPS_PROXY": "socks5://own:1", "NO_PROXY": "*"}, None),
        ({"HTTPS_PROXY": "own:1", "NO_PROXY": "other"}, "http://own:1"),
    ],
)
def test_variables(monkeypatch, environ, url) -> None:
    proxy = proxy_of(monkeypatch, **environ)
    assert (proxy and proxy.url) == url


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("socks5://me:hush@proxy:1080", "names a SOCKS proxy, which is not supported"),
        ("socks5h://proxy:1080", "names a SOCKS proxy"),
        ("SOCKS4://proxy:1080", "names a SOCKS proxy"),
        ("ftp://me:hush@proxy:21", "is not the URL of a proxy"),
        ("http://me:hush@proxy:99999", "is not the URL of a proxy"),
        ("http://me:hush@proxy:0", "is not the URL of a proxy"),
        ("http://me:hu/sh@proxy:1", "is not the URL of a proxy"),
        ("http://me:hush@", "is not the URL of a proxy"),
        ("http://[::1", "is not the URL of a proxy"),
        ("http://me:hush@pro xy:1", "is not the URL of a proxy"),
        ("http://me:hush@proxy:1?x", "is not the URL of a proxy"),
        ("hush", None),
    ],
)
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_what_cannot_be_used_is_told_by_the_variables_name_alone(monkeypatch, name, value, says) -> None:
    monkeypatch.setenv(name, value)
    if says is None:
        assert Proxies().of(URL) == Proxy("http://hush:80")
        return
    with pytest.raises(InvalidInput) as caught:
        Proxies().of(URL)
    assert f"{name} {says}" in caught.value.message
    assert "hush" not in str(caught.value)
    assert "proxy:" not in str(caught.value)
    assert caught.value.__context__ is None or caught.value.__suppress_context__


async def test_requests_go_by_the_proxy_with_its_user(monkeypatch) -> None:
    async with connect_proxy() as proxy, scripted_server() as server:
        server.answers = [(200, {"a": 1}, {})]
        proxy.to = ("127.0.0.1", int(server.url.rpartition(":")[2]))
        monkeypatch.setenv("HTTPS_PROXY", f"mé:p%40ß@localhost:{proxy.port}")
        transport = SharedTransport(server.context())
        answer = await transport.send(HttpRequest("GET", "https://localhost/x"))
        await transport.send(HttpRequest("GET", f"{server.url}/x"), proxies={})
        await transport.end()
    assert answer.status_code == 200
    user = base64.b64encode("mé:p@ß".encode()).decode()
    assert proxy.asked == [("CONNECT localhost:443 HTTP/1.1", f"Basic {user}")]


async def test_a_user_signs_in_by_the_same_proxy(monkeypatch, service, make, tmp_path) -> None:
    service.authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    environ = {"REQUESTS_CA_BUNDLE": str(tmp_path / "ca.pem")}
    async with connect_proxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"me:p%40ss@localhost:{proxy.port}")
        credential, access, _notes = make({"ad_user": "u", "password": "p"}, environ)
        assert await SignIn(access, lambda: credential).token("https://a/.default", Deadline(20)) == "token-1"
        asked = list(proxy.asked)
        proxy.status = 407
        credential = make({"ad_user": "u", "password": "p"}, environ)[0]
        with pytest.raises(AccessError, match="The proxy refuses the connection: 407") as caught:
            await SignIn(access, lambda: credential).token("https://a/.default", Deadline(20))
    port = service.url.rpartition(":")[2]
    user = base64.b64encode(b"me:p@ss").decode()
    assert set(asked) == {(f"CONNECT localhost:{port} HTTP/1.0", f"Basic {user}")} or set(asked) == {
        (f"CONNECT localhost:{port} HTTP/1.1", f"Basic {user}")
    }
    assert "HTTPS_PROXY" in caught.value.remedy
    assert "p@ss" not in str(caught.value)


def test_a_proxy_as_a_client_wants_it() -> None:
    assert Proxy("http://proxy:1").with_user == "http://proxy:1"
    assert Proxy("http://[::1]:1", "m/e", "p@ss").with_user == "http://m%2Fe:p%40ss@[::1]:1"
