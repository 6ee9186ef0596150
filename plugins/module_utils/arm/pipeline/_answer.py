# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. An answer of Azure: what it says, or which error it is."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from ...core._errors import ArmError, UnexpectedAnswer
from ...core._rules import arm_error
from ...core.wire._readable import readable
from ...core.wire._retry_after import asked_to_wait
from ..net._sdk import DecodeError

__all__ = ["ArmAnswer", "answer_of"]

_Read = TypeVar("_Read")
_BETWEEN = "Run the task again. If it stays so, see what stands between here and Azure, such as a proxy."


@dataclass(frozen=True)
class ArmAnswer:
    """An answer of a status that fits the call.

    :param body: its JSON, which nothing is concluded from before a reader has looked at it; None if it is empty
    :param headers: case-insensitive
    :param call: the method that it answers
    :param target: what the call was about, for errors
    :param url: what was asked, with its query
    """

    body: Any
    headers: Mapping[str, str]
    status: int = 200
    call: str | None = None
    target: str | None = None
    url: str = ""

    @property
    def retry_after(self) -> float | None:
        """Seconds that Azure asks to wait before the next request, if it does."""
        return asked_to_wait(self.headers, time.time())

    def read(self, reader: Callable[[Any], _Read], *, part: Any = None) -> _Read:
        """What a reader makes of the body.

        :param part: what is read instead of the whole body, such as an item of a list
        :raises UnexpectedAnswer: it does not describe what the reader needs; with the call and the answer's data
        """
        try:
            return reader(self.body if part is None else part)
        except UnexpectedAnswer as error:
            raise self.unexpected(error.message) from error

    def unexpected(self, message: str) -> UnexpectedAnswer:
        """The error to raise where the answer does not say what it must."""
        return UnexpectedAnswer(
            message,
            call=self.call,
            target=self.target,
            status=self.status,
            request_id=_request_id(self.headers),
            remedy=_BETWEEN,
        )


def answer_of(response: Any, call: str, target: str, fits: Collection[int]) -> ArmAnswer:
    """What a response says.

    :param fits: the statuses that say that the call was carried out
    :raises ArmError: Azure answered with an error
    :raises UnexpectedAnswer: it says neither that it was done nor that it failed: a redirect, or no JSON
    """
    answer = ArmAnswer(None, response.headers, response.status_code, call, target)
    if answer.status >= 400:
        raise _error(response, answer)
    return _fitting(response, answer, fits)


def _fitting(response: Any, answer: ArmAnswer, fits: Collection[int]) -> ArmAnswer:
    """The answer with its body, if its status says that the call was carried out, and its body is JSON or empty."""
    if answer.status not in fits:
        what = "a redirect" if 300 <= answer.status < 400 else f"the status {answer.status}"
        raise answer.unexpected(f"It was answered with {what}, which does not say that it was done.")
    try:
        if not response.content:
            return answer
        body = json.loads(response.content, object_pairs_hook=_once)
    except (ValueError, RecursionError, DecodeError) as error:
        raise answer.unexpected("The answer is not JSON.") from error
    if body is None:
        # It says less than nothing: an empty answer is one of Azure's.
        raise answer.unexpected("The answer is null.")
    return replace(answer, body=body)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no name comes twice: of two values of one name nobody knows which is meant."""
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError("An object has two members of one name.")
    return read


def _error(response: Any, answer: ArmAnswer) -> ArmError:
    """Most services put code and message into ``error``; some throttling answers have them at the top.

    One without a code is not Azure's, but of what stands between.
    """
    try:
        content = json.loads(response.content or b"null")
    except (ValueError, RecursionError, DecodeError):
        content = {"message": _words(response)}
    said = content.get("error", content) if isinstance(content, dict) else {}
    said = said if isinstance(said, dict) else {"message": said}
    error = arm_error(
        str(said.get("message") or response.reason or "no message"),
        status=answer.status,
        code=str(said["code"]) if said.get("code") else None,
        call=answer.call,
        target=answer.target,
        request_id=_request_id(answer.headers),
        retry_after=answer.retry_after,
    )
    if not error.code:
        error.foreign, error.remedy = True, _BETWEEN
    return error


def _request_id(headers: Mapping[str, str]) -> str | None:
    names = ("x-ms-request-id", "x-ms-correlation-request-id", "request-id")
    return next((headers[name] for name in names if headers.get(name)), None)


def _words(response: Any) -> str:
    """What a page says, or nothing where not even that can be unpacked."""
    try:
        return readable(response.content, response.headers.get("Content-Type"))
    except DecodeError:
        return ""
