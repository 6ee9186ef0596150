# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The recorded deployments of `az vm create`: the same template gives the same answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.emulator.recordings import FOLDER, Exchange, cassette
from tests.emulator.replay import start

CASSETTES = ("test_vm_msi@813da51a0.yaml", "test_vm_explicit_msi@d8d2c2eef.yaml")
# The recorder replaced the name in paths, and Azure counts as it likes.
EDITED = ("templateHash", "duration", "correlationId")
pytestmark = pytest.mark.skipif(not (FOLDER / CASSETTES[0]).exists(), reason="there are no recordings here")


def named(exchange: Exchange) -> Exchange:
    """Return an exchange whose path has the name that Azure saw."""
    return exchange._replace(path=exchange.path.replace("mock-deployment", exchange.json["name"]))


@pytest.mark.parametrize("name", CASSETTES)
def test_deployments(name: str, tmp_path: Path) -> None:
    replay = start(tmp_path)
    # Its VMs took longer than that.
    replay.cloud.world.configure(replay.cloud.world.settings.updated({"replication_seconds": 3}))
    exchanges = cassette(name)
    group = next(item for item in exchanges if item.path.lower().partition("?")[0].count("/") == 4).json
    replay.know_group(group["id"], {"location": "westus"})
    for item in exchanges:
        if "/userAssignedIdentities/" in item.path and item.method == "PUT":
            replay.cloud.send("PUT", item.path, item.body)
    found = [item for item in exchanges if "/deployments/mock-deployment?" in item.path]
    assert len([item for item in found if item.method == "PUT"]) >= 2
    for item in found:
        replay.step(named(item), edited=EDITED)
        assert "operationStatuses" in json.dumps(item.headers) or item.method == "GET"
        replay.cloud.now += 60
