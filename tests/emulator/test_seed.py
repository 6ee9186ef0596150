# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Seeds: the estate, and errors that say where and why."""

from __future__ import annotations

import copy
import typing as t
from pathlib import Path

import pytest

import emulator
from emulator.base.fields import SeedError
from emulator.seeding.seed import build, load_file, load_text
from tests.emulator.cloud import GROUP, SEED, A, Cloud

ESTATE = Path(emulator.__file__).parent / "seeds" / "estate.yml"


def problem(**parts: t.Any) -> str:
    """Return what is said about a seed with changed parts."""
    with pytest.raises(SeedError) as caught:
        build({**copy.deepcopy(SEED), **parts}, {}, lambda name: name)
    return str(caught.value)


def test_the_estate_has_every_state(tmp_path: Path) -> None:
    cloud = Cloud(tmp_path, load_file(ESTATE))
    store = cloud.world.store
    states = {
        (vm.identity or {}).get("type", "None") + str(len((vm.identity or {}).get("userAssignedIdentities", {})))
        for vm in store.vms.values()
    }
    assert states >= {
        "None0",
        "SystemAssigned0",
        "UserAssigned1",
        "UserAssigned2",
        "SystemAssigned, UserAssigned1",
        "SystemAssigned, UserAssigned2",
    }
    dangling = [
        vm.name
        for vm in store.vms.values()
        if any(store.identity_ids(key) is None for key in (vm.identity or {}).get("userAssignedIdentities", {}))
    ]
    assert dangling == ["vm-old-01", "vm-old-02"]
    assert {vm.body["properties"]["storageProfile"]["osDisk"]["osType"] for vm in store.vms.values()} == {
        "Linux",
        "Windows",
    }


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ({"tenants": []}, "seed needs at least one of 'tenants'"),
        ({"subscriptions": []}, "seed needs at least one of 'subscriptions'"),
        ({"callers": []}, "seed needs at least one of 'callers'"),
        ({"vmz": []}, "seed has an unknown 'vmz'; known are "),
        ({"vms": {}}, "seed.vms must be a list, not {}"),
        ({"vms": ["x"]}, "vms[0] must be a mapping, not str"),
        ({"vms": [{"name": "x"}]}, "vms[0] lacks 'group'"),
        ({"vms": [{"name": "x", "group": "nope"}]}, "vms[0].group 'nope' is not among 'groups' of subscription First"),
        ({"vms": [{"name": "x", "group": "rg", "os": "DOS"}]}, "vms[0].os must be one of Linux, Windows, not 'DOS'"),
        ({"vms": [{"name": "x", "group": "rg", "system_identity": "yes"}]}, "vms[0].system_identity must be bool"),
        ({"vms": [{"name": "x", "group": "rg", "id": GROUP}]}, "vms[0].id may differ from the VM's ID only in case"),
        (
            {"vms": [{"name": "x", "group": "rg", "user_identities": ["nope"]}]},
            f"vms[0].user_identities[0] '{A[:-1]}nope' is not among 'identities' (a dangling one needs 'deleted: "
            "true')",
        ),
        (
            {"vms": [{"name": "x", "group": "rg", "user_identities": [{"id": A, "deleted": True}]}]},
            f"vms[0].user_identities[0] '{A}' is among 'identities'",
        ),
        (
            {"groups": [{"name": "rg", "subscription": "Nope"}]},
            "groups[0].subscription 'Nope' is not among 'subscriptions'",
        ),
        ({"subscriptions": [{"id": "x", "tenant": "nope"}]}, "subscriptions[0].tenant 'nope' is not among 'tenants'"),
        (
            {"callers": [{"name": "x", "roles": [{"role": "King", "scope": "/"}]}]},
            "callers[0].roles[0].role 'King' is not a",
        ),
        (
            {"callers": [{"name": "x", "certificate": "hm"}]},
            "callers[0].certificate must be 'generate' or a certificate",
        ),
        (
            {"callers": [{"name": "x", "federated": [{}]}]},
            "callers[0].federated[0] needs 'token', or 'issuer' and 'subject'",
        ),
        ({"locks": [{"name": "x", "scope": "rg"}]}, "locks[0].scope must be the full ID"),
        ({"faults": [{"action": {}}]}, "faults[0].action must be a mapping that says what happens"),
        ({"settings": {"speed": 1}}, "settings: unknown setting 'speed'; known are operation_seconds"),
        ({"settings": {"operation_seconds": -1}}, "settings: setting 'operation_seconds' must be a number, 0 or more"),
    ],
)
def test_errors_name_the_place(parts: dict[str, t.Any], text: str) -> None:
    assert problem(**parts).startswith(text)


@pytest.mark.parametrize("text", ["{", "a: [", "a: b: c"])
def test_neither_yaml_nor_json(text: str) -> None:
    with pytest.raises(SeedError, match="is neither YAML nor JSON"):
        load_text(text)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match=r"cannot read .*: No such file"):
        load_file(tmp_path / "no.yml")


def test_principals_are_the_same_in_every_run(tmp_path: Path) -> None:
    first, second = Cloud(tmp_path), Cloud(tmp_path)
    assert first.world.store.identity_ids(A) == second.world.store.identity_ids(A)


def test_overrides_win_over_the_seed(tmp_path: Path) -> None:
    seed = {**copy.deepcopy(SEED), "settings": {"page_size": 3, "operation_seconds": 1}}
    settings = Cloud(tmp_path, seed, page_size=7).world.settings
    assert (settings.page_size, settings.operation_seconds) == (7, 1)
