# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers of a sign-in service that are none: whatever comes, there is a token, or an error for the user."""

from __future__ import annotations

import json
import zlib
from types import SimpleNamespace

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._access import Access
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._by_managed_identity import (
    BoundedTransport,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._guarded import Guarded
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import AccessError

exceptions = pytest.importorskip("azure.core.exceptions")
pytest.importorskip("azure.identity")

SCOPE = "https://management.test/.default"
GOOD = {"access_token": "t", "expires_in": 3600, "token_type": "Bearer"}
ODD = [
    b"",
    b"null",
    b"[]",
    b"[1]",
    b'"text"',
    b"1",
    b"{",
    b"\xff\xfe",
    b"<html>gateway</html>",
    b"[" * 100_000,
    {},
    {"access_token": "t"},
    {"expires_in": 3600},
    {**GOOD, "access_token": None},
    {**GOOD, "access_token": ""},
    {**GOOD, "access_token": ["t"]},
    {**GOOD, "access_token": {"t": 1}},
    {**GOOD, "access_token": "two\r\nlines: of a header"},
    {**GOOD, "access_token": "\ud800"},
    {**GOOD, "expires_in": "soon"},
    {**GOOD, "expires_in": None},
    {**GOOD, "expires_in": []},
    {**GOOD, "expires_in": {}},
    {**GOOD, "expires_in": 10**400},
    {**GOOD, "expires_in": float("inf")},
    {**GOOD, "expires_in": float("nan")},
    {**GOOD, "expires_on": "soon"},
    {**GOOD, "refresh_in": "soon"},
    {"error": []},
    {"error": {"code": 1}, "error_description": {"AADSTS90002": []}},
    {"error": None, "error_description": None},
    {"error": "invalid_client", "error_description": "x" * 100_000},
]
WAYS = {
    "secret": {"client_id": "app", "tenant": "tid", "secret": "s3cret"},
    "password": {"ad_user": "u", "password": "p3ssword", "cert_validation_mode": "ignore"},
    "msi": {"auth_source": "msi"},
}


@pytest.mark.parametrize("body", ODD, ids=lambda body: str(body)[:50])
@pytest.mark.parametrize("way", WAYS)
async def test_an_odd_answer_is_an_error_for_the_user(service, make, monkeypatch, way, body):
    async def no_wait(_self, _seconds):
        pass

    monkeypatch.setattr(BoundedTransport, "sleep", no_wait)
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", service.url)
    service.body = body if isinstance(body, bytes) else json.dumps(body).encode()
    credential, access, _notes = make(WAYS[way])
    for call in (credential.get_token, credential.get_token_info):
        with pytest.raises(AccessError) as caught:
            await call(SCOPE)
        assert caught.value.message.startswith(f"The sign-in of the {access.source} failed: ")
        assert caught.value.remedy
        assert len(caught.value.message) < 1000
    await credential.close()


@pytest.mark.parametrize(
    ("error", "words", "passing"),
    [
        (KeyError("resource"), "failed: the answer holds no token.", False),
        (AttributeError("'list' object"), "failed: the answer holds no token.", False),
        (RecursionError("too deep"), "failed: the answer holds no token.", False),
        (ValueError("odd"), "failed: the answer holds no token.", False),
        (zlib.error("bad header"), "failed: the answer holds no token.", False),
        (TimeoutError(), "failed: TimeoutError.", True),
        (ConnectionResetError("reset"), "failed: reset.", True),
    ],
)
async def test_what_libraries_raise_is_told_in_words(error, words, passing):
    class Broken:
        async def get_token(self, *_scopes, **_options):
            raise error

    with pytest.raises(AccessError) as caught:
        await Guarded(Broken(), Access("secret", "client secret")).get_token(SCOPE)
    assert caught.value.message.endswith(words)
    assert caught.value.passing is passing


async def test_no_connection_passes_and_a_wrong_certificate_does_not():
    for text, passing in (("Cannot connect to host", True), ("[SSL: CERTIFICATE_VERIFY_FAILED] x", False)):

        class Unreachable:
            async def get_token_info(self, *_scopes, options=None, text=text):
                raise exceptions.ServiceRequestError(text)

        with pytest.raises(AccessError) as caught:
            await Guarded(Unreachable(), Access("secret", "client secret")).get_token_info(SCOPE)
        assert caught.value.passing is passing
        assert ("network" in caught.value.remedy) is passing


async def test_a_bug_is_no_answer_and_an_interrupt_is_none_either():
    for error in (RuntimeError("ours"), KeyboardInterrupt()):

        class Broken:
            async def get_token(self, *_scopes, error=error, **_options):
                raise error

        with pytest.raises(type(error)):
            await Guarded(Broken(), Access("secret", "client secret")).get_token(SCOPE)


@pytest.mark.parametrize(("expires_on", "good"), [(1, True), (1.5, True), (0, False), (-1, False), (10**400, False)])
async def test_a_token_ends(expires_on, good):
    class Given:
        async def get_token(self, *_scopes, **_options):
            return SimpleNamespace(token="t", expires_on=expires_on)

    asked = Guarded(Given(), Access("secret", "client secret")).get_token(SCOPE)
    if good:
        assert (await asked).token == "t"
    else:
        with pytest.raises(AccessError, match="the answer holds no token"):
            await asked
