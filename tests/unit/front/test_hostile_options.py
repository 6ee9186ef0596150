# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The corpus of hostile IDs against every option of every module that takes an ID, a scope, a name or a group.

Each is refused before anything is asked of Azure, in check mode too. An option that is new has to be put into a table.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import ManagedIdentityError
from ansible_collections.managed_identity.azure.plugins.module_utils.front import _runtime
from ansible_collections.managed_identity.azure.plugins.module_utils.front._auth_arguments import AUTH_ARGUMENTS
from ansible_collections.managed_identity.azure.plugins.module_utils.front._runtime import Runtime
from tests.support.hostile_ids import INVISIBLE, NAMES, SEGMENTS, hostile_ids
from tests.unit.core.build import SUB
from tests.unit.front.test_operations import OPERATIONS

GROUP = f"/subscriptions/{SUB}/resourceGroups/rg"
COMPUTE, NETWORK = f"{GROUP}/providers/Microsoft.Compute", f"{GROUP}/providers/Microsoft.Network"
VM, SCALE_SET, DISK = (f"{COMPUTE}/{kind}/a" for kind in ("virtualMachines", "virtualMachineScaleSets", "disks"))
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-a"
GUID = "0b1f6471-1bf0-4dda-aec3-111122223333"
AUTHORIZATION = "providers/Microsoft.Authorization"
ASSIGNMENT, DEFINITION = (f"{GROUP}/{AUTHORIZATION}/{kind}/{GUID}" for kind in ("roleAssignments", "roleDefinitions"))
SUBNET = f"{NETWORK}/virtualNetworks/vnet/subnets/default"
IMAGE = f"{COMPUTE}/galleries/g/images/i/versions/1.0.0"
MANAGEMENT_GROUP = "/providers/Microsoft.Management/managementGroups/mg"


def of_id(legal: str, *others: str) -> list[str]:
    """Hostile forms of a full ID, IDs of other kinds, and, where a bare name would do, of that."""
    return [*hostile_ids(legal, DISK, GROUP, "/", *others), *NAMES]


# What must not get through, by the option. Options of one name mean one thing in all modules.
TAKES: dict[str, list[str]] = {
    # A blank one is unset; letters and digits lead nowhere else, and Azure refuses what is none of its IDs.
    "subscription_id": [*(name for name in NAMES if name.strip() and not name.isalnum()), "Contoso Production"],
    "resource_group": NAMES,
    "identity_resource_group": NAMES,
    "name": NAMES,
    "vm_id": of_id(VM, IDENTITY),
    "vmss_id": of_id(SCALE_SET, VM),
    "identity_id": of_id(IDENTITY, VM),
    "vm": of_id(VM, IDENTITY),
    "vms": of_id(VM, IDENTITY),
    "identity": of_id(IDENTITY, VM),
    "identities": of_id(IDENTITY, VM),
    "principal_id": [*NAMES, *hostile_ids(VM), VM, "x' or principalId ne 'x"],
    "assignment_ids": [*of_id(ASSIGNMENT, VM, DEFINITION), *(f"{one}/{ASSIGNMENT}" for one in hostile_ids(GROUP))],
    # A name goes into a query. What it may be is in the tests of roles.
    "role": [*(one for one in hostile_ids(DEFINITION, VM, ASSIGNMENT) if one.startswith("/")), *INVISIBLE],
    "scopes": [
        *hostile_ids(GROUP, "//", "/providers"),
        *hostile_ids(MANAGEMENT_GROUP),
        *hostile_ids(f"{GROUP}/providers/Microsoft.Sql/servers/s/databases/d", f"{VM}/a"),
        *NAMES[:-2],
    ],
    "roll_out": NAMES,
    "network_interfaces": of_id(f"{NETWORK}/networkInterfaces/nic", VM),
    "subnet_id": of_id(SUBNET, VM, SUBNET.rpartition("/subnets")[0]),
    "network_security_group_id": of_id(f"{NETWORK}/networkSecurityGroups/nsg", SUBNET),
    "image": [*of_id(IMAGE, VM), *(f"publisher:{part}:sku:latest" for part in SEGMENTS if part == part.strip())],
    # It is part of the path at which a VM has its keys.
    "admin_username": NAMES,
    "credentials.name": NAMES,
}

# What no path is made of: choices, numbers, and texts that are the body's or the sign-in's own.
OTHERS = {
    *(set(AUTH_ARGUMENTS) - {"subscription_id"}),
    *("state", "wait", "wait_timeout", "system_assigned", "purge", "purge_keep", "repair", "client_ids", "instances"),
    *("associated_resources", "force", "detach", "append_tags", "isolation_scope", "location", "tags"),
    *("condition", "condition_version", "description", "replication_timeout", "max_changes", "inherited", "orphaned"),
    *("operations", "size", "admin_password", "ssh_public_keys", "os_type", "computer_name", "custom_data"),
    *("zone", "license_type", "security_type", "secure_boot", "vtpm", "public_ip"),
    *("plan.name", "plan.product", "plan.publisher", "os_disk.size_gb", "os_disk.security_encryption", "os_disk.type"),
    *("os_disk.caching", "os_disk.delete_with_vm", "data_disks.size_gb", "data_disks.lun", "data_disks.type"),
    *("data_disks.caching", "data_disks.delete_with_vm", "credentials.issuer", "credentials.subject"),
    *("credentials.audiences", "credentials.github.repository", "credentials.github.branch", "credentials.github.tag"),
    *("credentials.github.environment", "credentials.github.pull_request", "credentials.github.issuer"),
    *(f"credentials.kubernetes.{part}" for part in ("issuer", "namespace", "service_account")),
}

NAMED = {"resource_group": "rg", "name": "name"}
SUBSCRIBED = {"subscription_id": SUB}
CREDENTIALS = [{"name": "fic", "issuer": "https://issuer.example.com", "subject": "s"}]
NEW = {"image": IMAGE, "admin_username": "ada", "ssh_public_keys": ["ssh-ed25519 A"], "subnet_id": SUBNET}
PURGED = {"identities": ["id-a"], "identity_resource_group": "rg"}
RIGHTS = {"operations": ["assign", "grant"], "vms": ["a"], "identities": ["id-a"], "scopes": [GROUP]}

# Options that a module takes as they are: with each of them in turn replaced it must refuse.
LEGAL: dict[str, list[dict[str, Any]]] = {
    "vm": [
        {**NAMED, **PURGED, **NEW, "network_security_group_id": f"{NETWORK}/networkSecurityGroups/nsg"},
        {"vm_id": VM, "network_interfaces": ["nic"]},
        {**NAMED, "state": "absent"},
    ],
    "federated_credential": [{"identity": "id-a", "resource_group": "rg", "credentials": CREDENTIALS}],
    "identity_permissions_info": [{**RIGHTS, "resource_group": "rg"}],
    "user_assigned_identity": [NAMED, {"identity_id": IDENTITY, "state": "absent"}],
    "user_assigned_identity_info": [NAMED, {"resource_group": "rg"}, {"identity_id": IDENTITY}],
    "role_assignment": [
        {"vm": "a", "resource_group": "rg", "role": "Reader", "scopes": [GROUP]},
        {"identity": IDENTITY, "role": DEFINITION, "scopes": [VM], "state": "absent"},
        {"principal_id": GUID, "role": GUID, "scopes": ["/"]},
        {"assignment_ids": [ASSIGNMENT], "max_changes": 1, "state": "absent"},
    ],
    "role_assignment_info": [
        {"identity": "id-a", "resource_group": "rg", "role": "Reader", "scopes": [MANAGEMENT_GROUP]},
        *({option: value} for option, value in (("vm", VM), ("principal_id", GUID))),
    ],
    "vm_system_identity": [NAMED, {"vm_id": VM}],
    "vm_user_identity": [{**NAMED, **PURGED}, {"vm_id": VM, **PURGED, "state": "absent"}],
    "vm_identity_info": [NAMED, {"resource_group": "rg"}, {"vm_id": VM}],
    "vmss_system_identity": [{**NAMED, "roll_out": ["0", "1"]}, {"vmss_id": SCALE_SET}],
    "vmss_user_identity": [{**NAMED, **PURGED, "roll_out": ["a_0"]}, {"vmss_id": SCALE_SET, **PURGED}],
    "vmss_identity_info": [NAMED, {"vmss_id": SCALE_SET}],
}


def options_of(spec: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """The names of all options; of a dictionary's parts with its name before them."""
    for name, option in spec.items():
        inner = option.get("options")
        yield from options_of(inner, f"{before}{name}.") if inner else (f"{before}{name}",)


CASES = [
    (module, option, number)
    for module, operation in OPERATIONS.items()
    for option in options_of(operation.argument_spec)
    if option in TAKES
    for number, legal in enumerate(LEGAL[module])
    if option.partition(".")[0] in {**SUBSCRIBED, **legal}
]


class Asked(ManagedIdentityError):
    """Somebody wanted to call Azure."""


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[Runtime]:
    async def open_session(_access: Any, _note: Any, _deadline: Any) -> Any:
        raise Asked("Azure was asked.")

    monkeypatch.setattr(_runtime, "open_session", open_session)
    monkeypatch.setattr(_runtime.os, "environ", {"HOME": "/nonexistent", "PATH": ""})
    running = Runtime()
    yield running
    running.close()


def perform(running: Runtime, module: str, options: Mapping[str, Any], check: bool) -> dict[str, Any]:
    """The result of a module, by the way that every module goes."""
    operation = OPERATIONS[module]
    signed_in = {"client_id": "c", "tenant": "t", "secret": "s"}
    checked = ArgumentSpecValidator(operation.argument_spec, **operation.constraints).validate({**signed_in, **options})
    assert not checked.error_messages, checked.error_messages
    params = checked.validated_parameters
    return running.perform(operation, params, check_mode=check, diff_mode=check, note=lambda _words: None)[0]


def replaced(module: str, number: int, option: str, value: str) -> dict[str, Any]:
    """Legal options, with one of them, or the last item of it, replaced."""
    options = copy.deepcopy({**SUBSCRIBED, **LEGAL[module][number]})
    outer, _dot, inner = option.partition(".")
    if inner:
        options[outer][-1][inner] = value
    elif isinstance(options[outer], list):
        options[outer].append(value)
    else:
        options[outer] = value
    return options


@pytest.mark.parametrize("module", OPERATIONS)
def test_every_option_is_in_one_of_the_tables(module: str) -> None:
    known = set(options_of(OPERATIONS[module].argument_spec))
    assert known <= set(TAKES) | OTHERS
    assert {option for _module, option, _number in CASES if _module == module} == known & set(TAKES)
    assert not set(TAKES) & OTHERS


@pytest.mark.parametrize("module", OPERATIONS)
def test_legal_options_get_as_far_as_azure(module: str, running: Runtime) -> None:
    for legal in LEGAL[module]:
        for check in (False, True):
            result = perform(running, module, {**SUBSCRIBED, **legal}, check)
            assert result["msg"] == "Azure was asked.", legal


@pytest.mark.parametrize(("module", "option", "number"), CASES)
def test_hostile_values_are_refused_before_any_call(module: str, option: str, number: int, running: Runtime) -> None:
    for value in TAKES[option]:
        for check in (False, True):
            result = perform(running, module, replaced(module, number, option, value), check)
            where = f"{value[:200]!r}: {result}"
            assert (result["failed"], result["changed"]) == (True, False), where
            assert "did not expect this" not in result["msg"], where
            message = result["msg"]
            assert message != "Azure was asked.", where
            assert message.isprintable(), where
            assert len(message) < 1500, where
            # What is wrong, and what to do. Blanks around a text and a slash at its end do not count.
            assert repr(value.strip())[1:60].rstrip("/'") in message, where
            assert result["error"]["remedy"] or option == "subscription_id", where
            assert result["error"]["status"] is None, where
