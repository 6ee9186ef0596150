# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much one request may make us work out: the same for all machines, as it counts steps and not seconds."""

from __future__ import annotations

from typing import Any

__all__ = ["Budget", "BudgetError", "size_of"]

# A few seconds of work on one core, whatever the steps are; a template as large as Azure takes uses a part of it.
_STEPS = 1_000_000
_CHARACTERS = 32 * 1024 * 1024


class BudgetError(Exception):
    """There are more steps or characters to work out than one request may have; the text says which."""


class Budget:
    """What is left of the steps and characters of one request."""

    def __init__(self, steps: int = _STEPS, characters: int = _CHARACTERS) -> None:
        """Take whole numbers."""
        self._most = steps, characters
        self._steps = steps
        self._characters = characters
        self._read: set[str] = set()

    def read(self, text: str) -> None:
        """Take a step for each character of an expression, the first time that the request has it."""
        if text not in self._read:
            self._read.add(text)
            self.spend(len(text))

    def spend(self, steps: int = 0, characters: int = 0) -> None:
        """Take from what is left; raises BudgetError when it is used up."""
        self._steps -= steps
        self._characters -= characters
        if self._steps < 0:
            raise BudgetError(f"The limit of {self._most[0]} evaluation steps is exceeded")
        if self._characters < 0:
            raise BudgetError(f"The limit of {self._most[1]} characters in evaluated values is exceeded")

    def seen(self, value: Any, steps: int = 1) -> Any:
        """Return a value that was worked out, some steps and all its characters later; raises BudgetError."""
        self.spend(steps, len(value) if isinstance(value, str) else 0)
        if isinstance(value, (dict, list)):
            self.spend(0, size_of(value, self._characters))
        return value


def size_of(value: Any, enough: int) -> int:
    """Return about how long a JSON value is as text, or more than `enough` as soon as it is longer than that.

    What is in it more than once counts each time, as it does in the text.
    """
    total, waiting = 0, [value]
    while waiting and total <= enough:
        item = waiting.pop()
        if isinstance(item, str):
            total += len(item)
        elif isinstance(item, dict):
            total += sum(map(len, item)) + 2
            waiting.extend(item.values())
        elif isinstance(item, (list, tuple)):
            waiting.extend(item)
        total += 2
    return total
