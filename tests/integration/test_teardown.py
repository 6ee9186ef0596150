# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A teardown runs twice: to take identities away from a machine that is gone is no failure, but a warning."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.estate import scale_set, system, user, vm_id, vmss_id
from tests.integration.role_plays import changes, facts, play_of

NOWHERE = vm_id("vm-none", "rg-none")
GONE = {
    "system": system("system", "vm-none", state="absent", diff=True),
    "user": user("user", "vm-none", "id-web", state="absent", diff=True),
    "no group": system("no group", vm_id=NOWHERE, state="absent", diff=True),
    "set": scale_set("system_identity", "set", "vmss-none", state="absent", roll_out="all", diff=True),
    "set user": scale_set("user_identity", "set user", "vmss-none", identities=["id-web"], state="absent", diff=True),
}
IDS = {
    "system": vm_id("vm-none"),
    "user": vm_id("vm-none"),
    "no group": NOWHERE,
    "set": vmss_id("vmss-none"),
    "set user": vmss_id("vmss-none"),
}


@pytest.mark.parametrize("check", [False, True])
def test_what_is_gone_has_no_identities(one, check: bool) -> None:
    run = one([{**task, "check_mode": check} for task in GONE.values()])
    for title, target in IDS.items():
        result = run.result(title)
        kind = "vmss" if "set" in title else "vm"
        assert not result["changed"]
        assert (result[kind], result["identity"]) == (None, None)
        assert result["diff"] == {"before": None, "after": None}
        assert [text.partition(": ")[0] for text in result["warnings"]] == [f"{target} does not exist"]
        assert "instances" not in result
    assert one.emulator.writes() == []


def test_what_shall_be_there_must_exist(one) -> None:
    run = one(
        [
            system("on", "vm-none", ignore_errors=True),
            user("exact", "vm-none", purge=True, ignore_errors=True),
            scale_set("system_identity", "set", "vmss-none", ignore_errors=True),
        ]
    )
    for line in run.results:
        assert line["result"]["error"]["code"] == "ResourceNotFound"
        assert "identity" not in line["result"]


def reporting(role: str, **variables: Any) -> list[dict[str, Any]]:
    """The role's play, which shows its report too."""
    [play] = play_of(role, **variables)
    name = f"{role}_report"
    return [{**play, "tasks": [*play["tasks"], {"name": name, "ansible.builtin.debug": {"var": name}}]}]


@pytest.mark.parametrize("role", ["system_identity", "user_identity"])
def test_a_role_takes_away_what_is_left(one, role: str) -> None:
    named = {"name": "id-web", "resource_group": "rg-web"} if role == "user_identity" else {}
    playbook = reporting(role, vms=["rg-web/vm-web-01", "rg-web/vm-none", NOWHERE], state="absent", **named)
    for arguments in (("--check",), (), ()):
        run = one(playbook, arguments=arguments)
        assert facts(run, f"{role}_report")["failed"] == []
        assert {"rg-web/vm-none", "rg-none/vm-none"} <= set(facts(run, f"{role}_report")["unchanged"])
        for gone in (vm_id("vm-none"), NOWHERE):
            assert f"{gone} does not exist: no identity was removed from it." in " ".join(run.output.split())
    assert changes(run) == []


def test_an_identity_is_retired_though_a_vm_is_gone(one) -> None:
    playbook = reporting(
        "user_identity", name="id-web", resource_group="rg-web", vms=["rg-web/vm-none", NOWHERE], state="retired"
    )
    for arguments in (("--check",), (), ()):
        run = one(playbook, arguments=arguments)
        assert facts(run, "user_identity_report")["failed"] == []
    assert changes(run) == []
