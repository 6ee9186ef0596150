# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""federated_credential and identity_permissions_info: what their options come to, in memory."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import ManagedIdentityError
from ansible_collections.managed_identity.azure.plugins.module_utils.core._rules import arm_error
from tests.unit.core.build import SUB, uai
from tests.unit.engine.fake import VM
from tests.unit.engine.test_credentials import FakeIdentities, credential
from tests.unit.engine.test_preflight import FakeAuthorization
from tests.unit.front.test_operations import perform

WANTED = {"name": "one", "issuer": "https://i", "subject": "s-one", "audiences": ["a"]}
ON = {"identity": "id-a", "resource_group": "rg"}
GONE = arm_error("no", status=404, code="ParentResourceNotFound")


async def test_credentials_are_made_once() -> None:
    fake = FakeIdentities(credential("six"))
    options = {**ON, "credentials": [WANTED]}
    result, _call = await perform("federated_credential", options, fake, diff=True)
    assert (result["changed"], result["created"], fake.log) == (True, ["one"], ["LIST", "PUT one"])
    assert [item["name"] for item in result["federated_credentials"]] == ["one", "six"]
    assert [item["name"] for item in result["diff"]["before"]["federated_credentials"]] == ["six"]
    assert result["diff"]["after"]["federated_credentials"][0] == WANTED
    again, _call = await perform("federated_credential", options, fake)
    assert again["changed"] is False
    assert "diff" not in again


async def test_for_absence_only_names_count() -> None:
    fake = FakeIdentities(credential("one"))
    options = {**ON, "state": "absent", "credentials": [{"name": "ONE", "issuer": "not looked at"}]}
    result, _call = await perform("federated_credential", options, fake)
    assert (result["removed"], result["federated_credentials"]) == (["one"], [])


@pytest.mark.parametrize(("state", "check"), [("present", True), ("absent", False), ("absent", True)])
async def test_an_identity_that_is_not_there(state: str, check: bool) -> None:
    fake = FakeIdentities(events=(GONE,))
    options = {**ON, "state": state, "credentials": [WANTED]}
    result, call = await perform("federated_credential", options, fake, check=check)
    assert result["changed"] is (state == "present")
    assert [str(uai("a")) in warning for warning in call.warnings] == [True] * (state == "present")
    assert fake.log == ["LIST"]


async def test_without_its_identity_no_credential_can_be_made() -> None:
    result, _call = await perform(
        "federated_credential", {**ON, "credentials": [WANTED]}, FakeIdentities(events=(GONE,))
    )
    assert (result["failed"], result["changed"]) == (True, False)
    assert "The identity does not exist. Nothing was changed." in result["msg"]


async def test_a_failure_tells_what_was_done() -> None:
    fake = FakeIdentities(events=(None, None, arm_error("no", status=400, code="X")))
    two = {**WANTED, "name": "two", "subject": "s-two"}
    result, _call = await perform("federated_credential", {**ON, "credentials": [WANTED, two]}, fake)
    assert (result["failed"], result["changed"], result["created"]) == (True, True, ["one"])
    assert result["msg"].startswith("400 X: no ")
    assert result["msg"].endswith(" Done before: created the credential one.")
    assert result["error"]["code"] == "X"


@pytest.mark.parametrize(
    ("module", "options"),
    [
        ("federated_credential", {**ON, "credentials": [{"name": "one"}]}),
        ("federated_credential", {**ON, "credentials": [{**WANTED, "name": "x"}], "state": "absent"}),
        ("federated_credential", {**ON, "credentials": [WANTED], "wait_timeout": 0}),
        ("federated_credential", {"identity": "id-a", "credentials": [WANTED]}),
        ("identity_permissions_info", {"operations": ["enable"]}),
        ("identity_permissions_info", {"operations": ["enable"], "vms": ["vm1"]}),
        ("identity_permissions_info", {"operations": ["enable"], "vms": [str(uai("a"))]}),
        ("identity_permissions_info", {"operations": ["grant"], "scopes": ["x"]}),
        ("identity_permissions_info", {"operations": ["create_identity"]}),
        ("identity_permissions_info", {"operations": [], "resource_group": "a/b"}),
        ("identity_permissions_info", {"operations": [], "wait_timeout": 0}),
    ],
)
async def test_bad_input_is_told_before_any_call(module: str, options: dict[str, Any]) -> None:
    with pytest.raises(ManagedIdentityError):
        await perform(module, options)


async def test_rights() -> None:
    fake = FakeAuthorization()
    options = {"operations": ["assign"], "vms": ["vm1", str(VM)], "identities": [str(uai("a"))], "resource_group": "rg"}
    result, _call = await perform("identity_permissions_info", options, fake)
    assert (result["allowed"], result["missing"], result["locks"], len(result["notes"])) == (True, [], [], 1)
    assert [item["state"] for item in result["permissions"]] == ["granted"] * 3
    assert sorted(name for what, name in fake.log if what == "permissions") == ["id-a", "vm1"]


async def test_nothing_to_do_is_allowed() -> None:
    for options in ({"operations": []}, {"operations": ["enable"], "vms": []}):
        result, _call = await perform("identity_permissions_info", options, FakeAuthorization())
        assert (result["allowed"], result["permissions"]) == (True, [])


async def test_a_group_is_one_of_the_subscription() -> None:
    options = {"operations": ["create_vm"], "resource_group": "rg"}
    result, _call = await perform("identity_permissions_info", options, FakeAuthorization(rg=403))
    assert result["permissions"][0]["scope"] == f"/subscriptions/{SUB}/resourceGroups/rg"
    assert result["allowed"] is True
    assert f"The caller may not read the locks of /subscriptions/{SUB}/resourceGroups/rg" in result["notes"][1]
