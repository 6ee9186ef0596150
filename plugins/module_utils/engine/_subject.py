# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What the one loop converges, and how far it came with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ..arm.net._deadline import Deadline
from ..core._errors import ArmError, ManagedIdentityError
from ._tries import Tries

__all__ = ["Progress", "Seen", "Step", "Subject", "Wrote"]

Seen = TypeVar("Seen")
Step = TypeVar("Step")


@dataclass(frozen=True)
class Wrote(Generic[Seen]):
    """What Azure said to a write.

    :param seen: what there is now, as far as Azure told
    :param told: whether it told all that counts; if not, it is read
    :param running: URL of the operation that nobody waits for: then this is the end
    :param ours: whether this write did it, or it was so already
    :param sure: whether Azure has said that it was done; if not, what is read tells
    """

    seen: Seen
    told: bool = True
    running: str | None = None
    ours: bool = True
    sure: bool = True


class Subject(Generic[Seen, Step]):
    """What is brought to a desired state. Where it can be absent, that is seen as None.

    :param target: what it is called in errors
    :param call: how it is written, for errors
    :param rereads: whether it is read again after a refusal, which may be that of a stale plan
    """

    target: str
    call: str
    rereads: bool = False

    async def read(self, deadline: Deadline) -> Seen:
        """What there is."""
        raise NotImplementedError

    async def plan(self, seen: Seen, deadline: Deadline) -> Step | None:
        """What to write; None if there is nothing to do."""
        raise NotImplementedError

    def foresee(self, seen: Seen, step: Step) -> Seen:
        """What there would be after a step; for check mode."""
        raise NotImplementedError

    async def write(self, seen: Seen, step: Step, deadline: Deadline) -> Wrote[Seen]:
        """Write. An error of Azure's is taken for a refusal, by which nothing was changed."""
        raise NotImplementedError

    async def finish(self, before: Seen, step: Step, wrote: Wrote[Seen], deadline: Deadline) -> Wrote[Seen]:
        """Wait for the end of what a write has begun."""
        return wrote

    def took(self, step: Step, seen: Seen) -> bool:
        """Whether a step that nobody answered was taken, by what there is now."""
        raise NotImplementedError

    def same(self, one: Step, other: Step) -> bool:
        """Whether two steps are the same write."""
        return one == other

    def check(self, before: Seen, step: Step, after: Seen) -> None:
        """See that a step did nothing else than it should; raises if it did."""

    def together(self, step: Step) -> bool:
        """Whether the step after this one belongs to it, so that a cancellation between them waits."""
        return False

    def moved(self, before: Seen, after: Seen) -> bool:
        """Whether somebody else has changed it since a step was planned."""
        return before != after

    async def settle(self, seen: Seen, deadline: Deadline, *, unheard: bool) -> bool:
        """With nothing left to do, wait for the end of what is under way, if that matters.

        :param unheard: whether that may be a write of ours to which no answer came
        :returns: whether to read and plan again
        """
        return False

    async def wait_out(self, error: ArmError, tries: Tries) -> bool:
        """Wait, where a refusal passes without anything having changed; returns whether to send the same again."""
        return False


@dataclass
class Progress(Generic[Seen, Step]):
    """How far a subject came.

    :param first: as first read, if ``read``
    :param last: as Azure last described it, or in check mode as it would be
    :param done: the steps that changed it, or in check mode would
    :param tried: whether a write was sent
    :param unsure: whether the last of ``done`` may not have been done: nobody could tell
    :param running: URL of the operation that was not waited for
    :param error: why it ended early; None if it did not
    """

    first: Seen | None = None
    last: Seen | None = None
    read: bool = False
    done: list[Step] = field(default_factory=list)
    tried: bool = False
    unsure: bool = False
    running: str | None = None
    error: ManagedIdentityError | None = None

    @classmethod
    def of(cls, seen: Seen) -> Progress[Seen, Step]:
        """The beginning, from what was read just now."""
        progress: Progress[Seen, Step] = cls()
        progress.saw(seen)
        return progress

    @property
    def changed(self) -> bool:
        """Whether Azure was changed by it, or in check mode would be."""
        return bool(self.done)

    def saw(self, seen: Seen) -> None:
        """Note what there is."""
        if not self.read:
            self.first, self.read = seen, True
        self.last = seen
