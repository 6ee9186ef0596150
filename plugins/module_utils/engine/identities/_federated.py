# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The federated credentials of one identity: read once, written one after another.

Azure takes one write at a time under one identity, and refuses the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from ...arm.gateways._user_assigned import UserAssignedIdentities
from ...arm.net._deadline import Deadline
from ...core._errors import ArmError, ManagedIdentityError
from ...core._resource_id import ResourceId
from ...core.identities._federated import CredentialsPlan, FederatedCredential
from .._converge import converge
from .._subject import Progress, Subject, Wrote
from .._tries import Pauses, Tries

__all__ = ["CredentialsOutcome", "MakePlan", "apply_credentials"]

# The first wait after a refusal is about as long as a write of somebody else.
_PAUSES = Pauses(first=0.25, longest=5.0)
_NOT_FOUND = 404
_BUSY = "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity"

MakePlan = Callable[[Sequence[FederatedCredential]], CredentialsPlan]
# None: the identity itself is not there.
Seen: TypeAlias = "tuple[FederatedCredential, ...] | None"


@dataclass(frozen=True)
class _Step:
    """One write.

    :param verb: what it does: created, updated or removed
    """

    verb: str
    credential: FederatedCredential


@dataclass
class CredentialsOutcome:
    """What became of the credentials of an identity."""

    progress: Progress[Seen, _Step]

    @property
    def before(self) -> tuple[FederatedCredential, ...] | None:
        """As first read; None if the identity was not there, or was not read."""
        return self.progress.first

    @property
    def after(self) -> tuple[FederatedCredential, ...]:
        """All credentials of the identity, as far as is known."""
        return self.progress.last or ()

    @property
    def changed(self) -> bool:
        """Whether anything was written by us, or in check mode would be."""
        return self.progress.changed

    @property
    def error(self) -> ManagedIdentityError | None:
        """What ended it early; None if nothing did."""
        return self.progress.error

    def names(self, verb: str) -> list[str]:
        """The names of those that were created, updated or removed by us, in this order of doing."""
        return [step.credential.name for step in self.progress.done if step.verb == verb]


async def apply_credentials(
    identities: UserAssignedIdentities,
    identity: ResourceId,
    make_plan: MakePlan,
    deadline: Deadline,
    *,
    check: bool,
    needed: bool,
) -> CredentialsOutcome:
    """Bring the credentials of an identity to what a plan wants, one after another.

    :param make_plan: plans from what is there; raises InvalidInput if that cannot be
    :param check: say what would be written, and write nothing
    :param needed: whether it is an error if the identity is not there
    :returns: what became of them; an error is told beside what was written before
    """
    subject = _Credentials(identities, identity, make_plan, needed=needed and not check)
    return CredentialsOutcome(await converge(subject, Tries(deadline, _PAUSES), check=check))


class _Credentials(Subject[Seen, _Step]):
    """All credentials of one identity."""

    call = "PUT"

    def __init__(
        self, identities: UserAssignedIdentities, identity: ResourceId, make_plan: MakePlan, *, needed: bool
    ) -> None:
        self.target = str(identity)
        self._identities, self._id = identities, identity
        self._make_plan, self._needed = make_plan, needed

    async def read(self, deadline: Deadline) -> Seen:
        try:
            return tuple(await self._identities.credentials(self._id, deadline))
        except ArmError as error:
            if not error.not_there and not await self._is_gone(error, deadline):
                raise
            return None

    async def _is_gone(self, error: ArmError, deadline: Deadline) -> bool:
        """Whether a 404 means that there is no identity. Azure's code for that is not known: the identity is asked."""
        return error.status == _NOT_FOUND and await self._identities.read(self._id, deadline) is None

    async def plan(self, seen: Seen, deadline: Deadline) -> _Step | None:
        if seen is None and self._needed:
            raise ManagedIdentityError(
                "The identity does not exist. Nothing was changed.",
                remedy="Create it first, with user_assigned_identity, or correct its name or ID.",
                target=self.target,
            )
        plan = self._make_plan(seen or ())
        for verb, wanted in (("created", plan.creates), ("updated", plan.updates), ("removed", plan.removals)):
            for credential in wanted:
                return _Step(verb, credential)
        return None

    def foresee(self, seen: Seen, step: _Step) -> Seen:
        path = f"{self._id}/federatedIdentityCredentials/{step.credential.name}"
        return _with(seen, step, replace(step.credential, id=step.credential.id or path))

    async def write(self, seen: Seen, step: _Step, deadline: Deadline) -> Wrote[Seen]:
        if step.verb == "removed":
            ours = await self._identities.delete_credential(self._id, step.credential.name, deadline)
            return Wrote(_with(seen, step, step.credential), told=ours, ours=ours)
        return Wrote(_with(seen, step, await self._identities.put_credential(self._id, step.credential, deadline)))

    def took(self, step: _Step, seen: Seen) -> bool:
        there = next((one for one in seen or () if one.key == step.credential.key), None)
        return there is None if step.verb == "removed" else there == step.credential

    async def wait_out(self, error: ArmError, tries: Tries) -> bool:
        """What is there does not change what is to be written: lists are throttled, too."""
        return error.code == _BUSY and await tries.before_another(error)


def _with(seen: Seen, step: _Step, now: FederatedCredential) -> tuple[FederatedCredential, ...]:
    """The credentials after a step that left one as it is now."""
    others = tuple(one for one in seen or () if one.key != now.key)
    return others if step.verb == "removed" else (*others, now)
