# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clouds other than the newest: older api-versions, no ETags, endpoints given in several ways."""

from __future__ import annotations

import json
import re
import ssl
import time
import urllib.parse
import urllib.request

import pytest

from tests.integration.estate import calls, identity_id, info, names, system, user, vm_id

VM = "vm-web-01"
OLDER = ["2017-12-01", "2018-06-01", "2019-07-01", "2022-11-01"]
WITH_ETAGS = [*OLDER, "2024-03-01"]


def versions(emulator, path: str = "virtualMachines") -> list[str]:
    return [re.search("api-version=([^&]*)", entry["path"])[1] for entry in emulator.log(f"{path}.*api-version")]


@pytest.mark.oldest
def test_older_cloud_without_etags(one) -> None:
    one.settings(vm_api_versions=OLDER)
    run = one(
        [
            system("enable", VM),
            system("again", VM),
            user("assign", "vm-web-04", identity_id("id-app", "rg-identities"), purge=True),
            info("list", resource_group="rg-web"),
        ]
    )
    assert run.result("enable")["lost_update_protection"] is False
    assert run.result("assign")["lost_update_protection"] is False
    assert names(run.result("assign")) == ["id-app"]
    assert len(run.result("list")["vms"]) == 8
    assert set(versions(one.emulator)) == {"2024-07-01", "2022-11-01"}
    # Without an ETag the VM is read again after the write, whatever the write answered.
    written = [call for call in one.emulator.log(f"{VM}[?]") if call["status"] == 200]
    assert [call["method"] for call in written] == ["GET", "PATCH", "GET", "GET"]
    assert not any("if-match" in call["headers"] for call in one.emulator.log("", method="PATCH"))


def test_the_newest_version_that_a_cloud_knows_is_found_once(one) -> None:
    one.settings(vm_api_versions=WITH_ETAGS)
    run = one([system("enable", "{{ item }}", loop=["vm-web-01", "vm-web-03"]), info("read", vm_id=vm_id(VM))])
    assert [item["lost_update_protection"] for item in run.items("enable")] == [True, True]
    # Refused once by each process.
    assert versions(one.emulator).count("2024-07-01") == 2
    assert {call["headers"].get("if-match") for call in one.emulator.log("", method="PATCH")} == {'"1"'}


def test_cloud_that_is_too_old(one) -> None:
    one.settings(vm_api_versions=["2017-12-01"])
    run = one([system("enable", VM, ignore_errors=True)])
    assert "API version '2024-07-01'" in run.result("enable")["msg"]
    assert run.result("enable")["error"]["code"] == "NoRegisteredProviderFound"
    assert not one.emulator.writes()


def test_url_of_the_cloud_in_other_spellings(one) -> None:
    url = one.emulator.url
    tasks = [
        system("slash", VM, cloud_environment=f"{url}/"),
        system("metadata", VM, state="absent", cloud_environment=f"{url}/metadata/endpoints?api-version=2022-09-01"),
    ]
    one(tasks, env={"AZURE_CLOUD_ENVIRONMENT": "AzureChinaCloud"})
    assert calls(one.emulator, VM) == ["GET", {"type": "SystemAssigned"}, "GET", {"type": "None"}]


def remove_meanwhile(emulator, name: str) -> None:
    """What somebody else does between our read and our write: removes an identity from vm-web-04."""
    trust = ssl.create_default_context(cafile=str(emulator.directory / "ca.pem"))

    def send(method: str, url: str, body: bytes, **headers: str) -> dict:
        request = urllib.request.Request(f"{emulator.url}{url}", body, headers, method=method)
        with urllib.request.urlopen(request, context=trust) as answer:
            return json.load(answer)

    form = {
        "grant_type": "client_credentials",
        "client_id": emulator.env["AZURE_CLIENT_ID"],
        "client_secret": emulator.env["AZURE_SECRET"],
        "scope": "https://management.azure.com/.default",
    }
    token = send("POST", f"/{emulator.env['AZURE_TENANT']}/oauth2/v2.0/token", urllib.parse.urlencode(form).encode())
    deadline = time.monotonic() + 30
    while not emulator.log("vm-web-04[?].*", method="GET"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(0.3)
    body = {"identity": {"type": "UserAssigned", "userAssignedIdentities": {identity_id(name): None}}}
    headers = {"Authorization": f"Bearer {token['access_token']}", "Content-Type": "application/json"}
    send("PATCH", f"{vm_id('vm-web-04')}?api-version=2022-11-01", json.dumps(body).encode(), **headers)


@pytest.mark.parametrize("etags", [True, False])
def test_somebody_else_writes_between_our_read_and_our_write(emulator, start_freely, etags) -> None:
    emulator.settings(vm_api_versions=[*WITH_ETAGS, "2024-07-01"] if etags else OLDER)
    # Our write stays on its way for a second.
    ours = {"method": "PATCH", "path": "vm-web-04[?]"}
    emulator.faults({"match": ours, "nth": 1, "action": {"delay": 1.0}})
    running = start_freely([user("assign", "vm-web-04", identity_id("id-app", "rg-identities"), ignore_errors=True)])
    remove_meanwhile(emulator, "id-cache")
    result = running.wait().result("assign")
    statuses = [entry["status"] for entry in emulator.log("vm-web-04[?]", method="PATCH")]
    assert result["changed"] is True
    assert names(result) == ["id-app", "id-web"]
    if etags:
        # Theirs, ours refused, and ours again, from what is there now.
        assert statuses == [200, 412, 200]
        assert "error" not in result
    else:
        assert statuses == [200, 200]
        assert f"are gone after the change, though it did not remove them: {identity_id('id-cache')}" in result["msg"]
        assert "Assign them again, and let one writer at a time change the resource." in result["msg"]
