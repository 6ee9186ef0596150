# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults that tests switch on: which requests they hit is counted, or drawn with a seed; each run draws the same."""

from __future__ import annotations

import dataclasses
import json
import random
from collections.abc import Sequence
from typing import Any, NamedTuple

from ..base.patterns import Pattern, read_pattern
from .fault_fields import ACTION, FAULT, MATCH, OPERATION, STALE, FaultError, check_fields
from .model import Outcome

__all__ = ["Action", "FaultError", "Faults", "Stale"]

_MOST = 1000
_MOST_CHARACTERS = 16_000_000
_EFFECTS = {"status", "delay", "delay_after", "reset", "truncate", "reject_token", "operation", "stale"}


class Stale(NamedTuple):
    """How old a state a read gets: seconds of the clock, or a number of writes."""

    seconds: float = 0.0
    writes: int = 0


@dataclasses.dataclass(slots=True)
class Action:
    """What happens to a request that a fault hits. Times in seconds.

    status, code, message, headers, body: answered instead of the real answer, and nothing changes (`body` is raw text).
    delay: wait before, delay_after: wait after the change and before the answer. reset: break the connection `before`
    or `after` the change. truncate: send this many bytes of the answer and break off. reject_token: ARM's 401.
    operation: {outcome, code, message, effect: applied|rolled_back, seconds, retry_after} of the write's operation.
    stale: {seconds} or {writes}: a GET answers what was true that long, or that many writes, ago.
    """

    status: int | None = None
    code: str = "InternalServerError"
    message: str = "Encountered internal server error."
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    body: str | None = None
    delay: float = 0.0
    delay_after: float = 0.0
    reset: str = ""
    truncate: int | None = None
    reject_token: bool = False
    operation: Outcome | None = None
    stale: Stale | None = None

    @property
    def label(self) -> str:
        """A word for the log."""
        names = ("status", "reset", "truncate", "reject_token", "operation", "stale", "delay", "delay_after")
        return ",".join(name for name in names if getattr(self, name) not in (None, "", 0.0, False))


@dataclasses.dataclass(slots=True)
class _Fault:
    methods: tuple[str, ...]
    path: Pattern
    caller: str
    nth: int | None
    times: int | None
    every: int | None
    probability: float | None
    chance: random.Random
    action: Action
    seen: int = 0

    def hits(self, method: str, path: str, caller: Sequence[str]) -> bool:
        if (self.methods and method not in self.methods) or not self.path(path):
            return False
        if self.caller and self.caller.lower() not in caller:
            return False
        self.seen += 1
        if self.probability is not None and self.chance.random() >= self.probability:
            return False
        if self.nth is not None:
            return self.seen == self.nth
        if self.every is not None and self.seen % self.every:
            return False
        return self.times is None or self.seen <= self.times * (self.every or 1)


class Faults:
    """The faults in force. Each counts the requests that match it; the first one that is due acts."""

    def __init__(self) -> None:
        self._faults: list[_Fault] = []
        self._size = 0

    def __bool__(self) -> bool:
        return bool(self._faults)

    def add(self, faults: object) -> None:
        """Put a list of faults in force after those that are; raises FaultError."""
        if not isinstance(faults, list):
            raise FaultError("faults must be a list")
        if len(self._faults) + len(faults) > _MOST:
            raise FaultError(f"there can be {_MOST} faults at a time")
        size = len(json.dumps(faults))
        if self._size + size > _MOST_CHARACTERS:
            raise FaultError(f"the faults in force can have {_MOST_CHARACTERS} characters together")
        self._faults.extend([_read(fault, f"faults[{index}]") for index, fault in enumerate(faults)])
        self._size += size

    def clear(self) -> None:
        """Take all faults back."""
        self._faults.clear()
        self._size = 0

    def pick(self, method: str, path: str, caller: Sequence[str]) -> Action | None:
        """Return what happens to a request (path with query; caller by all its names, lower case), or None."""
        due = [fault for fault in self._faults if fault.hits(method, path, caller)]
        return due[0].action if due else None


def _read(fault: object, where: str) -> _Fault:
    fields = check_fields(fault, FAULT, where)
    match = check_fields(fields.get("match", {}), MATCH, f"{where}.match")
    methods = match.get("method", ())
    methods = (methods,) if isinstance(methods, str) else methods
    try:
        path = read_pattern(match.get("path", ""))
    except ValueError as error:
        raise FaultError(f"{where}.match.path: {error}") from error
    return _Fault(
        methods=tuple(method.upper() for method in methods),
        path=path,
        caller=match.get("caller", ""),
        nth=fields.get("nth"),
        times=fields.get("times"),
        every=fields.get("every"),
        probability=fields.get("probability"),
        chance=random.Random(str(fields.get("seed", 0))),
        action=_action(fields.get("action", {}), f"{where}.action"),
    )


def _action(given: object, where: str) -> Action:
    values = check_fields(given, ACTION, where)
    if not _EFFECTS & set(values):
        raise FaultError(f"{where} must be a mapping that says what happens: {', '.join(sorted(_EFFECTS))}")
    if "headers" in values:
        values["headers"] = {name: str(value) for name, value in values["headers"].items()}
    if "operation" in values:
        values["operation"] = _outcome(check_fields(values["operation"], OPERATION, f"{where}.operation"))
    if "stale" in values:
        stale = check_fields(values["stale"], STALE, f"{where}.stale")
        values["stale"] = Stale(float(stale.get("seconds", 0)), stale.get("writes", 0))
    return Action(**values)


def _outcome(operation: dict[str, Any]) -> Outcome:
    return Outcome(
        status=operation.get("outcome", "Succeeded"),
        code=operation.get("code", ""),
        message=operation.get("message", ""),
        applied=operation.get("effect") == "applied",
        seconds=operation.get("seconds"),
        retry_after=operation.get("retry_after"),
    )
