# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""vm_system_identity through both fronts: absent, present, again, check, diff, absent, again."""

from __future__ import annotations

MODULE = "managed_identity.azure.vm_system_identity"


def task(name: str, **options):
    keywords = {key: options.pop(key) for key in ("check_mode", "diff") if key in options}
    return {"name": name, MODULE: {"resource_group": "rg-web", "name": "vm-web-01", **options}, **keywords}


def test_life_of_a_system_identity(emulator, play) -> None:
    run = play(
        [
            task("check", check_mode=True, diff=True),
            task("enable", diff=True),
            task("again", diff=True),
            task("disable", state="absent", diff=True),
            task("disabled again", state="absent"),
        ]
    )
    assert run.rc == 0, run.output
    assert [run.result(name)["changed"] for name in ("check", "enable", "again", "disable", "disabled again")] == [
        True,
        True,
        False,
        True,
        False,
    ]
    enabled = run.result("enable")
    assert enabled["identity"] == run.result("again")["identity"] == enabled["diff"]["after"]
    assert enabled["identity"]["principal_id"]
    assert run.result("check")["identity"] == {**enabled["identity"], "principal_id": None, "tenant_id": None}
    assert run.result("check")["diff"]["before"]["type"] == "None"
    assert run.result("disable")["identity"]["type"] == "None"
    assert [(line["method"], line["body"]) for line in emulator.log("virtualMachines/vm-web-01")] == [
        ("GET", None),
        ("GET", None),
        ("PATCH", {"identity": {"type": "SystemAssigned"}}),
        ("GET", None),
        ("GET", None),
        ("PATCH", {"identity": {"type": "None"}}),
        ("GET", None),
    ]
