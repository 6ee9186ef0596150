# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every call of every gateway: of whatever it is answered, it concludes what stands there, or fails."""

from __future__ import annotations

import ast
import inspect
import time
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
from tests.tools.imports import modules_in, source_files
from tests.unit.arm.gateway_calls import CALLS
from tests.unit.arm.given_answers import ENDPOINT, Given, gateways, result_of
from tests.unit.core.hostile_json import hostile
from tests.unit.core.readers import READERS

# Where the readers that are no calls themselves are reached from.
REACHED = {
    "Reading.from_body": "MachineIdentities.list_all",
    "Instance.from_body": "MachineIdentities.instances",
    "read_page": "MachineIdentities.list_all",
    "_page_of_principals": "Directory.known",
}
# What has a client, and is no gateway.
OTHERS = {"VersionedClient", "TypedOperation", "_Sending", "Session"}
JSON_OF_NOTHING: tuple[Any, ...] = (None, {}, [], "text", 123, True, [{}], {"value": {}}, {"error": {"code": "X"}})
NO_JSON = (
    b"null",
    b"",
    b" ",
    b'{"id": "a", "id": "b"}',
    b'{"value": [{"identity": {}, "identity": null}]}',
    b"<html>Sign in</html>",
    b'{"id": ',
    b"\xff\xfe",
    b"[" * 100_000,
)


def outcome(name: str, status: int, body: Any, headers: dict[str, str] | None = None) -> tuple[Any, Given]:
    """What a call concludes, or the error that it raises; and what it was that answered."""
    pipeline = Given((status, body, headers or {}))
    try:
        return result_of(CALLS[name].call(gateways(pipeline))), pipeline
    except ManagedIdentityError as error:
        return error, pipeline


def test_an_error_of_megabytes_is_told_at_once_and_can_be_printed() -> None:
    said = {"error": {"code": "X\x1b]0;y\x07", "message": "\u202epassword=x " * 400_000}}
    start = time.process_time()
    error, _pipeline = outcome("Directory.known", 400, said, {"x-ms-request-id": "r" * 5000})
    told = str(error)
    assert time.process_time() - start < 3
    assert told.isprintable()
    assert len(told) < 2500
    assert error.code == "X ]0;y"


def test_no_call_of_a_gateway_is_forgotten() -> None:
    """A new one gets a row in CALLS."""
    found = set()
    for module in modules_in("arm"):
        for kind in vars(module).values():
            own = inspect.isclass(kind) and kind.__module__ == module.__name__ and kind.__name__ not in OTHERS
            if own and "client" in inspect.signature(kind).parameters:
                calls = [name for name, one in vars(kind).items() if _is_call(name, one)]
                found |= {f"{kind.__name__}.{name}" for name in calls}
    assert found == set(CALLS)


def _is_call(name: str, one: Any) -> bool:
    return not name.startswith("_") and (inspect.iscoroutinefunction(one) or inspect.isasyncgenfunction(one))


def test_no_reader_is_forgotten() -> None:
    """Whatever looks at an answer's shape is in a table, or is reached from what is in one."""
    looking = {name for layer in ("core", "arm") for name in _looking(layer)} - {"_assigned_id"}
    assert looking <= {*READERS, *CALLS, *REACHED}
    assert set(REACHED) <= looking
    assert set(REACHED.values()) <= set(CALLS)


def _looking(layer: str) -> set[str]:
    """The functions of a layer that call what is in the module of shapes."""
    found = set()
    for file in source_files(f"plugins/module_utils/{layer}"):
        if file.name == "_shape.py":
            continue
        tree = ast.parse(file.read_text())
        inside = [(f"{kind.name}.", kind) for kind in tree.body if isinstance(kind, ast.ClassDef)]
        for prefix, holder in [("", tree), *inside]:
            for function in holder.body:
                if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and _looks(function):
                    found.add(f"{prefix}{function.name}")
    return found


def _looks(function: ast.AST) -> bool:
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return any(isinstance(called, ast.Name) and called.id in ("shaped", "answered", "answered_id") for called in calls)


@pytest.mark.parametrize("name", CALLS)
def test_true_answers(name: str) -> None:
    made = CALLS[name]
    for status in made.fits:
        for answer in made.answers:
            found, pipeline = outcome(name, status, answer)
            assert not isinstance(found, Exception), found
            if status not in made.unread:
                made.truth(found, answer)
            assert [method for method, _url in pipeline.asked] == [made.method]


@pytest.mark.parametrize("name", CALLS)
@given(data=st.data())
def test_a_conclusion_stands_in_the_answer(name: str, data: st.DataObject) -> None:
    made = CALLS[name]
    status = data.draw(st.sampled_from(made.fits))
    answer = data.draw(hostile((*made.answers, *made.others)))
    found, _pipeline = outcome(name, status, answer)
    if isinstance(found, UnexpectedAnswer):
        assert (found.call, found.status) == (made.method, status)
        assert found.target
    elif isinstance(found, ManagedIdentityError):
        # A list may go on at a foreign address, or at none.
        assert isinstance(answer, dict)
        assert answer.get("nextLink")
    elif name == "MachineIdentities.write" and (status, answer) == (202, None):
        assert not found.told
    elif status not in made.unread:
        made.truth(found, answer)


@pytest.mark.parametrize(
    ("name", "number"), [(name, number) for name in CALLS for number in range(len(CALLS[name].others))]
)
def test_an_answer_about_something_else_is_none(name: str, number: int) -> None:
    for status in set(CALLS[name].fits) - set(CALLS[name].unread):
        found, _pipeline = outcome(name, status, CALLS[name].others[number])
        assert isinstance(found, UnexpectedAnswer), found


@pytest.mark.parametrize("name", CALLS)
def test_an_answer_that_describes_nothing_is_none(name: str) -> None:
    made = CALLS[name]
    for status in set(made.fits) - set(made.unread):
        for body in (*JSON_OF_NOTHING, *NO_JSON):
            found, pipeline = outcome(name, status, body)
            empty = body in (None, b"")
            if made.method == "PATCH" and empty and status == 202:
                assert not found.told
                continue
            # A deletion is answered with nothing.
            if None in made.answers and empty:
                assert found is True
                continue
            assert isinstance(found, UnexpectedAnswer), (status, body, found)
            assert (found.sent, found.status, found.call) == (True, status, made.method)
            assert found.remedy
            assert len(pipeline.asked) == 1


@pytest.mark.parametrize("name", CALLS)
def test_what_is_no_json_is_no_answer_even_where_none_is_read(name: str) -> None:
    for status in CALLS[name].unread:
        found, _pipeline = outcome(name, status, b"<html>Sign in</html>")
        assert isinstance(found, UnexpectedAnswer), found
        assert found.message == "The answer is not JSON."


def test_a_patch_that_was_accepted_may_say_no_more_than_where_to_ask() -> None:
    operation = {"Azure-AsyncOperation": f"{ENDPOINT}/operations/1", "Retry-After": "7", "ETag": '"2"'}
    found, _pipeline = outcome("MachineIdentities.write", 202, b"", operation)
    assert (found.told, found.operation_url, found.retry_after) == (False, f"{ENDPOINT}/operations/1", 7.0)
    assert found.etag == '"2"'
    assert isinstance(outcome("MachineIdentities.write", 200, b"", operation)[0], UnexpectedAnswer)


STATUSES = [*range(200, 209), 226, *range(300, 309)]


@pytest.mark.parametrize("name", CALLS)
def test_a_status_that_does_not_fit_is_no_success(name: str) -> None:
    made = CALLS[name]
    for status in (status for status in STATUSES if status not in made.fits):
        for place in (f"{ENDPOINT}/elsewhere", "https://evil.test/x", "/elsewhere"):
            for body in (made.answers[0], b""):
                found, pipeline = outcome(name, status, body, {"Location": place, "x-ms-request-id": "r1"})
                assert isinstance(found, UnexpectedAnswer), (status, body, found)
                assert (found.sent, found.status, found.request_id) == (True, status, "r1")
                # Nobody follows it, neither a read nor a write.
                assert [method for method, _url in pipeline.asked] == [made.method]


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412, 418, 500, 502])
def test_an_error_is_no_success_whatever_its_body(name: str, status: int) -> None:
    for body in (*JSON_OF_NOTHING, *NO_JSON, CALLS[name].answers[0]):
        found, pipeline = outcome(name, status, body)
        # Not even a 404 says that something is gone, unless it says so in Azure's words.
        assert isinstance(found, ArmError), (body, found)
        assert (found.status, found.call) == (status, CALLS[name].method)
        assert len(pipeline.asked) == 1


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("code", ["ResourceNotFound", "ResourceGroupNotFound"])
def test_only_azures_own_words_say_that_something_is_gone(name: str, code: str) -> None:
    found, _pipeline = outcome(name, 404, {"error": {"code": code, "message": "no"}})
    gone = {"UserAssignedIdentities": ("read", "delete", "delete_credential", "look_up"), "Vms": ("read", "delete")}
    gone["Authorization"] = ("assignment", "delete_assignment")
    kind, _dot, call = name.partition(".")
    if call in gone.get(kind, ()):
        assert found in (None, False)
    else:
        assert isinstance(found, ArmError)
