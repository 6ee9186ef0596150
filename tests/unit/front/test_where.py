# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which front runs a task, from what is known of it."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.managed_identity.azure.plugins.plugin_utils._where import (
    Task,
    reason_to_hand_over,
    takes_own_python,
)

OWN = "/opt/venv/bin/python"
HERE = Task(transport="local", become=False, is_async=False, interpreter=None, in_process=None, sdk=True)


def reason(platform: str = "linux", **differs: Any) -> str | None:
    return reason_to_hand_over(replace(HERE, **differs), platform, OWN)


@pytest.mark.parametrize(
    "differs",
    [
        {},
        {"interpreter": ""},
        {"interpreter": "auto"},
        {"interpreter": "auto_silent"},
        {"interpreter": "auto_legacy_silent"},
        {"interpreter": OWN},
        {"interpreter": "/opt/venv/lib/../bin/python"},
        {"in_process": True},
        {"in_process": "yes"},
        {"in_process": ""},
        {"in_process": "true", "platform": "darwin"},
        {"in_process": True, "platform": "darwin"},
    ],
)
def test_in_process(differs: dict[str, Any]) -> None:
    assert reason(**differs) is None


@pytest.mark.parametrize(
    ("differs", "because"),
    [
        ({"transport": "ssh"}, "the connection is ssh"),
        ({"transport": "ansible.netcommon.network_cli"}, "the connection is ansible.netcommon.network_cli"),
        ({"become": True}, "it becomes another user"),
        ({"is_async": True}, "it is asynchronous"),
        ({"interpreter": "/usr/bin/python3"}, "the host's interpreter is /usr/bin/python3"),
        ({"interpreter": "python3"}, "the host's interpreter is python3"),
        ({"interpreter": "/opt/venv/bin/python -I"}, "the host's interpreter is /opt/venv/bin/python -I"),
        ({"sdk": False}, "the controller's Python lacks the Azure packages"),
        ({"in_process": False}, "managed_identity_azure_in_process is False"),
        ({"in_process": "no"}, "managed_identity_azure_in_process is no"),
        ({"in_process": 0}, "managed_identity_azure_in_process is 0"),
        (
            {"platform": "darwin"},
            "forking is not safe on macOS; managed_identity_azure_in_process: true forces it",
        ),
        # Forcing forces macOS alone.
        ({"in_process": True, "transport": "ssh"}, "the connection is ssh"),
        ({"in_process": True, "platform": "darwin", "become": True}, "it becomes another user"),
    ],
)
def test_handed_over(differs: dict[str, Any], because: str) -> None:
    assert reason(**differs) == because


def test_the_user_is_told_of_his_own_wish_first() -> None:
    assert "is false" in str(reason(in_process="false", transport="ssh", become=True, sdk=False))


def test_names_of_one_python(tmp_path: Path) -> None:
    """A virtual environment's python and python3 are one; that of another environment is another one."""
    for name in ("one", "other"):
        (tmp_path / name / "bin").mkdir(parents=True)
        (tmp_path / name / "bin" / "python").symlink_to(os.path.realpath(sys.executable))
        (tmp_path / name / "bin" / "python3").symlink_to("python")
    own = str(tmp_path / "one" / "bin" / "python")

    def hands_over(interpreter: Path) -> bool:
        return bool(reason_to_hand_over(replace(HERE, interpreter=str(interpreter)), "linux", own))

    assert not hands_over(tmp_path / "one" / "bin" / "python3")
    assert hands_over(tmp_path / "other" / "bin" / "python")
    assert hands_over(tmp_path / "other" / "bin" / "python3")


def test_interpreter_in_the_home_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/srv/ada")
    task = replace(HERE, interpreter="~/venv/bin/python")
    assert reason_to_hand_over(task, "linux", "/srv/ada/venv/bin/python") is None


@pytest.mark.parametrize(
    ("differs", "own"),
    [
        ({"in_process": False}, True),
        ({"interpreter": "auto_silent"}, True),
        ({"is_async": True}, True),
        ({"become": True}, True),
        ({"interpreter": "/usr/bin/python3"}, False),
        ({"transport": "ssh"}, False),
        ({"sdk": False}, False),
    ],
)
def test_the_modules_python(differs: dict[str, Any], own: bool) -> None:
    assert takes_own_python(replace(HERE, **differs)) is own
