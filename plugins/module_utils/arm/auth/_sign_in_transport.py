# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What sign-in services are asked with: each answer is judged before azure-identity sees it.

azure-identity tries again by rules of its own, which know no deadline. It does so only after errors of azure-core: ours
end the attempt at once, and ``SignIn`` decides about the next one.
"""

from __future__ import annotations

import json
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from ...core.wire._readable import readable
from ...core.wire._retry_after import asked_to_wait
from ..net._connection import causes, explain_connection, is_lasting

if TYPE_CHECKING:
    from ..net._deadline import Deadline

__all__ = [
    "ODD_REMEDY",
    "BorrowedTransport",
    "NotSignedIn",
    "SignInTransport",
    "attempt_of",
    "no_answer",
    "refuse_odd",
    "signing_in",
]

ODD_REMEDY = (
    "Check that cloud_environment, or adfs_authority_url, leads to a sign-in service, and that no proxy answers for it."
)
# The deadline of the sign-in that runs: azure-identity passes nothing of ours through to its transport.
signing_in: ContextVar[Deadline | None] = ContextVar("signing_in", default=None)


class NotSignedIn(Exception):
    """An attempt to sign in failed.

    :param message: what was said, or happened
    :param remedy: empty if what was said tells
    :param status_code: HTTP status; None if there was no answer
    :param passing: whether the next attempt may do better
    :param retry_after: seconds that the answer asks to wait
    """

    def __init__(
        self,
        message: str,
        *,
        remedy: str = "",
        status_code: int | None = None,
        passing: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.status_code = status_code
        self.passing = passing
        self.retry_after = retry_after


def attempt_of(error: BaseException) -> NotSignedIn | None:
    """The failed attempt that an error of azure-identity is about, if our transport saw it."""
    return next((cause for cause in causes(error) if isinstance(cause, NotSignedIn)), None)


class BorrowedTransport:
    """A transport over another one, which is not closed with it.

    :param transport: azure-core's kind, async
    """

    def __init__(self, transport: Any) -> None:
        self._transport = transport

    async def sleep(self, duration: float) -> None:
        """Wait between two attempts, as azure-core's retry policy asks.

        :raises NotSignedIn: that would take longer than there is time
        """
        deadline = signing_in.get()
        if deadline and not deadline.allows(duration):
            raise NotSignedIn(f"An answer asks to wait {duration:g} s.", passing=True, retry_after=duration)
        await self._transport.sleep(duration)

    async def open(self) -> None:
        """Nothing to open: the other transport is open."""

    async def close(self) -> None:
        """Nothing to close: the other transport is shared."""

    async def __aenter__(self) -> Any:
        return self

    async def __aexit__(self, *_error: object) -> None:
        """As ``close``."""


class SignInTransport(BorrowedTransport):
    """Sends one request of a sign-in, and judges the answer."""

    async def send(self, request: Any, **options: Any) -> Any:
        """Send one request.

        :raises NotSignedIn: no answer came, or none that azure-identity could use
        """
        from azure.core.exceptions import AzureError

        try:
            response = await self._transport.send(request, **options)
        except AzureError as error:
            raise no_answer(error) from error
        refuse_odd(response, json_only=True)
        return response


def no_answer(error: BaseException) -> NotSignedIn:
    """The error of an attempt that got no answer."""
    message, remedy = explain_connection(error)
    return NotSignedIn(message, remedy=remedy, passing=not is_lasting(error))


def refuse_odd(response: Any, *, json_only: bool) -> None:
    """Check an answer of a sign-in service.

    :param json_only: whether it must be a JSON object; a user's federation server speaks XML
    :raises NotSignedIn: it says that the service is busy, sends us elsewhere, or is not of a sign-in service
    """
    status, headers, body = response.status_code, response.headers, response.content or b""
    busy = status in (408, 429) or status >= 500
    said = _object(body)
    if 300 <= status < 400:
        raise NotSignedIn(
            "The answer sends us to another address, where no credential goes.", remedy=ODD_REMEDY, status_code=status
        )
    if busy or (json_only and said is None):
        words = str((said or {}).get("error_description") or "")
        if not words and (status >= 400 or body.lstrip().startswith(b"<")):
            # Of anything else nobody knows that it is no token.
            words = readable(body, headers.get("Content-Type"))
        raise NotSignedIn(
            words or f"The answer is {status} {response.reason or ''}".rstrip(),
            remedy="" if busy else ODD_REMEDY,
            status_code=status,
            passing=busy,
            retry_after=asked_to_wait(headers, time.time()),
        )


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None
