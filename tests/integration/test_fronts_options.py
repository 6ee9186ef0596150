# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both fronts: an empty string unsets an option of authentication; -vvv names the source for every task."""

from __future__ import annotations

from tests.integration.estate import system


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


def test_vvv_names_the_source_for_every_task_of_a_loop(emulator, play) -> None:
    run = play([system("both", "{{ item }}", loop=["vm-web-02", "vm-app-01"])], arguments=("-vvv",))
    assert run.rc == 0, run.output
    assert run.output.count("client secret of application") == 2
