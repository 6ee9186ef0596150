# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies that are no JSON: what a message can show of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.managed_identity.azure.plugins.module_utils.core.wire._readable import readable


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        (
            b"<html><head><title> 502\nBad&nbsp;Gateway </title></head><body>nginx</body></html>",
            None,
            "502 Bad Gateway",
        ),
        (
            b"<style>p{}</style><script>x()</script><p>Access &lt;denied&gt;</p><p>by policy",
            "text/html",
            "Access <denied> by policy",
        ),
        (b"<title></title><p>text", "text/html", "text"),
        (b"<Error><Message>no</Message></Error>", "application/xml", "no"),
        (b"upstream\r\n\x1b[31m connect\x00 error", "text/plain", "upstream [31m connect error"),
        ("Größe".encode("latin-1"), "text/plain; charset=iso-8859-1", "Größe"),
        ("Größe".encode("latin-1"), "text/plain; charset=nonsense", "Gr\ufffd\ufffde"),
        (b"", "text/html", ""),
        (b"<p>before<![unknown[ after", None, "before"),
        (b"  <p>no type", None, "no type"),
        (b"a <b>page</b>", "TEXT/HTML", "a page"),
        (b"a <b>text</b>", None, "a <b>text</b>"),
        (b"a <b>text</b>", "text/plain", "a <b>text</b>"),
        (b"<style>p{}</style>seen<title>a</title><title>b</title>", None, "a b"),
        (b"<p>seen</b></p> and <i>seen", None, "seen and seen"),
        ("Größe".encode(), None, "Größe"),
        (b"\xff\xfe", "text/plain; charset=utf-8", "\ufffd\ufffd"),
        (b"w" * 200, None, "w" * 200),
        (b"w" * 201, None, "w" * 196 + " ..."),
        (b"word " * 10_000, None, ("word " * 40)[:196].rstrip() + " ..."),
    ],
)
def test_words(body: bytes, content_type: str | None, words: str) -> None:
    assert readable(body, content_type) == words


@given(st.binary() | st.text("<>!?[]-/= \"'&;ab").map(str.encode), st.none() | st.text())
def test_any_body_becomes_one_short_line(body: bytes, content_type: str | None) -> None:
    words = readable(body, content_type)
    assert len(words) <= 200
    assert words.isprintable() or not words
