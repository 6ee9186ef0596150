# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What operations take: rights at scopes, and which locks block which of them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core._resource_id import (
    SCALE_SET,
    VIRTUAL_MACHINE,
    ResourceId,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core._rights import lacks, locked
from ansible_collections.managed_identity.azure.plugins.module_utils.core._scope import Scope
from ansible_collections.managed_identity.azure.plugins.module_utils.core.roles._preflight import (
    OPERATIONS,
    Need,
    Request,
    Rights,
    Write,
    blocking,
    judge,
    needs,
    writes,
)
from tests.unit.core.build import SUB, uai

VM = ResourceId.build(SUB, "rg", VIRTUAL_MACHINE, "vm1")
VMSS = ResourceId.build(SUB, "rg", SCALE_SET, "set1")
GROUP = Scope.parse(f"/subscriptions/{SUB}/resourceGroups/rg")
OTHER = Scope.parse(f"/subscriptions/{SUB}/resourceGroups/other")
UAI = "Microsoft.ManagedIdentity/userAssignedIdentities"
ASSIGN = f"{UAI}/assign/action"
READ, WRITE = (f"Microsoft.Compute/virtualMachines/{verb}" for verb in ("read", "write"))
A, B = uai("a"), uai("b", "other")


def pairs(request: Request) -> list[tuple[str, Any]]:
    return [(need.action, need.scope and str(need.scope)) for need in needs(request)]


@pytest.mark.parametrize("operation", ["enable", "disable", "remove"])
def test_of_machines(operation: str) -> None:
    assert pairs(Request((operation,), (VM, VMSS), (A,))) == [
        (READ, str(VM)),
        (WRITE, str(VM)),
        ("Microsoft.Compute/virtualMachineScaleSets/read", str(VMSS)),
        ("Microsoft.Compute/virtualMachineScaleSets/write", str(VMSS)),
    ]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (Request(("assign",), (VM,), (A, B)), [(READ, VM), (WRITE, VM), (ASSIGN, A), (ASSIGN, B)]),
        (Request(("assign",), (), (A,)), [(ASSIGN, A)]),
        (Request(("delete_vm",), (VM,), (A,)), [(READ, VM), ("Microsoft.Compute/virtualMachines/delete", VM)]),
        (
            Request(("create_vm",), (), (A,), (), GROUP),
            [
                (READ, GROUP),
                (WRITE, GROUP),
                ("Microsoft.Network/virtualNetworks/subnets/join/action", None),
                ("Microsoft.Network/networkInterfaces/join/action", None),
                (ASSIGN, A),
            ],
        ),
        (
            Request(("grant",), scopes=(GROUP, Scope.of(VM))),
            [
                (f"Microsoft.Authorization/roleAssignments/{verb}", scope)
                for scope in (GROUP, VM)
                for verb in ("read", "write")
            ],
        ),
        (
            Request(("create_identity",), (), (A, uai("c"), B), (), GROUP),
            [(f"{UAI}/{verb}", scope) for scope in (GROUP, OTHER) for verb in ("read", "write")],
        ),
        (Request(("create_identity",), group=GROUP), [(f"{UAI}/read", GROUP), (f"{UAI}/write", GROUP)]),
        (Request(("create_identity",), group=None), []),
        (
            Request(("delete_identity",), (), (A,)),
            [(f"{UAI}/{verb}", A) for verb in ("read", "listAssociatedResources/action", "delete")],
        ),
        (
            Request(("federate",), (), (A,)),
            [(f"{UAI}/federatedIdentityCredentials/{verb}", A) for verb in ("read", "write")],
        ),
    ],
)
def test_needs(request_: Request, expected: list[tuple[str, Any]]) -> None:
    assert pairs(request_) == [(action, scope and str(scope)) for action, scope in expected]


def test_operations_come_in_order_and_once() -> None:
    found = needs(Request(("remove", "enable", "remove"), (VM,)))
    assert [need.operation for need in found] == ["remove", "remove", "enable", "enable"]


def test_every_operation_is_known() -> None:
    request = Request(tuple(OPERATIONS), (VM,), (A,), (GROUP,), GROUP)
    assert {need.operation for need in needs(request)} == set(OPERATIONS) == {one.operation for one in writes(request)}
    assert [one.operation for one in writes(request) if one.deletes] == ["delete_vm", "delete_identity"]


def test_what_is_written_to() -> None:
    request = Request(tuple(OPERATIONS), (VM,), (A,), (OTHER,), GROUP)
    assert {one.operation: one.scope for one in writes(request)} == {
        **dict.fromkeys(("enable", "disable", "assign", "remove", "delete_vm"), Scope.of(VM)),
        **dict.fromkeys(("create_vm", "create_identity"), GROUP),
        **dict.fromkeys(("delete_identity", "federate"), Scope.of(A)),
        "grant": OTHER,
    }
    assert [need.where for need in needs(Request(("create_vm",), group=GROUP)) if need.where] == [
        "the VM's subnet",
        "each of the VM's network interfaces",
    ]


def test_an_identity_that_is_assigned_is_not_written_to() -> None:
    assert writes(Request(("assign",), (VM,), (A,))) == [Write("assign", Scope.of(VM))]


HELD = [{"actions": ["*/read"]}, {"actions": ["*"], "notActions": ["*/write"]}]
CONDITIONAL = [{"actions": ["*"], "condition": "@Request[...]"}]


@pytest.mark.parametrize(
    ("action", "permissions", "reason", "state", "explanation"),
    [
        (READ, HELD, "", "granted", ""),
        (WRITE, HELD, "", "missing", lacks(WRITE, str(VM))),
        (WRITE, [], "", "missing", lacks(WRITE, str(VM))),
        (WRITE, None, "so", "unknown", f"Whether the caller has {WRITE} on {VM} cannot be known: so."),
        (
            WRITE,
            [*HELD, *CONDITIONAL],
            "",
            "unknown",
            f"Whether the caller has {WRITE} on {VM} cannot be known: it has it under a condition.",
        ),
        (READ, [*CONDITIONAL, *HELD], "", "granted", ""),
    ],
)
def test_judgements(action: str, permissions: Any, reason: str, state: str, explanation: str) -> None:
    scope = Scope.of(VM)
    assert judge(Need("enable", action, scope), Rights(scope, permissions, reason)) == {
        "operation": "enable",
        "action": action,
        "scope": str(VM),
        "state": state,
        "role": "Reader" if action == READ else "Virtual Machine Contributor",
        "explanation": explanation,
    }


def test_what_is_not_there_is_judged_and_told_where_it_was_read() -> None:
    item = judge(Need("enable", WRITE, Scope.of(VM)), Rights(GROUP, []))
    assert (item["scope"], item["explanation"]) == (str(GROUP), lacks(WRITE, str(GROUP)))


def test_a_place_that_is_not_known() -> None:
    item = judge(Need("create_vm", WRITE, None, "the VM's subnet"), None)
    assert (item["scope"], item["state"]) == (None, "unknown")
    assert "on the VM's subnet cannot be known: it is not named here." in item["explanation"]


def lock(scope: Any, level: str, name: str = "l") -> dict[str, Any]:
    lock_id = f"{scope}/providers/Microsoft.Authorization/locks/{name}"
    return {"id": lock_id, "name": name, "properties": {"level": level}}


@pytest.mark.parametrize(
    ("level", "deletes", "blocks"),
    [
        ("ReadOnly", False, True),
        ("readonly", False, True),
        ("ReadOnly", True, True),
        ("CanNotDelete", False, False),
        ("CanNotDelete", True, True),
        ("NotSpecified", False, False),
        ("NotSpecified", True, True),
    ],
)
def test_what_levels_block(level: str, deletes: bool, blocks: bool) -> None:
    found = blocking([(Write("x", Scope.of(A), deletes), lock(GROUP, level))])
    assert bool(found) is blocks
    if blocks:
        assert found[0] == {
            "id": f"{GROUP}/providers/Microsoft.Authorization/locks/l",
            "name": "l",
            "level": level,
            "scope": str(GROUP),
            "operations": ["x"],
            "explanation": locked(str(GROUP)),
        }


def test_a_lock_is_told_once_with_all_that_it_blocks() -> None:
    at_group = lock(GROUP, "ReadOnly", "b")
    upper = {**at_group, "id": at_group["id"].upper().replace("/SUBSCRIPTIONS", "/subscriptions")}
    two, one = Write("two", Scope.of(VM)), Write("one", Scope.of(A))
    found = blocking([(two, at_group), (one, upper), (two, at_group), (one, lock(A, "ReadOnly", "a"))])
    assert [(item["name"], item["operations"]) for item in found] == [("b", ["two", "one"]), ("a", ["one"])]


def test_a_lock_that_is_not_in_the_way_hides_no_other() -> None:
    write = Write("x", Scope.of(A))
    found = blocking([(write, lock(GROUP, "CanNotDelete", "a")), (write, lock(GROUP, "ReadOnly", "b"))])
    assert [item["name"] for item in found] == ["b"]


def test_a_lock_below_or_beside_is_not_in_the_way() -> None:
    locks = (lock(VM, "ReadOnly"), lock(OTHER, "ReadOnly"))
    assert blocking((Write("x", GROUP), one) for one in locks) == []
