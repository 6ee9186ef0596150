# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists, page by page: a list that was not read to its end is none."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("azure.core")
pytest.importorskip("aiohttp")

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import (
    ArmError,
    ManagedIdentityError,
    UnexpectedAnswer,
)
from tests.unit.arm.gateway_calls import CALLS, LISTS
from tests.unit.arm.given_answers import ENDPOINT, Given, gateways, result_of
from tests.unit.core.hostile_json import anything

FOREIGN = ["https://evil.test/2", "http://arm.test/2", "https://arm.test.evil.test/2", "https://[", "ftp:", "2"]
# The lists whose pages have a nextLink; the directory's answer is one, whatever it is called.
PAGED = sorted(set(LISTS) - {"Directory.known"})


def listed(name: str, *pages: Any) -> tuple[Any, Given]:
    """What a list comes to that is answered with these pages, the last one again and again; and what was asked."""
    pipeline = Given(*((200, page) for page in pages))
    try:
        return result_of(CALLS[name].call(gateways(pipeline))), pipeline
    except ManagedIdentityError as error:
        return error, pipeline


def page(name: str, following: Any = None) -> dict[str, Any]:
    """A true page, and what it says of the next."""
    return {**LISTS[name].answers[0], **({"nextLink": following} if following is not None else {})}


@pytest.mark.parametrize("name", PAGED)
@pytest.mark.parametrize("end", [None, ""])
def test_pages_are_followed_to_their_end(name: str, end: Any) -> None:
    pages = [page(name, f"{ENDPOINT}/2?$skiptoken=a%2Fb"), page(name, f"{ENDPOINT}/3"), page(name, end)]
    found, pipeline = listed(name, *pages)
    assert len(found) == 3 * len(pages[0]["value"])
    assert [url for _method, url in pipeline.asked[1:]] == [f"{ENDPOINT}/2?$skiptoken=a%2Fb", f"{ENDPOINT}/3"]
    assert {method for method, _url in pipeline.asked} == {LISTS[name].method}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    "bad",
    [
        *({"value": value} for value in (None, {}, "", "x", 0, True, [None], ["x"], [7], [[]], [{}, None])),
        *({"nextLink": None}, {"Value": []}, {"values": []}),
    ],
)
def test_a_page_without_a_list_of_objects_is_none(name: str, bad: Any) -> None:
    assert isinstance(listed(name, bad)[0], UnexpectedAnswer)
    if name in PAGED:
        found, pipeline = listed(name, page(name, f"{ENDPOINT}/2"), bad)
        assert isinstance(found, UnexpectedAnswer), found
        assert (found.target, len(pipeline.asked)) == (f"{ENDPOINT}/2", 2)


@pytest.mark.parametrize("name", LISTS)
def test_one_item_that_cannot_be_read_spoils_the_list(name: str) -> None:
    items = LISTS[name].answers[0]["value"]
    for number in range(len(items) + 1):
        spoilt = {"value": [*items[:number], {"odd": 1}, *items[number:]]}
        assert isinstance(listed(name, spoilt)[0], UnexpectedAnswer)


@pytest.mark.parametrize("name", PAGED)
@pytest.mark.parametrize(
    "following", [0, 7, True, False, [], {}, ["https://arm.test/2"], {"href": "https://arm.test/2"}]
)
def test_a_next_page_that_is_named_by_no_text(name: str, following: Any) -> None:
    found, pipeline = listed(name, page(name, following))
    assert isinstance(found, UnexpectedAnswer), found
    assert "nextlink" in found.message.lower()
    assert len(pipeline.asked) == 1


@pytest.mark.parametrize("name", PAGED)
@pytest.mark.parametrize("following", FOREIGN)
def test_a_next_page_elsewhere_is_not_asked_for(name: str, following: str) -> None:
    found, pipeline = listed(name, page(name, following), page(name))
    assert isinstance(found, ManagedIdentityError), found
    assert not isinstance(found, ArmError)
    assert len(pipeline.asked) == 1


@pytest.mark.parametrize("name", PAGED)
def test_pages_that_go_in_a_circle_have_an_end(name: str) -> None:
    two, three = f"{ENDPOINT}/2", f"{ENDPOINT}/3"
    for circle in ([two], [two, two], [two, three, two], [two, three, three]):
        found, pipeline = listed(name, *(page(name, following) for following in circle))
        assert isinstance(found, UnexpectedAnswer), found
        assert "does not end" in found.message
        assert len(pipeline.asked) <= len(circle) + 1


@pytest.mark.parametrize("name", PAGED)
def test_an_error_in_the_middle_is_no_end(name: str) -> None:
    for status, body in ((404, {"error": {"code": "ResourceNotFound", "message": "no"}}), (500, b""), (403, b"<html>")):
        pipeline = Given((200, page(name, f"{ENDPOINT}/2")), (status, body))
        with pytest.raises(ArmError):
            result_of(CALLS[name].call(gateways(pipeline)))


@given(
    values=st.lists(anything | st.lists(anything, max_size=3), min_size=1, max_size=3),
    links=st.lists(anything | st.sampled_from([f"{ENDPOINT}/2", f"{ENDPOINT}/3", "/4"]), min_size=3, max_size=3),
)
def test_any_pages_give_all_their_items_or_none(values: list[Any], links: list[Any]) -> None:
    pages = [{"value": value, "nextLink": link} for value, link in zip(values, links, strict=False)]
    found, pipeline = listed("MachineIdentities.subscriptions", *pages)
    if not isinstance(found, Exception):
        asked = pages[: len(pipeline.asked)]
        assert [item["subscriptionId"] for one in asked for item in one["value"]] == found
        assert not asked[-1]["nextLink"]
        assert len(asked) == len(pipeline.asked)
