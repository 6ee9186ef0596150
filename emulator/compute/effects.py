# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a long-running operation leaves behind when it succeeds, beside the identity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..cloud.model import Operation, ScaleSet, Vm
from . import scale_model, vm_parts

if TYPE_CHECKING:
    from ..cloud.store import Store

__all__ = ["POWER", "take_effect"]

POWER = {"start": "running", "restart": "running", "poweroff": "stopped", "deallocate": "deallocated"}


def take_effect(store: Store, operation: Operation) -> None:
    """Do what remains to be done at the end of an operation that succeeded."""
    target, kind = operation.target, operation.kind
    if isinstance(target, ScaleSet):
        scale_model.take_effect(store, target, operation)
    elif isinstance(target, Vm) and kind == "delete":
        vm_parts.release(store, target)
    elif isinstance(target, Vm) and kind in POWER:
        target.power = POWER[kind]
    if kind == "delete":
        store.remove(target)
