# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations of the modules: what their options come to, before any call and in check mode; their documentation."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.loader import fragment_loader
from ansible.utils.plugin_docs import get_docstring

from ansible_collections.managed_identity.azure.plugins.module_utils.arm.auth._resolve import resolve
from ansible_collections.managed_identity.azure.plugins.module_utils.arm.gateways._reading import Reading
from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import (
    InvalidInput,
    ManagedIdentityError,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._rules import arm_error
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._identity import (
    Identity,
    UserIdentity,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.front._operation import Call, deadline_of
from ansible_collections.managed_identity.azure.plugins.module_utils.front.identities import (
    _federated_credential,
    _user_assigned_identity,
    _user_assigned_identity_info,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.front.machines import (
    _identity_info,
    _system_identity,
    _user_identity,
    _vm,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.front.roles import (
    _identity_permissions_info,
    _role_assignment,
    _role_assignment_info,
)
from tests.tools.link_collection import ROOT
from tests.unit.core.build import SUB, on_vm, uai
from tests.unit.engine.fake import VM, FakeGateway

OPERATIONS = {
    "vm": _vm.OPERATION,
    "federated_credential": _federated_credential.OPERATION,
    "identity_permissions_info": _identity_permissions_info.OPERATION,
    "user_assigned_identity": _user_assigned_identity.OPERATION,
    "user_assigned_identity_info": _user_assigned_identity_info.OPERATION,
    "role_assignment": _role_assignment.OPERATION,
    "role_assignment_info": _role_assignment_info.OPERATION,
    "vm_system_identity": _system_identity.OF_VM,
    "vm_user_identity": _user_identity.OF_VM,
    "vm_identity_info": _identity_info.OF_VM,
    "vmss_system_identity": _system_identity.OF_SCALE_SET,
    "vmss_user_identity": _user_identity.OF_SCALE_SET,
    "vmss_identity_info": _identity_info.OF_SCALE_SET,
}
NAMED = {"resource_group": "rg", "name": "vm1"}


class Estate(FakeGateway):
    """The one VM, and identities that can be looked up in check mode."""

    existing: tuple[str, ...] = ("a", "b")

    async def look_up(self, wanted: Any, deadline: Any) -> UserIdentity | None:
        self.log.append(f"LOOK {wanted.name}")
        return UserIdentity(wanted, f"p-{wanted.name}", "c") if wanted.name[3:] in self.existing else None

    async def system_client_id(self, vm: Any, deadline: Any) -> str:
        return "c-system"


async def perform(
    module: str,
    options: Mapping[str, Any],
    gateway: Any = None,
    identities: Any = None,
    *,
    check: bool = False,
    diff: bool = False,
) -> tuple[dict[str, Any], Call]:
    """Run an operation on gateways in memory; a call without one must not connect."""
    operation = OPERATIONS[module]
    given = {"subscription_id": SUB, **options}
    checked = ArgumentSpecValidator(operation.argument_spec, **operation.constraints).validate(given)
    assert not checked.error_messages
    access = resolve(checked.validated_parameters, {"HOME": "/nonexistent", "PATH": ""})

    async def connect() -> Any:
        assert gateway is not None, "connected too early"
        return SimpleNamespace(machines=gateway, user_assigned=identities or gateway, authorization=gateway)

    params = checked.validated_parameters
    call = Call(params, check, diff, access, connect, deadline_of(params))
    return await operation.run(call), call


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({**NAMED, "name": "a b"}, "'a b' is not the name of a virtual machine"),
        ({**NAMED, "resource_group": "a/b"}, "'a/b' is not the name of a resource group"),
        ({**NAMED, "resource_group": None}, "named by resource_group and name, or by vm_id"),
        ({**NAMED, "name": None}, "named by resource_group and name, or by vm_id"),
        ({"vm_id": "vm1"}, "'vm1' is not a resource ID"),
        ({"vm_id": str(uai("a"))}, "not of a virtual machine"),
        ({**NAMED, "identities": [str(VM)]}, "not of a user-assigned identity"),
        ({**NAMED, "identities": ["ok-name", "x"]}, "'x' is not the name of a user-assigned identity"),
        ({**NAMED, "identity_resource_group": "a/b"}, "'a/b' is not the name of a resource group"),
        ({**NAMED, "purge_keep": ["x"]}, "it needs purge: true"),
        ({**NAMED, "repair": True, "state": "absent"}, "it goes with state: present only"),
        ({**NAMED, "purge": True, "state": "absent"}, "purge goes with state: present only"),
        ({**NAMED, "wait_timeout": 0}, "wait_timeout must be a positive number of seconds"),
    ],
)
async def test_bad_input_is_told_before_any_call(options: dict[str, Any], says: str) -> None:
    with pytest.raises(ManagedIdentityError) as caught:
        await perform("vm_user_identity", {"identities": [], **options})
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("options", "before", "after"),
    [
        ({"identities": ["id-a", str(uai("B"))]}, on_vm(), ["a", "b"]),
        ({"identities": ["id-a"], "purge": True, "purge_keep": ["ID-B"]}, on_vm("b", "c"), ["a", "b"]),
        ({"identities": ["id-a", "id-c"], "state": "absent"}, on_vm("a", "b"), ["b"]),
        ({"identities": [], "purge": True}, on_vm("a", "b", system=True), []),
        ({"identities": []}, on_vm("a"), ["a"]),
        ({"identities": [], "state": "absent"}, on_vm("a"), ["a"]),
    ],
)
async def test_vm_user_identity(options: dict[str, Any], before: Identity, after: list[str]) -> None:
    gateway = Estate(before)
    result, _call = await perform("vm_user_identity", {**NAMED, **options}, gateway)
    assert [item["name"][3:].lower() for item in result["identity"]["user_assigned"]] == after
    assert result["identity"]["system_assigned"] == (before.system is not None)
    assert result["changed"] == ("PATCH" in gateway.log)


async def test_a_bare_name_is_in_the_vms_subscription_and_group_unless_another_is_named() -> None:
    other = "22222222-2222-3333-4444-555555555555"
    vm_id = str(VM).replace(SUB, other)
    for group, expected in ((None, "rg"), ("central", "central")):
        gateway = Estate(on_vm())
        await perform(
            "vm_user_identity", {"vm_id": vm_id, "identities": ["abc"], "identity_resource_group": group}, gateway
        )
        ((identity, _value),) = gateway.patches[0]["userAssignedIdentities"].items()
        assert identity.startswith(f"/subscriptions/{other}/resourceGroups/{expected}/")


async def test_repair_looks_up_what_shall_be_there_and_replaces_what_has_another_principal() -> None:
    class MadeAgain(Estate):
        async def look_up(self, wanted: Any, deadline: Any) -> UserIdentity | None:
            self.log.append(f"LOOK {wanted.name}")
            return UserIdentity(wanted, "p-new", "c-new")

    gateway = MadeAgain(on_vm("a", "b"))
    result, _call = await perform("vm_user_identity", {**NAMED, "identities": ["id-a"], "repair": True}, gateway)
    assert [call for call in gateway.log if call in ("PATCH", "LOOK id-a")] == ["LOOK id-a", "PATCH", "PATCH"]
    assert [patch["userAssignedIdentities"] for patch in gateway.patches] == [
        {str(uai("a")): None},
        {str(uai("a")): {}},
    ]
    assert (result["changed"], len(result["identity"]["user_assigned"])) == (True, 2)


async def test_repair_of_what_is_not_stale_or_not_there() -> None:
    class Same(Estate):
        async def look_up(self, wanted: Any, deadline: Any) -> UserIdentity | None:
            return UserIdentity(wanted, "P-A", "c-a") if wanted.name == "id-a" else None

    options = {**NAMED, "repair": True}
    gateway = Same(on_vm("a"))
    result, _call = await perform("vm_user_identity", {**options, "identities": ["id-a"]}, gateway)
    assert (result["changed"], gateway.log) == (False, ["GET"])
    with pytest.raises(ManagedIdentityError, match=f"These identities do not exist: {uai('x')}. "):
        await perform("vm_user_identity", {**options, "identities": ["id-a", "id-x"]}, Same(on_vm("x")))
    _result, call = await perform("vm_user_identity", {**options, "identities": ["id-x"]}, Same(on_vm("x")), check=True)
    assert [f"The identity {uai('x')} does not exist" in warning for warning in call.warnings] == [True]


@pytest.mark.parametrize(("state", "kind"), [("present", "SystemAssigned, UserAssigned"), ("absent", "UserAssigned")])
async def test_vm_system_identity(state: str, kind: str) -> None:
    result, _call = await perform("vm_system_identity", {**NAMED, "state": state}, Estate(on_vm("a")), diff=True)
    assert result["identity"]["type"] == kind
    assert result["diff"]["before"]["type"] == "UserAssigned"
    assert result["diff"]["after"] == result["identity"]
    assert result["vm"]["name"] == "vm1"
    assert ("lost_update_protection" in result) == result["changed"]


async def test_check_mode_looks_up_what_would_be_added_and_warns_of_what_is_not_there() -> None:
    gateway = Estate(on_vm("c"))
    result, call = await perform(
        "vm_user_identity", {**NAMED, "identities": ["id-a", "id-x", "id-c"]}, gateway, check=True
    )
    assert gateway.log == ["GET", "LOOK id-a", "LOOK id-x"]
    ids = {item["name"]: item["principal_id"] for item in result["identity"]["user_assigned"]}
    assert ids == {"id-a": "p-id-a", "id-c": "p-c", "id-x": None}
    assert result["changed"]
    assert "lost_update_protection" not in result
    assert [f"The identity {uai('x')} does not exist" in warning for warning in call.warnings] == [True, False]
    assert "without naming an identity" in call.warnings[1]


async def test_without_waiting_the_operation_is_told() -> None:
    result, _call = await perform("vm_system_identity", {**NAMED, "wait": False}, Estate(on_vm()))
    assert result["operation"] == {"url": "https://arm.test/operations/1", "status": "InProgress"}


async def test_a_failure_tells_what_is_there_now() -> None:
    gateway = Estate(on_vm("a"), events=(arm_error("no", status=403, code="X", call="PATCH", target=str(VM)),))
    result, _call = await perform("vm_system_identity", NAMED, gateway, diff=True)
    assert (result["failed"], result["changed"], result["error"]["code"]) == (True, False, "X")
    assert result["msg"].startswith(f"PATCH {VM}: 403 X: no ")
    assert result["identity"] == on_vm("a").to_result()
    assert result["diff"]["before"] == result["diff"]["after"]


async def test_vm_identity_info() -> None:
    gateway = Estate(on_vm("a", system=True))
    result, _call = await perform("vm_identity_info", {**NAMED, "client_ids": True}, gateway)
    (item,) = result["vms"]
    assert item["identity"] == {**on_vm("a", system=True).to_result(), "client_id": "c-system"}
    assert (item["name"], result["changed"]) == ("vm1", False)


@pytest.mark.parametrize(("code", "found"), [("ResourceNotFound", True), ("ResourceGroupNotFound", False)])
async def test_vm_identity_info_of_what_is_not_there(code: str, found: bool) -> None:
    class Gone(Estate):
        async def read(self, *_arguments: Any) -> Reading:
            raise arm_error("no", status=404, code=code, call="GET", target=str(VM))

    if found:
        assert (await perform("vm_identity_info", NAMED, Gone(on_vm())))[0] == {"changed": False, "vms": []}
    else:
        with pytest.raises(ManagedIdentityError):
            await perform("vm_identity_info", NAMED, Gone(on_vm()))


def documented(module: str) -> dict[str, Any]:
    """The options of a module's documentation, with those of its fragments."""
    path = ROOT / "plugins" / "modules" / f"{module}.py"
    doc, _examples, _returns, _metadata = get_docstring(str(path), fragment_loader)
    return doc["options"]


@pytest.mark.parametrize("module", sorted(OPERATIONS))
def test_documentation_and_argument_spec_say_the_same(module: str) -> None:
    compare(documented(module), OPERATIONS[module].argument_spec)


def compare(documented_options: dict[str, Any], spec: Mapping[str, Any]) -> None:
    assert set(documented_options) == set(spec)
    for name, option in spec.items():
        for key in ("type", "elements", "required", "default"):
            assert documented_options[name].get(key) == option.get(key), (name, key)
        assert set(documented_options[name].get("choices", [])) == set(option.get("choices", [])), name
        compare(documented_options[name].get("suboptions", {}), option.get("options", {}))


@pytest.mark.parametrize("module", sorted(OPERATIONS))
def test_every_example_is_a_task_that_the_module_accepts(module: str) -> None:
    loaded = importlib.import_module(f"ansible_collections.managed_identity.azure.plugins.modules.{module}")
    seen = 0
    for task in yaml.safe_load(loaded.EXAMPLES):
        options = task.get(f"managed_identity.azure.{module}", ...)
        if options is not ...:
            operation = OPERATIONS[module]
            checked = ArgumentSpecValidator(operation.argument_spec, **operation.constraints).validate(options or {})
            assert not checked.error_messages, task["name"]
            seen += 1
    assert seen >= 3


def returned(module: str) -> dict[str, Any]:
    loaded = importlib.import_module(f"ansible_collections.managed_identity.azure.plugins.modules.{module}")
    return yaml.safe_load(loaded.RETURN)


def test_modules_document_what_they_return_alike() -> None:
    """Ansible has no fragments for results: each module says it in full, and this keeps them the same."""
    for key, plural in (("vm", "vms"), ("vmss", "scale_sets")):
        one, other, info = (returned(f"{key}_{name}") for name in ("system_identity", "user_identity", "identity_info"))
        assert one == other
        assert info["error"] == one["error"]
        item = info[plural]["contains"]
        item.pop("old_model", None)
        identity = {name: leaf for name, leaf in item.pop("identity")["contains"].items() if name != "client_id"}
        assert (item, identity) == (one[key]["contains"], one["identity"]["contains"])
    whole, alone = returned("vm"), returned("vm_user_identity")
    for key in ("vm", "identity"):
        assert whole[key]["contains"] == alone[key]["contains"]
    assert (whole["error"], whole["operation"]["contains"]) == (alone["error"], alone["operation"]["contains"])


def test_modules_of_identities_document_what_they_return_alike() -> None:
    one, info = returned("user_assigned_identity"), returned("user_assigned_identity_info")
    item = dict(info["user_assigned_identities"]["contains"])
    assert item.pop("associated_resources")["contains"] == one["users"]["contains"]
    assert item == one["user_assigned_identity"]["contains"]
    assert set(info["error"]["contains"]) == set(one["error"]["contains"])


def test_all_modules_document_errors_alike() -> None:
    """Samples aside, which are of what a module is about."""

    def shape(module: str) -> dict[str, Any]:
        leaves = returned(module)["error"]["contains"]
        return {name: {key: text for key, text in leaf.items() if key != "sample"} for name, leaf in leaves.items()}

    expected = shape("vm_system_identity")
    assert {module: shape(module) for module in OPERATIONS} == dict.fromkeys(OPERATIONS, expected)


@pytest.mark.parametrize("seconds", [0, -1, 10**9, 10**400])
def test_a_time_to_wait_has_bounds(seconds: int) -> None:
    with pytest.raises(InvalidInput, match="wait_timeout must be a positive number of seconds"):
        deadline_of({"wait_timeout": seconds})
