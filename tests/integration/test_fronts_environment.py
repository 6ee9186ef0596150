# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task's ``environment:`` decides who signs in, wherever it stands, for this task alone; and sessions go by it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.integration.estate import info

pytestmark = pytest.mark.oldest

# As seeded.
CALLERS = {
    "operator": ("7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c31", "emulator-only-operator"),
    "auditor": ("7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c41", "emulator-only-auditor"),
}


def signed_in_as(caller: str) -> dict[str, str]:
    client_id, secret = CALLERS[caller]
    return {"AZURE_CLIENT_ID": client_id, "AZURE_SECRET": secret}


def look(name: str, vm: str, **keywords: Any) -> dict[str, Any]:
    """A task that reads one VM, which says in the log which task it was."""
    return {**info(name, resource_group="rg-web", name=vm), **keywords}


def callers(emulator: Any) -> list[tuple[str, str]]:
    """VM and caller of each request, in order."""
    entries = emulator.log("/virtualMachines/")
    return [(entry["path"].split("?")[0].split("/")[-1], entry["caller"]) for entry in entries]


def test_play_block_and_task(both) -> None:
    both(
        [
            {
                "hosts": "localhost",
                "gather_facts": False,
                "environment": signed_in_as("operator"),
                "tasks": [
                    look("play", "vm-web-01"),
                    {
                        "environment": signed_in_as("auditor"),
                        "block": [
                            look("block", "vm-web-02"),
                            look("task", "vm-web-03", environment=signed_in_as("operator")),
                            look("block again", "vm-web-04"),
                        ],
                    },
                    look("play again", "vm-web-01"),
                ],
            },
            {"hosts": "localhost", "gather_facts": False, "tasks": [look("none", "vm-web-02")]},
        ]
    )
    for emulator in both.each():
        assert callers(emulator) == [
            ("vm-web-01", "operator"),
            ("vm-web-02", "auditor"),
            ("vm-web-03", "operator"),
            ("vm-web-04", "auditor"),
            ("vm-web-01", "operator"),
            ("vm-web-02", "deployer"),
        ]


def test_each_item_of_a_loop_has_its_own(both) -> None:
    """The items share a worker, so nothing of one may be left for the next; two of them share a session."""
    items = [
        {"vm": "vm-web-01", "env": signed_in_as("operator")},
        {"vm": "vm-web-02", "env": {}},
        {"vm": "vm-web-03", "env": signed_in_as("auditor")},
        {"vm": "vm-web-04", "env": signed_in_as("operator")},
    ]
    both(
        [
            look("{{ item.vm }}", "x", loop=items, environment="{{ item.env }}")
            | {"managed_identity.azure.vm_identity_info": {"resource_group": "rg-web", "name": "{{ item.vm }}"}}
        ]
    )
    for emulator in both.each():
        assert callers(emulator) == [
            ("vm-web-01", "operator"),
            ("vm-web-02", "deployer"),
            ("vm-web-03", "auditor"),
            ("vm-web-04", "operator"),
        ]
    assert len(both.emulator.log("/oauth2/v2.0/token")) == 3


def test_each_item_of_a_loop_has_its_own_parameters(both) -> None:
    items = [
        {"vm": vm, "client_id": CALLERS[name][0], "secret": CALLERS[name][1]}
        for vm, name in (("vm-web-01", "operator"), ("vm-web-02", "auditor"), ("vm-web-03", "operator"))
    ]
    task = info(
        "look",
        resource_group="rg-web",
        name="{{ item.vm }}",
        client_id="{{ item.client_id }}",
        secret="{{ item.secret }}",
        tenant=both.emulator.env["AZURE_TENANT"],
        loop=items,
    )
    both([{**task, "loop_control": {"label": "{{ item.vm }}"}}])
    for emulator in both.each():
        assert callers(emulator) == [("vm-web-01", "operator"), ("vm-web-02", "auditor"), ("vm-web-03", "operator")]
    assert len(both.emulator.log("/oauth2/v2.0/token")) == 2


def test_home_decides_where_the_credentials_file_is(both, tmp_path: Path) -> None:
    unset = {name: "" for name in both.emulator.env if name.startswith("AZURE_") and name != "AZURE_CLOUD_ENVIRONMENT"}
    for name, (client_id, secret) in CALLERS.items():
        (tmp_path / name / ".azure").mkdir(parents=True)
        lines = {
            "client_id": client_id,
            "secret": secret,
            "tenant": both.emulator.env["AZURE_TENANT"],
            "subscription_id": both.emulator.env["AZURE_SUBSCRIPTION_ID"],
        }
        text = "[default]\n" + "".join(f"{key}={value}\n" for key, value in lines.items())
        (tmp_path / name / ".azure" / "credentials").write_text(text, encoding="utf-8")
    task = info("look", resource_group="rg-web", name="vm-web-01", loop=[*CALLERS, "operator"])
    both(
        [
            {**task, "environment": {**unset, "HOME": f"{tmp_path}/{{{{ item }}}}"}},
            look("after", "vm-web-02"),
        ]
    )
    for emulator in both.each():
        assert callers(emulator) == [
            ("vm-web-01", "operator"),
            ("vm-web-01", "auditor"),
            ("vm-web-01", "operator"),
            ("vm-web-02", "deployer"),
        ]


@pytest.mark.parametrize("front", ["in_process", "module"])
def test_environment_that_cannot_be_templated_fails_before_any_call(emulator, start, front: str) -> None:
    run = start([look("look", "vm-web-01", environment={"AZURE_SECRET": "{{ no_such_variable }}"})]).wait()
    assert run.rc == 2
    assert "no_such_variable" in run.output
    assert not emulator.log("")
