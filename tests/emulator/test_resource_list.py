# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The list of all resources, whatever their type."""

from __future__ import annotations

from tests.emulator.cloud import GROUP, SUBSCRIPTION, A, Cloud

VERSION = "2024-11-01"


def test_a_list_of_all_resources(cloud: Cloud) -> None:
    def names(path: str, **query: str) -> list[str]:
        more = "".join(f"&${name}={value}" for name, value in query.items())
        return [
            item["name"] for item in cloud.send("GET", f"{path}/resources?api-version={VERSION}{more}").json["value"]
        ]

    subscription = f"/subscriptions/{SUBSCRIPTION}"
    assert {"a", "b", "c", "vm", "vm-nic", "vnet-westeurope"} <= set(names(GROUP))
    assert names(GROUP) == names(subscription)
    assert names(subscription, filter="resourceType eq 'microsoft.compute/virtualmachines' and name eq 'VM'") == ["vm"]
    assert names(subscription, filter="resourceGroup eq 'other'") == []
    cloud.send("PATCH", A, {"tags": {"role": "front"}}, version="2024-11-30")
    assert names(GROUP, filter="tagName eq 'role' and tagValue eq 'front'") == ["a"]
    expanded = f"{GROUP}/resources?api-version={VERSION}&$expand=provisioningState"
    assert {item["provisioningState"] for item in cloud.send("GET", expanded).json["value"]} == {"Succeeded"}
    assert "provisioningState" not in cloud.send("GET", f"{GROUP}/resources", version=VERSION).json["value"][0]
    refused = cloud.send("GET", f"{GROUP}/resources?$filter=sku eq 'x'", version=VERSION)
    assert refused.code == "InvalidFilterInQueryString"
    readable = cloud.send("GET", f"{GROUP}/resources", caller="limited", version=VERSION).json["value"]
    assert "vm" in [item["name"] for item in readable]
    assert "a" not in [item["name"] for item in readable]
