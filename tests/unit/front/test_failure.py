# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failures say what was done before them."""

from __future__ import annotations

import pytest

from ansible_collections.managed_identity.azure.plugins.module_utils.core._errors import InvalidInput
from ansible_collections.managed_identity.azure.plugins.module_utils.front._failure import failure


@pytest.mark.parametrize(
    ("done", "message", "changed"),
    [
        ((), "No. Do this.", False),
        (("created a", "removed b"), "No. Do this. Done before: created a; removed b.", True),
    ],
)
def test_failure(done: tuple[str, ...], message: str, changed: bool) -> None:
    result = failure(InvalidInput("No.", remedy="Do this."), done, known=1)
    assert (result["msg"], result["changed"], result["failed"], result["known"]) == (message, changed, True, 1)
    assert result["error"]["remedy"] == "Do this."
