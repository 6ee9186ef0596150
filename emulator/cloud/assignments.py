# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role assignments of the emulated cloud, found by ID, by name and by principal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .access_model import RoleAssignment

__all__ = ["Assignments"]


class Assignments:
    """Role assignments; a name (GUID) stands for one assignment in all scopes, as in Azure."""

    KEPT_AS_LIST_OF = RoleAssignment

    def __init__(self, assignments: Iterable[RoleAssignment] = ()) -> None:
        self._by_name: dict[str, RoleAssignment] = {}
        self._by_principal: dict[str, dict[str, RoleAssignment]] = {}
        for assignment in assignments:
            self.put(assignment)

    def __iter__(self) -> Iterator[RoleAssignment]:
        return iter(list(self._by_name.values()))

    def __len__(self) -> int:
        return len(self._by_name)

    def named(self, name: str) -> RoleAssignment | None:
        """Return the assignment of a name in any scope, or None."""
        return self._by_name.get(name.lower())

    def get(self, assignment_id: str) -> RoleAssignment | None:
        """Return the assignment of a full ID in any case, or None."""
        found = self.named(assignment_id.rpartition("/")[2])
        return found if found is not None and found.id.lower() == assignment_id.lower() else None

    def of(self, principal: str) -> Iterable[RoleAssignment]:
        """Return the assignments of a principal."""
        return self._by_principal.get(principal.lower(), {}).values()

    def put(self, assignment: RoleAssignment) -> None:
        """Add or replace an assignment."""
        name = assignment.name.lower()
        self._by_name[name] = assignment
        self._by_principal.setdefault(assignment.principal.lower(), {})[name] = assignment

    def drop(self, assignment: RoleAssignment) -> None:
        """Remove an assignment."""
        name = assignment.name.lower()
        del self._by_name[name]
        others = self._by_principal[assignment.principal.lower()]
        del others[name]
        if not others:
            del self._by_principal[assignment.principal.lower()]

    def forget_below(self, scope: str) -> None:
        """Remove the assignments at a scope and below it: its resources are gone."""
        prefix = scope.lower() + "/"
        for assignment in self:
            if assignment.id.lower().startswith(prefix):
                self.drop(assignment)
