# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role assignments by the Azure CLI and by this collection: each sees, and leaves alone, what the other made."""

from __future__ import annotations

from pathlib import Path

from tests.clients.azure_cli import AzureCli
from tests.integration.estate import SUBSCRIPTION, vm_id
from tests.integration.roles import GROUP, grant, grants, principal_of

READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
AUDITOR = ("7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c41", "emulator-only-auditor")
SCOPES = [GROUP, vm_id("vm-web-03"), f"/subscriptions/{SUBSCRIPTION}"]
WEB = {"identity": "id-web", "resource_group": "rg-web"}


def test_az_sees_what_we_made(emulator, az, play) -> None:
    made = play([grant("grant", *SCOPES, **WEB, description="why")]).result("grant")["role_assignments"]
    identity = emulator.identity("id-web")
    listed = az("role", "assignment", "list", "--assignee", identity["client_id"], "--all")
    shown = {item["scope"]: item for item in listed}
    assert len(listed) == len(made) == len(SCOPES)
    for item in made:
        theirs = shown[item["scope"]]
        assert (theirs["id"], theirs["name"]) == (item["id"], item["name"])
        assert (theirs["roleDefinitionName"], theirs["roleDefinitionId"]) == (item["role"], item["role_definition_id"])
        assert (theirs["principalId"], theirs["principalType"]) == (item["principal_id"], item["principal_type"])
        assert theirs["description"] == "why"
        # By Microsoft Graph: az shows the client ID of a service principal.
        assert theirs["principalName"] == identity["client_id"]


def test_what_az_made_is_unchanged(emulator, az, play) -> None:
    """By the application ID, for which az asks Microsoft Graph, and under a random name."""
    identity = emulator.identity("id-web")
    at_group = az(
        "role", "assignment", "create", "--assignee", identity["client_id"], "--role", "Reader", "--scope", GROUP
    )
    who = ("--assignee-object-id", identity["principal_id"], "--assignee-principal-type", "ServicePrincipal")
    at_vm = az("role", "assignment", "create", *who, "--role", READER, "--scope", SCOPES[1])
    for front in ("in_process", "module"):
        run = play(
            [grant("there", *SCOPES[:2], **WEB), grants("list", identity="id-web", resource_group="rg-web")],
            front=front,
        )
        result = run.result("there")
        assert result["changed"] is False
        assert [item["name"] for item in result["role_assignments"]] == [at_group["name"], at_vm["name"]]
        assert {item["id"] for item in run.result("list")["role_assignments"]} == {at_group["id"], at_vm["id"]}
    run = play([grant("absent", *SCOPES[:2], **WEB, state="absent")])
    assert run.result("absent")["changed"] is True
    assert az("role", "assignment", "list", *who[:2], "--all", "--fill-principal-name", "false") == []


def test_az_takes_ours_for_its_own(emulator, az, play) -> None:
    (ours,) = play([grant("grant", GROUP, **WEB)]).result("grant")["role_assignments"]
    who = ("--assignee-object-id", principal_of(emulator, "id-web"), "--assignee-principal-type", "ServicePrincipal")
    again = az("role", "assignment", "create", *who, "--role", "Reader", "--scope", GROUP)
    assert again["name"] == ours["name"]
    az("role", "assignment", "delete", "--ids", ours["id"])
    assert play([grant("grant", GROUP, **WEB)]).result("grant")["changed"] is True


def test_names_of_principals_of_every_kind(emulator, az) -> None:
    listed = az("role", "assignment", "list", "--all")
    names = {item["principalId"]: (item["principalType"], item["principalName"]) for item in listed}
    operator = next(item for item in listed if item["roleDefinitionName"] == "Virtual Machine Contributor")
    assert names[operator["principalId"]] == ("ServicePrincipal", "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c31")


def test_without_the_right_to_the_directory_az_shows_no_names(emulator, installed, tmp_path: Path) -> None:
    az = AzureCli.signed_in(emulator, tmp_path, *AUDITOR)
    listed = az("role", "assignment", "list", "--all")
    assert listed
    assert {item.get("principalName") for item in listed} <= {None, ""}
    assert [item["status"] for item in emulator.log("/v1.0/directoryObjects/getByIds")] == [403]
