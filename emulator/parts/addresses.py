# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses in virtual networks, and public ones: handed out in order, never twice."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .errors import network_error

if TYPE_CHECKING:
    from ..cloud.store import Store

__all__ = ["check_prefixes", "private_address", "public_address"]

# Azure keeps the first four addresses of a subnet.
_RESERVED = 4
_PUBLIC = ipaddress.ip_network("203.0.0.0/8", strict=False)


@lru_cache(maxsize=256)
def _network(prefix: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(prefix)


def check_prefixes(resource_id: str, prefixes: Sequence[object]) -> None:
    """Raise ArmError 400 if one of the prefixes is not a network in CIDR notation."""
    for prefix in prefixes:
        try:
            ipaddress.ip_network(str(prefix))
        except ValueError as error:
            message = f"Address prefix {prefix} of resource {resource_id} is not formatted correctly. "
            message += "It should follow CIDR notation, for example 10.0.0.0/24."
            raise network_error("InvalidAddressPrefixFormat", message) from error


def private_address(store: Store, subnet: Mapping[str, Any]) -> str:
    """Return the next free address of a subnet; raises ArmError 400 when there is none left."""
    prefix = subnet["properties"]["addressPrefix"]
    network = _network(prefix)
    offset = store.addresses.get(subnet["id"].lower(), _RESERVED)
    if offset >= network.num_addresses - 1:
        message = (
            f"Subnet {subnet['name']} with address prefix {prefix} does not have enough capacity for 1 IP addresses."
        )
        raise network_error("SubnetIsFull", message)
    store.addresses[subnet["id"].lower()] = offset + 1
    return str(network[offset])


def public_address(store: Store) -> str:
    """Return the next public address."""
    offset = store.addresses.get("", _RESERVED)
    store.addresses[""] = offset + 1
    return str(_PUBLIC[offset])
