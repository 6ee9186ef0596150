# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs that are cancelled in the middle leave nothing that the same job, launched again, does not mend."""

from __future__ import annotations

import random
import signal
import time
from typing import Any

import pytest

from tests.integration.awx.awx_templates import answered, template
from tests.integration.estate import SUBSCRIPTION
from tests.integration.processes import PROC, descendants, gone

pytestmark = pytest.mark.skipif(not (PROC / "self" / "stat").exists(), reason="needs /proc")

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web"
VMS = "vm-web-01\nvm-web-02\nvm-web-03"
NAMES = VMS.split()
CREDENTIAL = "main-branch https://oidc.example.com repo:contoso/shop:ref:refs/heads/main"
# Of each job: its answers, how many of its requests change something, and how often it is cancelled.
SYSTEM = {"system_identity_vms": VMS, "system_identity_resource_group": "rg-web"}
SYSTEM["system_identity_grants"] = f"Reader {GROUP}"
USER = {
    "user_identity_name": "id-new",
    "user_identity_resource_group": "rg-web",
    "user_identity_vms": VMS,
    "user_identity_create": "true",
    "user_identity_grants": f"Reader {GROUP}",
    "user_identity_credentials": CREDENTIAL,
}
JOBS = {"system_identity": (SYSTEM, 5, 1), "user_identity": (USER, 6, 2)}


def cancel(job: Any) -> None:
    """As AWX does: it ends ansible-runner, which kills ansible-playbook and all below it."""
    below = set(descendants(job.process.pid))
    job.process.send_signal(signal.SIGTERM)
    job.wait()
    assert gone(below, 30), "something of the cancelled job lives on"


def changing(emulator: Any) -> list[dict[str, Any]]:
    return [entry for entry in emulator.writes() if "/listAssociatedResources" not in entry["path"]]


def state(emulator: Any) -> dict[str, Any]:
    """What there is of the jobs' work, without IDs made on the way."""
    now = emulator.state()
    machines = {vm["name"]: vm["identity"] or {} for vm in now["vms"] if vm["name"] in NAMES}
    return {
        "system": {name: bool(identity.get("principalId")) for name, identity in machines.items()},
        "user": {
            name: sorted(key.rpartition("/")[2] for key in identity.get("userAssignedIdentities") or {})
            for name, identity in machines.items()
        },
        "identities": sorted(item["name"] for item in now["identities"]),
        "grants": len(now["role_assignments"]),
        "credentials": len(now["federated_credentials"]),
    }


@pytest.mark.parametrize("name", JOBS)
def test_a_cancelled_job_is_mended_by_the_next(start_awx_job, awx_job, emulator, name: str) -> None:
    answers, number, times = JOBS[name]
    playbook, sent = template(name)["playbook"], answered(name, **answers)
    before = emulator.state()
    awx_job(playbook, answers=sent)
    whole = state(emulator)
    assert len(changing(emulator)) == number
    chance = random.Random(name)
    for after in sorted(chance.sample(range(1, number + 1), times)):
        emulator.control("POST", "reset")
        emulator.settings(operation_seconds=0.4, credential_seconds=0.3)
        assert len(emulator.state()["identities"]) == len(before["identities"])
        job = start_awx_job(playbook, answers=sent)
        while len(changing(emulator)) < after:
            assert job.process.poll() is None, job.wait().output
            time.sleep(0.02)
        time.sleep(chance.uniform(0, 0.3))
        cancel(job)
        mended = awx_job(playbook, answers=sent)
        assert state(emulator) == whole, f"cancelled after write {after}"
        assert mended.artifacts["managed_identity_failed"] == []


def test_a_cancelled_retirement_is_mended_by_the_next(start_awx_job, awx_job, emulator) -> None:
    """id-web is on VMs and a scale set; it gets grants first."""
    answers = answered("user_identity", **{**USER, "user_identity_name": "id-web"})
    awx_job(template("user_identity")["playbook"], answers=answers)
    end = answered("retire_identity", user_identity_name="id-web", user_identity_resource_group="rg-web")
    playbook = template("retire_identity")["playbook"]
    emulator.settings(operation_seconds=0.4)
    emulator.clear_log()
    for after in (1, 3):
        job = start_awx_job(playbook, answers=end)
        while len(changing(emulator)) < after:
            assert job.process.poll() is None, job.wait().output
            time.sleep(0.02)
        cancel(job)
    awx_job(playbook, answers=end)
    now = state(emulator)
    assert "id-web" not in now["identities"]
    assert all("id-web" not in there for there in now["user"].values())
    assert not [item for item in emulator.state()["role_assignments"] if "id-web" in str(item)]
    assert now["credentials"] == 1, "the one of another identity"
