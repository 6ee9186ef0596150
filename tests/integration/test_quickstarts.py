# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page for people who come from the quickstarts: every operation in every way, and its tasks run in order."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "quickstarts.md").read_text(encoding="utf-8")
WAYS = ["portal", "CLI", "PowerShell", "ARM template", "REST", "SDK"]
BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECTION = re.compile(r"^## (.+?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
# The operations of the quickstart, and the identity of the VM or scale set after it: type and user-assigned identities.
OPERATIONS: dict[str, tuple[str, list[str]] | None] = {
    "Create a user-assigned identity": None,
    "Create a VM with a system-assigned identity": ("SystemAssigned", []),
    "Create a VM with a user-assigned identity": ("UserAssigned", ["app"]),
    "Enable the system-assigned identity of an existing VM": ("SystemAssigned, UserAssigned", ["app"]),
    "Give the system-assigned identity a role": None,
    "Add the identity's service principal to an Entra group": None,
    "Assign user-assigned identities to an existing VM, and keep the others": (
        "SystemAssigned, UserAssigned",
        ["app", "logs"],
    ),
    "Disable the system-assigned identity, and keep the user-assigned ones": ("UserAssigned", ["app", "logs"]),
    "Remove one user-assigned identity": ("UserAssigned", ["app"]),
    "Remove all user-assigned identities, and keep the system-assigned one": ("SystemAssigned", []),
    "Disable the system-assigned identity, none is left": ("None", []),
    "Remove all user-assigned identities, none is left": ("None", []),
    "Enable the system-assigned identity of a scale set": ("SystemAssigned", []),
    "Assign user-assigned identities to a scale set, and keep the others": (
        "SystemAssigned, UserAssigned",
        ["app", "logs"],
    ),
    "Bring the instances of a scale set up to date": ("SystemAssigned, UserAssigned", ["app", "logs"]),
    "Disable the system-assigned identity of a scale set, and keep the user-assigned ones": (
        "UserAssigned",
        ["app", "logs"],
    ),
    "Remove one user-assigned identity from a scale set": ("UserAssigned", ["app"]),
    "Remove all user-assigned identities from a scale set": ("None", []),
}
SUBSCRIPTION = "5f0c1c1e-55a0-4a5e-9f5f-2f6e6d2c0001"
SEED = {
    "tenants": [{"id": "5a1d6c3e-0b7f-4f3c-9c53-0f4e1d2b8a10"}],
    "subscriptions": [{"id": SUBSCRIPTION}],
    "groups": [{"name": "shop"}],
    # A seeded VM brings the network that the page's VMs are made in.
    "vms": [{"name": "other", "group": "shop"}],
    # No module makes scale sets.
    "scale_sets": [{"name": "workers", "group": "shop", "capacity": 3}],
    "callers": [{"name": "ada", "client_id": "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c01", "secret": "emulator-only-secret"}],
}


def sections() -> dict[str, str]:
    return dict(SECTION.findall(PAGE))


def test_every_operation_is_there_in_every_way() -> None:
    found = sections()
    assert list(OPERATIONS) == [title for title in found if title in OPERATIONS]
    for title in OPERATIONS:
        rows = re.findall(r"^\| ([^|]+) \| (.+) \|$", found[title], re.MULTILINE)
        assert [way for way, _said in rows] == ["way", "---", *WAYS], title
        assert all(said.strip() for _way, said in rows), title
        assert ("Better here:" in found[title]) != ("Not offered." in found[title]), title
        assert bool(BLOCK.search(found[title])) == ("Better here:" in found[title]), title


def tasks_of(section: str) -> list[dict[str, Any]]:
    return [task for block in BLOCK.findall(section) for task in yaml.safe_load(block)]


def test_the_tasks_of_the_page_run_in_order_and_again(one) -> None:
    one.seed(SEED)
    [play] = yaml.safe_load(BLOCK.findall(PAGE)[0])
    tasks = {title: tasks_of(section) for title, section in sections().items()}
    ordered = [task for found in tasks.values() for task in found]
    assert len(ordered) == 19
    play["tasks"] = [
        one
        for task in ordered
        for one in ({**task, "check_mode": True, "name": f"check: {task['name']}"}, task, again(task))
    ]
    run = one([play], env={"AZURE_SUBSCRIPTION_ID": SUBSCRIPTION})
    for title, found in tasks.items():
        for task in found:
            results = (run.items if "loop" in task else run.all_of)(task["name"])
            assert results, task["name"]
            assert all(result["changed"] for result in results), task["name"]
            assert not any(
                result["changed"] for result in (run.items if "loop" in task else run.all_of)(again(task)["name"])
            )
            expected = OPERATIONS.get(title)
            if expected:
                identity = results[0]["identity"]
                assert (identity["type"], [item["name"] for item in identity["user_assigned"]]) == expected, title
    state = one.emulator.state()
    assert [vm["name"] for vm in state["vms"]] == ["other"]
    assert state["identities"] == []
    [workers] = state["scale_sets"]
    assert [instance["identity"] for instance in workers["instances"]] == [None] * 3


def again(task: dict[str, Any]) -> dict[str, Any]:
    return {**task, "name": f"again: {task['name']}"}
