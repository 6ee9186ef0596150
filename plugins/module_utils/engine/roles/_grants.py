# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What is to do about role assignments, read from Azure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...arm.gateways._authorization import Authorization
from ...arm.net._deadline import Deadline
from ...core._errors import ArmError
from ...core._scope import Scope
from ...core.roles._assignment import Assignment, of_principal
from ...core.roles._grant import Grant, GrantStep, plan_absent, plan_present
from ...core.roles._role import Role

__all__ = ["GrantReader", "IdReader"]


@dataclass
class GrantReader:
    """Plans a grant of a role at scopes.

    :param roles: the role at each scope
    :param accept_missing: whether a scope that does not exist is one without assignments
    :param missing: those that do not exist
    """

    authorization: Authorization
    grant: Grant
    roles: Mapping[Scope, Role]
    absent: bool
    accept_missing: bool
    missing: list[Scope] = field(default_factory=list)

    async def plan(self, scope: Scope, deadline: Deadline) -> list[GrantStep]:
        """What a scope takes. Without a principal, who cannot have anything yet, nothing is asked."""
        there = await self._there(scope, deadline) if self.grant.principal_id else []
        make = plan_absent if self.absent else plan_present
        return make(scope, self.roles[scope].guid, self.grant, there)

    async def look(self, step: GrantStep, deadline: Deadline) -> GrantStep:
        """Plan a step anew."""
        for again in await self.plan(Scope.parse(step.scope), deadline):
            if not self.absent or (again.before and step.before and again.before.id == step.before.id):
                return again
        return GrantStep(step.scope)

    async def _there(self, scope: Scope, deadline: Deadline) -> list[Assignment]:
        condition = of_principal(str(self.grant.principal_id))
        try:
            return await self.authorization.assignments(scope, condition, deadline)
        except ArmError as error:
            if not self.accept_missing or not error.not_there:
                raise
            self.missing.append(scope)
            return []


@dataclass
class IdReader:
    """Plans the removal of assignments that are named by their IDs."""

    authorization: Authorization

    async def plan(self, assignment: str, deadline: Deadline) -> GrantStep:
        """The removal of the assignment with this ID, if it is there."""
        there = await self.authorization.assignment(assignment, deadline)
        return GrantStep(there.scope if there else assignment, there)

    async def look(self, step: GrantStep, deadline: Deadline) -> GrantStep:
        """Plan a step anew."""
        return await self.plan(str(step.before and step.before.id), deadline)
