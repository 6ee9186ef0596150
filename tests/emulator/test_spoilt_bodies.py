# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A good body with one part spoilt: Compute and Microsoft.Network answer, then and when the resource is read."""

from __future__ import annotations

import copy
import json
import tempfile
import typing as t
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.emulator.cloud import GROUP, SEED, VM, A, Cloud

COMPUTE, NETWORK = f"{GROUP}/providers/Microsoft.Compute", f"{GROUP}/providers/Microsoft.Network"
SUBNET = {"id": f"{NETWORK}/virtualNetworks/vnet-westeurope/subnets/default"}
CONFIGURATIONS: list[t.Any] = [{"name": "a", "properties": {"subnet": SUBNET, "privateIPAllocationMethod": "Dynamic"}}]
PUBLIC = {"name": "p", "sku": {"name": "Standard"}, "properties": {"deleteOption": "Delete"}}
MADE = [{"name": "a", "properties": {"subnet": SUBNET, "publicIPAddressConfiguration": PUBLIC}}]
MACHINE: dict[str, t.Any] = {
    "hardwareProfile": {"vmSize": "Standard_D2s_v5"},
    "storageProfile": {
        "imageReference": {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"},
        "osDisk": {"name": "d", "createOption": "FromImage", "managedDisk": {"storageAccountType": "Premium_LRS"}},
        "dataDisks": [{"lun": 0, "managedDisk": {"id": f"{COMPUTE}/disks/x"}, "deleteOption": "Delete"}],
    },
    "osProfile": {
        "adminUsername": "ada",
        "adminPassword": "Hidden-1",
        "linuxConfiguration": {"ssh": {"publicKeys": []}},
    },
    "networkProfile": {
        "networkInterfaceConfigurations": [
            {"name": "made", "properties": {"deleteOption": "Delete", "primary": True, "ipConfigurations": MADE}}
        ]
    },
}
IDENTITY = {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {A: {}}}
LOCAL: dict[str, t.Any] = {"location": "westeurope", "tags": {"a": "b"}}
SCALE_SET = {
    **LOCAL,
    "sku": {"name": "Standard_D2s_v5", "tier": "Standard", "capacity": 2},
    "identity": IDENTITY,
    "properties": {"upgradePolicy": {"mode": "Automatic"}, "virtualMachineProfile": MACHINE},
}
FLEXIBLE = {**SCALE_SET, "properties": {"orchestrationMode": "Flexible", "virtualMachineProfile": MACHINE}}
KNOWN_NIC = {"id": f"{NETWORK}/networkInterfaces/vm-nic", "properties": {"deleteOption": "Delete", "primary": True}}
BODIES: list[tuple[str, str, dict[str, t.Any]]] = [
    ("PUT", f"{COMPUTE}/virtualMachines/new", {**LOCAL, "identity": IDENTITY, "properties": MACHINE}),
    ("PUT", VM, {**LOCAL, "properties": {**MACHINE, "networkProfile": {"networkInterfaces": [KNOWN_NIC]}}}),
    ("PATCH", VM, {"properties": {"networkProfile": {"networkInterfaces": [KNOWN_NIC]}, "storageProfile": {}}}),
    ("PUT", f"{COMPUTE}/virtualMachineScaleSets/new", SCALE_SET),
    ("PUT", f"{COMPUTE}/virtualMachineScaleSets/new", FLEXIBLE),
    ("PATCH", f"{COMPUTE}/virtualMachineScaleSets/vmss", SCALE_SET),
    ("POST", f"{COMPUTE}/virtualMachineScaleSets/vmss/manualupgrade", {"instanceIds": ["0", "*"]}),
    ("PUT", f"{COMPUTE}/disks/new", {**LOCAL, "properties": {"creationData": {"createOption": "Empty"}}}),
    (
        "PUT",
        f"{NETWORK}/networkInterfaces/vm-nic",
        {**LOCAL, "properties": {"ipConfigurations": CONFIGURATIONS, "networkSecurityGroup": None, "dnsSettings": {}}},
    ),
    (
        "PUT",
        f"{NETWORK}/virtualNetworks/vnet-westeurope",
        {
            **LOCAL,
            "properties": {
                "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
                "subnets": [{"name": "default", "properties": {"addressPrefix": "10.0.0.0/24"}}],
            },
        },
    ),
    ("PUT", f"{NETWORK}/virtualNetworks/vnet-westeurope/subnets/b", {"properties": {"addressPrefix": "10.0.1.0/24"}}),
    ("PUT", f"{NETWORK}/publicIPAddresses/new", {**LOCAL, "sku": {"name": "Basic"}, "properties": {"ipTags": []}}),
    (
        "PUT",
        f"{NETWORK}/networkSecurityGroups/new",
        {**LOCAL, "properties": {"securityRules": [{"name": "a", "properties": {"priority": 100}}]}},
    ),
]
JUNK = st.sampled_from(
    [None, True, 0, -1, 1.5, "", "x", "/a/b", [], [None], ["x"], [1], [[]], {}, {"x": None}, {"id": 1}]
)
CLOUD = Cloud(
    Path(tempfile.gettempdir()), {**copy.deepcopy(SEED), "scale_sets": [{"name": "vmss", "group": "rg", "capacity": 2}]}
)


def places(value: t.Any, here: tuple[t.Any, ...] = ()) -> list[tuple[t.Any, ...]]:
    """Return the paths to all parts of a body."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(place for key, item in inner for place in places(item, (*here, key)))]


@given(st.data(), JUNK)
def test_one_part_spoilt(data: st.DataObject, junk: object) -> None:
    method, path, good = data.draw(st.sampled_from(BODIES))
    place = data.draw(st.sampled_from(places(good)[1:]))
    body = copy.deepcopy(good)
    part: t.Any = body
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = junk
    CLOUD.world.reset()
    for step in (method, "GET", "DELETE", "GET"):
        reply = CLOUD.send(step, path, body if step == method else None)
        assert 200 <= reply.status < 500
        assert not reply.text or json.loads(reply.text)
    for listing in ("Compute/virtualMachines", "Compute/virtualMachineScaleSets", "Network/networkInterfaces"):
        assert CLOUD.send("GET", f"{GROUP}/providers/Microsoft.{listing}").status == 200
