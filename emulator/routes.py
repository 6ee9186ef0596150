# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of ARM routes: what a path and a method mean, which right it takes and which api-versions know it."""

from __future__ import annotations

import typing as t

from . import compute, locks, msi, operations, resources
from .answers import Answer
from .call import Call

__all__ = ("ROUTES", "TYPES", "Route")


class Route(t.NamedTuple):
    """A handler with its RBAC action, the key of its api-versions, and the display name of its type."""

    handler: t.Callable[[Call], Answer]
    action: str
    versions: str
    kind: str = ""


_VM = "Microsoft.Compute/virtualMachines"
_UAI = "Microsoft.ManagedIdentity/userAssignedIdentities"
_GROUP = "Microsoft.Resources/subscriptions/resourceGroups"
_SUBSCRIPTION = "Microsoft.Resources/subscriptions"
_LOCK = "Microsoft.Authorization/locks"

ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "tenants"): Route(resources.list_tenants, "", "resources"),
    ("GET", "subscriptions"): Route(resources.list_subscriptions, "", "resources"),
    ("GET", "subscriptions/*"): Route(resources.get_subscription, f"{_SUBSCRIPTION}/read", "resources"),
    ("GET", "subscriptions/*/locations"): Route(resources.list_locations, f"{_SUBSCRIPTION}/read", "resources"),
    ("GET", "subscriptions/*/providers"): Route(resources.list_providers, f"{_SUBSCRIPTION}/read", "resources"),
    ("GET", "subscriptions/*/providers/*"): Route(resources.get_provider, f"{_SUBSCRIPTION}/read", "resources"),
    ("GET", "subscriptions/*/resourcegroups"): Route(resources.list_groups, f"{_GROUP}/read", "resources"),
    ("GET", "subscriptions/*/resourcegroups/*"): Route(resources.get_group, f"{_GROUP}/read", "resources"),
    ("HEAD", "subscriptions/*/resourcegroups/*"): Route(resources.head_group, f"{_GROUP}/read", "resources"),
    ("PUT", "subscriptions/*/resourcegroups/*"): Route(resources.put_group, f"{_GROUP}/write", "resources"),
    ("PATCH", "subscriptions/*/resourcegroups/*"): Route(resources.patch_group, f"{_GROUP}/write", "resources"),
    ("DELETE", "subscriptions/*/resourcegroups/*"): Route(resources.delete_group, f"{_GROUP}/delete", "resources"),
    ("GET", "resource|microsoft.managedidentity/identities/*"): Route(
        msi.get_system_identity, "Microsoft.ManagedIdentity/identities/read", "identities", "identities"
    ),
    ("GET", "subscription|microsoft.compute/locations/*/operations/*"): Route(
        operations.poll, "Microsoft.Compute/locations/operations/read", "machines", "locations/operations"
    ),
}


def _add(template: str, kind: str, versions: str, handlers: dict[str, tuple[t.Callable[[Call], Answer], str]]) -> None:
    for method, (handler, action) in handlers.items():
        ROUTES[method, template] = Route(handler, action, versions, kind)


for _scope in ("group", "subscription"):
    _add(
        f"{_scope}|microsoft.compute/virtualmachines",
        "virtualMachines",
        "machines",
        {"GET": (compute.list_vms, f"{_VM}/read")},
    )
    _add(
        f"{_scope}|microsoft.managedidentity/userassignedidentities",
        "userAssignedIdentities",
        "identities",
        {"GET": (msi.list_identities, f"{_UAI}/read")},
    )
_add(
    "group|microsoft.compute/virtualmachines/*",
    "virtualMachines",
    "machines",
    {
        "GET": (compute.get_vm, f"{_VM}/read"),
        "PUT": (compute.put_vm, f"{_VM}/write"),
        "PATCH": (compute.patch_vm, f"{_VM}/write"),
        "DELETE": (compute.delete_vm, f"{_VM}/delete"),
    },
)
_add(
    "group|microsoft.compute/virtualmachines/*/instanceview",
    "virtualMachines",
    "machines",
    {"GET": (compute.instance_view_of, f"{_VM}/instanceView/read")},
)
_add(
    "group|microsoft.managedidentity/userassignedidentities/*",
    "userAssignedIdentities",
    "identities",
    {
        "GET": (msi.get_identity, f"{_UAI}/read"),
        "PUT": (msi.put_identity, f"{_UAI}/write"),
        "PATCH": (msi.patch_identity, f"{_UAI}/write"),
        "DELETE": (msi.delete_identity, f"{_UAI}/delete"),
    },
)
_add(
    "group|microsoft.managedidentity/userassignedidentities/*/listassociatedresources",
    "userAssignedIdentities",
    "identities",
    {"POST": (msi.list_associated, f"{_UAI}/listAssociatedResources/action")},
)
for _name in ("compute", "managedidentity", "authorization", "resources"):
    for _verb, _handler in (("register", resources.register_provider), ("unregister", resources.unregister_provider)):
        _add(
            f"subscription|microsoft.{_name}/{_verb}",
            "",
            "resources",
            {"POST": (_handler, f"{_SUBSCRIPTION}/providers/{_verb}/action")},
        )
for _scope in ("subscription", "group", "resource"):
    _add(f"{_scope}|microsoft.authorization/locks", "locks", "locks", {"GET": (locks.list_locks, f"{_LOCK}/read")})
    _add(
        f"{_scope}|microsoft.authorization/locks/*",
        "locks",
        "locks",
        {
            "GET": (locks.get_lock, f"{_LOCK}/read"),
            "PUT": (locks.put_lock, f"{_LOCK}/write"),
            "DELETE": (locks.delete_lock, f"{_LOCK}/delete"),
        },
    )

TYPES: frozenset[str] = frozenset(template for _method, template in ROUTES)
