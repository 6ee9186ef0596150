# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of ARM routes: what a path and a method mean, which right it takes and which api-versions know it."""

from __future__ import annotations

from collections.abc import Iterator

from ..authorization import locks
from ..identity import msi
from ..request.route import Route
from ..resource_graph import queries as graph
from ..resources import deployments, providers
from ..resources import groups as resources
from ..resources.resource_list import list_all_resources
from .routes_access import access_routes, identity_child_routes
from .routes_compute import compute_routes
from .routes_network import network_routes

__all__ = ["ROUTES", "TEMPLATES"]

_UAI = "Microsoft.ManagedIdentity/userAssignedIdentities"
_GROUP = "Microsoft.Resources/subscriptions/resourceGroups"
_SUBSCRIPTION = "Microsoft.Resources/subscriptions"
_DEPLOYMENT = "Microsoft.Resources/deployments"
_LOCK = "Microsoft.Authorization/locks"


def _identities() -> Iterator[tuple[str, str, Route]]:
    single = "group|microsoft.managedidentity/userassignedidentities/*"
    kind = "userAssignedIdentities"
    for scope in ("group", "subscription"):
        listing = Route(msi.list_identities, f"{_UAI}/read", "identities", kind, listing=True)
        yield "GET", f"{scope}|microsoft.managedidentity/userassignedidentities", listing
    for method, handler, right in (
        ("GET", msi.get_identity, "read"),
        ("PUT", msi.put_identity, "write"),
        ("PATCH", msi.patch_identity, "write"),
        ("DELETE", msi.delete_identity, "delete"),
    ):
        yield method, single, Route(handler, f"{_UAI}/{right}", "identities", kind)
    system = Route(msi.get_system_identity, "Microsoft.ManagedIdentity/identities/read", "identities", "identities")
    yield "GET", "resource|microsoft.managedidentity/identities/*", system


def _subscriptions() -> Iterator[tuple[str, str, Route]]:
    read = f"{_SUBSCRIPTION}/read"
    yield "GET", "tenants", Route(resources.list_tenants, "", "resources")
    yield "GET", "subscriptions", Route(resources.list_subscriptions, "", "resources")
    yield "GET", "subscriptions/*", Route(resources.get_subscription, "", "resources")
    yield "GET", "subscriptions/*/locations", Route(resources.list_locations, read, "resources")
    yield "GET", "subscriptions/*/providers", Route(providers.list_providers, read, "resources")
    yield "GET", "subscriptions/*/providers/*", Route(providers.get_provider, read, "resources")
    for name in ("compute", "network", "managedidentity", "authorization", "resources"):
        register = Route(providers.register_provider, f"{_SUBSCRIPTION}/providers/register/action", "resources")
        unregister = Route(providers.unregister_provider, f"{_SUBSCRIPTION}/providers/unregister/action", "resources")
        yield "POST", f"subscription|microsoft.{name}/register", register
        yield "POST", f"subscription|microsoft.{name}/unregister", unregister
    everything = Route(list_all_resources, "", "resources")
    yield "GET", "subscriptions/*/resources", everything
    yield "GET", "subscriptions/*/resourcegroups/*/resources", everything
    listing = Route(resources.list_groups, f"{_GROUP}/read", "resources", listing=True)
    yield "GET", "subscriptions/*/resourcegroups", listing
    yield "GET", "subscriptions/*/operationresults/*", Route(resources.end_of_deletion, "", "resources")
    for method, handler, right in (
        ("GET", resources.get_group, "read"),
        ("HEAD", resources.head_group, "read"),
        ("PUT", resources.put_group, "write"),
        ("PATCH", resources.patch_group, "write"),
        ("DELETE", resources.delete_group, "delete"),
    ):
        yield method, "subscriptions/*/resourcegroups/*", Route(handler, f"{_GROUP}/{right}", "resources")


def _deployments() -> Iterator[tuple[str, str, Route]]:
    many, kind = "group|microsoft.resources/deployments", "deployments"
    read = f"{_DEPLOYMENT}/read"
    yield "GET", many, Route(deployments.list_deployments, read, "resources", kind, listing=True)
    for method, handler, right in (
        ("GET", deployments.get_deployment, "read"),
        ("HEAD", deployments.get_deployment, "read"),
        ("PUT", deployments.put_deployment, "write"),
        ("DELETE", deployments.delete_deployment, "delete"),
    ):
        yield method, f"{many}/*", Route(handler, f"{_DEPLOYMENT}/{right}", "resources", kind)
    validate = Route(deployments.validate_deployment, f"{_DEPLOYMENT}/validate/action", "resources", kind)
    yield "POST", f"{many}/*/validate", validate
    listing = Route(deployments.list_operations, f"{_DEPLOYMENT}/operations/read", "resources", kind)
    yield "GET", f"{many}/*/operations", listing
    poll = Route(deployments.poll_deployment, f"{_DEPLOYMENT}/operationStatuses/read", "resources", kind)
    yield "GET", f"{many}/*/operationstatuses/*", poll


def _locks() -> Iterator[tuple[str, str, Route]]:
    for scope in ("subscription", "group", "resource"):
        listing = Route(locks.list_locks, f"{_LOCK}/read", "locks", "locks", listing=True)
        yield "GET", f"{scope}|microsoft.authorization/locks", listing
        single = f"{scope}|microsoft.authorization/locks/*"
        yield "GET", single, Route(locks.get_lock, f"{_LOCK}/read", "locks", "locks")
        yield "PUT", single, Route(locks.put_lock, f"{_LOCK}/write", "locks", "locks")
        yield "DELETE", single, Route(locks.delete_lock, f"{_LOCK}/delete", "locks", "locks")


def _queries() -> Iterator[tuple[str, str, Route]]:
    yield "POST", "tenant|microsoft.resourcegraph/resources", Route(graph.query_resources, "", "graph", "resources")


ROUTES: dict[tuple[str, str], Route] = {
    (method, template): route
    for part in (
        compute_routes(),
        network_routes(),
        _identities(),
        _subscriptions(),
        _deployments(),
        _locks(),
        _queries(),
        access_routes(),
        identity_child_routes(),
    )
    for method, template, route in part
}
TEMPLATES: frozenset[str] = frozenset(template for _method, template in ROUTES)
