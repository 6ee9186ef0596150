# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What the engine is asked for about machines, and what it reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from ...arm.gateways._reading import Reading
from ...core._errors import ManagedIdentityError
from ...core._resource_id import ResourceId
from ...core._schedule import Schedule, single_schedule
from ...core.identities._identity import Identity
from ...core.identities._plan import Desired, Plan
from .._subject import Progress

__all__ = ["Options", "Outcome", "Seen", "Target"]

# None: the machine is not there, where that is as good as what is desired.
Seen: TypeAlias = "Reading | None"


@dataclass(frozen=True)
class Target:
    """A resource, and what its identities shall be.

    :param may_be_gone: whether one that is not there is as good as one without what shall not be there
    """

    id: ResourceId
    desired: Desired
    may_be_gone: bool = False


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
    """What became of one target.

    :param protected: whether all writes carried an ETag
    """

    target: Target
    progress: Progress[Seen, Plan] = field(default_factory=Progress)
    protected: bool = True

    @property
    def first(self) -> Reading | None:
        """The resource as first read; None if it was not, or is not there."""
        return self.progress.first

    @property
    def last(self) -> Reading | None:
        """The resource as Azure last described it, or as it would be in check mode; None: not read, or gone."""
        return self.progress.last

    @property
    def gone(self) -> bool:
        """Whether the resource is not there, and need not be."""
        return self.progress.read and self.progress.last is None and self.progress.error is None

    @property
    def changed(self) -> bool:
        """Whether a write of ours changed the resource, or in check mode would."""
        return self.progress.changed

    @property
    def running(self) -> str | None:
        """URL of the operation that was not waited for."""
        return self.progress.running

    @property
    def error(self) -> ManagedIdentityError | None:
        """Why it failed; None if it did not."""
        return self.progress.error

    @property
    def before(self) -> Identity:
        """The identities as first read."""
        return self.first.identity if self.first else Identity()

    @property
    def after(self) -> Identity:
        """The identities as Azure last described them, or in check mode as they would be."""
        return self.last.identity if self.last else Identity()
