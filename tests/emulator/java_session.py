# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Java session among the recordings: what its requests said, which the recorder left out."""

from __future__ import annotations

import typing as t

from tests.emulator.recordings import Exchange
from tests.emulator.replay import Replay

__all__ = ("bodies_of", "make_interface", "refuse_principal")


def bodies_of(exchanges: list[Exchange]) -> dict[int, t.Any]:
    """Return the bodies of the session's writes by number: the client's source has them, and the answers show them."""
    first, second = (item.json["id"] for item in exchanges if item.method == "PUT" and "userAssigned" in item.path)
    blocks: list[dict[str, t.Any]] = [
        {"type": "UserAssigned", "userAssignedIdentities": {first: {}}},
        {"type": "UserAssigned", "userAssignedIdentities": {first: None, second: {}}},
        {"type": "SystemAssigned, UserAssigned"},
        {"type": "UserAssigned"},
        {"type": "None"},
    ]
    patches = [item.number for item in exchanges if item.method == "PATCH"]
    bodies: dict[int, t.Any] = {number: {"identity": block} for number, block in zip(patches, blocks, strict=True)}
    for item in exchanges:
        if item.method == "PUT" and item.status < 500:
            done = next(one.json for one in exchanges if one.status == 201 and one.path == item.path)
            bodies[item.number] = _body_before(done)
    return bodies


def _body_before(done: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return the body of a PUT that led to an answer."""
    if done["type"].endswith("/roleAssignments"):
        return {"properties": {name: done["properties"][name] for name in ("roleDefinitionId", "principalId")}}
    body = {"location": done["location"], "tags": done.get("tags", {})}
    if done["type"] == "Microsoft.Compute/virtualMachines":
        body["properties"] = {key: value for key, value in done["properties"].items() if key != "provisioningState"}
        del body["properties"]["storageProfile"]["imageReference"]["exactVersion"]
    return body


def make_interface(replay: Replay, exchanges: list[Exchange]) -> None:
    """Make the network interface that the session's VM is created with."""
    network, interface = (
        next(item for item in exchanges if item.method == "PUT" and f"/{kind}/" in item.path)
        for kind in ("virtualNetworks", "networkInterfaces")
    )
    subnet = interface.json["properties"]["ipConfigurations"][0]["properties"]["subnet"]
    subnets = [{"name": subnet["id"].rpartition("/")[2], "properties": {"addressPrefix": "10.0.0.0/28"}}]
    made = {"addressSpace": {"addressPrefixes": ["10.0.0.0/28"]}, "subnets": subnets}
    configurations = [{"name": "primary", "properties": {"subnet": subnet}}]
    for item, properties in ((network, made), (interface, {"ipConfigurations": configurations})):
        body = {"location": item.json["location"], "properties": properties}
        assert replay.cloud.send("PUT", item.path, body).status == 201


def refuse_principal(replay: Replay, exchange: Exchange, body: t.Any) -> None:
    """Replay an assignment to a principal that the directory does not know yet: since 2020 the text has more to say."""
    ours = replay.cloud.send("PUT", exchange.path, replay.mapping.translate(body))
    replay.compare_heads(exchange, ours, exchange.path)
    theirs = replay.mapping.translate(exchange.json)["error"]
    # The principal has no dashes here, so that it is no GUID to map.
    principal = body["properties"]["principalId"]
    mine = replay.mapping.translate(principal)
    assert ours.code == theirs["code"]
    assert ours.message.startswith(theirs["message"].replace(principal.replace("-", ""), mine.replace("-", "")))
    replay.seen.add(exchange.number)
