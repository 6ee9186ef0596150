# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What the engine is asked for, and what it reports."""

from __future__ import annotations

from dataclasses import dataclass

from ..arm._gateway import Reading
from ..core._errors import ManagedIdentityError
from ..core._identity import Identity
from ..core._plan import Desired, Plan, make_plan
from ..core._resource_id import ResourceId
from ..core._schedule import Schedule, single_schedule

__all__ = ["Options", "Outcome", "Target"]


@dataclass(frozen=True)
class Target:
    """A resource, and what its identities shall be."""

    id: ResourceId
    desired: Desired


@dataclass(frozen=True)
class Options:
    """How to go about it.

    :param check: plan only, write nothing
    :param wait: whether to wait for the end of the operation that a write starts
    :param schedule: when to ask for that end
    """

    check: bool = False
    wait: bool = True
    schedule: Schedule = single_schedule


@dataclass
class Outcome:
    """What became of one target. Until something was read, ``first``, ``last`` and ``plan`` are None.

    :param first: the resource as first read
    :param last: the resource as Azure last described it
    :param plan: what ``last`` leaves to do; in check mode what would be done
    :param changed: whether a write of ours changed the resource, or in check mode would
    :param protected: whether all writes carried an ETag
    :param running: URL of the operation that was not waited for
    :param error: why it failed; None if it did not
    """

    target: Target
    first: Reading | None = None
    last: Reading | None = None
    plan: Plan | None = None
    changed: bool = False
    protected: bool = True
    running: str | None = None
    error: ManagedIdentityError | None = None

    def saw(self, reading: Reading) -> Plan:
        """Note a reading, and plan from it."""
        self.first = self.first or reading
        self.last = reading
        self.plan = make_plan(reading.identity, self.target.desired)
        return self.plan

    @property
    def moved(self) -> bool:
        """Whether the identities are others than they were at first."""
        return bool(self.first and self.last and self.first.identity != self.last.identity)

    @property
    def before(self) -> Identity:
        """The identities as first read."""
        return self.first.identity if self.first else Identity()

    @property
    def after(self) -> Identity:
        """The identities as Azure last described them."""
        return self.last.identity if self.last else Identity()
