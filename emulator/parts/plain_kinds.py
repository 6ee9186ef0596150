# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The types that hold data only: what a write's properties become, and what keeps a resource from being deleted."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from ..cloud.model import Resource
from .disks import KIND as DISK
from .disks import check_free_disk, shape_disk
from .interfaces import shape_interface
from .networks import INTERFACE, NSG, PUBLIC, VNET, guid, shape_group, shape_network, shape_public
from .use import check_free_group, check_free_interface, check_free_network, check_free_public

if TYPE_CHECKING:
    from ..cloud.store import Store

__all__ = ["KINDS", "fill", "new_etag"]


class Kind(NamedTuple):
    """How a type behaves: what its properties become, and what keeps one from being deleted."""

    shape: Callable[[Store, Resource, dict[str, Any]], dict[str, Any]]
    check_free: Callable[[Store, Resource], None]


KINDS: dict[str, Kind] = {
    VNET: Kind(shape_network, check_free_network),
    INTERFACE: Kind(shape_interface, check_free_interface),
    PUBLIC: Kind(shape_public, check_free_public),
    NSG: Kind(shape_group, check_free_group),
    DISK: Kind(shape_disk, check_free_disk),
}
_DEFAULTS: dict[str, dict[str, Any]] = {
    PUBLIC: {"sku": {"name": "Standard", "tier": "Regional"}},
    DISK: {"sku": {"name": "Standard_LRS", "tier": "Standard"}},
}


def fill(store: Store, resource: Resource, given: dict[str, Any]) -> Resource:
    """Return a resource with the properties that a write asks for, and a new ETag; raises ArmError 400."""
    shaped = KINDS[resource.kind].shape(store, resource, given)
    first = {"provisioningState": "Succeeded"}
    if resource.kind != DISK:
        first["resourceGuid"] = guid(resource.id)
    body = {**_DEFAULTS.get(resource.kind, {}), **resource.body}
    body["properties"] = {**first, **shaped, "provisioningState": "Succeeded"}
    return dataclasses.replace(resource, body=body, etag=new_etag(resource.kind))


def new_etag(kind: str) -> str:
    """Return a new ETag; disks have none."""
    return "" if kind == DISK else f'W/"{uuid.uuid4()}"'
