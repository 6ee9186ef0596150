# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The plan: from (current, desired) to the smallest PATCH that gets there, or none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from .._resource_id import ResourceId
from ._identity import Identity, SystemIdentity, UserIdentity, type_of

__all__ = ["MOST_AT_ONCE", "Desired", "Plan", "Wanted", "make_plan"]

# So many user-assigned identities one request may name, added and removed ones together. Users report it, such as
# Azure/bicep#16559 and Azure/aad-pod-identity#813; whether one that narrows the type may drop more is not known.
MOST_AT_ONCE = 150


@dataclass(frozen=True)
class Wanted:
    """A user-assigned identity that shall be there, and the principal ID that it is expected to have, if known.

    An identity that was deleted and made again under its name keeps its place on a VM but not its principal.
    """

    id: ResourceId
    principal_id: str | None = None


@dataclass(frozen=True)
class Desired:
    """What a resource's identities shall be; whatever is not said stays as it is.

    :param system: True on, False off, None untouched
    :param present: user-assigned identities that shall be there
    :param absent: user-assigned identities that shall not be there
    :param exact: whether all others but those kept shall go
    :param keep: patterns of identities that ``exact`` never removes: case-insensitive globs on the name, or on
        the whole ID if they contain a slash
    """

    system: bool | None = None
    present: tuple[Wanted, ...] = ()
    absent: tuple[ResourceId, ...] = ()
    exact: bool = False
    keep: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """One step from ``before`` towards ``after``.

    :param before: the identity as read
    :param step: the identity after this step; IDs that Azure has yet to make are None
    :param after: the identity as desired, which may take another plan after this step
    :param patch: the value of ``identity`` in the PATCH body; None if nothing is to do
    """

    before: Identity
    step: Identity
    after: Identity
    patch: dict[str, Any] | None

    @property
    def last(self) -> bool:
        """Whether this step leads to what is desired."""
        return self.step == self.after

    @property
    def added(self) -> tuple[ResourceId, ...]:
        """User-assigned identities that are there after this step and were not before."""
        return tuple(item.id for item in self.step.user if not self.before.find(item.id))

    @property
    def removed(self) -> tuple[ResourceId, ...]:
        """User-assigned identities that were there before and are not after this step."""
        return tuple(item.id for item in self.before.user if not self.step.find(item.id))

    @property
    def missing(self) -> tuple[ResourceId, ...]:
        """User-assigned identities that this step takes away for the next ones to bring back."""
        return tuple(key for key in self.removed if self.after.find(key))


def make_plan(current: Identity, desired: Desired, at_once: int = MOST_AT_ONCE) -> Plan:
    """Plan one step; pure. ``desired.present`` wins over ``desired.absent`` where both name an identity.

    An identity with another principal than expected is first removed; the plan is then not the last one. Nor is it
    where more than ``at_once`` identities come or go: those that come are first, as one of them may not exist.
    """
    present = {wanted.id: wanted for wanted in desired.present}
    gone = _unwanted(current, desired, present.keys())
    stale = {item.id for item in current.user if _is_stale(item, present.get(item.id))}
    new = [UserIdentity(key) for key in present if not current.find(key)]
    kept = [item for item in current.user if item.id not in gone]
    system = _system_after(current.system, desired.system)

    fresh = [UserIdentity(item.id, present[item.id].principal_id) if item.id in stale else item for item in kept]
    after = Identity.of(system, (*fresh, *new))
    leaving = gone | stale
    moves = [*new, *(item for item in current.user if item.id in leaving)]
    later = {item.id for item in moves[at_once:]}
    stays = [item for item in current.user if item.id in later or item.id not in leaving]
    step = Identity.of(system, (*stays, *(item for item in new if item.id not in later)))
    return Plan(current, step, after, _patch(current, step))


def _unwanted(current: Identity, desired: Desired, present: Iterable[ResourceId]) -> set[ResourceId]:
    """The identities on the resource that shall go."""
    gone = {item.id for item in current.user if item.id in desired.absent}
    if desired.exact:
        gone |= {item.id for item in current.user if not _is_kept(item.id, desired.keep)}
    return gone.difference(present)


def _is_kept(candidate: ResourceId, patterns: Iterable[str]) -> bool:
    return any(
        fnmatchcase(candidate.key if "/" in pattern else candidate.name.lower(), pattern.lower())
        for pattern in patterns
    )


def _is_stale(item: UserIdentity, wanted: Wanted | None) -> bool:
    """Whether the entry on the resource belongs to another principal than the expected one."""
    if not (wanted and wanted.principal_id and item.principal_id):
        return False
    return item.principal_id.lower() != wanted.principal_id.lower()


def _system_after(current: SystemIdentity | None, wanted: bool | None) -> SystemIdentity | None:
    if wanted is None:
        return current
    return (current or SystemIdentity()) if wanted else None


def _patch(before: Identity, after: Identity) -> dict[str, Any] | None:
    """The smallest body: ``type`` says what remains, the map holds the delta alone.

    The last user-assigned identity goes by narrowing ``type`` without a map: Azure refuses a map that empties it.
    """
    delta: dict[str, Any] = {str(item.id): None for item in before.user if not after.find(item.id)}
    delta.update({str(item.id): {} for item in after.user if not before.find(item.id)})
    if not delta and (before.system is None) == (after.system is None):
        return None
    body: dict[str, Any] = {"type": type_of(after.system is not None, bool(after.user))}
    if delta and after.user:
        body["userAssignedIdentities"] = delta
    return body
