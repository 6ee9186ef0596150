# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The routes of Microsoft.Network."""

from __future__ import annotations

from collections.abc import Iterator

from ..parts import plain, subnets
from ..parts.networks import INTERFACE, NSG, PUBLIC, VNET
from ..request.route import Route

__all__ = ["network_routes"]

Row = tuple[str, str, Route]


def network_routes() -> Iterator[Row]:
    """Yield method, template and route of all that Microsoft.Network serves."""
    for kind in (INTERFACE, NSG, PUBLIC, VNET):
        yield from _collection(kind)
    inner = f"group|{VNET.lower()}/*/subnets"
    right, kind = f"{VNET}/subnets", "virtualNetworks/subnets"
    yield "GET", inner, Route(subnets.list_subnets, f"{right}/read", "networks", kind)
    for method, handler, verb in (
        ("GET", subnets.get_subnet, "read"),
        ("PUT", subnets.put_subnet, "write"),
        ("DELETE", subnets.delete_subnet, "delete"),
    ):
        yield method, f"{inner}/*", Route(handler, f"{right}/{verb}", "networks", kind)


def _collection(kind: str) -> Iterator[Row]:
    name = kind.rsplit("/", 1)[1]
    for scope in ("group", "subscription"):
        listing = Route(plain.list_resources, f"{kind}/read", "networks", name, listing=True)
        yield "GET", f"{scope}|{kind.lower()}", listing
    for method, handler, right in (
        ("GET", plain.get_resource, "read"),
        ("PUT", plain.put_resource, "write"),
        ("PATCH", plain.patch_resource, "write"),
        ("DELETE", plain.delete_resource, "delete"),
    ):
        yield method, f"group|{kind.lower()}/*", Route(handler, f"{kind}/{right}", "networks", name)
