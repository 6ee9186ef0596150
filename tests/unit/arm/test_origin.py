# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a token may go: the cloud's own origin, however it is spelled, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.net._origin import (
    same_origin,
    split_url,
    without_user,
)

ENDPOINT = "https://management.azure.com"


@pytest.mark.parametrize(
    ("endpoint", "url"),
    [
        (ENDPOINT, "https://management.azure.com/subscriptions/s?t=1&s=a%2Fb"),
        (ENDPOINT, "HTTPS://Management.Azure.COM"),
        (ENDPOINT, "https://management.azure.com:443/x"),
        (ENDPOINT, "https://management.azure.com./x"),
        (ENDPOINT, "https://eastus2euap.management.azure.com/x"),
        ("https://management.azure.com:443", "https://management.azure.com/x"),
        ("https://localhost:8443", "https://localhost:8443/x"),
        ("https://[::1]:8443", "https://[0:0:0:0:0:0:0:1]:8443/x"),
        ("https://bücher.test", "https://xn--bcher-kva.test/x"),
        ("https://bücher.test", "https://BÜCHER.test/x"),
        ("https://straße.test", "https://straße.test/x"),
    ],
)
def test_the_clouds_own(endpoint: str, url: str) -> None:
    assert same_origin(endpoint, url)


@pytest.mark.parametrize(
    ("endpoint", "url"),
    [
        (ENDPOINT, "http://management.azure.com/x"),
        (ENDPOINT, "https://management.azure.com:8443/x"),
        (ENDPOINT, "https://management.azure.com:0/x"),
        (ENDPOINT, "https://management.azure.com:99999/x"),
        (ENDPOINT, "https://management.azure.com:a/x"),
        (ENDPOINT, "https://evil.test/x"),
        (ENDPOINT, "https://evilmanagement.azure.com/x"),
        (ENDPOINT, "https://azure.com/x"),
        (ENDPOINT, "https://management.azure.com.evil.test/x"),
        (ENDPOINT, "https://.management.azure.com/x"),
        (ENDPOINT, "https://a..management.azure.com/x"),
        (ENDPOINT, "https://management.azure.com@evil.test/x"),
        (ENDPOINT, "https://evil.test\\@management.azure.com/x"),
        (ENDPOINT, "https://user:pass@management.azure.com/x"),
        (ENDPOINT, "https://evil.test#@management.azure.com/x"),
        (ENDPOINT, "https://management.azure.com\t.evil.test/x"),
        (ENDPOINT, "https://management.azure.com\x00/x"),
        (ENDPOINT, "https://[::1/x"),
        (ENDPOINT, "//management.azure.com/x"),
        (ENDPOINT, "/x"),
        (ENDPOINT, ""),
        (ENDPOINT, "https:///x"),
        (ENDPOINT, "https:management.azure.com"),
        (ENDPOINT, "https://management\uff0eazure.com/x"),
        ("https://localhost:8443", "https://localhost/x"),
        ("https://localhost:8443", "https://localhost:8444/x"),
        ("https://127.0.0.1", "https://x.127.0.0.1/x"),
        ("https://[::1]", "https://x.::1/x"),
        ("https://strasse.test", "https://straße.test/x"),
        ("https://[::1", "https://[::1"),
    ],
)
def test_foreign(endpoint: str, url: str) -> None:
    assert not same_origin(endpoint, url)


@given(st.text(), st.text(max_size=8))
def test_no_text_raises_and_what_stands_before_the_host_does_not_help(text: str, port: str) -> None:
    same_origin(ENDPOINT, text)
    same_origin(ENDPOINT, f"https://management.azure.com:{port}")
    assert not same_origin(ENDPOINT, f"https://evil.test/{text}{ENDPOINT}")
    assert not same_origin(ENDPOINT, f"https://{text}@management.azure.com/")


def test_what_splits_is_https_with_a_host() -> None:
    parts = split_url("https://Host:8443/a?b")
    assert parts is not None
    assert (parts.hostname, parts.port, parts.path) == ("host", 8443, "/a")
    assert split_url("ftp://host") is None


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://me:pa@ss@proxy.test:3128", "http://proxy.test:3128"),
        ("http://me@proxy.test/a@b", "http://proxy.test/a@b"),
        ("me:pass@proxy.test:3128", "proxy.test:3128"),
        ("http://proxy.test", "http://proxy.test"),
    ],
)
def test_user_information_is_not_shown(url: str, shown: str) -> None:
    assert without_user(url) == shown


def test_only_microsofts_own_clouds_have_hosts_below_them():
    assert same_origin("https://management.azure.com", "https://eastus2euap.management.azure.com/x")
    for own in ("https://corp.example", "https://localhost:1", "https://azure.com"):
        assert not same_origin(own, own.replace("https://", "https://evil."))
