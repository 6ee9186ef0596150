# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Entra ID as Azure RBAC sees it: which principals there are, since when, and which roles they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..cloud.access_model import Role
from ..cloud.model import Caller
from .builtin_roles import find_built_in
from .scopes import spread

if TYPE_CHECKING:
    from ..cloud.access_model import RoleDefinition
    from ..cloud.model import UserIdentity
    from ..cloud.store import Store

__all__ = ["find_role", "find_workload", "principal_kind", "roles_of", "workloads"]


def find_role(store: Store, name: str) -> RoleDefinition | None:
    """Return a role given by GUID, full ID or name in any case, or None."""
    wanted = name.rpartition("/")[2].lower()
    custom = store.roles.get(wanted) or next(
        (role for role in store.roles.values() if role.name.lower() == wanted), None
    )
    return custom or find_built_in(wanted)


def principal_kind(store: Store, principal: str, tenant: str, *, before: float = float("inf")) -> str:
    """Return User, Group or ServicePrincipal for a principal, or an empty text if its tenant does not know it.

    Identities that were made after `before` (monotonic) have not replicated, and are not known.
    """
    wanted = principal.lower()
    if store.born.get(wanted, float("-inf")) > before:
        return ""
    kind, _name, home = store.directory.get(wanted, ("", "", ""))
    if home == tenant:
        return kind
    for caller in store.callers.values():
        if caller.object_id.lower() == wanted and caller.tenant == tenant:
            return "User" if caller.username else "ServicePrincipal"
    if any(item.principal_id.lower() == wanted and item.tenant_id == tenant for item in store.identities.values()):
        return "ServicePrincipal"
    for holder in store.holders():
        identity = holder.identity or {}
        if str(identity.get("principalId")).lower() == wanted and identity.get("tenantId") == tenant:
            return "ServicePrincipal"
    return ""


def roles_of(store: Store, principal: str, now: float) -> tuple[Role, ...]:
    """Return the roles of a principal that are in effect, one for each scope that a management group stands for."""
    found: list[Role] = []
    for assignment in store.assignments.of(principal):
        definition = find_role(store, assignment.role)
        if definition is not None and assignment.since <= now:
            found.extend(Role(definition, scope) for scope in spread(store, assignment.scope))
    return tuple(found)


def find_workload(store: Store, client_id: str, tenant: str) -> Caller | None:
    """Return a user-assigned identity as one that proves itself with its federated credentials, or None."""
    for item in store.identities.values():
        if item.client_id.lower() == client_id.lower() and item.tenant_id == tenant:
            return _workload(store, item)
    return None


def workloads(store: Store) -> list[Caller]:
    """Return the user-assigned identities that have federated credentials, as those who prove themselves with them."""
    return [item for item in (_workload(store, identity) for identity in store.identities.values()) if item.federated]


def _workload(store: Store, item: UserIdentity) -> Caller:
    federated = tuple(
        {"issuer": known.issuer, "subject": known.subject, "audience": known.audiences[0]}
        for known in store.credentials_of(item.id)
    )
    return Caller(item.name, item.tenant_id, item.client_id, item.principal_id, federated=federated, resource=item.id)
