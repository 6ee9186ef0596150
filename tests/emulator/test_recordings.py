# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Conformance: what Azure answered, the emulator answers, over whole recorded sequences.

Every recorded request about VMs, scale sets, identities, federated credentials, roles, assignments and locks is
replayed, but for those that LEFT_OUT names.
"""

from __future__ import annotations

import functools
import typing as t
from pathlib import Path

import pytest

from tests.emulator import java_session, recordings
from tests.emulator.recordings import Exchange
from tests.emulator.replay import SUBSCRIPTION, TENANT, Replay, start

pytestmark = pytest.mark.skipif(
    not (recordings.FOLDER / "errors.jsonl").is_file(),
    reason=f"no recordings at {recordings.FOLDER} (set MANAGED_IDENTITY_RECORDINGS)",
)
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
    replay.know_group(exchanges[0].path.partition("?")[0], exchanges[0].json)
    java_session.make_interface(replay, exchanges)
    for exchange in chosen:
        if exchange.status == 400:
            java_session.refuse_principal(replay, exchange, bodies[exchange.number])
            continue
        edited = EDITED if OLD_ROLES in exchange.path else ()
        # Ours shows a few properties of VMs and assignments that these old api-versions did not have.
        replay.step(exchange, bodies.get(exchange.number), edited=edited, more=True)


SCRIPTS: dict[str, tuple[Script, str]] = {
    IDENTITIES: (in_order, TENANT),
    "test_federated_identity_credential.yaml": (in_order, TENANT),
    "test_vm_explicit_msi@d8d2c2eef.yaml": (in_order, TENANT),
    "test_vm_msi@813da51a0.yaml": (in_order, TENANT),
    "test_readonly_resource_group_lock.yaml": (in_one_group, TENANT),
    "test_role_assignment_create_update.yaml": (in_one_group, TENANT),
    # Its tenant is hidden, too.
    JAVA: (java, SUBSCRIPTION),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_recording(tmp_path: Path, name: str) -> None:
    script, tenant = SCRIPTS[name]
    replay, chosen = start(tmp_path, tenant), wanted(name)
    script(replay, traffic()[name], chosen)
    missed = {item.number for item in chosen} - replay.seen
    assert not missed, f"{name}: neither replayed nor in LEFT_OUT: {sorted(missed)}"


def test_no_recording_is_forgotten() -> None:
    assert set(traffic()) == set(SCRIPTS)
    concerned = {
        (name, item.number) for name, items in traffic().items() for item in items if recordings.is_concerned(item.path)
    }
    assert set(LEFT_OUT) <= concerned
    assert sum(len(wanted(name)) for name in SCRIPTS) == len(concerned) - len(LEFT_OUT) == REPLAYED
