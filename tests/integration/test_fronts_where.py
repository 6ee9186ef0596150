# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a task runs: as the connection, become, async, the interpreter, the SDK and the user's wish say."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.integration.estate import info, system
from tests.integration.fronts_shown import IN_PROCESS, PLUGINS, fronts, other_python, source_notes

pytestmark = pytest.mark.oldest

VERBOSE = {
    "arguments": ("-vvv",),
    "env": {
        "ANSIBLE_CONNECTION_PLUGINS": str(PLUGINS / "connection"),
        "ANSIBLE_BECOME_PLUGINS": str(PLUGINS / "become"),
    },
}
ELSEWHERE = {"ansible_connection": "elsewhere"}


def look(name: str, **keywords: Any) -> dict[str, Any]:
    """A task that changes nothing."""
    return {**info(name, resource_group="rg-web", name="vm-web-01"), **keywords}


def test_connection_decides_and_no_name_does(emulator, play_freely) -> None:
    run = play_freely(
        [look("look")], hosts={"localhost": ELSEWHERE, "127.0.0.1": ELSEWHERE, "web-01": {}, "web-02": {}}, **VERBOSE
    )
    assert run.rc == 0, run.output
    assert fronts(run.output) == {
        ("look", "localhost"): ["the connection is elsewhere"],
        ("look", "127.0.0.1"): ["the connection is elsewhere"],
        ("look", "web-01"): [IN_PROCESS],
        ("look", "web-02"): [IN_PROCESS],
    }
    # All the same through both fronts, and nothing of how the front was told in the result.
    results = list(run.by_host("look").values())
    assert len(results) == 4
    assert results == [results[0]] * 4
    source = f"client secret of application {emulator.env['AZURE_CLIENT_ID']}, from environment variables"
    assert source_notes(run.output) == [source] * 4


def test_become_hands_over_wherever_it_is_said(play_freely) -> None:
    method = {"ansible_become_method": "nobody_else"}
    run = play_freely(
        [
            {
                "hosts": "all",
                "gather_facts": False,
                "tasks": [
                    look("plain"),
                    look("task", become=True),
                    {"become": True, "block": [look("block"), look("not this one", become=False)]},
                    look("variable", vars={"ansible_become": True}),
                ],
            },
            {"hosts": "all", "gather_facts": False, "become": True, "tasks": [look("play")]},
        ],
        hosts={"web-01": method},
        **VERBOSE,
    )
    assert run.rc == 0, run.output
    became = ["it becomes another user"]
    assert fronts(run.output) == {
        ("plain", "web-01"): [IN_PROCESS],
        ("task", "web-01"): became,
        ("block", "web-01"): became,
        ("not this one", "web-01"): [IN_PROCESS],
        ("variable", "web-01"): became,
        ("play", "web-01"): became,
    }


def test_interpreter_of_the_host_decides(play_freely, tmp_path: Path) -> None:
    other = other_python(tmp_path)
    unset = {"ansible_python_interpreter": None}
    run = play_freely(
        [look("look"), look("task", vars={"ansible_python_interpreter": other})],
        hosts={
            "own": {},
            "own-by-path": {"ansible_python_interpreter": sys.executable},
            "other": {"ansible_python_interpreter": other},
            "other-by-template": {"ansible_python_interpreter": "{{ chosen }}", "chosen": other},
            "unset": unset,
            "auto": {"ansible_python_interpreter": "auto_silent"},
        },
        **VERBOSE,
    )
    assert run.rc == 0, run.output
    handed_over = [f"the host's interpreter is {other}"]
    assert {host: said for (task, host), said in fronts(run.output).items() if task == "look"} == {
        "own": [IN_PROCESS],
        "own-by-path": [IN_PROCESS],
        "other": handed_over,
        "other-by-template": handed_over,
        "unset": [IN_PROCESS],
        "auto": [IN_PROCESS],
    }
    assert [said for (task, _host), said in fronts(run.output).items() if task == "task"] == [handed_over] * 6


@pytest.mark.parametrize("where", ["ansible.cfg", "environment"])
def test_configured_interpreter_decides_where_the_host_has_none(play_freely, tmp_path: Path, where: str) -> None:
    other = other_python(tmp_path)
    inventory = tmp_path / "hosts"
    inventory.write_text("web-01 ansible_connection=local\n", encoding="utf-8")
    settings = tmp_path / "ansible.cfg"
    settings.write_text(f"[defaults]\ninterpreter_python = {other}\n", encoding="utf-8")
    chosen = {"ANSIBLE_CONFIG": str(settings)} if where == "ansible.cfg" else {"ANSIBLE_PYTHON_INTERPRETER": other}
    run = play_freely(
        [
            {
                "hosts": "all",
                "gather_facts": False,
                "tasks": [
                    look("look"),
                    look("host wins", vars={"ansible_python_interpreter": "{{ ansible_playbook_python }}"}),
                ],
            }
        ],
        arguments=("-vvv", "-i", str(inventory)),
        env=chosen,
    )
    assert run.rc == 0, run.output
    assert fronts(run.output) == {
        ("look", "web-01"): [f"the host's interpreter is {other}"],
        ("host wins", "web-01"): [IN_PROCESS],
    }


def test_delegation_goes_by_the_other_host(play_freely, tmp_path: Path) -> None:
    other = other_python(tmp_path)
    run = play_freely(
        [
            look("to localhost", delegate_to="localhost"),
            look("to another interpreter", delegate_to="special"),
            look("to each", delegate_to="{{ item }}", loop=["localhost", "special"]),
            look("to one elsewhere", delegate_to="web-02"),
            look("once", delegate_to="localhost", run_once=True),
        ],
        hosts={
            "web-01": {**ELSEWHERE, "ansible_python_interpreter": "/no/such/python"},
            "web-02": ELSEWHERE,
            "special": {"ansible_python_interpreter": other},
        },
        arguments=("-vvv", "--limit", "web-01"),
        env=VERBOSE["env"],
    )
    assert run.rc == 0, run.output
    handed_over = f"the host's interpreter is {other}"
    assert fronts(run.output) == {
        ("to localhost", "web-01"): [IN_PROCESS],
        ("to another interpreter", "web-01"): [handed_over],
        ("to each", "web-01"): [IN_PROCESS, handed_over],
        ("to one elsewhere", "web-01"): ["the connection is elsewhere"],
        ("once", "web-01"): [IN_PROCESS],
    }


def test_switched_off_by_the_variable(play_freely) -> None:
    variable = "managed_identity_azure_in_process"
    run = play_freely(
        [
            look("play"),
            look("task", vars={variable: False}),
            look("template", vars={variable: "{{ not chosen }}", "chosen": True}),
            look("on again", vars={variable: True}),
        ],
        hosts={"on": {}, "off": {variable: "no"}},
        **VERBOSE,
    )
    assert run.rc == 0, run.output
    assert fronts(run.output) == {
        ("play", "on"): [IN_PROCESS],
        ("play", "off"): [f"{variable} is no"],
        ("task", "on"): [f"{variable} is False"],
        ("task", "off"): [f"{variable} is False"],
        ("template", "on"): [f"{variable} is False"],
        ("template", "off"): [f"{variable} is False"],
        ("on again", "on"): [IN_PROCESS],
        ("on again", "off"): [IN_PROCESS],
    }


def test_module_runs_by_the_controllers_python_where_none_is_named(play_freely, tmp_path: Path) -> None:
    """Ansible would look for one on the machine, which need not have the Azure packages: all hosts would fail."""
    inventory = tmp_path / "hosts"
    inventory.write_text(
        "[all]\nunset\nauto ansible_python_interpreter=auto_silent\n[all:vars]\nansible_connection=local\n",
        encoding="utf-8",
    )
    tasks = [look("look"), look("delegated", delegate_to="unset")]
    off = {"managed_identity_azure_in_process": False}
    run = play_freely(
        [{"hosts": "all", "gather_facts": False, "vars": off, "tasks": tasks}], arguments=("-i", str(inventory))
    )
    assert run.rc == 0, run.output
    for task in ("look", "delegated"):
        assert [bool(result["vms"]) for result in run.all_of(task)] == [True, True]
    # What it found would be in the results, and a warning.
    assert "discovered" not in run.output + str(run.results)


def test_without_the_sdk_the_module_runs(play_freely, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    (hidden / "aiohttp").mkdir(parents=True)
    (hidden / "aiohttp" / "__init__.py").write_text("raise ImportError('hidden', name='aiohttp')\n", encoding="utf-8")
    run = play_freely(
        [
            look("interpreter without it", ignore_errors=True),
            look("interpreter with it", environment={"PYTHONPATH": ""}),
        ],
        arguments=("-vvv",),
        env={"PYTHONPATH": str(hidden)},
    )
    assert run.rc == 0, run.output
    lacks = ["the controller's Python lacks the Azure packages"]
    assert set(map(tuple, fronts(run.output).values())) == {tuple(lacks)}
    failed = run.result("interpreter without it")
    assert f"The Python package aiohttp is missing for {sys.executable}." in failed["msg"]
    assert f"{sys.executable} -m pip install" in failed["msg"]
    assert "Traceback" not in run.output
    assert run.result("interpreter with it")["vms"]


def test_free_strategy_and_forks(emulator, play_freely) -> None:
    hosts = {f"web-0{number}": {} for number in range(1, 5)}
    run = play_freely(
        [
            {
                "hosts": "all",
                "gather_facts": False,
                "strategy": "free",
                "tasks": [system("enable", "{{ inventory_hostname_short }}")],
            }
        ],
        hosts={f"vm-{host}": values for host, values in hosts.items()},
        arguments=("-vvv", "--forks", "4"),
    )
    assert run.rc == 0, run.output
    # Under this strategy a result may come before the banner of its task, or after it.
    found = {host: where for (_task, host), where in fronts(run.output).items()}
    assert found == {f"vm-{host}": [IN_PROCESS] for host in hosts}
    assert [emulator.vm(f"vm-{host}")["identity"]["type"].split(", ")[0] for host in hosts] == ["SystemAssigned"] * 4


def test_no_log_tells_no_source(play_freely) -> None:
    run = play_freely([look("look", no_log=True)], arguments=("-vvv",))
    assert fronts(run.output) == {("look", "localhost"): [IN_PROCESS]}
    assert source_notes(run.output) == []
