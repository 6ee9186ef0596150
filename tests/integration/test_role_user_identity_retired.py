# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role user_identity ends an identity's life: nothing is left of it, and what is in the way is told before."""

from __future__ import annotations

import pytest

from tests.integration.estate import OTHER_SUBSCRIPTION
from tests.integration.role_plays import HERE, changes, facts, grants_of, nothing_written, play_of
from tests.integration.user_role import (
    DELETE,
    NEW,
    READER,
    REMOVE,
    ROLE,
    UNGRANT,
    delete_behind_the_back,
    there,
    trusted,
    wanted,
    who_has,
)

OTHER = f"/subscriptions/{OTHER_SUBSCRIPTION}"


@pytest.mark.oldest
def test_retire_leaves_nothing(one) -> None:
    """No VM, scale set, grant or credential, whoever made it, and however often it is told to."""
    elsewhere = [
        {
            "role": READER,
            "scope": OTHER,
            "principal": "11111111-0000-4000-8000-00000000000a",
            "type": "ServicePrincipal",
        }
    ]
    one.add(role_assignments=elsewhere)
    one(wanted())
    principal = one.emulator.identity(NEW)["principal_id"]
    one(wanted(vms=["vm-web-03"], grants=[{"role": "Reader", "scopes": [OTHER, "/"]}]))
    assert len(grants_of(one.emulator, principal)) == 5

    # vm-web-03 is not named, and found.
    retire = wanted(state="retired", retire_scopes=f"{HERE}\n{OTHER_SUBSCRIPTION}")
    run = one(retire)
    assert changes(run) == [UNGRANT, REMOVE, DELETE]
    assert not there(one.emulator)
    assert who_has(one.emulator) == trusted(one.emulator) == grants_of(one.emulator, principal) == []
    assert len(grants_of(one.emulator, elsewhere[0]["principal"])) == 1
    result = facts(run, "user_identity_result")
    assert len(result["removed_role_assignments"]) == 5
    assert [vm.rpartition("/")[2] for vm in result["detached"]] == ["vm-web-03"]
    assert OTHER_SUBSCRIPTION in result["unseen"][0]
    assert changes(one(retire)) == []


def test_retire_again_after_a_failure(one) -> None:
    one(wanted())
    principal = one.emulator.identity(NEW)["principal_id"]
    refused = {"status": 403, "code": "AuthorizationFailed", "message": "Not now."}
    one.faults(
        {"match": {"method": "DELETE", "path": f"/userAssignedIdentities/{NEW}"}, "nth": 1, "action": refused},
        {"match": {"method": "PATCH", "path": "/virtualMachines/vm-web-02"}, "nth": 1, "action": refused},
        {"match": {"method": "DELETE", "path": "/roleAssignments/"}, "nth": 2, "action": refused},
    )
    for _failure in range(3):
        one(wanted(state="retired"), rc=2)
        assert there(one.emulator)
    assert changes(one(wanted(state="retired"))) == [DELETE]
    assert who_has(one.emulator) == grants_of(one.emulator, principal) == []
    assert not there(one.emulator)


def test_retire_one_that_is_gone_already(one) -> None:
    """Its grants are found by the principal that the entries on the VMs tell."""
    one(wanted())
    old = one.emulator.identity(NEW)["principal_id"]
    delete_behind_the_back(one)
    assert changes(one(wanted(state="retired"))) == [UNGRANT, REMOVE]
    assert who_has(one.emulator) == grants_of(one.emulator, old) == []
    assert changes(one(wanted(state="retired"))) == []


def test_retire_refuses_what_something_else_uses(one) -> None:
    one.add(others=[{"type": "Microsoft.Web/sites", "name": "shop", "group": "rg-web", "user_identities": ["id-web"]}])
    one(wanted(name="id-web", resource_group="rg-web", vms=[], credentials=[]))
    one.clear_log()
    run = one(play_of(ROLE, name="id-web", resource_group="rg-web", state="retired"), rc=2)
    assert "microsoft.web/sites shop in rg-web" in run.output
    assert nothing_written(one)
    assert len(grants_of(one.emulator, one.emulator.identity("id-web")["principal_id"])) == 3


def test_retire_refuses_more_grants_than_expected(one) -> None:
    one(wanted())
    one.clear_log()
    run = one(wanted(state="retired", max_changes="2"), rc=2)
    assert "has 3 grants, and user_identity_max_changes is 2. Nothing was changed." in run.output
    assert nothing_written(one)
