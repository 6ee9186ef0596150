# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All calls of the gateways, each beside the call of Microsoft's own client that means the same."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from azure.core import MatchConditions

from ansible_collections.managed_identity.azure.plugins.module_utils.core._resource_id import SCALE_SET, VIRTUAL_MACHINE
from tests.unit.arm.gateway_calls import ASSIGNMENT, CALLS, GROUP, ROLE, SCOPE, SET, UAI, WISH
from tests.unit.arm.given_answers import DEADLINE, ENDPOINT
from tests.unit.core.build import SUB, uai
from tests.unit.core.machines import VM

__all__ = ["NO_TWIN", "TWINS", "WITHOUT", "Twin", "clients"]


@dataclass(frozen=True)
class Twin:
    """A call of a gateway, and the same one of a client that is used as its documentation says.

    :param ours: makes the call, given the gateways
    :param theirs: makes the other one, given the clients; further keywords are for its operation
    """

    ours: Callable[[SimpleNamespace], Any]
    theirs: Callable[..., Any]


def clients(transport: Any, version: str) -> SimpleNamespace:
    """Microsoft's clients, which send by a transport and do nothing else with a request.

    :param version: the api-version of those whose operations take none
    """
    from azure.mgmt.authorization.aio import AuthorizationManagementClient
    from azure.mgmt.compute.aio import ComputeManagementClient
    from azure.mgmt.msi.aio import ManagedServiceIdentityClient
    from azure.mgmt.resource.locks.aio import ManagementLockClient
    from azure.mgmt.resource.resources.aio import ResourceManagementClient
    from azure.mgmt.resource.subscriptions.aio import SubscriptionClient

    class Credential:
        async def get_token(self, *_scopes: str, **_options: Any) -> Any:
            raise NotImplementedError

    common: dict[str, Any] = {"base_url": ENDPOINT, "transport": transport, "policies": []}

    def made(kind: Any, **more: Any) -> Any:
        return kind(Credential(), SUB, **common, **more)

    return SimpleNamespace(
        authorization=made(AuthorizationManagementClient),
        compute=made(ComputeManagementClient),
        msi=made(ManagedServiceIdentityClient, **_told(ManagedServiceIdentityClient, version)),
        msi_preview=made(ManagedServiceIdentityClient, api_version="2022-01-31-preview"),
        locks=made(ManagementLockClient, api_version=version),
        resources=made(ResourceManagementClient, api_version=version),
        subscriptions=SubscriptionClient(Credential(), **common, api_version=version),
    )


def _told(kind: Any, version: str) -> dict[str, str]:
    """The api-version for a client that knows one only, and whose operations take none."""
    return {} if hasattr(kind, "DEFAULT_API_VERSION") else {"api_version": version}


def _by_release(client: Any, etag: str | None) -> dict[str, Any]:
    """The condition that a write carries, as a release has it: an ETag, or that there is nothing yet."""
    if hasattr(client, "DEFAULT_API_VERSION"):
        return {"if_match": etag} if etag else {"if_none_match": "*"}
    how = MatchConditions.IfNotModified if etag else MatchConditions.IfMissing
    return {"etag": etag or "*", "match_condition": how}


def _update(on: SimpleNamespace, identity: dict[str, Any], **options: Any) -> Any:
    from azure.mgmt.compute import models

    users = identity.get("userAssignedIdentities")
    held = models.VirtualMachineIdentity(type=identity["type"], user_assigned_identities=users)
    body = models.VirtualMachineUpdate(identity=held)
    condition = _by_release(on.compute, '"1"')
    return on.compute.virtual_machines.begin_update("rg", VM.name, body, polling=False, **condition, **options)


def _set_update(on: SimpleNamespace, **options: Any) -> Any:
    body = json.dumps({"identity": MIXED}).encode()
    condition = _by_release(on.compute, '"2"')
    sets = on.compute.virtual_machine_scale_sets
    return sets.begin_update("rg", SET.name, body, polling=False, **condition, **options)


def _upgrade(on: SimpleNamespace, **options: Any) -> Any:
    from azure.mgmt.compute import models

    body = models.VirtualMachineScaleSetVMInstanceRequiredIDs(instance_ids=["1"])
    sets = on.compute.virtual_machine_scale_sets
    return sets.begin_update_instances("rg", SET.name, body, polling=False, **options)


def _create(on: SimpleNamespace, **options: Any) -> Any:
    condition = _by_release(on.compute, None)
    machines = on.compute.virtual_machines
    return machines.begin_create_or_update("rg", VM.name, b"{}", polling=False, **condition, **options)


def _put_identity(on: SimpleNamespace, **options: Any) -> Any:
    from azure.mgmt.msi import models

    body = models.Identity(location="westeurope", tags={"a": "b"})
    return on.msi.user_assigned_identities.create_or_update("rg", UAI.name, body, **options)


def _put_credential(on: SimpleNamespace, **options: Any) -> Any:
    from azure.mgmt.msi import models

    said = {"issuer": "https://issuer.test", "subject": "s-one", "audiences": ["api://AzureADTokenExchange"]}
    body = models.FederatedIdentityCredential(**said)
    return on.msi.federated_identity_credentials.create_or_update("rg", UAI.name, "one", body, **options)


def _python_name(name: str) -> str:
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


def _put_assignment(on: SimpleNamespace, **options: Any) -> Any:
    from azure.mgmt.authorization.models import RoleAssignmentCreateParameters

    said = WISH.body()["properties"]
    body = RoleAssignmentCreateParameters(**{_python_name(name): value for name, value in said.items()})
    return on.authorization.role_assignments.create_by_id(ASSIGNMENT, body, **options)


def _users(on: SimpleNamespace, **options: Any) -> Any:
    return on.msi_preview.user_assigned_identities.list_associated_resources("rg", UAI.name, **options)


# Of one identity nothing is said but that it goes.
MIXED = {
    "type": "SystemAssigned, UserAssigned",
    "userAssignedIdentities": {str(uai("a")): None, str(uai("b")): {}},
}


def _row(name: str, theirs: Callable[..., Any]) -> Twin:
    return Twin(CALLS[name].call, theirs)


TWINS = {
    "MachineIdentities.read": _row(
        "MachineIdentities.read", lambda on, **v: on.compute.virtual_machines.get("rg", VM.name, **v)
    ),
    "MachineIdentities.read of a set": Twin(
        lambda on: on.MachineIdentities.read(SET, DEADLINE),
        lambda on, **v: on.compute.virtual_machine_scale_sets.get("rg", SET.name, **v),
    ),
    "MachineIdentities.write": _row("MachineIdentities.write", lambda on, **v: _update(on, {"type": "None"}, **v)),
    "MachineIdentities.write of nulls": Twin(
        lambda on: on.MachineIdentities.write(VM, MIXED, '"1"', DEADLINE),
        lambda on, **v: _update(on, MIXED, **v),
    ),
    "MachineIdentities.write of a set": Twin(
        lambda on: on.MachineIdentities.write(SET, MIXED, '"2"', DEADLINE),
        _set_update,
    ),
    "MachineIdentities.list_all": _row(
        "MachineIdentities.list_all", lambda on, **v: on.compute.virtual_machines.list("rg", **v)
    ),
    "MachineIdentities.list_all of a subscription": Twin(
        lambda on: on.MachineIdentities.list_all(VIRTUAL_MACHINE, SUB, None, DEADLINE),
        lambda on, **v: on.compute.virtual_machines.list_all(**v),
    ),
    "MachineIdentities.list_all of sets": Twin(
        lambda on: on.MachineIdentities.list_all(SCALE_SET, SUB, "rg", DEADLINE),
        lambda on, **v: on.compute.virtual_machine_scale_sets.list("rg", **v),
    ),
    "MachineIdentities.list_all of a subscription's sets": Twin(
        lambda on: on.MachineIdentities.list_all(SCALE_SET, SUB, None, DEADLINE),
        lambda on, **v: on.compute.virtual_machine_scale_sets.list_all(**v),
    ),
    "MachineIdentities.group_location": _row(
        "MachineIdentities.group_location", lambda on, **v: on.resources.resource_groups.get("rg", **v)
    ),
    "MachineIdentities.instances": _row(
        "MachineIdentities.instances",
        lambda on, **v: on.compute.virtual_machine_scale_set_vms.list("rg", SET.name, **v),
    ),
    "MachineIdentities.upgrade": _row("MachineIdentities.upgrade", _upgrade),
    "MachineIdentities.subscriptions": _row(
        "MachineIdentities.subscriptions", lambda on, **v: on.subscriptions.subscriptions.list(**v)
    ),
    "UserAssignedIdentities.read": _row(
        "UserAssignedIdentities.read", lambda on, **v: on.msi.user_assigned_identities.get("rg", UAI.name, **v)
    ),
    "UserAssignedIdentities.put": Twin(
        lambda on: on.UserAssignedIdentities.put(UAI, {"location": "westeurope", "tags": {"a": "b"}}, DEADLINE),
        _put_identity,
    ),
    "UserAssignedIdentities.patch": Twin(
        lambda on: on.UserAssignedIdentities.patch(UAI, {"tags": {"a": "b"}}, DEADLINE),
        lambda on, **v: on.msi.user_assigned_identities.update("rg", UAI.name, b'{"tags": {"a": "b"}}', **v),
    ),
    "UserAssignedIdentities.delete": _row(
        "UserAssignedIdentities.delete", lambda on, **v: on.msi.user_assigned_identities.delete("rg", UAI.name, **v)
    ),
    "UserAssignedIdentities.list_all": _row(
        "UserAssignedIdentities.list_all", lambda on, **v: on.msi.user_assigned_identities.list_by_subscription(**v)
    ),
    "UserAssignedIdentities.list_all of a group": Twin(
        lambda on: on.UserAssignedIdentities.list_all(SUB, "rg", DEADLINE),
        lambda on, **v: on.msi.user_assigned_identities.list_by_resource_group("rg", **v),
    ),
    "UserAssignedIdentities.users": _row("UserAssignedIdentities.users", _users),
    "UserAssignedIdentities.credentials": _row(
        "UserAssignedIdentities.credentials",
        lambda on, **v: on.msi.federated_identity_credentials.list("rg", UAI.name, **v),
    ),
    "UserAssignedIdentities.put_credential": _row("UserAssignedIdentities.put_credential", _put_credential),
    "UserAssignedIdentities.delete_credential": _row(
        "UserAssignedIdentities.delete_credential",
        lambda on, **v: on.msi.federated_identity_credentials.delete("rg", UAI.name, "one", **v),
    ),
    "UserAssignedIdentities.look_up": _row(
        "UserAssignedIdentities.look_up", lambda on, **v: on.msi.user_assigned_identities.get("rg", UAI.name, **v)
    ),
    "UserAssignedIdentities.system_client_id": _row(
        "UserAssignedIdentities.system_client_id",
        lambda on, **v: on.msi.system_assigned_identities.get_by_scope(str(VM)[1:], **v),
    ),
    "Authorization.roles_named": _row(
        "Authorization.roles_named",
        lambda on, **v: on.authorization.role_definitions.list(GROUP[1:], filter="roleName eq 'Reader'", **v),
    ),
    "Authorization.role": _row(
        "Authorization.role", lambda on, **v: on.authorization.role_definitions.get(GROUP[1:], ROLE, **v)
    ),
    "Authorization.assignment": _row(
        "Authorization.assignment", lambda on, **v: on.authorization.role_assignments.get_by_id(ASSIGNMENT[1:], **v)
    ),
    "Authorization.assignments": _row(
        "Authorization.assignments", lambda on, **v: on.authorization.role_assignments.list_for_scope(GROUP[1:], **v)
    ),
    "Authorization.assignments of a principal": Twin(
        lambda on: on.Authorization.assignments(SCOPE, "principalId eq 'x'", DEADLINE),
        lambda on, **v: on.authorization.role_assignments.list_for_scope(GROUP[1:], filter="principalId eq 'x'", **v),
    ),
    "Authorization.put_assignment": _row("Authorization.put_assignment", _put_assignment),
    "Authorization.delete_assignment": _row(
        "Authorization.delete_assignment",
        lambda on, **v: on.authorization.role_assignments.delete_by_id(ASSIGNMENT[1:], **v),
    ),
    "Authorization.permissions": _row(
        "Authorization.permissions", lambda on, **v: on.authorization.permissions.list_for_resource_group("rg", **v)
    ),
    "Authorization.locks": _row(
        "Authorization.locks",
        lambda on, **v: on.locks.management_locks.list_by_scope(GROUP[1:], filter="atScope()", **v),
    ),
    "Vms.read": _row("Vms.read", lambda on, **v: on.compute.virtual_machines.get("rg", VM.name, **v)),
    "Vms.create": _row("Vms.create", _create),
    "Vms.delete": _row(
        "Vms.delete", lambda on, **v: on.compute.virtual_machines.begin_delete("rg", VM.name, polling=False, **v)
    ),
}
"""By the name of the gateway's method, and what is special about it."""

NO_TWIN = {
    "MachineIdentities.operation": "asks the URL that Azure gave; no client has an operation of its own for that",
    "Directory.known": "is of Microsoft Graph, whose client is hundreds of megabytes for this one request",
}

WITHOUT = {
    "UserAssignedIdentities.users": "azure-mgmt-msi 8 speaks one stable api-version, and the list is in previews only",
}
"""The twins that some release lacks, which then must lack it."""
