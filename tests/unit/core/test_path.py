# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that become part of a path: what none may hold, what Azure has all the same, and where URLs lead."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import InvalidInput
from ansible_collections.managed_identity.azure.plugins.module_utils.core._path import (
    check_path,
    check_segment,
    same_path,
    shown,
    unseen,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._resource_id import (
    ResourceId,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._scope import Scope
from tests.support.hostile_ids import INVISIBLE, SEGMENTS
from tests.unit.core.build import SUB

SUBSCRIPTION = f"/subscriptions/{SUB}"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg-data"
VM = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/vm1"
GUID = "0b1f6471-1bf0-4dda-aec3-111122223333"
ENDPOINT = "https://management.azure.com"
# As arm/pipeline/_client.py encodes a path.
SAFE = "/()~!$&'*+,;=:@%"

# Azure has resources whose names are like these: databases, containers, protected items, DNS records, certificates of
# billing, app versions, and whatever people call their VMs.
LEGAL_NAMES = [
    *("a..b", "..a", "a..", ".a", "$web", "$logs", "a b", "x (copy)!", "rg_(1)-x.y", "*", "@", "a:b", "a+b", "a~b"),
    *("VM;iaasvmcontainerv2;rg;vm", "a,b", "a'b", "a&b", "a|b", "a=b", "[a]", "{a}"),
    *("Größe", "スコープ", "日本語。", "a\u0308", "😀"),
]


def refused(error: InvalidInput, part: str) -> None:
    """It is a line that can be printed, names what is wrong, and says what to do."""
    text = str(error)
    assert text.isprintable()
    text.encode()
    assert len(text) < 1000
    assert repr(part)[1:60].rstrip("/'") in text
    assert error.remedy


@pytest.mark.parametrize("segment", SEGMENTS)
def test_segments_that_none_may_be(segment: str) -> None:
    for check, text in (
        (check_segment, segment),
        (check_path, segment),
        (check_path, f"/{segment}"),
        (check_path, f"{GROUP}/{segment}"),
        (check_path, f"{SUBSCRIPTION}/{segment}/providers/x"),
    ):
        with pytest.raises(InvalidInput) as caught:
            check(text, "a thing")
        refused(caught.value, text)
        assert " is not a thing: it" in str(caught.value)


@pytest.mark.parametrize("name", LEGAL_NAMES)
def test_names_that_azure_has(name: str) -> None:
    path = f"{GROUP}/providers/Microsoft.Sql/servers/{name}/databases/{name}"
    assert check_segment(name, "a name") == name
    assert check_path(path, "a path") == path
    assert str(Scope.parse(path)) == path
    assert str(ResourceId.parse(f"{GROUP}/providers/A.B/c/{name}")).endswith(f"/{name}")
    assert same_path(ENDPOINT + quote(path, safe=SAFE), path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("/a/../b", "'/a/../b' is not a scope: it has the segment '..'. X"),
        ("/a/%2e/b", "'/a/%2e/b' is not a scope: it holds '%' (U+0025). X"),
        ("/a\\b", r"'/a\\b' is not a scope: it holds '\\' (U+005C). X"),
        ("/a\ud800", r"'/a\ud800' is not a scope: it holds '\ud800' (U+D800). X"),
        ("/a//b", "'/a//b' is not a scope: one of its segments is empty. X"),
        ("/a /b", "'/a /b' is not a scope: its segment 'a ' begins or ends with a blank. X"),
        ("", "'' is not a scope: it is empty. X"),
        ("a" * 4097, f"'{'a' * 399}... (4099 characters) is not a scope: it has 4097 characters. X"),
    ],
)
def test_words(text: str, says: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_path(text, "a scope", "X")
    assert str(caught.value) == says


def test_a_segment_has_no_slash() -> None:
    with pytest.raises(InvalidInput, match="'a/b' is not a name: it holds '/'"):
        check_segment("a/b", "a name")


@pytest.mark.parametrize("text", INVISIBLE)
def test_unseen(text: str) -> None:
    assert "U+" in unseen(text)
    assert shown(text).isprintable()


def test_what_is_seen_is_shown() -> None:
    assert [unseen(text) for text in ("", "a b", "Größe", "a/b%c", "😀")] == [""] * 5
    assert shown("a b") == "'a b'"


@pytest.mark.parametrize(
    ("url", "meant", "same"),
    [
        (f"{ENDPOINT}{VM}?api-version=1", VM, True),
        (f"{VM}#x", VM, True),
        (f"{ENDPOINT}:443{VM}", VM, True),
        (f"{ENDPOINT}/a%20b/%C3%A4/%24web", "/a b/ä/$web", True),
        (f"{ENDPOINT}/a+b", "/a+b", True),
        (f"{ENDPOINT}{VM}", VM.lower(), False),
        (f"{ENDPOINT}{VM}/", VM, False),
        (f"{ENDPOINT}/{VM}", VM, False),
        (f"{ENDPOINT}{SUBSCRIPTION}", f"{GROUP}/../..", False),
        (f"{ENDPOINT}{GROUP}/../..", SUBSCRIPTION, False),
        (f"{ENDPOINT}{GROUP}/../..", f"{GROUP}/../..", False),
        (f"{ENDPOINT}/a/%2e%2e", "/a/..", False),
        (f"{ENDPOINT}/a%2Fb", "/a/b", True),
        (f"{ENDPOINT}/a%252Fb", "/a/b", False),
        (f"{ENDPOINT}/a%252Fb", "/a%2Fb", False),
        (f"{ENDPOINT}/a\\b", "/a\\b", False),
        (f"{ENDPOINT}\\a", "/a", False),
        (f"{ENDPOINT}/a%00", "/a\x00", False),
        (f"{ENDPOINT}/a\tb", "/ab", False),
        (f"{ENDPOINT}/%FF", "/\ufffd", False),
        (f"{ENDPOINT}/a?/b", "/a?/b", False),
        (f"{ENDPOINT}/a%3Fb", "/a?b", False),
        (f"{ENDPOINT}?x", "/", False),
        (f"{ENDPOINT}", "", False),
    ],
)
def test_where_a_url_leads(url: str, meant: str, same: bool) -> None:
    assert same_path(url, meant) is same


PARTS = st.sampled_from([".", "..", "/", "//", "\\", "%", "2e", "2f", "5c", "?", "#", "\t", "\n", " ", "a", "\uff0e"])


@given(st.lists(PARTS | st.text(max_size=3), max_size=12).map("".join))
def test_what_passes_reaches_the_server_as_it_is(text: str) -> None:
    """By the real client's URLs, decoded as a server does: no path that passes is another one when it arrives."""
    path = f"/a/{text}"
    if not same_path(quote(path, safe=SAFE, errors="replace"), path):
        with pytest.raises(InvalidInput) as caught:
            check_path(path, "a path")
        assert str(caught.value).isprintable()
        return
    assert check_path(path, "a path") == path
    sent = URL(ENDPOINT + quote(path, safe=SAFE))
    assert sent.path == path
    assert not sent.query_string
    assert not sent.fragment
    assert URL(f"{ENDPOINT}{sent.raw_path}").path == path
    assert same_path(str(sent), path)


@pytest.mark.parametrize("char", ["\u3164", "\u2800", "\u034f", "\ufe0f", "\u115f", "\uffa0", "\U000e0100"])
def test_what_nobody_sees_is_refused_of_whatever_kind_it_is(char: str) -> None:
    with pytest.raises(InvalidInput):
        check_path(f"/subscriptions/s/resourceGroups/rg{char}", "a scope")
    assert unseen(f"rg{char}")
