# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing that looks like a secret is shown, wherever it stands; identifiers are; and no text takes long."""

from __future__ import annotations

import ast
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.managed_identity.azure.plugins.module_utils.core._secrets import (
    kind_of_secret,
    secrets_in,
    showable,
    showable_all,
)
from tests.tools.imports import source_files
from tests.tools.link_collection import ROOT
from tests.unit.core.secret_corpus import ANYWHERE, AS_WORDS, INNOCENT, JWT, PEM

ALL = {**ANYWHERE, **AS_WORDS}
CONTEXTS = (
    "{}",
    "The certificate {} cannot be read: File name too long.",
    "[Errno 36] File name too long: '{}'",
    "path=({}),",
    "\x00\ud800 {}\n\tmore",
    "********: {} ********",
    "{} and again {}",
)
FRAGMENT = 24


def shows(text: str, secret: str) -> bool:
    """Whether a text holds a secret, or enough of a long one."""
    parts = [secret[at : at + FRAGMENT] for at in range(0, max(1, len(secret) - FRAGMENT), FRAGMENT)]
    return any(part in text for part in parts)


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("name", ALL)
def test_a_secret_is_not_shown(name: str, context: str) -> None:
    text, secret = ALL[name]
    shown = showable(context.replace("{}", text))
    assert not shows(shown, secret)
    assert "********" in shown
    assert kind_of_secret(text) in ("a key", "a token", "a client secret", "a secret", "user information")


@pytest.mark.parametrize("name", ALL)
def test_a_secret_is_not_shown_in_json_or_a_message_on_one_line(name: str) -> None:
    text, secret = ALL[name]
    for shape in (json.dumps({"msg": text}), repr(text), " ".join(text.split())):
        assert not shows(showable(shape), secret)


@pytest.mark.parametrize("text", INNOCENT)
def test_an_innocent_text_is_shown_as_it_is(text: str) -> None:
    assert showable(text) == text
    assert kind_of_secret(text) is None
    assert secrets_in(text) == set()


@given(st.sampled_from(sorted(ANYWHERE)), st.text(), st.text())
def test_whatever_stands_around_it(name: str, before: str, after: str) -> None:
    text, secret = ANYWHERE[name]
    assert not shows(showable(before + text + after), secret)


@given(st.lists(st.sampled_from(INNOCENT[1:]), max_size=5), st.sampled_from([" ", "\n", "; ", " - "]))
def test_innocents_stay_innocent_in_company(texts: list[str], separator: str) -> None:
    assert showable(separator.join(texts)) == separator.join(texts)


PIECES = [
    *("-----BEGIN ", "-----END ", "-----", "eyJ", ".", "MII", "QwIBADAN", "Q~", "8", "abc", "==", "://", "@", ":", "/"),
    *("%3A%2F%2F", "%40", "password", "secret", "=", '"', "'", "\\", "&sig=", "?code=", "bearer ", "authorization: "),
    *(
        "basic ",
        "proxy",
        " ",
        "\n",
        ": ",
        ":",
        "hunter2",
        "dXNlcjpwYXNz",
        "cookie",
        "a=b;",
        "host:80",
        "A" * 86,
        "x" * 40,
        "********",
        "\ud800",
        "\x00",
        ",",
        "token",
    ),
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_what_was_shown_once_stays_as_it_is(text: str) -> None:
    assert showable(showable(text)) == showable(text)


LONG = [
    *("token:", "password: abc123(", "basic aaaa", "Cookie: a=b;", 'cookie:a="', "://a:b c ", "token: 'a ", "token:\\"),
    *(
        "token:a1b2/",
        "AIza",
        "token: " + "a." * 200,
        "token: " + "aB" * 128,
        "token:" + "A" * 250,
        "token: '" + "\\x" * 99,
    ),
]


@pytest.mark.parametrize(
    "piece", [*PIECES, "eyJ.", "://a:", "a:b@", '"secret":"', "-----END\n", "MII\n", "proxy is a:", *LONG]
)
def test_a_long_text_does_not_take_long(piece: str) -> None:
    text = (piece * 400_000)[:400_000]
    start = time.process_time()
    showable(text)
    assert time.process_time() - start < 5


def test_a_whole_result_is_made_showable() -> None:
    result = {"msg": PEM, "list": [JWT, {"deep": ("https://a:s3same@h/", 1)}], JWT: None, "changed": True}
    assert showable_all(result) == {
        "msg": "********\n",
        "list": ["********", {"deep": ["https://********@h/", 1]}],
        "********": None,
        "changed": True,
    }


def test_secrets_of_arguments_are_named_one_by_one() -> None:
    arguments = {"path": PEM, "urls": ["https://joe:s3%21same@h/"], "name": "vm", "n": 1, "short": "https://a:b@h"}
    assert secrets_in(arguments) == {PEM[:-1], "joe:s3%21same", "s3%21same"}
    assert secrets_in({"nested": {"x": f'"password": "{"s3same"}"'}}) == {"s3same"}


def said_by(file: Path) -> Iterator[str]:
    """The texts of a file of Python, as what is put into them was the letter x."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    inside = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in inside:
            yield node.value


@pytest.mark.parametrize("file", source_files("plugins"), ids=lambda file: str(file.relative_to(ROOT)))
def test_our_own_words_are_shown_as_they_are(file: Path) -> None:
    # Patterns of secrets look like secrets, and what has no blank is part of something else.
    texts = [text for text in said_by(file) if " " in text and not file.name.startswith("_secret_")]
    assert [text for text in texts if showable(text) != text] == []
