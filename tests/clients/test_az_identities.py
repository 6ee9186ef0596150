# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Azure CLI and our modules on the same user-assigned identities: each sees what the other made."""

from __future__ import annotations

from typing import Any

from tests.integration.estate import OTHER_SUBSCRIPTION, identity, identity_id, identity_info, user

GROUP = ("--resource-group", "rg-web")
NEW = (*GROUP, "--name", "id-new")


def alike(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    """Our result and az's answer tell the same of an identity."""
    pairs = {
        "id": "id",
        "name": "name",
        "resource_group": "resourceGroup",
        "location": "location",
        "tags": "tags",
        "principal_id": "principalId",
        "client_id": "clientId",
        "tenant_id": "tenantId",
    }
    assert {our: ours[our] for our in pairs} == {our: theirs[their] for our, their in pairs.items()}


def test_az_sees_what_we_made(emulator, az, play, front) -> None:
    run = play([identity("create", "id-new", tags={"team": "web", "note": ""}, location="North Europe")], front=front)
    made = run.result("create")["user_assigned_identity"]
    alike(made, az("identity", "show", *NEW))
    (listed,) = [item for item in az("identity", "list", *GROUP) if item["name"] == "id-new"]
    alike(made, listed)
    assert az("identity", "list-resources", *NEW) == []
    # az keeps other tags, too.
    changed = az("identity", "update", *NEW, "--tags", "team=app")
    run = play(
        [identity("as it is", "id-new", location="northeurope", tags={"TEAM": "app", "note": ""}, append_tags=False)]
    )
    assert run.result("as it is")["changed"] is False
    alike(run.result("as it is")["user_assigned_identity"], changed)
    play([identity("delete", "id-new", state="absent")], front=front)
    assert "(ResourceNotFound)" in az.refused("identity", "show", *NEW)


def test_what_az_made_is_unchanged_to_us(emulator, az, play, front) -> None:
    made = az("identity", "create", *NEW, "--tags", "team=web", "note=''")
    emulator.clear_log()
    run = play(
        [
            identity("as it is", "id-new", tags={"team": "web", "note": ""}, append_tags=False, location="westeurope"),
            identity_info("read", resource_group="rg-web"),
            identity_info("read all"),
        ],
        front=front,
    )
    assert run.result("as it is")["changed"] is False
    alike(run.result("as it is")["user_assigned_identity"], made)
    assert emulator.writes() == []
    for name, arguments in (("read", GROUP), ("read all", ())):
        theirs = {item["id"]: item for item in az("identity", "list", *arguments)}
        ours = {item["id"]: item for item in run.result(name)["user_assigned_identities"]}
        assert set(ours) == set(theirs)
        for key, item in ours.items():
            alike(item, theirs[key])


def test_users_are_those_that_az_lists(emulator, az, play) -> None:
    web = (*GROUP, "--name", "id-web")
    run = play([identity_info("read", name="id-web", resource_group="rg-web", associated_resources=True)])
    (ours,) = run.result("read")["user_assigned_identities"]
    theirs = az("identity", "list-resources", *web)
    assert [item["id"] for item in ours["associated_resources"]] == [item["id"] for item in theirs]
    play([identity("end", "id-web", state="absent", detach=True)])
    assert "(ResourceNotFound)" in az.refused("identity", "show", *web)
    assert az("vm", "identity", "show", *GROUP, "--name", "vm-web-03") is None
    left = az("vm", "identity", "show", *GROUP, "--name", "vm-web-04")["userAssignedIdentities"]
    assert list(left) == [identity_id("id-cache")]


def test_what_az_made_again_is_repaired(emulator, az, play) -> None:
    """az deletes an identity without a question, and the VM keeps the old entry; there it does not see a difference."""
    web = (*GROUP, "--name", "id-web")
    az("identity", "delete", *web)
    made = az("identity", "create", *web)
    shared = identity_id("id-shared", "rg-shared", OTHER_SUBSCRIPTION)
    run = play([user("repair", "vm-web-03", "id-web", shared, repair=True)])
    assert run.result("repair")["changed"] is True
    there = az("vm", "identity", "show", *GROUP, "--name", "vm-web-03")["userAssignedIdentities"]
    assert there[identity_id("id-web")]["principalId"] == made["principalId"]
    assert len(there) == 2
