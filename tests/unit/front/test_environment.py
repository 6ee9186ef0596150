# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task's environment is there while it runs, and gone afterwards."""

from __future__ import annotations

import os

import pytest

from ansible_collections.managed_identity.azure.plugins.plugin_utils._environment import applied


def test_applied_and_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setenv("AZURE_PROFILE", "mine")
    monkeypatch.delenv("AZURE_TENANT", raising=False)
    before = dict(os.environ)
    with applied({"HOME": "/home/grace", "AZURE_TENANT": "t", "TEST_A_NUMBER": 1, "TEST_A_FLAG": True}):
        assert dict(os.environ) == {
            **before,
            "HOME": "/home/grace",
            "AZURE_TENANT": "t",
            "TEST_A_NUMBER": "1",
            "TEST_A_FLAG": "True",
        }
        del os.environ["AZURE_PROFILE"]
        os.environ["TEST_LEFT_BEHIND"] = "x"
    assert dict(os.environ) == before


def test_put_back_after_an_exception_of_any_kind() -> None:
    before = dict(os.environ)
    with pytest.raises(KeyboardInterrupt), applied({"PATH": "/nowhere"}):
        raise KeyboardInterrupt
    assert dict(os.environ) == before
