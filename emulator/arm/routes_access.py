# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The routes of Microsoft.Authorization's roles, and of what hangs on a user-assigned identity."""

from __future__ import annotations

from collections.abc import Iterator

from ..authorization import permissions, role_assignments, role_definitions
from ..identity import associated, federated
from ..request.route import Route

__all__ = ["access_routes", "identity_child_routes"]

_ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
_DEFINITION = "Microsoft.Authorization/roleDefinitions"
_UAI = "Microsoft.ManagedIdentity/userAssignedIdentities"
_SCOPES = ("tenant", "management", "subscription", "group", "resource")


def access_routes() -> Iterator[tuple[str, str, Route]]:
    """Return methods, templates and routes of roles, assignments and permissions at every scope."""
    for scope in _SCOPES:
        single = f"{scope}|microsoft.authorization/roleassignments/*"
        versions, kind = "role_assignments", "roleAssignments"
        listing = Route(role_assignments.list_assignments, f"{_ASSIGNMENT}/read", versions, kind)
        yield "GET", single.removesuffix("/*"), listing
        yield "GET", single, Route(role_assignments.get_assignment, f"{_ASSIGNMENT}/read", versions, kind)
        yield "PUT", single, Route(role_assignments.put_assignment, f"{_ASSIGNMENT}/write", versions, kind)
        yield "DELETE", single, Route(role_assignments.delete_assignment, f"{_ASSIGNMENT}/delete", versions, kind)
        yield from _definitions(scope)
    for scope in ("subscription", "group", "resource"):
        listing = Route(
            permissions.list_permissions, "Microsoft.Authorization/permissions/read", "role_definitions", "permissions"
        )
        yield "GET", f"{scope}|microsoft.authorization/permissions", listing


def _definitions(scope: str) -> Iterator[tuple[str, str, Route]]:
    single = f"{scope}|microsoft.authorization/roledefinitions/*"
    versions, kind = "role_definitions", "roleDefinitions"
    # Everyone may read the roles of the tenant itself.
    right = "" if scope == "tenant" else f"{_DEFINITION}/read"
    yield "GET", single.removesuffix("/*"), Route(role_definitions.list_roles, right, versions, kind)
    yield "GET", single, Route(role_definitions.get_role, right, versions, kind)
    yield "PUT", single, Route(role_definitions.put_role, f"{_DEFINITION}/write", versions, kind)
    yield "DELETE", single, Route(role_definitions.delete_role, f"{_DEFINITION}/delete", versions, kind)


def identity_child_routes() -> Iterator[tuple[str, str, Route]]:
    """Return methods, templates and routes of federated credentials and of associated resources."""
    parent = "group|microsoft.managedidentity/userassignedidentities/*"
    kind = "userAssignedIdentities"
    action = f"{_UAI}/listAssociatedResources/action"
    yield "POST", f"{parent}/listassociatedresources", Route(associated.list_associated, action, "associated", kind)
    child = "federatedIdentityCredentials"
    collection = f"{parent}/{child.lower()}"
    right = f"{_UAI}/{child}"
    kind = f"{kind}/{child}"
    yield "GET", collection, Route(federated.list_credentials, f"{right}/read", "credentials", kind)
    yield "GET", f"{collection}/*", Route(federated.get_credential, f"{right}/read", "credentials", kind)
    yield "PUT", f"{collection}/*", Route(federated.put_credential, f"{right}/write", "credentials", kind)
    yield "DELETE", f"{collection}/*", Route(federated.delete_credential, f"{right}/delete", "credentials", kind)
