# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""azure-mgmt-compute, unchanged: scale sets, power, a VM whose interface Compute makes."""

from __future__ import annotations

import importlib.util
import typing as t

import pytest

from tests.support.emulator import Emulator

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("azure") is None or importlib.util.find_spec("azure.mgmt.compute") is None,
    reason="azure-mgmt-compute is not installed",
)
QUICK: dict[str, t.Any] = {"polling_interval": 0.1}


@pytest.fixture
def compute(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> t.Iterator[t.Any]:
    """A compute client of the caller in env.sh."""
    from azure.identity import ClientSecretCredential
    from azure.mgmt.compute import ComputeManagementClient

    for name, value in emulator.env.items():
        monkeypatch.setenv(name, value)
    env = emulator.env
    names = [env[name] for name in ("AZURE_TENANT", "AZURE_CLIENT_ID", "AZURE_SECRET")]
    scopes = ["https://management.azure.com/.default"]
    with (
        ClientSecretCredential(*names, authority=emulator.url, disable_instance_discovery=True) as credential,
        ComputeManagementClient(
            credential, env["AZURE_SUBSCRIPTION_ID"], base_url=emulator.url, credential_scopes=scopes
        ) as client,
    ):
        yield client


def applied(compute: t.Any) -> list[bool]:
    """Return which instances have the latest model."""
    found = compute.virtual_machine_scale_set_vms.list("rg-web", "vmss-web")
    return [item.latest_model_applied for item in found]


def test_scale_sets(compute: t.Any, emulator: Emulator) -> None:
    emulator.settings(operation_seconds=0.2)
    sets = compute.virtual_machine_scale_sets
    assert [item.name for item in sets.list_all()] == ["vmss-web"]
    assert [item.name for item in sets.list("rg-web")] == ["vmss-web"]
    assert applied(compute) == [True, True, False]
    body: t.Any = {"identity": {"type": "SystemAssigned"}}
    updated = sets.begin_update("rg-web", "vmss-web", body, **QUICK).result()
    assert (updated.identity.type, updated.provisioning_state) == ("SystemAssigned", "Succeeded")
    assert applied(compute) == [False, False, False]
    everything: t.Any = {"instanceIds": ["*"]}
    sets.begin_update_instances("rg-web", "vmss-web", everything, **QUICK).result()
    assert applied(compute) == [True, True, True]
    state = emulator.control("GET", "state")
    assert [item["latest_model_applied"] for item in t.cast("t.Any", state)["scale_sets"][0]["instances"]] == [True] * 3
    sets.begin_delete("rg-web", "vmss-web", **QUICK).result()
    assert list(sets.list("rg-web")) == []


def test_create_a_scale_set(compute: t.Any) -> None:
    model: t.Any = {
        "location": "westeurope",
        "sku": {"name": "Standard_D2s_v5", "tier": "Standard", "capacity": 2},
        "identity": {"type": "SystemAssigned"},
        "properties": {"upgradePolicy": {"mode": "Automatic"}, "virtualMachineProfile": {}},
    }
    created = compute.virtual_machine_scale_sets.begin_create_or_update("rg-web", "vmss-new", model, **QUICK).result()
    assert created.identity.principal_id
    first = compute.virtual_machine_scale_set_vms.get("rg-web", "vmss-new", "0", expand="instanceView")
    assert first.identity.principal_id == created.identity.principal_id
    assert first.instance_view.statuses[1].code == "PowerState/running"


def test_power_and_disks(compute: t.Any) -> None:
    compute.virtual_machines.begin_deallocate("rg-web", "vm-web-01", **QUICK).result()
    view = compute.virtual_machines.instance_view("rg-web", "vm-web-01")
    assert view.statuses[1].code == "PowerState/deallocated"


def test_a_vm_with_an_interface_of_its_own(compute: t.Any, emulator: Emulator) -> None:
    network = (
        f"/subscriptions/{emulator.env['AZURE_SUBSCRIPTION_ID']}/resourceGroups/rg-web/providers/Microsoft.Network"
    )
    subnet = {"id": f"{network}/virtualNetworks/vnet-westeurope/subnets/default"}
    configuration = {"name": "one", "properties": {"subnet": subnet}}
    interface = {"name": "made", "properties": {"deleteOption": "Delete", "ipConfigurations": [configuration]}}
    model: t.Any = {
        "location": "westeurope",
        "properties": {
            "hardwareProfile": {"vmSize": "Standard_D2s_v5"},
            "networkProfile": {"networkApiVersion": "2020-11-01", "networkInterfaceConfigurations": [interface]},
        },
    }
    created = compute.virtual_machines.begin_create_or_update("rg-web", "vm-new", model, **QUICK).result()
    assert created.network_profile.network_interfaces[0].id == f"{network}/networkInterfaces/made"
