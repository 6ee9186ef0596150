# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples in the READMEs of roles, and the playbooks of the same names, run as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.estate import identity_id, vm_id
from tests.integration.fronts import ESTATE
from tests.integration.machines import NEW, NEW_VM
from tests.integration.role_plays import changes, examples, grants_of, play_of
from tests.integration.user_role import there, who_has

ROOT = Path(__file__).resolve().parents[2]
SUBSCRIPTION = "5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001"
SHOP = {"AZURE_SUBSCRIPTION_ID": SUBSCRIPTION}


@pytest.fixture
def shop(one):
    """What the examples are about."""
    seed: dict[str, Any] = yaml.safe_load(ESTATE)
    where = {"subscription": SUBSCRIPTION}
    one.seed(
        {
            "tenants": seed["tenants"],
            "callers": seed["callers"][:1],
            "subscriptions": [{"id": SUBSCRIPTION, "name": "Shop"}],
            "groups": [{"name": name, **where} for name in ("shop", "vaults")],
            "vms": [{"name": name, "group": "shop", **where} for name in ("web-01", "web-02")],
            "role_definitions": [{"name": "Key Vault Secrets User", "actions": ["Microsoft.KeyVault/vaults/read"]}],
        }
    )
    return one


def test_examples_of_system_identity(shop) -> None:
    hosts = {"web": {"id": vm_id("web-01", "shop", SUBSCRIPTION)}}
    for playbook in examples("system_identity"):
        assert changes(shop(playbook, hosts=hosts, env=SHOP))
        assert changes(shop(playbook, hosts=hosts, env=SHOP)) == []
    assert len(shop.emulator.state()["role_assignments"]) == 3


def test_examples_of_user_identity(shop) -> None:
    create, retire = examples("user_identity")
    assert changes(shop(create, env=SHOP))
    assert who_has(shop.emulator) == ["web-01", "web-02"]
    assert changes(shop(create, env=SHOP)) == []
    assert changes(shop(retire, env=SHOP))
    assert not there(shop.emulator)
    assert shop.emulator.state()["role_assignments"] == []


def test_examples_of_vm_with_identity(shop) -> None:
    create, end = examples("vm_with_identity")
    assert changes(shop(create, env=SHOP))
    assert who_has(shop.emulator) == ["web-10"]
    assert len(shop.emulator.state()["role_assignments"]) == 2
    assert changes(shop(create, env=SHOP)) == []
    assert changes(shop(end, env=SHOP))
    assert (who_has(shop.emulator), there(shop.emulator)) == ([], True)
    assert len(shop.emulator.state()["role_assignments"]) == 1


@pytest.mark.oldest
def test_playbooks(one) -> None:
    """By their paths; test_repository.py sees that they are where their full names look for them."""
    hosts = {"a": {"name": "vm-web-02", "resource_group": "rg-web"}, "b": {"id": vm_id("vm-web-01")}}
    system = ROOT / "playbooks" / "system_identity.yml"
    assert changes(one(system, hosts=hosts, variables={"system_identity_hosts": "all"}))
    assert one.emulator.vm("vm-web-01")["identity"]["type"] == "SystemAssigned"
    assert changes(one(system, variables={"system_identity_vms": "rg-web/vm-web-03"}))
    identity = {"user_identity_name": identity_id("id-shop"), "user_identity_vms": "rg-web/vm-web-01"}
    assert changes(one(ROOT / "playbooks" / "user_identity.yml", variables=identity))
    assert who_has(one.emulator) == ["vm-web-01"]
    assert changes(one(ROOT / "playbooks" / "retire_identity.yml", variables=identity))
    assert not there(one.emulator)
    vm = {"vm": f"rg-web/{NEW_VM}", "identity": "id-shop", **NEW}
    given = {f"vm_with_identity_{name}": value for name, value in vm.items()}
    assert changes(one(ROOT / "playbooks" / "vm_with_identity.yml", variables=given))
    assert who_has(one.emulator) == [NEW_VM]


def test_a_resource_group_for_all_modules(one) -> None:
    """As the collection's README sets it, whatever the roles name in full."""
    group = {"group/managed_identity.azure.all": {"resource_group": "rg-data"}}
    given = {"user_identity_name": identity_id("id-shop"), "user_identity_vms": "rg-web/vm-web-01"}
    grants = {"user_identity_grants": "Reader /subscriptions/11111111-2222-4333-8444-555555555555"}
    for variables in (given | grants, {**given, "user_identity_state": "retired"}):
        [play] = play_of("user_identity")
        assert changes(one([{**play, "module_defaults": group}], variables=variables))
    [play] = play_of("system_identity", vms="rg-web/vm-web-01", grants=grants["user_identity_grants"])
    assert changes(one([{**play, "module_defaults": group}]))
    principal = one.emulator.vm("vm-web-01")["identity"]["principalId"]
    assert len(grants_of(one.emulator, principal)) == 1
    for state in ("present", "absent"):
        vm = {"vm": f"rg-web/{NEW_VM}", "identity": identity_id("id-web"), "system_assigned": True, **NEW}
        granted = {"system_grants": grants["user_identity_grants"], "state": state}
        [play] = play_of("vm_with_identity", **vm, **granted)
        assert changes(one([{**play, "module_defaults": group}]))
