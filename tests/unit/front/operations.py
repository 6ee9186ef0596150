# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An operation that calls nothing, for tests of what is around operations."""

from __future__ import annotations

from typing import Any

from ansible_collections.managed_identity.azure.plugins.module_utils.front._operation import Call, Operation

__all__ = ["echo"]


async def _echo(call: Call) -> dict[str, Any]:
    return {"changed": False, "said": call.params["text"]}


echo = Operation(
    run=_echo,
    arguments={
        "text": {"type": "str", "required": True, "aliases": ["words", "old_words"]},
        "level": {"type": "int", "default": 1},
        "pin": {"type": "int", "no_log": True},
        "shade": {"type": "str", "choices": ["light", "dark"], "removed_in_version": "9.0.0"}
        | {"removed_from_collection": "managed_identity.azure"},
    },
    constraints={"required_if": [("shade", "dark", ["level"])]},
)
