# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a fault says: which requests it hits and what happens to them. A wrong one is refused before it can act."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from ..base.declared import LARGEST, Count, Declared, FromZero, Seconds, Text, Unwanted
from ..base.patterns import Pattern, read_pattern
from .model import Outcome

__all__ = ["Action", "Fault", "Match", "Stale"]

_Methods = Annotated[str | tuple[Text, ...], Meta(description="a text or a list of texts")]
_Probability = Annotated[float, Meta(ge=0, le=1, description="a number from 0 to 1")]
_AboveZero = Annotated[float, Meta(gt=0, le=LARGEST, description=f"a number above 0, up to {LARGEST}")]
_Status = Annotated[int, Meta(ge=200, le=599, description="a status from 200 to 599")]
_EFFECTS = ("delay", "delay_after", "operation", "reject_token", "reset", "stale", "status", "truncate")


class PathPattern:
    """A regular expression that a path with its query has in it."""

    def __init__(self, text: str = "") -> None:
        """Take RE2's syntax; raises ValueError."""
        self.hits: Pattern = read_pattern(text)

    @classmethod
    def read(cls, value: object) -> PathPattern:
        """Return the pattern of a field."""
        if not isinstance(value, str):
            raise Unwanted
        return cls(value)


class Headers(dict[str, str]):
    """Headers of an answer."""

    @classmethod
    def read(cls, value: object) -> Headers:
        """Return the headers of a field."""
        if not isinstance(value, dict) or not all(_is_header(*item) for item in value.items()):
            raise Unwanted
        return cls((name, str(text)) for name, text in value.items())


def _is_header(name: object, value: object) -> bool:
    plain = isinstance(value, (str, int, float)) and str(value).isprintable()
    return plain and isinstance(name, str) and bool(name) and name.isascii() and name.replace("-", "").isalnum()


class Match(Declared, frozen=True):
    """Which requests: all that have this method, this in their path, and this caller."""

    method: _Methods = ()
    path: Annotated[PathPattern, Meta(description="a text")] = field(default_factory=PathPattern)
    caller: Text = ""

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods in upper case; none: all."""
        given = (self.method,) if isinstance(self.method, str) else self.method
        return tuple(method.upper() for method in given)


class Ending(Declared, frozen=True):
    """How the operation ends that a write begins; `rolled_back` takes the write back if it does not succeed."""

    outcome: Literal["Succeeded", "Failed", "Canceled", "OperationPreempted", "never"] = "Succeeded"
    code: Text = ""
    message: Text = ""
    effect: Literal["applied", "rolled_back"] = "rolled_back"
    seconds: Seconds | None = None
    retry_after: FromZero | None = None

    def as_outcome(self) -> Outcome:
        """Return it as operations have it."""
        applied = self.effect == "applied"
        return Outcome(self.outcome, self.code, self.message, applied, self.seconds, self.retry_after)


class Stale(Declared, frozen=True):
    """How old a state a read gets: seconds of the clock, or a number of writes."""

    wanted = "a mapping with seconds or writes"

    seconds: _AboveZero | None = None
    writes: Count | None = None

    def __post_init__(self) -> None:
        if (self.seconds is None) == (self.writes is None):
            raise Unwanted


class Action(Declared, frozen=True):
    """What happens to a request that a fault hits. Times in seconds.

    status, code, message, headers, body: answered instead of the real answer, and nothing changes (`body` is raw text).
    delay: wait before, delay_after: wait after the change and before the answer. reset: break the connection `before`
    or `after` the change. truncate: send this many bytes of the answer and break off. reject_token: ARM's 401.
    operation: how the write's operation ends. stale: a GET answers what was true a while ago.
    """

    wanted = f"a mapping that says what happens by one of {', '.join(_EFFECTS)}"

    status: _Status | None = None
    code: Text = "InternalServerError"
    message: Text = "Encountered internal server error."
    headers: Annotated[Headers, Meta(description="a mapping of names to texts of one line")] = field(
        default_factory=Headers
    )
    body: Text | None = None
    delay: Seconds | None = None
    delay_after: Seconds | None = None
    reset: Literal["before", "after"] | None = None
    truncate: FromZero | None = None
    reject_token: bool | None = None
    operation: Ending | None = None
    stale: Stale | None = None

    def __post_init__(self) -> None:
        # Zero is given, too: a fault that only says which header comes along waits for no time.
        if all(getattr(self, name) is None for name in _EFFECTS):
            raise Unwanted

    @property
    def label(self) -> str:
        """A word for the log."""
        names = ("status", "reset", "truncate", "reject_token", "operation", "stale", "delay", "delay_after")
        return ",".join(name for name in names if getattr(self, name) not in (None, 0.0, False))


class Fault(Declared, frozen=True):
    """Which requests are hit, all that match unless one of nth, times, every and probability is given, and how."""

    action: Action
    match: Match = field(default_factory=Match)
    nth: Count | None = None
    times: Count | None = None
    every: Count | None = None
    probability: _Probability | None = None
    seed: Annotated[str | int, Meta(description="a text or a whole number")] = 0
