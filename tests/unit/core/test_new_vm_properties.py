# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A new VM's body: what holds of any options."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.managed_identity.azure.plugins.module_utils.core.vm._differences import differences
from ansible_collections.managed_identity.azure.plugins.module_utils.core.vm._new_vm import check_complete, new_vm
from ansible_collections.managed_identity.azure.plugins.module_utils.core.vm._options import check_vm_options
from ansible_collections.managed_identity.azure.plugins.module_utils.core.vm._parts import parts_of
from tests.unit.core.machines import GROUP, KEY, SUBNET, VM, shown

NIC = f"{GROUP}/Microsoft.Network/networkInterfaces"
IDENTITY = {"type": "SystemAssigned"}

_DISK = st.fixed_dictionaries(
    {"size_gb": st.integers(1, 1000)},
    optional={
        "type": st.sampled_from(["Standard_LRS", "Premium_LRS"]),
        "caching": st.sampled_from(["None", "ReadOnly"]),
        "delete_with_vm": st.booleans(),
    },
)
OPTIONS = st.fixed_dictionaries(
    {
        "image": st.sampled_from(["a:b:c:latest", {"publisher": "a", "offer": "b", "sku": "c"}, "a:b:c:1.2"]),
        "size": st.sampled_from(["Standard_D2s_v5", "Standard_E4s_v5"]),
        "admin_username": st.just("ada"),
        "admin_password": st.just("S3cret-of-ada"),
    },
    optional={
        "custom_data": st.just("S3cret-of-ada"),
        "ssh_public_keys": st.lists(st.sampled_from([KEY, "ssh-rsa BBBB bob\n"]), min_size=1, unique=True),
        "computer_name": st.just("host"),
        "os_disk": _DISK,
        "data_disks": st.lists(_DISK, max_size=4),
        "zone": st.sampled_from(["1", "2"]),
        "tags": st.dictionaries(st.sampled_from("abC"), st.one_of(st.text(max_size=3), st.integers(), st.booleans())),
        "license_type": st.sampled_from(["Windows_Server", "None"]),
        "security_type": st.sampled_from(["Standard", "TrustedLaunch", "ConfidentialVM"]),
        "plan": st.just({"name": "n", "product": "p", "publisher": "q"}),
        "public_ip": st.booleans(),
    },
)
NETWORKS = st.sampled_from([{"subnet_id": SUBNET}, {"network_interfaces": ["a", f"{NIC}/b"]}])


@given(OPTIONS, NETWORKS)
def test_what_was_made_by_some_options_differs_in_none_of_them(
    options: dict[str, Any], network: dict[str, Any]
) -> None:
    options = {**options, **network, "location": "West Europe"}
    check_vm_options(options, VM.name)
    check_complete(options, VM)
    made = shown(new_vm(options, VM, "West Europe", None))
    assert differences(options, made) == []
    # What the task says nothing of is no difference either.
    assert differences({}, made) == []


@given(OPTIONS, OPTIONS)
def test_secrets_are_in_no_difference(options: dict[str, Any], others: dict[str, Any]) -> None:
    made = shown(new_vm({**others, "subnet_id": SUBNET}, VM, "l", None))
    told = [json.dumps(one.to_result()) + str(one) for one in differences(options, made)]
    assert "S3cret-of-ada" not in "".join(told)


@given(OPTIONS, NETWORKS)
def test_what_is_made_goes_with_the_vm_and_what_was_there_stays(
    options: dict[str, Any], network: dict[str, Any]
) -> None:
    made = shown(new_vm({**options, **network}, VM, "l", None))
    kept = [
        disk.get("delete_with_vm") is False for disk in [options.get("os_disk", {}), *options.get("data_disks", [])]
    ]
    kept += [True, True] if "network_interfaces" in network else [False]
    assert [not part.goes for part in parts_of(made)] == kept


@given(OPTIONS)
def test_options_are_not_changed(options: dict[str, Any]) -> None:
    before = json.dumps(options)
    new_vm({**options, "subnet_id": SUBNET}, VM, "l", IDENTITY)
    assert json.dumps(options) == before
