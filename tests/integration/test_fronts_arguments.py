# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments of every kind that YAML and Ansible know, and what Azure says: data on both sides, never templates."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from tests.integration.estate import TENANT, info, system

pytestmark = pytest.mark.oldest

PASSWORD = "only for this test"
# What would be evaluated if anybody evaluated it.
TEMPLATE = "{{ 'eva' ~ 'luated' }}"


class Tagged(str):
    """A text that YAML shows with a tag before it."""

    tag = "!unsafe"


class Vaulted(Tagged):
    tag = "!vault"


class Tags(yaml.SafeDumper):
    pass


def _tagged(dumper: yaml.SafeDumper, text: Tagged) -> yaml.Node:
    return dumper.represent_scalar(text.tag, str(text), style="|" if "\n" in text else "'")


Tags.add_multi_representer(Tagged, _tagged)


def written(directory: Path, tasks: list) -> Path:
    """A playbook file, since a list could not hold tags."""
    path = directory / "tagged.yml"
    plays = [{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]
    path.write_text(yaml.dump(plays, Dumper=Tags, sort_keys=False), encoding="utf-8")
    return path


def test_inline_vault_value(emulator, play, tmp_path: Path) -> None:
    vault = VaultLib([("default", VaultSecret(PASSWORD.encode()))])
    encrypted = Vaulted(vault.encrypt("emulator-only-operator").decode())
    (tmp_path / "password").write_text(PASSWORD, encoding="utf-8")
    client_id = "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c31"
    task = info("look", resource_group="rg-web", name="vm-web-01", client_id=client_id, tenant=TENANT)
    (options,) = (value for key, value in task.items() if key != "name")
    tasks = [
        {**task, "managed_identity.azure.vm_identity_info": {**options, "secret": encrypted}},
        {
            **task,
            "name": "by variable",
            "managed_identity.azure.vm_identity_info": {**options, "secret": "{{ encrypted }}"},
            "vars": {"encrypted": encrypted},
        },
    ]
    run = play(
        written(tmp_path, tasks), arguments=("--vault-password-file", str(tmp_path / "password")), variables={"x": 1}
    )
    assert run.rc == 0, run.output
    assert {entry["caller"] for entry in emulator.log("/virtualMachines/")} == {"operator"}
    assert "emulator-only-operator" not in run.output


def test_values_of_other_types(both) -> None:
    run = both(
        [
            system("texts for others", "vm-web-01", wait="yes", wait_timeout="600"),
            system("number", 4711, ignore_errors=True),
            system("date", yaml.safe_load("2024-01-02"), ignore_errors=True),
            system("boolean", True, ignore_errors=True),
            system("list", ["vm-web-01"], ignore_errors=True),
            system("no number", "vm-web-01", wait_timeout="soon", ignore_errors=True),
            system("null", "vm-web-02", subscription_id=None),
        ]
    )
    assert run.result("texts for others")["changed"] is True
    assert "/virtualMachines/4711" in run.result("number")["msg"]
    assert "/virtualMachines/2024-01-02" in run.result("date")["msg"]


def test_unsafe_text_is_never_a_template(play, tmp_path: Path) -> None:
    unsafe = [
        system("unsafe", Tagged(f"vm-{TEMPLATE}"), ignore_errors=True) | {"register": "said"},
        system("unsafe but fine", Tagged("vm-web-01")),
        {"name": "show", "ansible.builtin.debug": {"msg": "{{ said.msg }}"}},
        {"name": "look", "ansible.builtin.debug": {"var": "said"}},
    ]
    run = play(written(tmp_path, unsafe))
    assert run.rc == 0, run.output
    assert TEMPLATE in run.result("unsafe")["msg"]
    assert TEMPLATE in run.result("show")["msg"]
    assert run.result("unsafe but fine")["vm"]["name"] == "vm-web-01"
    assert "evaluated" not in run.output


def test_what_azure_says_is_never_a_template(both) -> None:
    refused = {"status": 403, "code": "AuthorizationFailed", "message": f"No, {TEMPLATE}."}
    both.faults({"match": {"path": "/virtualMachines/vm-web-01"}, "action": refused})
    run = both(
        [
            {**system("refused", "vm-web-01", ignore_errors=True), "register": "said"},
            {"name": "show", "ansible.builtin.debug": {"msg": "{{ said.msg }} {{ said.error.message }}"}},
        ]
    )
    assert f"No, {TEMPLATE}." in run.result("refused")["error"]["message"]
    assert run.result("show")["msg"].count(TEMPLATE) == 2
    assert "evaluated" not in run.output


WRONG = {
    "unknown": {"nme": "vm-web-01", "name": "vm-web-01"},
    "unknown, two": {"nme": "vm-web-01", "name": "vm-web-01", "group": "x"},
    "of azure.azcollection": {"name": "vm-web-01", "api_profile": "latest", "log_path": "/tmp/x"},
    "choice": {"name": "vm-web-01", "state": "gone"},
    "type": {"name": "vm-web-01", "wait": "perhaps"},
    "exclusive": {"name": "vm-web-01", "vm_id": "/subscriptions/x"},
    "lacking": {},
    "wrong in two ways": {"name": "vm-web-01", "state": "gone", "wait_timeout": "soon", "nme": 1},
}


@pytest.fixture
def wrong_tasks() -> list[dict]:
    module = "managed_identity.azure.vm_system_identity"
    return [
        {"name": name, module: {"resource_group": "rg-web", **options}, "ignore_errors": True}
        for name, options in WRONG.items()
    ]


def test_wrong_arguments_are_refused_in_the_same_words(both, wrong_tasks) -> None:
    # Ansible lists the values that are boolean in an order that is another one in every process.
    run = both(wrong_tasks, env={"PYTHONHASHSEED": "0"})
    said = {name: run.result(name)["msg"] for name in WRONG}
    assert said["unknown"].startswith(
        "Unsupported parameters for (managed_identity.azure.vm_system_identity) module: nme. Supported parameters"
    )
    assert "Leave api_profile out" in said["of azure.azcollection"]
    assert "Leave log_path out" in said["of azure.azcollection"]
    assert said["choice"] == "value of state must be one of: present, absent, got: gone"
    for emulator in both.each():
        assert not emulator.log("")
