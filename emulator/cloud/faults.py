# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults that tests switch on: which requests they hit is counted, or drawn with a seed; each run draws the same."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence

from ..base.declared import read, without_nulls
from .fault_model import Action, Fault

__all__ = ["FaultError", "Faults"]

_MOST = 1000
_MOST_CHARACTERS = 16_000_000


class FaultError(ValueError):
    """A fault that cannot be."""


class _Counted:
    """A fault, and how many requests have matched it."""

    def __init__(self, fault: Fault) -> None:
        self.action = fault.action
        self._fault = fault
        self._methods = fault.match.methods
        self._matches = fault.match.path.hits
        self._caller = fault.match.caller.lower()
        self._chance = random.Random(str(fault.seed))
        self._seen = 0

    def hits(self, method: str, path: str, caller: Sequence[str]) -> bool:
        """Count a request if it matches, and return whether it is hit."""
        if (self._methods and method not in self._methods) or not self._matches(path):
            return False
        if self._caller and self._caller not in caller:
            return False
        self._seen += 1
        fault = self._fault
        if fault.probability is not None and self._chance.random() >= fault.probability:
            return False
        if fault.nth is not None:
            return self._seen == fault.nth
        if fault.every is not None and self._seen % fault.every:
            return False
        return fault.times is None or self._seen <= fault.times * (fault.every or 1)


class Faults:
    """The faults in force. Each counts the requests that match it; the first one that is due acts."""

    def __init__(self) -> None:
        self._faults: list[_Counted] = []
        self._size = 0

    def __bool__(self) -> bool:
        return bool(self._faults)

    def add(self, faults: object) -> None:
        """Put a list of faults in force after those that are; raises FaultError."""
        if not isinstance(faults, list):
            raise FaultError("faults must be a list")
        if len(self._faults) + len(faults) > _MOST:
            raise FaultError(f"there can be {_MOST} faults at a time")
        found = [
            read(Fault, without_nulls(fault), f"faults[{index}]", FaultError) for index, fault in enumerate(faults)
        ]
        size = len(json.dumps(faults))
        if self._size + size > _MOST_CHARACTERS:
            raise FaultError(f"the faults in force can have {_MOST_CHARACTERS} characters together")
        self._faults.extend(map(_Counted, found))
        self._size += size

    def clear(self) -> None:
        """Take all faults back."""
        self._faults.clear()
        self._size = 0

    def pick(self, method: str, path: str, caller: Sequence[str]) -> Action | None:
        """Return what happens to a request (path with query; caller by all its names, lower case), or None."""
        due = [fault for fault in self._faults if fault.hits(method, path, caller)]
        return due[0].action if due else None
