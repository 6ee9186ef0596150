# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state in a file: all of it comes back, running operations too, and no secret is in it."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.emulator.client import Client
from tests.emulator.cloud import Cloud
from tests.support.emulator import Emulator, EmulatorError, refused_start

ROOT = Path(__file__).resolve().parents[2]
GROUP = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-web"
VM = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/vm-web-01?api-version=2024-07-01"
UAI = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-new?api-version=2023-01-31"


def test_a_restart_goes_on_where_it_was(tmp_path: Path) -> None:
    file = tmp_path / "cloud.json"
    with Emulator.start(directory=tmp_path / "one", state=file, operation_seconds=100) as first:
        client = Client(first)
        made = client.send("PUT", UAI, {"location": "westeurope"}).json["properties"]
        patched = client.send("PATCH", VM, {"identity": {"type": "SystemAssigned"}})
        poll = patched.headers["Azure-AsyncOperation"].removeprefix(first.url)
        before = first.state()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text()
    assert first.env["AZURE_SECRET"] not in text
    with Emulator.start(directory=tmp_path / "two", state=file) as second:
        assert second.state() == before
        client = Client(second)
        assert client.send("GET", UAI).json["properties"] == made
        assert client.send("GET", poll).json["status"] == "InProgress"
        second.control("POST", "time", {"advance": 100})
        assert client.send("GET", poll).json["status"] == "Succeeded"
        assert client.send("GET", VM).json["identity"]["principalId"] == patched.json["identity"]["principalId"]
        second.control("POST", "save")
        assert "Updating" not in file.read_text()
        second.reset()
        assert client.send("GET", UAI).status == 404
    with Emulator.start(directory=tmp_path / "three", state=file) as third:
        assert Client(third).send("GET", UAI).status == 404


def test_nothing_is_kept_unless_asked(tmp_path: Path, emulator: Emulator) -> None:
    with pytest.raises(EmulatorError, match="runs without --state"):
        emulator.control("POST", "save")
    assert {path.name for path in emulator.directory.iterdir() if path.suffix == ".json"} <= {"seed.json"}


@pytest.mark.parametrize(("text", "reason"), [("{", "is not a state"), ("[]", "is not a state of this emulator")])
def test_a_file_that_is_no_state(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "state").write_text(text)
    code, words = refused_start("--out", str(tmp_path), "--state", str(tmp_path / "state"))
    assert (code, reason in words) == (2, True), words


def test_help_names_every_setting(cloud: Cloud) -> None:
    command = [sys.executable, "-m", "emulator", "--help"]
    text = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [name for name in cloud.world.settings.as_dict() if name not in text] == []
