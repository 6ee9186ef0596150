# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The identity of a resource: from ARM's JSON, to results."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import UnexpectedAnswer
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._identity import (
    Identity,
    SystemIdentity,
    UserIdentity,
    type_of,
)
from tests.unit.core.build import SUB, TENANT, on_vm, uai


@pytest.mark.parametrize(
    ("system", "user", "expected"),
    [
        (False, False, "None"),
        (True, False, "SystemAssigned"),
        (False, True, "UserAssigned"),
        (True, True, "SystemAssigned, UserAssigned"),
    ],
)
def test_type_is_spelt_as_azure_spells_it(system: bool, user: bool, expected: str) -> None:
    assert type_of(system, user) == expected
    assert on_vm(*(["a"] if user else []), system=system).type == expected


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"identity": None},
        {"identity": {"type": "None"}},
        {"identity": {"type": "None", "principalId": None, "userAssignedIdentities": {}}},
    ],
)
def test_no_identity(body: dict) -> None:
    assert Identity.from_arm(body) == Identity(None, ())


@pytest.mark.parametrize("spelt", ["SystemAssigned, UserAssigned", "systemassigned,USERASSIGNED"])
def test_both_kinds(spelt: str) -> None:
    body = {
        "identity": {
            "type": spelt,
            "principalId": "sp",
            "tenantId": TENANT,
            "userAssignedIdentities": {
                str(uai("b")): {"principalId": "p-b", "clientId": "c-b"},
                str(uai("a")).lower(): {"principalId": "p-a", "clientId": "c-a"},
            },
        }
    }
    found = Identity.from_arm(body)
    assert found == on_vm("a", "b", system=True)
    assert [str(item.id) for item in found.user] == [str(uai("a")).lower(), str(uai("b"))]


@pytest.mark.parametrize(
    "said",
    [
        {},
        [],
        {"type": ""},
        {"type": 1},
        {"type": "Something"},
        {"type": "UserAssigned"},
        {"type": "UserAssigned", "principalId": "sp", "userAssignedIdentities": {str(uai("a")): {}}},
        {"type": "None", "principalId": "sp"},
        {"type": "None", "userAssignedIdentities": {str(uai("a")): {}}},
        {"type": "SystemAssigned", "principalId": "sp", "userAssignedIdentities": {str(uai("a")): {}}},
        {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {}},
        {"type": "UserAssigned", "userAssignedIdentities": [str(uai("a"))]},
        {"type": "UserAssigned", "userAssignedIdentities": {"id-a": {}}},
        {"type": "UserAssigned", "userAssignedIdentities": {str(uai("a")): {"principalId": 1}}},
    ],
)
def test_what_does_not_say_which_identities_there_are_is_not_taken_for_none(said: Any) -> None:
    with pytest.raises(UnexpectedAnswer):
        Identity.from_arm({"identity": said})


def test_what_azure_has_not_told_yet_is_none() -> None:
    body = {"identity": {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {str(uai("a")): {}}}}
    found = Identity.from_arm(body)
    assert found == Identity(SystemIdentity(None, None), (UserIdentity(uai("a"), None, None),))
    body["identity"]["userAssignedIdentities"][str(uai("a"))] = None
    assert Identity.from_arm(body) == found


@pytest.mark.parametrize(
    ("identity", "complete"),
    [
        (Identity(), True),
        (on_vm("a", system=True), True),
        (Identity(SystemIdentity(None, TENANT)), False),
        (Identity(None, (UserIdentity(uai("a")),)), False),
        (Identity(SystemIdentity("sp"), (UserIdentity(uai("a")),)), False),
        (Identity(SystemIdentity(None), (UserIdentity(uai("a"), "p"),)), False),
    ],
)
def test_complete(identity: Identity, complete: bool) -> None:
    assert identity.complete is complete


def test_two_spellings_are_one_and_the_first_stays() -> None:
    found = Identity.of(None, [UserIdentity(uai("A"), "first"), UserIdentity(uai("a"), "second")])
    assert [(str(item.id), item.principal_id) for item in found.user] == [(str(uai("A")), "first")]


def test_find_takes_any_spelling() -> None:
    found = on_vm("a", "b").find(uai("B"))
    assert found is not None
    assert found.principal_id == "p-b"
    assert on_vm("a").find(uai("b")) is None


def test_result_of_both_kinds() -> None:
    assert on_vm("a", system=True).to_result() == {
        "type": "SystemAssigned, UserAssigned",
        "system_assigned": True,
        "principal_id": "sp",
        "tenant_id": TENANT,
        "user_assigned": [
            {
                "id": f"/subscriptions/{SUB}/resourceGroups/rg/providers/"
                "Microsoft.ManagedIdentity/userAssignedIdentities/id-a",
                "name": "id-a",
                "principal_id": "p-a",
                "client_id": "c-a",
            }
        ],
    }


def test_result_of_none() -> None:
    assert Identity().to_result() == {
        "type": "None",
        "system_assigned": False,
        "principal_id": None,
        "tenant_id": None,
        "user_assigned": [],
    }
