# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether what locks and role assignments hang on is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..request.call import Call
from ..wire.errors import resource_not_found
from ..wire.path import parse

__all__ = ["check_exists"]


def check_exists(call: Call) -> None:
    """Raise ArmError 404 if the resource that the path's last provider hangs on is known not to exist.

    Only VMs, scale sets and user-assigned identities are looked up: others may live where the emulator does not look.
    """
    scope = parse(call.path.scope)
    known: dict[str, Mapping[str, Any]] = {
        "group|microsoft.compute/virtualmachines/*": call.store.vms,
        "group|microsoft.compute/virtualmachinescalesets/*": call.store.scale_sets,
        "group|microsoft.managedidentity/userassignedidentities/*": call.store.identities,
    }
    items = known.get(scope.template)
    if items is not None and scope.resource_id.lower() not in items:
        raise resource_not_found(f"{scope.namespace}/{scope.types[0]}", scope.name, scope.group)
