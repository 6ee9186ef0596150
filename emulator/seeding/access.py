# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of a seed about access: management groups, custom roles, role assignments, federated credentials."""

from __future__ import annotations

import uuid
from typing import Any

from ..base.fields import Fields, SeedError
from ..base.moments import is_guid
from ..cloud.access_model import ManagementGroup, RoleAssignment, RoleDefinition, SeededRole
from ..cloud.model import FederatedCredential
from ..cloud.store import Store
from ..identity.federated_rules import check_name, check_others
from ..identity.federated_rules import read as read_properties
from ..rights.directory import find_role, principal_kind
from ..wire.errors import ArmError

__all__ = [
    "give_seeded_roles",
    "read_assignments",
    "read_credentials",
    "read_directory",
    "read_management_groups",
    "read_role_definitions",
]

_NAMESPACE = uuid.UUID("6a0c5a0b-52fd-4f0f-9a55-0d5a7d8f3c27")
_CREATED = "2024-01-01T00:00:00.0000000Z"
_OBJECTS = ("User", "Group", "ServicePrincipal")
_KINDS = ("", "User", "Group", "ServicePrincipal", "ForeignGroup", "Device")


def read_management_groups(seed: Fields, store: Store) -> None:
    """Add the tenants' root groups and those of the seed, each after its parent; raises SeedError."""
    for root in store.tenants:
        store.management_groups[root] = ManagementGroup(root, root, "")
    for item in seed.each("management_groups"):
        name, given = item.text("name"), item.text("tenant", next(iter(store.tenants)))
        tenant = store.resolve_tenant(given)
        if tenant is None:
            raise SeedError(f"{item.where}.tenant '{given}' is not among 'tenants'")
        parent = item.text("parent", tenant).lower()
        if parent not in store.management_groups:
            raise SeedError(f"{item.where}.parent '{parent}' is not among the management groups before it")
        store.management_groups[name.lower()] = ManagementGroup(name, tenant, parent)
        item.done()


def read_role_definitions(seed: Fields, store: Store) -> None:
    """Add the custom roles; raises SeedError."""
    for item in seed.each("role_definitions"):
        name = item.text("name")
        if find_role(store, name) is not None:
            raise SeedError(f"{item.where}.name '{name}' is the name of another role")
        role_id = item.text("id", str(uuid.uuid5(_NAMESPACE, f"role {name}"))).lower()
        if not is_guid(role_id):
            raise SeedError(f"{item.where}.id must be a GUID, not '{role_id}'")
        lists: dict[str, Any] = {
            field: tuple(map(str, item.take(field, list, []))) for field in RoleDefinition._fields[3:7]
        }
        scopes = tuple(map(str, item.take("scopes", list, [f"/subscriptions/{next(iter(store.subscriptions))}"])))
        role = RoleDefinition(role_id, name, item.text("description", ""), (), scopes=scopes, built_in=False)
        store.roles[role_id] = role._replace(created=_CREATED, updated=_CREATED, **lists)
        item.done()


def read_directory(seed: Fields, store: Store) -> None:
    """Add the principals that are nothing else in the seed, such as groups; raises SeedError."""
    for item in seed.each("directory"):
        given = item.text("tenant", next(iter(store.tenants)))
        tenant = store.resolve_tenant(given)
        if tenant is None:
            raise SeedError(f"{item.where}.tenant '{given}' is not among 'tenants'")
        name, kind = item.text("name"), item.choice("type", _OBJECTS, "Group")
        principal = item.text("id", str(uuid.uuid5(_NAMESPACE, f"{kind} {name}"))).lower()
        store.directory[principal] = (kind, name, tenant)
        item.done()


def read_assignments(seed: Fields, store: Store) -> None:
    """Add the role assignments, after everyone who can have one; raises SeedError."""
    for item in seed.each("role_assignments"):
        given = item.text("principal")
        caller = next((known for known in store.callers.values() if known.name == given), None)
        principal = caller.object_id if caller else given
        role = SeededRole(item.text("role"), item.text("scope"), item.where)
        _assign(store, principal, role, item)
        if caller is not None and caller.roles is None:
            raise SeedError(f"{item.where}.principal '{given}' may do everything; give the caller 'roles' (a list)")
        item.done()


def give_seeded_roles(store: Store) -> None:
    """Make assignments of the `roles` of callers and machines; raises SeedError."""
    for principal, roles in store.principals.items():
        for role in roles:
            _assign(store, principal, role)


def read_credentials(item: Fields, store: Store, identity_id: str) -> None:
    """Add the federated credentials of an identity of the seed; raises SeedError."""
    for entry in item.each("federated"):
        name = entry.text("name")
        body = {
            "issuer": entry.text("issuer"),
            "subject": entry.text("subject"),
            "audiences": [entry.text("audience", "api://AzureADTokenExchange")],
        }
        entry.done()
        try:
            check_name(name)
            credential = FederatedCredential(
                f"{identity_id}/federatedIdentityCredentials/{name}", name, *read_properties(body)
            )
            check_others(credential, store.credentials_of(identity_id))
        except ArmError as error:
            raise SeedError(f"{entry.where}: {error.message}") from error
        store.credentials[credential.id.lower()] = credential


def _assign(store: Store, principal: str, role: SeededRole, item: Fields | None = None) -> None:
    definition = find_role(store, role.role)
    if definition is None:
        raise SeedError(f"{role.where}.role '{role.role}' is not a role that the emulator knows")
    if not role.scope.startswith("/"):
        raise SeedError(f"{role.where}.scope must be an ID that begins with a slash, not '{role.scope}'")
    scope = role.scope.rstrip("/") or "/"
    name = str(uuid.uuid5(_NAMESPACE, f"{scope} {principal} {definition.id}".lower()))
    tenants = [principal_kind(store, principal, tenant) for tenant in store.tenants]
    assignment = RoleAssignment(
        name=item.text("name", name) if item else name,
        scope=scope,
        role=definition.id,
        principal=principal,
        kind=next(filter(None, tenants), "ServicePrincipal"),
        created=_CREATED,
        updated=_CREATED,
        created_by=None,
        updated_by=None,
    )
    if item is not None:
        assignment.kind = item.choice("type", _KINDS, "") or assignment.kind
        texts: dict[str, Any] = {key: item.text(key, None) for key in ("condition", "description")}
        assignment.condition, assignment.description = texts["condition"], texts["description"]
        assignment.condition_version = "2.0" if assignment.condition else None
    store.assignments.put(assignment)
