# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Azure CLI on who may do what: federated credentials, roles, their assignments, locks, few rights."""

from __future__ import annotations

from pathlib import Path

from tests.clients.azure_cli import AzureCli
from tests.integration.estate import SUBSCRIPTION, identity_id, vm_id

READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
OPERATOR = ("7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c31", "emulator-only-operator")
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web"
VM = ("--resource-group", "rg-web", "--name", "vm-web-01")


def test_federated_credentials(emulator, az) -> None:
    def run(verb: str, *more: str):
        on = ("--resource-group", "rg-web", "--identity-name", "id-web")
        return az("identity", "federated-credential", verb, *on, *more)

    name = ("--name", "fic-app")
    made = run("create", *name, "--issuer", "https://oidc.example.com/a", "--subject", "app", "--audiences", "api://a")
    assert (made["issuer"], made["subject"], made["audiences"]) == ("https://oidc.example.com/a", "app", ["api://a"])
    assert run("list") == [made]
    changed = run("update", *name, "--subject", "other")
    assert changed == {**made, "subject": "other"}
    assert run("show", *name) == changed
    run("delete", *name, "--yes")
    assert run("list") == []
    gone = ("--resource-group", "rg-web", "--identity-name", "id-web", *name)
    assert "(ResourceNotFound)" in az.refused("identity", "federated-credential", "show", *gone)


def test_role_definitions(emulator, az) -> None:
    (reader,) = az("role", "definition", "list", "--name", "Reader")
    assert (reader["name"], reader["roleType"]) == (READER, "BuiltInRole")
    assert reader["permissions"][0]["actions"] == ["*/read"]
    names = {role["roleName"] for role in az("role", "definition", "list")}
    assert {"Owner", "Contributor", "Managed Identity Operator", "Virtual Machine Contributor"} <= names


def test_role_assignments(emulator, az) -> None:
    """By name and by ID of the role, at a group and at a VM; without Microsoft Graph."""
    principal = emulator.identity("id-web")["principal_id"]
    assignee = ("--assignee-object-id", principal)

    def create(role: str, scope: str):
        who = (*assignee, "--assignee-principal-type", "ServicePrincipal")
        return az("role", "assignment", "create", *who, "--role", role, "--scope", scope)

    at_group = create("Reader", GROUP)
    assert (at_group["principalId"], at_group["scope"]) == (principal, GROUP)
    assert at_group["roleDefinitionId"].endswith(READER)
    # az takes RoleAssignmentExists for success, and shows the one that there is.
    again = create("Reader", GROUP)
    assert (again["name"], again["roleDefinitionName"]) == (at_group["name"], "Reader")
    at_vm = create(READER, vm_id("vm-web-01"))
    listing = ("role", "assignment", "list", *assignee, "--fill-principal-name", "false")
    assert [item["name"] for item in az(*listing, "--scope", GROUP)] == [at_group["name"]]
    both = az(*listing, "--scope", vm_id("vm-web-01"), "--include-inherited")
    assert {item["name"] for item in both} == {at_group["name"], at_vm["name"]}
    az("role", "assignment", "delete", *assignee, "--role", "Reader", "--scope", GROUP)
    assert [item["name"] for item in az(*listing, "--all")] == [at_vm["name"]]
    az("role", "assignment", "delete", "--ids", at_vm["id"])
    assert principal not in [item["principal_id"] for item in emulator.state()["role_assignments"]]


def test_a_principal_that_has_not_replicated(emulator, az) -> None:
    emulator.settings(replication_seconds=600)
    made = az("identity", "create", "--resource-group", "rg-web", "--name", "id-young")
    create = ("role", "assignment", "create", "--role", "Reader", "--scope", GROUP)
    # az looks for it in Microsoft Graph, which does not know it either.
    refusal = az.refused(*create, "--assignee", made["principalId"])
    assert "Cannot find user or service principal in graph database" in refusal
    who = ("--assignee-object-id", made["principalId"], "--assignee-principal-type", "ServicePrincipal")
    assert az(*create, *who)["principalId"] == made["principalId"]


def test_assign_with_a_role(emulator, az) -> None:
    """az enables the identity, waits, and gives it the role."""
    principal = az("vm", "identity", "assign", *VM, "--role", "Reader", "--scope", GROUP)["systemAssignedIdentity"]
    (found,) = [item for item in emulator.state()["role_assignments"] if item["principal_id"] == principal]
    assert found["scope"] == GROUP


def test_locks(emulator, az) -> None:
    on_vm = ("--resource-group", "rg-web", "--resource", "vm-web-01", "--resource-type")
    on_vm = (*on_vm, "Microsoft.Compute/virtualMachines")
    group = az("lock", "create", "--name", "frozen", "--resource-group", "rg-web", "--lock-type", "ReadOnly")
    az("lock", "create", "--name", "kept", *on_vm, "--lock-type", "CanNotDelete", "--notes", "ask first")
    az("lock", "create", "--name", "all", "--lock-type", "CanNotDelete")
    assert {lock["name"] for lock in az("lock", "list")} == {"frozen", "kept", "all"}
    assert "(ScopeLocked)" in az.refused("vm", "identity", "assign", *VM)
    assert emulator.vm("vm-web-01")["identity"] is None
    az("lock", "delete", "--ids", group["id"])
    assert az("vm", "identity", "assign", *VM)["systemAssignedIdentity"]
    assert "(ScopeLocked)" in az.refused("vm", "delete", *VM, "--yes")
    az("lock", "delete", "--name", "kept", *on_vm)
    az("lock", "delete", "--name", "all")
    assert az("lock", "list") == []


def test_who_may_not_assign_identities(emulator, installed, tmp_path: Path) -> None:
    """Virtual Machine Contributor may change VMs, but has no right to the identities of others."""
    az = AzureCli.signed_in(emulator, tmp_path, *OPERATOR)
    refusal = az.refused("vm", "identity", "assign", *VM, "--identities", identity_id("id-web"))
    assert "(LinkedAuthorizationFailed)" in refusal
    assert "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action" in refusal
    assert az("vm", "identity", "assign", *VM)["systemAssignedIdentity"]
    refusal = az.refused("identity", "create", "--resource-group", "rg-web", "--name", "id-new")
    assert "(AuthorizationFailed)" in refusal
