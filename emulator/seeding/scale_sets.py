# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The `scale_sets` of a seed."""

from __future__ import annotations

from typing import Any

from ..base.fields import Fields, SeedError
from ..cloud.model import Group, ScaleSet
from ..cloud.store import Store
from ..compute.new_vm import image_of
from ..compute.scale_model import resize
from ..compute.scale_sets import blank_scale_set
from .machines import find_group, give_identity

__all__ = ["read_scale_sets"]


def read_scale_sets(seed: Fields, store: Store) -> None:
    """Add the scale sets with their instances; raises SeedError."""
    for item in seed.each("scale_sets"):
        group = find_group(item, store)
        found = _scale_set(item, group)
        store.scale_sets[found.id.lower()] = found
        behind = item.take("behind", list, [])
        if behind:
            # These were made before the scale set got its identity.
            resize(store, found)
        give_identity(item, found, store)
        if found.flexible and "principalId" in (found.identity or {}):
            raise SeedError(f"{item.where}.system_identity: a flexible scale set has none; its VMs can have their own")
        resize(store, found)
        for instance in found.instances.values():
            if instance.number not in [str(number) for number in behind]:
                instance.identity = found.identity
        for number in behind:
            if str(number) not in found.instances:
                raise SeedError(f"{item.where}.behind {number!r} is not the number of an instance")
        item.done()


def _scale_set(item: Fields, group: Group) -> ScaleSet:
    mode = item.choice("orchestration", ("Uniform", "Flexible"), "Uniform")
    upgrade = item.choice("upgrade", ("Manual", "Automatic", "Rolling"), "Manual")
    os_type = item.choice("os", ("Linux", "Windows"), "Linux")
    name = item.text("name")
    system = {"computerNamePrefix": name, "adminUsername": "azureuser", "secrets": [], "allowExtensionOperations": True}
    disk = {"osType": os_type, "createOption": "FromImage", "caching": "ReadWrite", "diskSizeGB": 30}
    storage = {"imageReference": image_of(os_type), "osDisk": disk}
    policy = {} if mode == "Flexible" else {"upgradePolicy": {"mode": upgrade}}
    properties: dict[str, Any] = {
        "orchestrationMode": mode,
        **policy,
        "virtualMachineProfile": {"osProfile": system, "storageProfile": storage},
        **item.take("properties", dict, {}),
    }
    sku = {"name": item.text("size", "Standard_D2s_v5"), "tier": "Standard", "capacity": item.take("capacity", int, 2)}
    body = {"tags": item.take("tags", dict, {}), "sku": sku, "properties": properties}
    found = blank_scale_set(f"{group.id}/providers/{ScaleSet.kind}/{name}", item.text("location", group.location), body)
    found.etag = item.take("etag", int, 1)
    found.state = item.choice("state", ("Succeeded", "Failed"), "Succeeded")
    return found
