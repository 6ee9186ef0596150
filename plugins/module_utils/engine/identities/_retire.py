# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. The end of a user-assigned identity: nobody uses it, or it is taken away first."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...arm.gateways._machine_identities import MachineIdentities
from ...arm.gateways._user_assigned import UserAssignedIdentities
from ...arm.net._deadline import Deadline
from ...core._errors import ManagedIdentityError
from ...core._resource_id import ResourceId
from ...core.identities._holder import IdentityHolder
from ...core.identities._imds import default_change
from ...core.identities._plan import Desired
from ...core.identities._user_assigned import UserAssigned
from ..machines._outcome import Options, Outcome, Target
from ..machines._reconcile import reconcile_all
from ._provide import delete_identity
from ._usage import Usage, find_users

__all__ = ["Retired", "retire"]

# So many users a message names; all are in the result.
_NAMED = 20


@dataclass
class Retired:
    """What became of an identity that shall not be there.

    :param before: as read; None if it was not there
    :param left: as it is now; None if it is gone, or in check mode would be
    :param deleted: whether we deleted it, or in check mode would
    :param users: what (still) uses it; None if nobody asked
    :param detached: the machines that it was removed from, or in check mode would be
    :param perhaps: the machines that it may have been removed from: nobody could tell
    :param warnings: sentences for the user
    :param error: why it failed; None if it did not
    """

    before: UserAssigned | None = None
    left: UserAssigned | None = None
    deleted: bool = False
    users: list[IdentityHolder] | None = None
    detached: list[IdentityHolder] = field(default_factory=list)
    perhaps: list[IdentityHolder] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    error: ManagedIdentityError | None = None

    @property
    def changed(self) -> bool:
        """Whether anything was changed by us, or in check mode would be."""
        return self.deleted or bool(self.detached) or bool(self.perhaps)


async def retire(
    machines: MachineIdentities,
    identities: UserAssignedIdentities,
    identity: ResourceId,
    *,
    force: bool,
    detach: bool,
    options: Options,
    deadline: Deadline,
) -> Retired:
    """Delete a user-assigned identity that nothing uses.

    :param force: delete it, whoever uses it
    :param detach: remove it from VMs and scale sets first
    :returns: the outcome; a failure is in its ``error``
    """
    run = _Retirement(machines, identities, identity, options, deadline)
    try:
        await run.go(force, detach)
    except ManagedIdentityError as error:
        run.said.error = error
    return run.said


class _Retirement:
    """The way of one identity to its end."""

    def __init__(
        self,
        machines: MachineIdentities,
        identities: UserAssignedIdentities,
        identity: ResourceId,
        options: Options,
        deadline: Deadline,
    ) -> None:
        self._machines = machines
        self._identities = identities
        self._id = identity
        self._options = options
        self._deadline = deadline
        self.said = Retired()

    async def go(self, force: bool, detach: bool) -> None:
        said = self.said
        said.before = said.left = await self._identities.read(self._id, self._deadline)
        if said.before is None:
            return
        if detach or not force:
            await self._free(force, detach)
        else:
            said.warnings.append(f"Nobody asked who uses {self._id}: what does keeps an entry of it that is of no use.")
        if self._options.check:
            said.deleted, said.left = True, None
            return
        gone = await delete_identity(self._identities, self._id, said.before, self._deadline)
        said.deleted, said.left, said.error = gone.changed, gone.last, gone.error

    async def _free(self, force: bool, detach: bool) -> None:
        """See that nothing uses the identity; with ``force`` that is only said."""
        usage = await find_users(self._machines, self._identities, self._id, self._deadline)
        self.said.users = usage.users
        if usage.unknown:
            self._refuse(_cannot_be_known(self._id, usage), force)
        reasons = {key: f"it could not be read: {error}" for key, error in usage.unread.items()}
        if detach:
            reasons = await self._detach(usage)
        if self.said.users:
            self._refuse(_in_use(self._id, self.said.users, reasons, detach), force)

    def _refuse(self, error: ManagedIdentityError, force: bool) -> None:
        if not force:
            raise error
        self.said.warnings.append(f"{error.target}: {error.message}")

    async def _detach(self, usage: Usage) -> dict[str, str]:
        """Remove the identity from all machines; returns why it could not be removed from a user, by its key."""
        machines = [user for user in usage.users if user.machine]
        targets = [
            Target(user.machine, Desired(absent=(self._id,)), may_be_gone=True) for user in machines if user.machine
        ]
        outcomes = await reconcile_all(self._machines, targets, self._options, self._deadline)
        reasons = {user.key: "it is no virtual machine and no scale set" for user in usage.users if not user.machine}
        for user, outcome in zip(machines, outcomes, strict=True):
            if outcome.changed and (self._options.check or not outcome.after.find(self._id)):
                self.said.detached.append(user)
                self._warn(user, outcome)
            elif outcome.error:
                reasons[user.key] = str(outcome.error)
                self.said.perhaps.extend([user] if outcome.changed else [])
        self.said.users = [user for user in usage.users if user.key in reasons]
        return reasons

    def _warn(self, user: IdentityHolder, outcome: Outcome) -> None:
        warning = default_change(outcome.before, outcome.after)
        self.said.warnings.extend([f"{user.id}: {warning}"] if warning else [])
        if outcome.first and outcome.first.manual:
            self.said.warnings.append(
                f"{user.id}: the upgrade policy of the scale set is Manual. Its instances keep the identity until they "
                "get its latest model, as by vmss_user_identity with identities: [] and roll_out: all."
            )


def _cannot_be_known(identity: ResourceId, usage: Usage) -> ManagedIdentityError:
    """The first reason has Azure's data and the remedy; the message has all of them."""
    first = usage.unknown[0]
    reasons = " ".join(
        f"{' '.join(filter(None, (error.call, error.target)))}: {error.message}" for error in usage.unknown
    )
    remedies = list(dict.fromkeys(error.remedy for error in usage.unknown if error.remedy))
    return ManagedIdentityError(
        f"It cannot be known who uses the identity. {reasons}",
        remedy=" ".join(["The identity was not deleted.", *remedies, "force: true deletes it whoever uses it."]),
        target=str(identity),
        status=first.status,
        code=first.code,
        request_id=first.request_id,
    )


def _in_use(
    identity: ResourceId, users: list[IdentityHolder], reasons: dict[str, str], detach: bool
) -> ManagedIdentityError:
    named = [_shown(user, reasons.get(user.key)) for user in users[:_NAMED]]
    more = [f"and {len(users) - _NAMED} more"] if len(users) > _NAMED else []
    count = f"{len(users)} resource{'s' if len(users) > 1 else ''}"
    remedy = (
        "Remove it there" if detach else "Remove it there first, from virtual machines and scale sets by detach: true"
    )
    return ManagedIdentityError(
        f"The identity is in use by {count}: {'; '.join([*named, *more])}.",
        remedy=f"{remedy}. force: true deletes it all the same.",
        target=str(identity),
    )


def _shown(user: IdentityHolder, reason: str | None) -> str:
    return f"{user.type} {user.name} in {user.resource_group}{f' ({reason})' if reason else ''}"
