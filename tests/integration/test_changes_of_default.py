# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The warning that a VM's default identity changes, against what IMDS gives before and after."""

from __future__ import annotations

import json
import re
import ssl
import urllib.error
import urllib.request

import pytest

from tests.integration.estate import SUBSCRIPTION, identity_id, system, user

LOGS = identity_id("id-logs", "rg-identities")
NONE_NAMED = "Programs on the machine that ask for a token without naming an identity got "
ERROR = "they get an error, since several"

# VM, task, and how the warning goes on; None if there must be none.
CASES = {
    "first": ("vm-web-01", user("first", "vm-web-01", "id-web"), None),
    "beside the system identity": ("vm-web-02", user("beside the system identity", "vm-web-02", "id-web"), None),
    "second": ("vm-web-03", user("second", "vm-web-03", "id-cache"), f"the user-assigned identity id-web .* {ERROR}"),
    "system over several": ("vm-web-04", system("system over several", "vm-web-04"), None),
    "system goes, one stays": (
        "vm-app-01",
        system("system goes, one stays", "vm-app-01", state="absent"),
        "the system-assigned identity .* they get the user-assigned identity id-app",
    ),
    "system goes, two stay": (
        "vm-app-02",
        system("system goes, two stay", "vm-app-02", state="absent"),
        f"the system-assigned identity .* {ERROR}",
    ),
    "system over one": (
        "vm-db-01",
        system("system over one", "vm-db-01", resource_group="rg-data"),
        "the user-assigned identity id-data .* they get the system-assigned identity",
    ),
    "another one": (
        "vm-db-02",
        user("another one", "vm-db-02", LOGS, resource_group="rg-data", purge=True),
        None,
    ),
}


def default_identity(emulator, vm: str) -> str:
    """The principal that a program on the VM gets if it names none, or what IMDS says instead."""
    group = "rg-data" if vm.startswith("vm-db") else "rg-web"
    url = f"{emulator.url}/imds/{SUBSCRIPTION}/{group}/{vm}/metadata/identity/oauth2/token"
    query = "api-version=2018-02-01&resource=https://management.azure.com/"
    request = urllib.request.Request(f"{url}?{query}", headers={"Metadata": "true"})
    trust = ssl.create_default_context(cafile=str(emulator.directory / "ca.pem"))
    try:
        with urllib.request.urlopen(request, context=trust) as answer:
            return json.load(answer)["client_id"]
    except urllib.error.HTTPError as error:
        return json.load(error)["error_description"]


def test_warning_where_the_default_changes_and_nowhere_else(one) -> None:
    before = {vm: default_identity(one.emulator, vm) for vm, _task, _warning in CASES.values()}
    run = one([task for _vm, task, _warning in CASES.values()])
    for name, (vm, _task, expected) in CASES.items():
        after = default_identity(one.emulator, vm)
        had_one = not before[vm].startswith(("Identity not found", "Multiple"))
        assert bool(expected) == (had_one and after != before[vm]), name
        warnings = run.result(name).get("warnings", [])
        assert len(warnings) == bool(expected), name
        assert all(re.search(f"{vm}: {NONE_NAMED}{expected}", warning) for warning in warnings), name


@pytest.mark.oldest
def test_warning_in_check_mode_and_only_with_a_change(both) -> None:
    task, other = CASES["second"][1], system("other VM", "vm-db-01", resource_group="rg-data")
    run = both([{**task, "name": "check", "check_mode": True}, task, {**task, "name": "again"}, other])
    assert run.result("check")["warnings"] == run.result("second")["warnings"]
    assert "warnings" not in run.result("again")
    # Ansible shows equal warnings once: what is shown must say for which VM.
    shown = run.output.replace("\n", " ")
    assert shown.count(NONE_NAMED.rsplit(" ", 2)[0][:30]) == 2
