# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loops, hosts, retries, check mode, defaults and ad-hoc commands."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.integration.ansible_run import FRONTS
from tests.integration.estate import calls, info, system

pytestmark = pytest.mark.oldest

VMS = ["vm-web-01", "vm-web-02", "vm-web-03", "vm-web-04", "vm-app-01"]
LOOP = info("look", resource_group="rg-web", name="{{ item }}", loop=VMS)


def test_loop_keeps_its_token_and_its_session(one) -> None:
    run = one([LOOP])
    assert [item["vms"][0]["name"] for item in run.items("look")] == VMS
    assert len(one.emulator.log("/oauth2/v2.0/token", method="POST")) == 1
    assert len(one.emulator.log("^/metadata/endpoints")) == 1


def test_hosts_each_sign_in_in_a_worker_of_their_own(one) -> None:
    task = system("enable", "{{ inventory_hostname }}")
    run = one([task], hosts={vm: {} for vm in VMS}, arguments=("--forks", "5"))
    assert set(run.by_host("enable")) == set(VMS)
    assert {vm: result["vm"]["name"] for vm, result in run.by_host("enable").items()} == {vm: vm for vm in VMS}
    assert len(one.emulator.log("/oauth2/v2.0/token", method="POST")) == len(VMS)


def test_run_once_over_hosts(both) -> None:
    run = both([{**system("enable", "vm-web-01"), "run_once": True}], hosts={"web-01": {}, "web-02": {}})
    assert len(run.by_host("enable")) == 1
    for emulator in both.each():
        assert len(emulator.writes()) == 1


def test_until_and_retries(both) -> None:
    refused = {"status": 403, "code": "AuthorizationFailed", "message": "Not yet."}
    both.faults({"match": {"path": "/virtualMachines/vm-web-01"}, "times": 1, "action": refused})
    task = info("look", resource_group="rg-web", name="vm-web-01")
    run = both([{**task, "register": "found", "until": "found is succeeded", "retries": 2, "delay": 0}])
    assert run.result("look")["attempts"] == 2
    assert run.result("look")["vms"]


def test_register_and_use(both) -> None:
    run = both(
        [
            {**system("enable", "vm-web-01"), "register": "enabled"},
            {"name": "use", "ansible.builtin.debug": {"msg": "{{ enabled.identity.principal_id }}"}},
        ]
    )
    assert run.result("use")["msg"] == run.result("enable")["identity"]["principal_id"]


def test_check_mode_and_diff_of_the_command_line(both) -> None:
    run = both(
        [
            system("check", "vm-web-01"),
            system("not this one", "vm-web-02", state="absent", check_mode=False, diff=False),
        ],
        arguments=("--check", "--diff"),
    )
    assert run.result("check")["diff"]["after"]["type"] == "SystemAssigned"
    assert "diff" not in run.result("not this one")
    for emulator in both.each():
        assert calls(emulator, "vm-web-01") == ["GET"]
        assert [entry["method"] for entry in emulator.writes()] == ["PATCH"]


def test_module_defaults_of_the_module(both) -> None:
    name = "managed_identity.azure.vm_identity_info"
    run = both(
        [
            {
                "hosts": "localhost",
                "gather_facts": False,
                "module_defaults": {name: {"resource_group": "rg-web", "name": "vm-web-01"}},
                "tasks": [{"name": "look", name: {}}, {"name": "another", name: {"name": "vm-web-02"}}],
            }
        ]
    )
    assert run.result("look")["vms"][0]["name"] == "vm-web-01"
    assert run.result("another")["vms"][0]["name"] == "vm-web-02"


@pytest.mark.parametrize("front", sorted(FRONTS))
def test_ad_hoc(emulator, tmp_path: Path, front: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**emulator.env, "HOME": str(tmp_path), "ANSIBLE_NOCOLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("ansible")),
            "localhost",
            "-m",
            "managed_identity.azure.vm_system_identity",
            "-a",
            "resource_group=rg-web name=vm-web-01",
            "-e",
            json.dumps({"managed_identity_azure_in_process": FRONTS[front]}),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    said: dict[str, Any] = json.loads(done.stdout[done.stdout.index("{") :])
    assert said["changed"] is True
    assert said["identity"]["principal_id"] == emulator.vm("vm-web-01")["identity"]["principalId"]


def test_async(play_freely, emulator, tmp_path: Path) -> None:
    """Both ways to run a task beside others, with all that -vvv adds: nothing of it is in the result."""
    run = play_freely(
        [
            info("plain", resource_group="rg-web", name="vm-web-02"),
            {**info("polled", resource_group="rg-web", name="vm-web-02"), "async": 60, "poll": 1},
            {**system("started", "vm-web-01"), "register": "job", "async": 60, "poll": 0},
            {
                "name": "ended",
                "ansible.builtin.async_status": {"jid": "{{ job.ansible_job_id }}"},
                "register": "end",
                "until": "end is finished",
                "retries": 60,
                "delay": 1,
            },
        ],
        arguments=("-vvv",),
        # HOME is another one than the user's own here, and async_wrapper and async_status each go by another one.
        variables={"ansible_async_dir": str(tmp_path / "jobs")},
    )
    assert run.rc == 0, run.output
    plain, polled, ended = (run.result(name) for name in ("plain", "polled", "ended"))
    assert polled["vms"] == plain["vms"]
    own = {"ansible_job_id", "attempts", "finished", "results_file", "started", "stderr", "stdout"}
    assert set(polled) - own - {"stderr_lines", "stdout_lines"} == set(plain) - own
    assert ended["changed"] is True
    assert ended["identity"]["principal_id"] == emulator.vm("vm-web-01")["identity"]["principalId"]
    assert "managed_identity_notes" not in run.output
    assert run.output.count("runs as a module, because it is asynchronous") == 2
