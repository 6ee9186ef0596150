# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The federated credentials of one identity: read once, written one after another.

Azure takes one write at a time under one identity, and refuses the others.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from ..arm._deadline import Deadline
from ..arm._identities import Identities
from ..core._errors import ArmError, ManagedIdentityError
from ..core._federated import Credential, CredentialsPlan
from ..core._resource_id import ResourceId
from ..core._rules import Verdict, verdict_of

__all__ = ["CredentialsOutcome", "apply_credentials", "read_credentials"]

# The first wait after a refusal is about as long as a write of somebody else; seconds.
_SHORTEST, _LONGEST = 0.25, 5.0
_NOT_FOUND = 404
_SUBSCRIPTION = "SubscriptionNotFound"


@dataclass
class CredentialsOutcome:
    """What became of a plan.

    :param after: all credentials of the identity, as far as this session knows
    :param error: what ended it early; None if nothing did
    """

    after: dict[str, Credential]
    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    error: ManagedIdentityError | None = None

    @property
    def changed(self) -> bool:
        """Whether anything was written, or in check mode would be."""
        return bool(self.created or self.updated or self.removed)


async def read_credentials(
    identities: Identities, identity: ResourceId, deadline: Deadline
) -> tuple[Credential, ...] | None:
    """The credentials of an identity; None if it is not there.

    :raises ManagedIdentityError: they cannot be read
    """
    try:
        return tuple(map(Credential.from_arm, await identities.credentials(identity, deadline)))
    except ArmError as error:
        if error.status == _NOT_FOUND and error.code != _SUBSCRIPTION:
            return None
        raise


async def apply_credentials(
    identities: Identities,
    identity: ResourceId,
    there: Sequence[Credential],
    plan: CredentialsPlan,
    deadline: Deadline,
    *,
    check: bool,
) -> CredentialsOutcome:
    """Write what is planned, one after another; in check mode only say what would be.

    An error ends it, and is told beside what was written before.
    """
    done = CredentialsOutcome({one.key: one for one in there})
    path = f"{identity}/federatedIdentityCredentials"

    async def put(one: Credential) -> None:
        said = {} if check else await identities.put_credential(identity, one.name, one.to_body(), deadline)
        predicted = Credential(one.name, *one.trusted, id=one.id or f"{path}/{one.name}")
        done.after[one.key] = Credential.from_arm({"name": one.name, **said}) if said else predicted

    async def delete(one: Credential) -> None:
        if not check:
            await identities.delete(f"{path}/{one.name}", deadline)
        del done.after[one.key]

    todo = [(put, plan.creates, done.created), (put, plan.updates, done.updated), (delete, plan.removals, done.removed)]
    try:
        for write, credentials, names in todo:
            for one in credentials:
                await _serially(write, one, deadline)
                names.append(one.name)
    except ManagedIdentityError as error:
        done.error = error
    return done


async def _serially(write: Callable[[Credential], Awaitable[None]], one: Credential, deadline: Deadline) -> None:
    """Write one credential, again and again while Azure says that another write is going on.

    To write it twice does no harm: the second time it is as wanted, or gone, already. What broke off or passes is
    sent again below, in the pipeline.

    :raises WaitTimedOut: the deadline does not leave the time for another try
    """
    wait = _SHORTEST
    while True:
        try:
            await write(one)
        except ArmError as error:
            if verdict_of(error) is not Verdict.REPLAN:
                raise
            # At random, so that two writers who met do not meet again.
            await deadline.sleep(random.uniform(wait / 2, wait), "the end of another write to this identity", error)
            wait = min(2 * wait, _LONGEST)
        else:
            return
