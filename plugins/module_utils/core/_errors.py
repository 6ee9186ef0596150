# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The errors that a user can see: raised low, caught once, at the border."""

from __future__ import annotations

from typing import Any

from ._secrets import showable, showable_all
from ._text import one_line, shortened

__all__ = [
    "AccessError",
    "ArmError",
    "ConnectionFailed",
    "InvalidInput",
    "LostUpdate",
    "ManagedIdentityError",
    "MissingPackage",
    "OperationFailed",
    "UnexpectedAnswer",
    "WaitTimedOut",
    "unforeseen",
]


_NOT_THERE = ("ResourceNotFound", "ParentResourceNotFound", "ResourceGroupNotFound", "RoleAssignmentNotFound")
# Azure's own messages stay below the first: a longer one is whatever else stood in its place. To look for secrets in
# megabytes takes seconds, so that no more than the second is ever looked at.
_LONGEST, _READ = 2_000, 16_384
# What is one word: Azure's codes and request IDs.
_LONGEST_WORD = 100


class ManagedIdentityError(Exception):
    """What went wrong, where, and what to do about it. Whatever it was given, it shows no secret.

    Message, code and request ID may be Azure's, or of what stands between: they are made printable here, once.

    :param message: what went wrong, one line or more (folded to one line when shown)
    :param remedy: what the user can do, a sentence; empty if nothing is known
    :param target: the resource or endpoint that the call was about
    :param call: the call that failed, such as "PATCH"
    :param status: HTTP status
    :param code: Azure's error code
    :param request_id: Azure's request ID (x-ms-request-id)
    """

    def __init__(
        self,
        message: str,
        *,
        remedy: str = "",
        target: str | None = None,
        call: str | None = None,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = one_line(message)
        self.remedy = remedy
        self.target = target
        self.call = call
        self.status = status
        self.code = _word(code)
        self.request_id = _word(request_id)

    def __str__(self) -> str:
        """The whole story on one line: call and target, answer, message, request ID, remedy."""
        where = " ".join(part for part in (self.call, self.target) if part)
        answer = " ".join(str(part) for part in (self.status, self.code) if part)
        head = ": ".join(part for part in (where, answer, self.message) if part)
        tail = f" (request ID {self.request_id})" if self.request_id else ""
        return showable(f"{head}{tail}{' ' if self.remedy else ''}{self.remedy}")

    def to_result(self) -> dict[str, Any]:
        """The same as data, for the result's ``error`` key."""
        data: dict[str, Any] = showable_all(
            {
                "status": self.status,
                "code": self.code,
                "message": self.message,
                "request_id": self.request_id,
                "target": self.target,
                "remedy": self.remedy,
            }
        )
        return data


class InvalidInput(ManagedIdentityError):
    """An option's value cannot be right; raised before any call."""


class MissingPackage(ManagedIdentityError):
    """A Python package that the operation needs is not installed for this interpreter."""


class AccessError(ManagedIdentityError):
    """No credential could be found, or the one found was refused by Entra ID.

    ``passing`` tells whether the same sign-in may go well in a moment: the service is busy, or out of order.
    """

    def __init__(self, message: str, *, passing: bool = False, **details: Any) -> None:
        super().__init__(message, **details)
        self.passing = passing


class ConnectionFailed(ManagedIdentityError):
    """No answer came: unreachable, broken connection, or a certificate that is not trusted.

    ``sent`` tells whether the request may have reached Azure.
    """

    retry_after: float | None = None

    def __init__(self, message: str, *, sent: bool, **details: Any) -> None:
        super().__init__(message, **details)
        self.sent = sent


class UnexpectedAnswer(ConnectionFailed):
    """An answer came, but not one that fits the call and describes what it was about: it says nothing.

    Whatever the call was to do may have been done, so it counts as one that was not answered.
    """

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(_told(_read(message)), sent=True, **details)


class ArmError(ManagedIdentityError):
    """Azure Resource Manager answered with an error status. ``retry_after`` is in seconds, if it said so.

    ``foreign`` tells whether it is somebody else's answer, such as a proxy's: a write may have been made all the same.
    ``said`` is the message at the length at which it is judged: it may list more than can be shown.
    """

    foreign = False

    def __init__(self, message: str, *, retry_after: float | None = None, **details: Any) -> None:
        self.said = _read(message)
        super().__init__(_told(self.said), **details)
        self.retry_after = retry_after

    @property
    def azure_status(self) -> int | None:
        """The status, if it is Azure's; None if somebody else answered."""
        return None if self.foreign else self.status

    @property
    def not_there(self) -> bool:
        """Whether it says that a resource, or what it would be in, does not exist."""
        return self.code in _NOT_THERE


class OperationFailed(ArmError):
    """A long-running operation that Azure had accepted ended as Failed or Canceled."""


class WaitTimedOut(ManagedIdentityError):
    """``wait_timeout`` passed first."""


class LostUpdate(ManagedIdentityError):
    """An identity that this operation did not remove is gone after its write."""


def _read(text: str) -> str:
    """As much of an answer's text as is looked at."""
    return one_line(text[:_READ])


def _told(said: str) -> str:
    """As much of an answer's message as is shown; secrets are hidden before it is cut, as half a key is not known."""
    return said if len(said) <= _LONGEST else shortened(showable(said), _LONGEST)


def _word(text: str | None) -> str | None:
    return None if text is None else shortened(_read(text), _LONGEST_WORD)


def unforeseen(error: Exception, **details: Any) -> ManagedIdentityError:
    """The error to report in the place of one that nobody foresaw: a fault of this collection, told as such.

    :param details: of ManagedIdentityError: what was called, and about what
    """
    return ManagedIdentityError(
        f"The collection did not expect this: {type(error).__name__}: {error}.",
        remedy="This is a fault of managed_identity.azure: please report it, with the output of -vvv.",
        **details,
    )
