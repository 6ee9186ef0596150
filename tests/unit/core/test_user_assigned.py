# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user-assigned identity shall be: the grid of (there, wished), and nothing that was not named is lost."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import (
    InvalidInput,
    ManagedIdentityError,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._holder import IdentityHolder
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._tags import (
    checked_tags,
    merged_tags,
    same_tags,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._user_assigned import (
    UserAssigned,
    Wish,
    plan_user_assigned,
)
from tests.unit.core.build import SUB, uai

ID = uai("a")
BODY: dict[str, Any] = {
    "id": str(ID).replace("resourceGroups", "resourcegroups"),
    "name": "id-a",
    "location": "westeurope",
    "tags": {"Team": "web", "note": ""},
    "properties": {"tenantId": "t", "principalId": "p", "clientId": "c", "isolationScope": "None"},
}
THERE = UserAssigned.from_arm(BODY)


def test_read_and_shown() -> None:
    assert THERE.to_result() == {
        "id": BODY["id"],
        "name": "id-a",
        "resource_group": "rg",
        "subscription_id": SUB,
        "location": "westeurope",
        "tags": BODY["tags"],
        "isolation_scope": "none",
        "principal_id": "p",
        "client_id": "c",
        "tenant_id": "t",
    }
    said = {"principalId": "p", "clientId": "c"}
    old = UserAssigned.from_arm({"id": str(ID), "location": "westeurope", "tags": None, "properties": said})
    assert (old.to_result()["tags"], old.to_result()["isolation_scope"]) == ({}, None)


@pytest.mark.parametrize(
    ("wish", "body"),
    [
        (Wish(), {}),
        (Wish(location="West Europe"), {}),
        (Wish(tags={}), {}),
        (Wish(tags={"TEAM": "web"}), {}),
        (Wish(tags={"note": ""}), {}),
        (Wish(tags={"team": "app"}), {"tags": {"Team": "app", "note": ""}}),
        (Wish(tags={"Team": "Web"}), {"tags": {"Team": "Web", "note": ""}}),
        (Wish(tags={"new": ""}), {"tags": {"Team": "web", "note": "", "new": ""}}),
        (Wish(tags={"TEAM": "web", "NOTE": ""}, exact_tags=True), {}),
        (Wish(tags={"TEAM": "web"}, exact_tags=True), {"tags": {"Team": "web"}}),
        (Wish(tags={"x": "y"}, exact_tags=True), {"tags": {"x": "y"}}),
        (Wish(tags={}, exact_tags=True), {"tags": {}}),
        (Wish(exact_tags=True), {}),
        (Wish(isolation_scope="None"), {}),
        (Wish(isolation_scope="Regional"), {"properties": {"isolationScope": "Regional"}}),
        (
            Wish(tags={"a": "b"}, isolation_scope="Regional"),
            {"tags": {"Team": "web", "note": "", "a": "b"}, "properties": {"isolationScope": "Regional"}},
        ),
    ],
)
def test_changes(wish: Wish, body: dict[str, Any]) -> None:
    step = plan_user_assigned(THERE, ID, wish)
    assert (step.method, step.body) == ("PATCH" if body else None, body)
    # What Azure makes of the body is what was planned, and leaves nothing to do.
    made = {**BODY, **body, "properties": {**BODY["properties"], **body.get("properties", {})}}
    assert UserAssigned.from_arm(made) == step.after
    assert plan_user_assigned(step.after, ID, wish).method is None


@pytest.mark.parametrize(
    ("wish", "body"),
    [
        (Wish("westeurope"), {"location": "westeurope", "tags": {}}),
        (Wish("West US", {"a": ""}, exact_tags=True), {"location": "West US", "tags": {"a": ""}}),
        (
            Wish("westeurope", isolation_scope="Regional"),
            {"location": "westeurope", "tags": {}, "properties": {"isolationScope": "Regional"}},
        ),
    ],
)
def test_creations(wish: Wish, body: dict[str, Any]) -> None:
    step = plan_user_assigned(None, ID, wish)
    assert (step.method, step.body, step.after.id) == ("PUT", body, ID)
    said = step.after.to_result()
    assert [said[name] for name in ("principal_id", "client_id", "tenant_id")] == [None] * 3
    assert plan_user_assigned(step.after, ID, wish).method is None


@pytest.mark.parametrize("wanted", ["northeurope", "west europe 2"])
def test_a_location_cannot_be_changed(wanted: str) -> None:
    with pytest.raises(InvalidInput, match="is in westeurope, and the location of an identity cannot be changed"):
        plan_user_assigned(THERE, ID, Wish(wanted, {"a": "b"}))


@pytest.mark.parametrize("scope", ["None", "Regional"])
def test_a_cloud_without_isolation_scopes(scope: str) -> None:
    old = UserAssigned(ID, "westeurope")
    for current, isolation in ((old, True), (old, False), (None, False)):
        with pytest.raises(ManagedIdentityError, match="does not know isolation scopes"):
            plan_user_assigned(current, ID, Wish("westeurope", isolation_scope=scope), isolation=isolation)
    assert plan_user_assigned(old, ID, Wish(), isolation=False).method is None
    assert plan_user_assigned(None, ID, Wish("westeurope"), isolation=False).after.isolation_scope is None


@pytest.mark.parametrize(
    ("tags", "says"),
    [
        ({"": "x"}, "The tag '' has no possible name"),
        ({" ": "x"}, "has no possible name"),
        ({"a/b": "x"}, "The tag 'a/b' has no possible name: 1 to 512 characters, none of <>%&"),
        ({"x" * 513: "x"}, "has no possible name"),
        ({1: "x"}, "The tag '1' has no possible name"),
        ({"a": None}, "The tag 'a' has a value that is not text: None. Put it in quotes."),
        ({"a": True}, "not text: True"),
        ({"a": 1.5}, "not text: 1.5"),
        ({"a": ["x"]}, "not text: ['x']"),
        ({"a": "x" * 257}, "more than 256 characters"),
        ({"a": "x", "A": "x"}, "The tag 'A' is given twice"),
        ({f"t{number}": "" for number in range(51)}, "at most 50 tags, and these are 51"),
    ],
)
def test_impossible_tags(tags: dict[Any, Any], says: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        checked_tags(tags)
    assert says in str(caught.value)


def test_tags() -> None:
    assert checked_tags({"a": "", "x" * 512: "y" * 256, "n": 7}) == {"a": "", "x" * 512: "y" * 256, "n": "7"}
    assert same_tags({"A": "x"}, {"a": "x"})
    assert not same_tags({"a": "x"}, {"a": "X"})
    assert not same_tags({"a": ""}, {})
    full = {f"t{number}": "" for number in range(50)}
    assert merged_tags(full, {"T1": "x"}, exact=False)["t1"] == "x"
    with pytest.raises(InvalidInput, match="at most 50 tags"):
        merged_tags(full, {"new": "x"}, exact=False)


def row(resource: str, kind: str) -> dict[str, str]:
    parts = {"resourceGroup": "rg", "subscriptionId": SUB, "subscriptionDisplayName": "Production"}
    return {"id": f"/subscriptions/{SUB}/resourceGroups/rg/providers/{resource}", "type": kind, "name": "n", **parts}


@pytest.mark.parametrize(
    ("resource", "kind", "shown", "machine"),
    [
        (
            "Microsoft.Compute/virtualMachines/n",
            "microsoft.compute/virtualmachines",
            "Microsoft.Compute/virtualMachines",
            1,
        ),
        ("microsoft.compute/VIRTUALMACHINESCALESETS/n", "microsoft.compute/virtualmachinescalesets", None, 1),
        ("Microsoft.Web/sites/n", "microsoft.web/sites", "microsoft.web/sites", 0),
        ("Microsoft.Web/sites/n/slots/s", "microsoft.web/sites/slots", "microsoft.web/sites/slots", 0),
        (
            "Microsoft.Compute/virtualMachineScaleSets/n/virtualMachines/0",
            "microsoft.compute/virtualmachinescalesets/virtualmachines",
            "microsoft.compute/virtualmachinescalesets/virtualmachines",
            0,
        ),
    ],
)
def test_users(resource: str, kind: str, shown: str | None, machine: int) -> None:
    user = IdentityHolder.from_list(row(resource, kind))
    assert user.type == (shown or "Microsoft.Compute/virtualMachineScaleSets")
    assert (user.machine is not None) == bool(machine)
    assert user.to_result() == {
        "id": row(resource, kind)["id"],
        "name": "n",
        "type": user.type,
        "resource_group": "rg",
        "subscription_id": SUB,
    }
