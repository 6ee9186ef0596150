# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task's ``timeout``: Ansible's own message, no write that begins after it, and the worker goes on."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.integration.estate import info, system

pytestmark = pytest.mark.oldest

SLOW_END = {"operation": {"outcome": "Succeeded", "effect": "applied", "seconds": 60}}
# What Ansible itself says of a task that takes too long.
SLEEP = {"name": "sleep", "ansible.builtin.command": "sleep 20", "timeout": 1, "ignore_errors": True}


def own_words(result: dict[str, Any], action: str) -> str:
    """The message without the action's name, which ansible-core 2.16 puts into it."""
    return result["msg"].replace(f"The {action} action", "The action")


def test_message_is_that_of_ansible_and_the_next_task_is_served(emulator, play) -> None:
    emulator.faults({"match": {"path": "/virtualMachines/vm-web-01", "method": "PATCH"}, "action": SLOW_END})
    run = play(
        [
            SLEEP,
            {**system("slow", "vm-web-01", ignore_errors=True), "timeout": 1},
            system("next", "vm-web-02", state="absent"),
        ]
    )
    assert run.rc == 0, run.output
    said = own_words(run.result("slow"), "managed_identity.azure.vm_system_identity")
    assert said == own_words(run.result("sleep"), "ansible.builtin.command")
    assert run.result("next")["changed"] is True
    assert "Traceback" not in run.output


def test_worker_goes_on_with_the_loop(one) -> None:
    """The items share the worker and its event loop: what was stopped must not run on beside the next one."""
    one.faults({"match": {"path": "/virtualMachines/vm-web-0[13]", "method": "PATCH"}, "action": SLOW_END})
    vms = ["vm-web-01", "vm-batch-01", "vm-web-03", "vm-web-04"]
    groups = {"vm-batch-01": "rg-data"}
    items = [{"vm": vm, "group": groups.get(vm, "rg-web")} for vm in vms]
    task = system("enable", resource_group="{{ item.group }}", name="{{ item.vm }}", loop=items)
    run = one([{**task, "timeout": 2, "ignore_errors": True}])
    changed = [bool(item.get("changed") and "vm" in item) for item in run.items("enable")]
    assert changed == [False, True, False, True]
    assert [entry["path"].split("?")[0].split("/")[-1] for entry in one.emulator.writes()] == vms


def test_no_write_begins_after_the_timeout(one) -> None:
    """The timeout comes while the VM is being read: the write that would have followed never comes."""
    one.faults({"match": {"path": "/virtualMachines/vm-web-01", "method": "GET"}, "action": {"delay": 2.5}})
    run = one(
        [
            {**system("enable", "vm-web-01", ignore_errors=True), "timeout": 1},
            info("next", resource_group="rg-web", name="vm-web-02"),
        ]
    )
    assert run.result("next")["vms"]
    time.sleep(2.0)
    assert one.emulator.writes() == []


def test_timeout_that_is_not_reached_changes_nothing(both) -> None:
    run = both([{**system("enable", "vm-web-01"), "timeout": 60}, system("next", "vm-web-02", state="absent")])
    assert run.result("enable")["changed"] is True
