# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a fault is: what the emulator does to a request, and what a task may make of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.faults.requests import Request

__all__ = ["Fault", "Place", "answer"]


@dataclass(frozen=True)
class Place:
    """Where a fault strikes.

    :param request: the one that it hits
    :param body: JSON as it would be answered; None if that is unknown, or none
    :param decoy: JSON that describes another resource of the same type; None where there is none
    :param url: of the emulator, without a slash at its end
    :param foreign: an address that is not the cloud's
    """

    request: Request
    body: Any
    decoy: Any
    url: str
    foreign: str

    @property
    def lists(self) -> bool:
        """Whether the answer is a list."""
        return isinstance(self.body, dict) and "value" in self.body

    @property
    def describes(self) -> bool:
        """Whether the answer describes a resource."""
        return isinstance(self.body, dict) and "id" in self.body

    @property
    def polls(self) -> bool:
        """Whether the answer tells how an operation stands."""
        return "operations" in self.request.types


@dataclass(frozen=True)
class Fault:
    """One kind of fault.

    :param action: gives the emulator's action at a place; None where the kind makes no sense
    :param passes: whether a task must get to its end all the same where it comes once: what is asked again succeeds
    :param seconds: the wait_timeout that shows it; None: as is usual
    :param lasts: for how many seconds more the emulator holds a request, after which it may act on it
    :param for_ever: whether the operation of a write goes on until the clock is put forward
    :param comes_once: whether it comes one time only: who is told the past for ever cannot tell it from the present
    """

    name: str
    action: Callable[[Place], dict[str, Any] | None]
    passes: bool = False
    seconds: int | None = None
    lasts: float = 0.0
    for_ever: bool = False
    comes_once: bool = False


def answer(status: int, body: str = "", /, **headers: str) -> dict[str, Any]:
    """The action that answers instead of the cloud, with nothing done; ``_`` in a header's name stands for ``-``."""
    return {"status": status, "body": body, "headers": {name.replace("_", "-"): text for name, text in headers.items()}}
