# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The job templates that are shipped: their surveys' answers, what they do, say, and leave to the next job."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.integration.awx.awx_credentials import stock
from tests.integration.awx.awx_templates import answered, arguments, template, unanswered, workflow
from tests.integration.estate import SUBSCRIPTION, TENANT, identity_id, vm_id

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web"
WEB = [vm_id("vm-web-01"), vm_id("vm-web-02")]
AUDITOR = {"client": "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c41", "secret": "emulator-only-auditor"}


@pytest.fixture
def launch(awx_job):
    """Launch a job template with answers; keywords as of ``awx_job``."""

    def run(name: str, answers: dict[str, Any], **more: Any):
        more.setdefault("arguments", arguments(template(name)))
        return awx_job(template(name)["playbook"], answers=answers, **more)

    return run


@pytest.fixture
def auditor(emulator):
    """A credential that may look, and not touch."""
    return stock(subscription=SUBSCRIPTION, tenant=TENANT, cloud_environment=emulator.url, **AUDITOR)


def report(job: Any) -> list[str]:
    """What the job says at its end."""
    return job.results("Report")[-1]["msg"]


def writes(emulator: Any) -> list[dict[str, Any]]:
    """Requests that change something; to ask what uses an identity is a POST, too."""
    return [entry for entry in emulator.writes() if "/listAssociatedResources" not in entry["path"]]


def has_system(emulator: Any, *names: str) -> list[bool]:
    return [bool((emulator.vm(name)["identity"] or {}).get("principalId")) for name in names]


def assigned(emulator: Any, name: str) -> set[str]:
    there = (emulator.vm(name)["identity"] or {}).get("userAssignedIdentities") or {}
    return {key.rpartition("/")[2] for key in there}


@pytest.mark.parametrize("launched", [answered, unanswered])
def test_system_identity_on(launch, emulator, launched) -> None:
    """With the defaults of the form, and with those of a launch through the API."""
    answers = launched("system_identity", system_identity_vms="\n".join(WEB))
    job = launch("system_identity", answers)
    principal = emulator.vm("vm-web-01")["identity"]["principalId"]
    other = emulator.vm("vm-web-02")["identity"]["principalId"]
    assert report(job) == [
        f"rg-web/vm-web-01: changed; system-assigned identity with principal ID {principal}, no user-assigned one",
        f"rg-web/vm-web-02: unchanged; system-assigned identity with principal ID {other}, no user-assigned one",
        "2 virtual machines: 1 changed, 1 unchanged.",
    ]
    assert job.artifacts == {
        "managed_identity_changed": WEB[:1],
        "managed_identity_unchanged": WEB[1:],
        "managed_identity_failed": [],
        "managed_identity_principal_ids": {WEB[0]: principal, WEB[1]: other},
        "managed_identity_check": False,
    }
    again = launch("system_identity", answers)
    assert again.artifacts["managed_identity_changed"] == []
    assert len(writes(emulator)) == 1


def test_odd_answers(launch, emulator) -> None:
    """Ends of lines of another system, blanks, blank lines, one VM in three spellings."""
    vms = f"\r\n  vm-web-01 \r\n\r\nRG-WEB/VM-WEB-01\r\n\t{WEB[0].upper()}\r\nrg-data/vm-batch-01\r\n \r\n"
    job = launch(
        "system_identity",
        answered(
            "system_identity",
            system_identity_vms=vms,
            system_identity_resource_group="  rg-web ",
            system_identity_grants=f"\n Reader   {GROUP} \n\nVirtual Machine Contributor {GROUP}\n",
        ),
    )
    assert has_system(emulator, "vm-web-01", "vm-batch-01") == [True, True]
    assert report(job)[-1] == "2 virtual machines: 2 changed. Grants: 4 changed, 0 failed."
    off = answered("system_identity", system_identity_state="absent", system_identity_vms=WEB[0])
    assert report(launch("system_identity", off))[-1] == "1 virtual machine: 1 changed."
    assert has_system(emulator, "vm-web-01", "vm-batch-01") == [False, True]


@pytest.mark.parametrize("answer", ["vm-web-01", "a/b/c", "12"])
def test_answers_that_name_no_vm_change_nothing(launch, emulator, answer: str) -> None:
    """Without a resource group; and a number, which ansible-core 2.19 makes of such an answer."""
    job = launch("system_identity", answered("system_identity", system_identity_vms=answer), rc=2)
    assert report(job) == ["0 virtual machines."]
    assert writes(emulator) == []


def test_user_identity_on_and_off(launch, emulator) -> None:
    answers = {
        "user_identity_name": "id-new",
        "user_identity_resource_group": "rg-web",
        "user_identity_vms": "vm-web-01\nvm-web-02",
        "user_identity_create": "true",
        "user_identity_grants": f"Reader {GROUP}",
        "user_identity_credentials": "main-branch https://oidc.example.com repo:contoso/shop:ref:refs/heads/main",
    }
    job = launch("user_identity", answered("user_identity", **answers))
    principal = emulator.identity("id-new")["principal_id"]
    assert report(job)[0] == f"id-new: the identity, with principal ID {principal}"
    assert report(job)[-1] == "2 virtual machines: 2 changed. Grants: 1 changed, 0 failed."
    assert principal in job.artifacts["managed_identity_principal_ids"].values()
    assert assigned(emulator, "vm-web-01") == assigned(emulator, "vm-web-02") == {"id-new"}
    again = launch("user_identity", answered("user_identity", **answers))
    assert again.artifacts["managed_identity_changed"] == []
    off = {**answers, "user_identity_state": "absent", "user_identity_vms": WEB[0]}
    launch("user_identity", answered("user_identity", **off))
    assert (assigned(emulator, "vm-web-01"), assigned(emulator, "vm-web-02")) == (set(), {"id-new"})


def test_a_purge_keeps_what_the_survey_keeps(launch, emulator) -> None:
    answers = answered(
        "user_identity",
        user_identity_name=identity_id("id-app", "rg-identities"),
        user_identity_vms="rg-web/vm-web-04",
        user_identity_purge="true",
        user_identity_purge_keep="Built-In-Identity-*\nid-cache\n",
    )
    launch("user_identity", answers)
    assert assigned(emulator, "vm-web-04") == {"id-app", "id-cache"}


def test_an_identity_that_is_missing_is_not_made_by_default(launch, emulator) -> None:
    answers = answered("user_identity", user_identity_name="id-none", user_identity_resource_group="rg-web")
    job = launch("user_identity", answers, rc=2)
    assert "does not exist, and user_identity_create is false" in job.output
    assert writes(emulator) == []


def test_retire(launch, emulator) -> None:
    answers = answered("retire_identity", user_identity_name="id-cache", user_identity_resource_group="rg-web")
    job = launch("retire_identity", answers)
    assert report(job)[0].startswith("id-cache: retired, with principal ID ")
    assert "id-cache" not in {item["name"] for item in emulator.state()["identities"]}
    assert "id-cache" not in assigned(emulator, "vm-web-04")


def test_permissions_with_the_default_answer(launch, emulator) -> None:
    answers = answered("identity_permissions", identity_permissions_vms="\n".join(WEB))
    job = launch("identity_permissions", answers)
    assert job.artifacts == {
        "managed_identity_allowed": True,
        "managed_identity_missing": [],
        "managed_identity_locks": [],
    }
    assert f"granted | enable | Microsoft.Compute/virtualMachines/write | {WEB[0]}" in report(job)


def test_permissions_that_are_missing_fail_the_job(launch, emulator, auditor) -> None:
    answers = answered(
        "identity_permissions",
        identity_permissions_operations=["enable", "assign"],
        identity_permissions_vms="vm-web-01",
        identity_permissions_identities="id-web\n",
        identity_permissions_resource_group="rg-web",
    )
    job = launch("identity_permissions", answers, rc=2, credentials=[auditor])
    assert job.artifacts["managed_identity_allowed"] is False
    missing = " ".join(job.artifacts["managed_identity_missing"])
    assert "Virtual Machine Contributor" in missing
    assert "Managed Identity Operator" in missing


def test_a_vm_that_fails_is_named_and_the_others_are_done(launch, emulator) -> None:
    conflict = {"status": 409, "code": "OperationNotAllowed", "message": "The VM is being deleted."}
    emulator.faults({"match": {"method": "PATCH", "path": "/virtualMachines/vm-web-01"}, "action": conflict})
    vms = "\n".join([*WEB, vm_id("vm-web-03")])
    job = launch("system_identity", answered("system_identity", system_identity_vms=vms), rc=2)
    said = report(job)
    assert said[0].startswith("rg-web/vm-web-01: FAILED: PATCH ")
    assert "The VM is being deleted." in said[0]
    assert said[2].startswith("rg-web/vm-web-03: changed; ")
    assert said[3] == "3 virtual machines: 1 changed, 1 unchanged, 1 failed."
    assert job.artifacts["managed_identity_failed"] == WEB[:1]
    emulator.faults()
    again = launch("system_identity", answered("system_identity", system_identity_vms=vms))
    assert again.artifacts["managed_identity_changed"] == WEB[:1]


def test_output_needs_neither_colours_nor_a_cursor(launch, emulator) -> None:
    job = launch("system_identity", answered("system_identity", system_identity_vms="\n".join(WEB)))
    assert "\x1b[" in job.coloured_output, "AWX asks for colours"
    assert re.findall(r"[\x00-\x09\x0b-\x1f\x7f]", job.output) == []
    for line in report(job):
        assert job.output.count(line) == 1
        assert "\n" not in line
    # Nobody has to know how many lines AWX shows of the end.
    assert job.output.rindex(report(job)[-1]) > job.output.index("TASK [Report]")


def test_hosts_of_an_inventory(launch, emulator) -> None:
    hosts = {
        name: {"id": vm_id(name), "ansible_connection": "ssh", "ansible_host": "203.0.113.1"}
        for name in ("vm-web-01", "vm-web-02", "vm-web-03")
    }
    job = launch("system_identity", {}, extra_vars={"system_identity_hosts": "all"}, hosts=hosts)
    assert has_system(emulator, *hosts) == [True] * 3
    assert report(job)[-1] == "3 virtual machines: 2 changed, 1 unchanged."
    assert len(job.artifacts["managed_identity_principal_ids"]) == 3


def test_a_project_of_ones_own(awx_job, emulator) -> None:
    """AWX runs a file of the project, never a playbook by its full name: two lines lead to it."""
    plays = [
        {"name": "Ours", "ansible.builtin.import_playbook": "managed_identity.azure.system_identity"},
        {"name": "Rights", "ansible.builtin.import_playbook": "managed_identity.azure.identity_permissions"},
    ]
    job = awx_job(plays, answers={"system_identity_vms": WEB[0], "identity_permissions_vms": WEB[0]})
    assert has_system(emulator, "vm-web-01") == [True]
    assert job.artifacts["managed_identity_changed"] == WEB[:1]
    assert job.artifacts["managed_identity_allowed"] is True


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("system_identity", {"system_identity_vms": "\n".join(WEB), "system_identity_grants": f"Reader {GROUP}"}),
        (
            "user_identity",
            {
                "user_identity_name": "id-web",
                "user_identity_resource_group": "rg-web",
                "user_identity_vms": "vm-web-01\nvm-web-02",
            },
        ),
        ("retire_identity", {"user_identity_name": "id-cache", "user_identity_resource_group": "rg-web"}),
    ],
)
def test_workflow(launch, emulator, name: str, answers: dict[str, Any]) -> None:
    """The job that looks writes nothing and shows the difference; what it leaves does the next one no harm."""
    artifacts: dict[str, Any] = {}
    said = {}
    for node in workflow(name):
        if node["unified_job_template"]["type"] == "workflow_approval":
            assert writes(emulator) == []
            continue
        job = launch(name, {**answered(name, **answers), **artifacts}, arguments=arguments(node))
        artifacts.update(job.artifacts)
        said[node["identifier"]] = job
    assert "--- before" in said["look"].output
    assert said["look"].artifacts["managed_identity_check"] is True
    assert said["change"].artifacts["managed_identity_check"] is False
    assert said["look"].artifacts["managed_identity_changed"] == said["change"].artifacts["managed_identity_changed"]
    assert writes(emulator) != []


def test_workflow_ends_before_the_approval_where_rights_are_missing(launch, emulator, auditor) -> None:
    look = workflow("system_identity")[0]
    answers = answered("system_identity", system_identity_vms=WEB[0])
    job = launch("system_identity", answers, rc=2, credentials=[auditor], arguments=arguments(look))
    assert "the role Virtual Machine Contributor has it" in job.output
    assert report(job)[-1] == "1 virtual machine: 1 not looked at. Check mode: nothing was written."
    assert writes(emulator) == []
