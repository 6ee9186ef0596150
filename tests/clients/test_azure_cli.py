# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Azure CLI, a client that nobody here wrote, and our playbooks: each sees what the other did.

``bin/test az`` runs this; ``bin/test az -- -rP`` shows what az printed.
"""

from __future__ import annotations

from typing import Any

from tests.integration.estate import identity_id, info, system, user

NAME = "vm-web-01"
VM = ("--resource-group", "rg-web", "--name", NAME)
APP = identity_id("id-app", "rg-identities")


def users(identity: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Principal and client ID of each user-assigned identity that az shows, by name."""
    shown = identity.get("userAssignedIdentities") or {}
    return {key.rpartition("/")[2]: (item["principalId"], item["clientId"]) for key, item in shown.items()}


def same_users(identity: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """The same of a module's result."""
    return {item["name"]: (item["principal_id"], item["client_id"]) for item in identity["user_assigned"]}


def test_az_sees_what_the_playbook_did(emulator, az, play) -> None:
    run = play([system("enable", NAME), user("assign", NAME, "id-web", APP)])
    done = run.result("assign")["identity"]
    seen = az("vm", "identity", "show", *VM)
    assert seen["type"] == "SystemAssigned, UserAssigned"
    assert (seen["principalId"], seen["tenantId"]) == (done["principal_id"], done["tenant_id"])
    assert users(seen) == same_users(done)
    assert set(users(seen)) == {"id-web", "id-app"}
    assert az("vm", "show", *VM)["identity"] == seen
    (listed,) = [vm for vm in az("vm", "list", "--resource-group", "rg-web") if vm["name"] == NAME]
    assert listed["identity"] == seen
    play([system("disable", NAME, state="absent"), user("remove", NAME, "id-web", state="absent")])
    seen = az("vm", "identity", "show", *VM)
    assert (seen["type"], set(users(seen))) == ("UserAssigned", {"id-app"})
    play([user("remove all", NAME, purge=True)])
    assert az("vm", "identity", "show", *VM) is None


def test_the_playbook_sees_what_az_did(emulator, az, play) -> None:
    principal = az("vm", "identity", "assign", *VM)["systemAssignedIdentity"]
    az("vm", "identity", "assign", *VM, "--identities", APP)
    tasks = [system("enabled", NAME), user("assigned", NAME, APP), user("exactly", NAME, APP, purge=True)]
    before = len(emulator.writes())
    run = play([*tasks, info("info", resource_group="rg-web", name=NAME)])
    for task in ("enabled", "assigned", "exactly"):
        assert run.result(task)["changed"] is False
        assert run.result(task)["identity"]["principal_id"] == principal
    assert users(az("vm", "identity", "show", *VM)) == same_users(run.result("exactly")["identity"])
    assert run.result("info")["vms"][0]["identity"] == run.result("exactly")["identity"]
    az("vm", "identity", "remove", *VM, "--identities", APP)
    az("vm", "identity", "remove", *VM)
    run = play([system("disabled", NAME, state="absent"), user("removed", NAME, APP, state="absent")])
    assert [run.result(task)["changed"] for task in ("disabled", "removed")] == [False, False]
    assert run.result("removed")["identity"]["type"] == "None"
    writers = [line["headers"]["user-agent"] for line in emulator.writes()]
    assert len(writers) == before + 2 == 4
    assert all("AZURECLI" in writer for writer in writers), writers


def test_identities_of_az_and_of_playbooks_are_the_same(emulator, az, play) -> None:
    made = az("identity", "create", "--resource-group", "rg-web", "--name", "id-made-by-az")
    run = play([user("assign", NAME, "id-made-by-az")])
    assert same_users(run.result("assign")["identity"]) == {
        "id-made-by-az": (made["principalId"], made["clientId"]),
    }
    assert az("identity", "show", "--ids", made["id"]) == made
    assert made in az("identity", "list", "--resource-group", "rg-web")
    az("identity", "delete", "--ids", made["id"])
    assert made not in az("identity", "list", "--resource-group", "rg-web")
    # Azure leaves the entry of a deleted identity on the VM; the playbook can still take it off.
    run = play([user("remove", NAME, "id-made-by-az", state="absent")])
    assert run.result("remove")["changed"] is True
    assert az("vm", "identity", "show", *VM) is None


def test_a_playbook_signs_in_by_az(emulator, az, play, front) -> None:
    without = ("AZURE_CLIENT_ID", "AZURE_SECRET", "AZURE_CLIENT_SECRET", "AZURE_SUBSCRIPTION_ID")
    env = {name: value for name, value in az.env.items() if name not in (*without, "HOME", "PATH")}
    env["PATH"] = az.env["PATH"]
    run = play(
        [system("enable", NAME, auth_source="cli"), system("again", NAME, auth_source="cli")], front=front, env=env
    )
    assert [run.result(task)["changed"] for task in ("enable", "again")] == [True, False]
    assert az("vm", "identity", "show", *VM)["principalId"] == run.result("again")["identity"]["principal_id"]
