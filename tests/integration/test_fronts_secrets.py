# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets are shown nowhere, whatever happens; identifiers are. What the libraries log goes nowhere either."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.integration.estate import TENANT, info, system

pytestmark = pytest.mark.oldest

CLIENT_ID = "7d1f4a0e-9d5b-4c7e-a3c8-1b2e5f6a7c01"
RIGHT = "emulator-only-secret"
WRONG = "sesame-open-thyself"
# A line of Ansible's log: "date time p=PID u=USER n=LOGGER LEVEL| text".
_LOGGER = re.compile(r"^\S+ \S+ p=\d+ u=\S+ n=(\S+) ", re.MULTILINE)
NOISE = (
    "Unclosed",
    "Traceback",
    "never awaited",
    "was destroyed",
    "Event loop",
    "event loop",
    "selector",
    "ResourceWarning",
    "azure.identity",
    "azure.core",
)


def signed_in(secret: str, **more: Any) -> dict[str, Any]:
    return {"client_id": CLIENT_ID, "tenant": TENANT, "secret": secret, **more}


def tasks() -> list[dict[str, Any]]:
    """Everything that makes a task say something: success, change, refusals early and late, notes, warnings."""
    refused = {"ignore_errors": True}
    return [
        info("look", resource_group="rg-web", name="vm-web-01", **signed_in(RIGHT)),
        system("enable", "vm-web-01", diff=True, **signed_in(RIGHT)),
        system("check", "vm-web-02", state="absent", check_mode=True, diff=True, **signed_in(RIGHT)),
        {**system("wrong secret", "vm-web-01", **signed_in(WRONG)), **refused},
        {**system("wrong option", "vm-web-01", nme="x", **signed_in(RIGHT)), **refused},
        {**system("wrong choice", "vm-web-01", state="gone", **signed_in(RIGHT)), **refused},
        {**system("named like the secret", RIGHT, **signed_in(RIGHT)), **refused},
        {**system("in the address", f"vm-{RIGHT}-01", **signed_in(RIGHT)), **refused},
        {**system("no effect", "vm-web-01", password=WRONG, tenant=TENANT), **refused},
    ]


def test_secrets_are_shown_nowhere_and_identifiers_are(play, tmp_path: Path) -> None:
    log = tmp_path / "ansible.log"
    run = play(
        tasks(),
        arguments=("-vvvv", "--diff"),
        env={"ANSIBLE_LOG_PATH": str(log), "ANSIBLE_INJECT_INVOCATION": "True"},
    )
    assert run.rc == 0, run.output
    said = run.output + log.read_text(encoding="utf-8") + repr(run.results)
    # The playbook's own text is quoted where a task failed: that is what its author wrote there, not what we say.
    assert RIGHT not in _without_quotes(said)
    assert WRONG not in _without_quotes(said)
    arguments = run.result("enable")["invocation"]["module_args"]
    assert arguments["secret"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
    assert (arguments["client_id"], arguments["tenant"]) == (CLIENT_ID, TENANT)
    assert run.result("enable")["identity"]["tenant_id"] == TENANT
    assert "********" in run.result("in the address")["msg"]
    assert CLIENT_ID in run.result("wrong secret")["msg"]


def _without_quotes(said: str) -> str:
    """Without the lines of the playbook that ansible-core 2.19 and newer show with an error: "12     name: ..."."""
    return re.sub(r"(?m)^(?:\S+ \S+ p=\d+ .*\| )?\d+ {2,}.*$", "", said)


@pytest.mark.parametrize("debug", ["False", "True"])
def test_libraries_log_nothing_and_leave_no_noise(play, tmp_path: Path, debug: str) -> None:
    log = tmp_path / "ansible.log"
    run = play(
        [
            {**info("look", resource_group="rg-web", name="{{ item }}"), "loop": ["vm-web-01", "vm-web-02"]},
            system("enable", "vm-web-01"),
            system("wrong secret", "vm-web-01", ignore_errors=True, **signed_in(WRONG)),
        ],
        arguments=("-vvvv",),
        env={"ANSIBLE_LOG_PATH": str(log), "ANSIBLE_DEBUG": debug, "PYTHONASYNCIODEBUG": "1"},
    )
    assert run.rc == 0, run.output
    loggers = set(_LOGGER.findall(log.read_text(encoding="utf-8")))
    assert loggers == {"ansible"}
    assert [noise for noise in NOISE if noise in run.output] == []
