# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""user_assigned_identity and user_assigned_identity_info: what options come to, and what results and failures say."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import ManagedIdentityError
from ansible_collections.managed_identity.azure.plugins.module_utils.core._rules import arm_error
from tests.unit.core.build import on_vm
from tests.unit.engine.fake_identities import FakeIdentities, FakeMachines, body, listed, machine
from tests.unit.front.test_operations import perform

NAMED = {"resource_group": "rg", "name": "id-a"}
ABSENT = {**NAMED, "state": "absent"}
DENIED = arm_error("no", status=403, code="AuthorizationFailed", call="DELETE", target="x")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({**NAMED, "name": "x"}, "'x' is not the name of a user-assigned identity"),
        ({**NAMED, "resource_group": "a/b"}, "'a/b' is not the name of a resource group"),
        ({**NAMED, "name": None}, "named by resource_group and name, or by identity_id"),
        ({"identity_id": str(machine("vm1"))}, "not of a user-assigned identity"),
        ({**NAMED, "location": "west,europe"}, "'west,europe' is not the name of a location"),
        ({**NAMED, "location": ""}, "'' is not the name of a location"),
        ({**NAMED, "tags": {"a": None}}, "The tag 'a' has a value that is not text"),
        ({**NAMED, "append_tags": False}, "it needs tags"),
        ({**NAMED, "force": True}, "force is about the end of an identity"),
        ({**NAMED, "detach": True}, "detach is about the end of an identity"),
        ({**NAMED, "wait_timeout": 0}, "wait_timeout must be a positive number"),
        ({**ABSENT, "wait_timeout": -5}, "wait_timeout must be a positive number"),
        ({**ABSENT, "tags": {"a": []}}, "The tag 'a' has a value that is not text"),
    ],
)
async def test_bad_input_is_told_before_any_call(options: dict[str, Any], says: str) -> None:
    with pytest.raises(ManagedIdentityError) as caught:
        await perform("user_assigned_identity", options)
    assert says in str(caught.value)


async def test_a_diff_only_of_what_is_known() -> None:
    identities = FakeIdentities(body(tags={"a": "b"}))
    options = {**NAMED, "tags": {"A": "c"}}
    result, _call = await perform("user_assigned_identity", options, FakeMachines({}), identities, diff=True)
    assert result["diff"] == {
        "before": {**result["user_assigned_identity"], "tags": {"a": "b"}},
        "after": result["user_assigned_identity"],
    }
    assert result["user_assigned_identity"]["tags"] == {"a": "c"}
    for refused in ({**NAMED, "location": "eastus"}, {**NAMED, "tags": {"x": "y"}}):
        identities = FakeIdentities(body(), events=(DENIED,))
        result, _call = await perform("user_assigned_identity", refused, FakeMachines({}), identities, diff=True)
        assert (result["failed"], result["changed"], "diff" in result) == (True, False, False)
        assert result["user_assigned_identity"]["tags"] == {}


async def test_a_failure_after_a_write_says_what_was_done() -> None:
    identities = FakeIdentities(body())
    identities.ignores = True
    result, _call = await perform("user_assigned_identity", {**NAMED, "tags": {"a": "b"}}, FakeMachines({}), identities)
    assert result["changed"] is True
    assert result["msg"].endswith("Done before: changed the identity " + body()["id"] + ".")


async def test_the_end_of_an_identity() -> None:
    machines = FakeMachines({machine("vm1"): on_vm("a"), machine("vm2"): on_vm("a")})
    for check in (True, False):
        identities = FakeIdentities(body(), events=() if check else (DENIED,))
        options = {**ABSENT, "detach": True}
        result, call = await perform("user_assigned_identity", options, machines, identities, check=check, diff=True)
        assert result["detached"] == [str(machine("vm1")), str(machine("vm2"))]
        assert result["diff"]["before"]["users"] == result["detached"]
        assert (result["users"], call.warnings) == ([], [])
        if check:
            assert (result["changed"], result["user_assigned_identity"], result["diff"]["after"]) == (True, None, None)
    assert (result["failed"], result["changed"]) == (True, True)
    assert result["diff"]["after"]["users"] == []
    assert result["user_assigned_identity"]["name"] == "id-a"
    done = "; ".join(f"removed the identity from {key}" for key in result["detached"])
    assert result["msg"].startswith("DELETE x: 403 AuthorizationFailed: no ")
    assert result["msg"].endswith(f" Done before: {done}.")


async def test_a_failure_in_check_mode_has_done_nothing() -> None:
    machines = FakeMachines({machine("vm1"): on_vm("a")})
    identities = FakeIdentities(body(), users=[listed("microsoft.web/sites")])
    result, _call = await perform(
        "user_assigned_identity", {**ABSENT, "detach": True}, machines, identities, check=True
    )
    assert (result["failed"], result["changed"], "Done before" in result["msg"]) == (True, False, False)
    assert result["detached"] == [str(machine("vm1"))]


async def test_info() -> None:
    identities = FakeIdentities(body(), users=[listed(machine("vm1"))])
    options = {**NAMED, "associated_resources": True}
    result, _call = await perform("user_assigned_identity_info", options, FakeMachines({}), identities)
    (item,) = result["user_assigned_identities"]
    (user,) = item.pop("associated_resources")
    assert (user["id"], user["type"]) == (str(machine("vm1")), "Microsoft.Compute/virtualMachines")
    assert item["id"] == body()["id"]
    result, _call = await perform("user_assigned_identity_info", options, FakeMachines({}), FakeIdentities(None))
    assert result == {"changed": False, "user_assigned_identities": []}
    for bad, says in (({"resource_group": "a/b"}, "resource group"), ({"wait_timeout": 0}, "wait_timeout")):
        with pytest.raises(ManagedIdentityError, match=says):
            await perform("user_assigned_identity_info", bad)
