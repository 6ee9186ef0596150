# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The process: its files, its log, its control API, its end."""

from __future__ import annotations

import json
import os
import signal
import ssl
import stat
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.emulator.client import Client
from tests.emulator.cloud import SEED
from tests.support.emulator import Emulator, EmulatorError, refused_start

ROOT = Path(__file__).resolve().parents[2]
VM = (
    "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-web/providers/Microsoft.Compute/"
    "virtualMachines/vm-web-01?api-version=2024-07-01"
)
NAMES = {
    "AZURE_CLOUD_ENVIRONMENT",
    "ARM_CLOUD_METADATA_URL",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_FILE",
    "AZURE_TENANT",
    "AZURE_CLIENT_ID",
    "AZURE_SECRET",
    "AZURE_SUBSCRIPTION_ID",
    "AZURE_TENANT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_AUTHORITY_HOST",
}


def mode(path: Path) -> int:
    """Return a file's permissions."""
    return stat.S_IMODE(path.stat().st_mode)


def test_files(emulator: Emulator) -> None:
    directory = emulator.directory
    assert set(emulator.env) == NAMES
    assert mode(directory) == 0o700
    assert {mode(directory / name) for name in ("env.sh", "certified.pem", "pipeline.jwt", "requests.jsonl")} == {0o600}
    assert (directory / "ca.pem").read_text() in (directory / "ca-bundle.pem").read_text()


def test_a_shell_can_read_env_sh(emulator: Emulator) -> None:
    command = f". '{emulator.directory}/env.sh' && printf %s \"$AZURE_CLOUD_ENVIRONMENT\""
    assert subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True).stdout == emulator.url


def test_the_certificate_is_valid_under_strict_rules(emulator: Emulator) -> None:
    context = ssl.create_default_context(cafile=str(emulator.directory / "ca.pem"))
    context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    for url in (emulator.url, emulator.url.replace("127.0.0.1", "localhost")):
        with opener.open(f"{url}/metadata/endpoints", timeout=10) as answer:
            assert json.load(answer)["authentication"]["loginEndpoint"] == url


def test_the_log_tells_all_but_secrets(emulator: Emulator) -> None:
    client = Client(emulator)
    body = {"identity": {"type": "SystemAssigned"}, "properties": {"osProfile": {"adminPassword": "very-secret"}}}
    client.send("PATCH", VM, body, {"If-Match": "*", "User-Agent": "tester/1", "x-ms-client-request-id": "abc"})
    token, patch = emulator.log()
    assert token["body"] == {"grant_type": "client_credentials", "client_id": emulator.env["AZURE_CLIENT_ID"]}
    assert (patch["method"], patch["path"], patch["status"], patch["caller"]) == ("PATCH", VM, 200, "deployer")
    assert patch["body"]["identity"] == {"type": "SystemAssigned"}
    assert patch["headers"] == {"if-match": "*", "user-agent": "tester/1", "x-ms-client-request-id": "abc"}
    assert emulator.log(since=token["n"]) == [patch]
    lines = (emulator.directory / "requests.jsonl").read_text()
    assert json.loads(lines.splitlines()[-1]) == patch
    for secret in (emulator.env["AZURE_SECRET"], "very-secret", client.token()):
        assert secret not in lines
        assert secret not in json.dumps(emulator.log())


def test_control(emulator: Emulator) -> None:
    assert emulator.settings(operation_seconds=2)["operation_seconds"] == 2
    assert emulator.vm("vm-web-02")["identity"]["type"] == "SystemAssigned"
    emulator.seed(SEED)
    assert [vm["name"] for vm in emulator.state()["vms"]] == ["vm"]
    with pytest.raises(EmulatorError, match="'tenants'"):
        emulator.seed({"vms": []})
    assert [vm["name"] for vm in emulator.state()["vms"]] == ["vm"]
    with pytest.raises(EmulatorError, match="unknown setting 'speed'"):
        emulator.settings(speed=1)
    with pytest.raises(EmulatorError, match="there is no GET nothing"):
        emulator.control("GET", "nothing")
    emulator.seed((ROOT / "emulator" / "seeds" / "estate.yml").read_text())
    assert emulator.settings()["operation_seconds"] == 0


def test_settings_of_the_start_outlive_a_reset(tmp_path: Path) -> None:
    started = {"page_size": 3, "vm_api_versions": ["2020-06-01"], "concurrency": "queue"}
    with Emulator.start(directory=tmp_path, **started) as running:
        running.settings(page_size=4)
        running.reset()
        settings = running.settings()
        assert (settings["page_size"], settings["vm_api_versions"]) == (3, ["2020-06-01"])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_at_once_even_with_a_client_waiting(tmp_path: Path, number: int) -> None:
    running = Emulator.start(directory=tmp_path)
    running.faults({"match": {}, "action": {"delay": 30}})
    context = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
    port = int(running.url.rpartition(":")[2])
    with __import__("socket").create_connection(("127.0.0.1", port)) as plain:
        waiting = context.wrap_socket(plain, server_hostname="127.0.0.1")
        waiting.sendall(b"GET /subscriptions HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        time.sleep(0.1)
        started = time.monotonic()
        os.kill(running._process.pid, number)
        running.stop()
        # It is a fraction of a second; the bound only tells it from waiting for the client.
        assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--seed", "nowhere.yml"], "emulator: cannot read nowhere.yml: No such file or directory"),
        (["--set", "speed=1"], "emulator: unknown setting 'speed'"),
        (["--operation-seconds", "-1"], "emulator: setting 'operation_seconds' must be a number, 0 or more"),
    ],
)
def test_a_wrong_start(tmp_path: Path, arguments: list[str], text: str) -> None:
    (tmp_path / "env.sh").write_text("stale")
    code, words = refused_start("--out", str(tmp_path), *arguments)
    assert (code, words.startswith(text)) == (2, True), words
    assert not (tmp_path / "env.sh").exists()


def test_a_line_per_request_for_people(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "emulator", "--out", str(tmp_path)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "env.sh").exists():
        time.sleep(0.02)
    running = Emulator(process, tmp_path)  # type: ignore[arg-type]
    Client(running).send("GET", VM)
    process.send_signal(signal.SIGTERM)
    output = process.communicate(timeout=5)[1]
    assert f" 200 GET {VM}" in output
    assert running.env["AZURE_SECRET"] not in output
