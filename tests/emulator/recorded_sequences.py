# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recorded sequences, and how each is replayed: every recorded request about VMs, scale sets, identities, federated
credentials, roles, assignments and locks, but for those that LEFT_OUT names; and the deployments of `az vm create`.
"""

from __future__ import annotations

import functools
import json
import typing as t
from pathlib import Path

from tests.emulator import java_session, recordings
from tests.emulator.recordings import Exchange
from tests.emulator.replay import SUBSCRIPTION, TENANT, Replay, start

__all__ = ("LEFT_OUT", "REPLAYED", "SEQUENCES", "SUBSCRIPTION", "TENANT", "deployments", "play", "traffic", "wanted")

IDENTITIES = "test_identity_management.yaml"
JAVA = "canUpdateVirtualMachineWithEMSIAndLMSI.json"
LEFT_OUT: dict[tuple[str, int], str] = {
    (IDENTITIES, 0): "the list of a provider's operations, the same for everyone: not served",
    (JAVA, 5): "504 ResourceReadFailed of an overloaded Azure Policy: a fault of test_fault_answers.py",
}
# How often a kind of request is in the recordings: fewer would mean that the sieve lets some through.
REPLAYED = 125
# What Microsoft has edited since the older recordings: the words of a role, and what it excludes.
EDITED = ("description", "notActions", "updatedOn")
OLD_ROLES = "api-version=2018-01-01-preview"
QUICK = {"replication_seconds": 3}
Script = t.Callable[[Replay, list[Exchange], list[Exchange]], None]


@functools.cache
def traffic() -> dict[str, list[Exchange]]:
    """Return all recordings of traffic by name."""
    return {name: recordings.traffic(name) for name in recordings.names()}


def wanted(name: str) -> list[Exchange]:
    """Return the requests of a recording that are to be replayed."""
    return [
        item for item in traffic()[name] if recordings.is_concerned(item.path) and (name, item.number) not in LEFT_OUT
    ]


def in_order(replay: Replay, exchanges: list[Exchange], chosen: list[Exchange]) -> None:
    """Replay requests and those about the resource groups that they need."""
    for exchange in exchanges:
        path = exchange.path.partition("?")[0]
        is_group = "/resourcegroups/" in path.lower() and "/providers/" not in path
        if is_group and exchange.method == "GET":
            replay.know_group(path, {"location": exchange.json["location"], "tags": exchange.json["tags"]})
        if is_group or exchange in chosen:
            replay.step(exchange, edited=EDITED if OLD_ROLES in exchange.path else ())


def in_one_group(replay: Replay, exchanges: list[Exchange], chosen: list[Exchange]) -> None:
    """Replay requests in one group of a subscription that has locks and assignments of other people."""
    group = next(item.path for item in exchanges if "/resourceGroups/" in item.path).partition("/providers/")[0]
    replay.know_group(group, {"location": "westus"})
    for exchange in chosen:
        is_list = exchange.path.partition("?")[0].endswith(("/locks", "/roleAssignments"))
        replay.step(exchange, within=group if is_list else "")


def java(replay: Replay, exchanges: list[Exchange], chosen: list[Exchange]) -> None:
    """Replay the Java session, which creates its VM and waits for the directory."""
    bodies = java_session.bodies_of(exchanges)
    replay.know_group(exchanges[0].path.partition("?")[0], {"location": exchanges[0].json["location"]})
    java_session.make_interface(replay, exchanges)
    for exchange in chosen:
        if exchange.status == 400:
            java_session.refuse_principal(replay, exchange, bodies[exchange.number])
            continue
        edited = EDITED if OLD_ROLES in exchange.path else ()
        # Ours shows a few properties of VMs and assignments that these old api-versions did not have.
        replay.step(exchange, bodies.get(exchange.number), edited=edited, more=True)


def deployments(replay: Replay, exchanges: list[Exchange], _chosen: list[Exchange]) -> None:
    """Replay what `az vm create` deploys: the same template gives the same answers."""
    group = next(item for item in exchanges if item.path.lower().partition("?")[0].count("/") == 4).json
    replay.know_group(group["id"], {"location": "westus"})
    for item in exchanges:
        if "/userAssignedIdentities/" in item.path and item.method == "PUT":
            replay.cloud.send("PUT", item.path, item.body)
    found = [item for item in exchanges if "/deployments/mock-deployment?" in item.path]
    assert len([item for item in found if item.method == "PUT"]) >= 2
    for item in found:
        # The recorder replaced the name in paths, and Azure counts as it likes.
        named = item._replace(path=item.path.replace("mock-deployment", item.json["name"]))
        replay.step(named, edited=("templateHash", "duration", "correlationId"))
        assert "operationStatuses" in json.dumps(item.headers) or item.method == "GET"
        replay.cloud.now += 60


class Sequence(t.NamedTuple):
    """How a recording is replayed: its script, the tenant it shows, and settings."""

    recording: str
    script: Script
    tenant: str = TENANT
    settings: dict[str, t.Any] = {}  # noqa: RUF012 (nobody changes it)


SEQUENCES = {
    "identities": Sequence(IDENTITIES, in_order),
    "federated": Sequence("test_federated_identity_credential.yaml", in_order),
    "vm_explicit": Sequence("test_vm_explicit_msi@d8d2c2eef.yaml", in_order),
    "vm": Sequence("test_vm_msi@813da51a0.yaml", in_order),
    "locks": Sequence("test_readonly_resource_group_lock.yaml", in_one_group),
    "assignments": Sequence("test_role_assignment_create_update.yaml", in_one_group),
    # Its tenant is hidden, too.
    "java": Sequence(JAVA, java, SUBSCRIPTION),
    # Their VMs took longer than that.
    "deployments_explicit": Sequence("test_vm_explicit_msi@d8d2c2eef.yaml", deployments, settings=QUICK),
    "deployments": Sequence("test_vm_msi@813da51a0.yaml", deployments, settings=QUICK),
}


def play(title: str, directory: Path, kind: type[Replay] = Replay) -> Replay:
    """Replay a sequence by a kind of replay, and return that."""
    name, script, tenant, settings = SEQUENCES[title]
    replay = start(directory, tenant, kind)
    replay.cloud.world.configure(replay.cloud.world.settings.updated(settings))
    script(replay, traffic()[name], wanted(name))
    return replay
