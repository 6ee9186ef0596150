# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules that every network security group has."""

from __future__ import annotations

from typing import Any

__all__ = ["DEFAULT_RULES"]


def _rule(name: str, priority: int, access: str, direction: str, source: str, destination: str) -> dict[str, Any]:
    properties = {
        "description": "",
        "protocol": "*",
        "sourcePortRange": "*",
        "destinationPortRange": "*",
        "sourceAddressPrefix": source,
        "destinationAddressPrefix": destination,
        "access": access,
        "priority": priority,
        "direction": direction,
    }
    return {"name": name, "properties": properties}


DEFAULT_RULES: tuple[dict[str, Any], ...] = (
    _rule("AllowVnetInBound", 65000, "Allow", "Inbound", "VirtualNetwork", "VirtualNetwork"),
    _rule("AllowAzureLoadBalancerInBound", 65001, "Allow", "Inbound", "AzureLoadBalancer", "*"),
    _rule("DenyAllInBound", 65500, "Deny", "Inbound", "*", "*"),
    _rule("AllowVnetOutBound", 65000, "Allow", "Outbound", "VirtualNetwork", "VirtualNetwork"),
    _rule("AllowInternetOutBound", 65001, "Allow", "Outbound", "*", "Internet"),
    _rule("DenyAllOutBound", 65500, "Deny", "Outbound", "*", "*"),
)
