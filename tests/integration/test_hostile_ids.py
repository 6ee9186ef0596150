# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IDs that climb: refused in tasks and in roles' texts. To Azure itself, whoever sends one means where it ends."""

from __future__ import annotations

import json

from tests.emulator.client import Client
from tests.integration.estate import identity, info, vm_id
from tests.integration.role_plays import nothing_written, play_of
from tests.integration.roles import GROUP, HERE, assignments, grant, principal_of
from tests.integration.test_bad_input import check_refused

OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
NAME = "0b1f6471-1bf0-4dda-aec3-111122223333"
KIND = "providers/Microsoft.Authorization"
CLIMBS = f"{GROUP}/providers/x/../../../.."
ENCODED = f"{GROUP}/providers/x/%2e%2E/%2e./.%2E/.."
WEB = {"identity": "id-web", "resource_group": "rg-web", "role": "Owner"}


def refused(title: str, says: str, /, *scopes: str, **options: object) -> tuple[dict, str]:
    return grant(title, *scopes, **options), says


REFUSED = {
    "climb": refused("climb", f"'{CLIMBS}' is not a scope: it has the segment '..'. Expected", CLIMBS, **WEB),
    "climb, check": refused("climb, check", "it has the segment '..'", CLIMBS, check_mode=True, **WEB),
    "encoded": refused("encoded", f"'{ENCODED}' is not a scope: it holds '%' (U+0025). Expected", ENCODED, **WEB),
    "query": refused("query", "is not a scope: it holds '?' (U+003F)", f"{GROUP}?x", **WEB),
    "invisible": refused("invisible", "is not a scope: it holds '\\u202e' (U+202E)", f"{GROUP}\u202e/x", **WEB),
    "assignment": refused(
        "assignment",
        "is not the ID of a role assignment: it has the segment '..'. Expected",
        assignment_ids=[f"{CLIMBS}/{KIND}/roleAssignments/{NAME}"],
        state="absent",
        max_changes=1,
    ),
    "VM": (info("VM", vm_id=f"{vm_id('a')}/../vm-web-01"), "is not a resource ID: it has the segment '..'. Expected"),
    "identity": (
        identity("identity", "id\\..", resource_group="rg-web", location="westeurope"),
        "is not the name of a user-assigned identity",
    ),
}


def test_ids_that_climb_are_refused(one) -> None:
    check_refused(one, REFUSED)


def test_a_survey_that_climbs(one) -> None:
    answers = {"name": "id-web", "resource_group": "rg-web", "grants": f"Reader {GROUP}\nOwner {CLIMBS}"}
    run = one(play_of("user_identity", **answers), rc=2)
    assert f"'{CLIMBS}' is not a scope: it has the segment '..'" in run.output.replace("\n", " ")
    assert nothing_written(one)


def test_who_sends_such_a_path_means_where_it_ends(emulator) -> None:
    """The refusal is what protects: an owner of the group who is shown the group would grant the subscription."""
    principal = principal_of(emulator, "id-web")
    role = f"{HERE}/{KIND}/roleDefinitions/{OWNER}"
    body = {"properties": {"roleDefinitionId": role, "principalId": principal, "principalType": "ServicePrincipal"}}
    for number, path in enumerate((CLIMBS, ENCODED)):
        name = f"{NAME[:-1]}{number}"
        path = f"{path}/{KIND}/roleAssignments/{name}?api-version=2022-04-01"
        client = Client(emulator)
        headers = {"Authorization": f"Bearer {client.token()}", "Content-Type": "application/json"}
        assert client.raw("PUT", path, json.dumps(body), headers).status == (201, 409)[number]
    assert [item["scope"] for item in assignments(emulator, principal)] == [HERE]
