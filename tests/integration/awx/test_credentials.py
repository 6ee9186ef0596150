# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a credential of AWX signs in with, the stock one and those of ours, and where its secrets are to be found."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.hazmat.primitives import serialization

from tests.integration.awx.awx_credentials import inject, ours, stock
from tests.integration.estate import SUBSCRIPTION, TENANT, info, vm_id
from tests.integration.fronts import ESTATE

LOOK = [info("look", resource_group="rg-web", name="vm-web-02")]
ADA, ADAS_PASSWORD = "ada@contoso.onmicrosoft.com", "emulator-only-password"
CERTIFIED = "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c11"
PIPELINE = "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c21"
RUNNER = vm_id("vm-runner", "rg-identities")
KEY_PASSWORD = "open sesame"


def callers(emulator: Any) -> set[str]:
    """Who asked for VMs."""
    return {entry["caller"] for entry in emulator.log("/Microsoft.Compute/")}


@pytest.fixture
def machine(emulator) -> dict[str, str]:
    """A machine with an identity that may change VMs, which the job then runs on: the variable that says so."""
    seed = yaml.safe_load(ESTATE)
    seed["vms"].append({"name": "vm-runner", "group": "rg-identities", "user_identities": ["id-automation"]})
    emulator.seed(seed)
    return {"AZURE_POD_IDENTITY_AUTHORITY_HOST": f"{emulator.url}/imds/{SUBSCRIPTION}/rg-identities/vm-runner"}


@pytest.fixture
def bare_machine(emulator) -> dict[str, str]:
    """A machine without identity."""
    return {"AZURE_POD_IDENTITY_AUTHORITY_HOST": f"{emulator.url}/imds/{SUBSCRIPTION}/rg-web/vm-web-01"}


def test_application(awx_job, application, emulator) -> None:
    job = awx_job(LOOK)
    assert job.results("look")[0]["vms"][0]["name"] == "vm-web-02"
    assert callers(emulator) == {"deployer"}


def test_user_and_password(awx_job, emulator) -> None:
    user = stock(subscription=SUBSCRIPTION, username=ADA, password=ADAS_PASSWORD, cloud_environment=emulator.url)
    job = awx_job(LOOK, credentials=[user])
    assert callers(emulator) == {"Ada Lovelace"}
    assert job.files_with(ADAS_PASSWORD) == ["artifacts/42/command"]


def test_subscription_only_takes_the_identity_of_the_machine(awx_job, emulator, machine) -> None:
    bare = stock(subscription=SUBSCRIPTION, cloud_environment=emulator.url)
    assert inject([bare], Path("/"))[0]["AZURE_AD_USER"] == inject([bare], Path("/"))[0]["AZURE_PASSWORD"] == ""
    awx_job(LOOK, credentials=[bare], env=machine)
    assert callers(emulator) == {RUNNER}


def test_subscription_only_where_nothing_signs_in(awx_job, emulator, bare_machine) -> None:
    bare = stock(subscription=SUBSCRIPTION, cloud_environment=emulator.url)
    job = awx_job(LOOK, rc=2, credentials=[bare], env=bare_machine)
    [result] = job.results("look")
    assert "No source gives a credential" in result["msg"]
    assert "neither AZURE_CLIENT_ID nor AZURE_AD_USER is set" in result["msg"]


@pytest.fixture
def proxy() -> Iterator[tuple[str, list[str]]]:
    """A proxy that lets nobody through, and what it was asked for."""
    asked: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _peer = server.accept()
                except OSError:
                    return
                with connection:
                    asked.append(connection.recv(4096).decode(errors="replace").split("\r\n", 1)[0])
                    connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", asked
        server.shutdown(socket.SHUT_RDWR)
    thread.join(10)


@pytest.mark.parametrize(
    ("name", "host"), [("AzureUSGovernment", "login.microsoftonline.us"), ("", "login.microsoftonline.com")]
)
def test_cloud_by_its_name(start_awx_job, proxy, name: str, host: str) -> None:
    """There is no such cloud here: that it is asked for is what can be seen."""
    address, asked = proxy
    credential = stock(
        subscription=SUBSCRIPTION, client=PIPELINE, secret="of-no-use", tenant=TENANT, cloud_environment=name
    )
    job = start_awx_job(LOOK, credentials=[credential], env={"HTTPS_PROXY": address})
    while not asked:
        assert job.process.poll() is None, job.wait().output
        time.sleep(0.05)
    assert set(asked) == {f"CONNECT {host}:443 HTTP/1.1"}
    job.process.terminate()


def federated(emulator: Any, **token: str) -> Any:
    return ours(
        "federated_token",
        subscription=SUBSCRIPTION,
        tenant=TENANT,
        client=PIPELINE,
        cloud_environment=emulator.url,
        **token,
    )


def test_federated_token(awx_job, emulator) -> None:
    token = (emulator.directory / "pipeline.jwt").read_text().strip()
    job = awx_job(LOOK, credentials=[federated(emulator, token=f"{token}\n")])
    assert callers(emulator) == {"pipeline"}
    assert job.files_with(token) == ["artifacts/42/command"]


def test_federated_token_in_a_file(awx_job, emulator) -> None:
    file = emulator.directory / "pipeline.jwt"
    job = awx_job(LOOK, credentials=[federated(emulator, token_file=str(file))])
    assert callers(emulator) == {"pipeline"}
    assert job.files_with(file.read_text().strip()) == []


def test_managed_identity(awx_job, emulator, machine) -> None:
    client = emulator.identity("id-automation")["client_id"]
    inputs = {"subscription": SUBSCRIPTION, "client": client, "cloud_environment": emulator.url}
    awx_job(LOOK, credentials=[ours("managed_identity", **inputs)], env=machine)
    assert callers(emulator) == {RUNNER}
    assert {f"client_id={client}" in entry["path"] for entry in emulator.log("/imds/")} == {True}


def test_managed_identity_is_not_looked_for_elsewhere(awx_job, emulator, bare_machine) -> None:
    credential = ours("managed_identity", subscription=SUBSCRIPTION, cloud_environment=emulator.url)
    job = awx_job(LOOK, rc=2, credentials=[credential], env=bare_machine)
    message = job.results("look")[0]["msg"]
    assert "managed identity of this machine" in message
    assert "Azure CLI" not in message


@pytest.mark.parametrize("password", ["", KEY_PASSWORD])
def test_certificate(awx_job, emulator, password: str) -> None:
    pem = (emulator.directory / "certified.pem").read_text()
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if password:
        pem = pem[pem.index("-----BEGIN CERTIFICATE") :].split("-----BEGIN PRIVATE", 1)[0] + _encrypted(key, password)
    inputs = {"certificate": pem, "cloud_environment": emulator.url} | ({"password": password} if password else {})
    credential = ours("certificate", subscription=SUBSCRIPTION, tenant=TENANT, client=CERTIFIED, **inputs)
    job = awx_job(LOOK, credentials=[credential])
    assert callers(emulator) == {"certified"}
    assert job.files_with(pem.strip().splitlines()[1]) == []
    if password:
        assert job.files_with(password) == ["artifacts/42/command"]


def _encrypted(key: Any, password: str) -> str:
    hidden = serialization.BestAvailableEncryption(password.encode())
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, hidden).decode()


@pytest.mark.parametrize("arguments", [(), ("-vvvv",)])
@pytest.mark.parametrize("in_process", ["true", "false"])
def test_the_secret_is_only_where_the_runner_writes_the_environment(
    awx_job, emulator, arguments: tuple[str, ...], in_process: str
) -> None:
    """The events are what AWX stores and shows: of a success, of a failure, of the module and in the controller."""
    tasks = [*LOOK, {**info("fail", resource_group="rg-none", name="vm-none"), "ignore_errors": True}]
    variables = {"managed_identity_azure_in_process": in_process == "true"}
    job = awx_job(tasks, arguments=arguments, extra_vars=variables)
    secret = emulator.env["AZURE_SECRET"]
    assert job.files_with(secret) == ["artifacts/42/command"]
    assert secret not in str(job.events)
    assert "ResourceGroupNotFound" in str(job.results("fail"))
