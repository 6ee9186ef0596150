# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both fronts: an empty string unsets an option of authentication; -vvv names the source for every task."""

from __future__ import annotations

import pytest

from tests.integration.estate import system, user

pytestmark = pytest.mark.oldest


def test_an_empty_option_of_authentication_is_unset(emulator, play) -> None:
    empty = {
        "auth_source": "",
        "cert_validation_mode": "",
        "disable_instance_discovery": "",
        "secret": "",
        "profile": "",
    }
    run = play(
        [system("empty", "vm-web-02", **empty), system("no VM", name="", resource_group="rg-web", ignore_errors=True)]
    )
    assert run.result("empty")["changed"] is False
    assert "'' is not the name of a virtual machine" in run.result("no VM")["msg"]


def test_null_is_no_value_and_no_traceback(emulator, play) -> None:
    run = play(
        [
            system("as if not given", "vm-web-02", secret=None, tenant=None),
            system("no group", name="vm-web-01", resource_group=None, ignore_errors=True),
            system("no name", name=None, resource_group="rg-web", ignore_errors=True),
            user("keep", "vm-web-03", "id-web", purge=True, identity_resource_group=None),
            system("no time", "vm-web-02", wait_timeout=None, ignore_errors=True),
        ]
    )
    assert run.rc == 0, run.output
    assert run.result("as if not given")["changed"] is False
    assert run.result("keep")["changed"] is False
    for name in ("no group", "no name"):
        assert run.result(name)["msg"] == "A virtual machine is named by resource_group and name, or by vm_id."
    assert "'wait_timeout' is of type" in run.result("no time")["msg"]
    assert "Traceback" not in run.output


def test_vvv_names_the_source_for_every_task_of_a_loop(emulator, play) -> None:
    run = play([system("both", "{{ item }}", loop=["vm-web-02", "vm-app-01"])], arguments=("-vvv",))
    assert run.rc == 0, run.output
    assert run.output.count("client secret of application") == 2
