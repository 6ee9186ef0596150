# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. An error as a result, with what was done before it: nothing half done goes unsaid."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..core._errors import ManagedIdentityError

__all__ = ["failed", "failure"]


def failed(error: ManagedIdentityError) -> dict[str, Any]:
    """What a result says beside the rest where the task failed."""
    return {"failed": True, "msg": str(error), "error": error.to_result()}


def failure(error: ManagedIdentityError, done: Iterable[str] = (), **result: Any) -> dict[str, Any]:
    """The result of a task that failed.

    :param done: what was changed before, a sentence's part each: "created the identity id-a"
    :param result: what else is known, such as the state of things now
    """
    finished = list(done)
    said = f" Done before: {'; '.join(finished)}." if finished else ""
    return {**result, "changed": bool(finished), **failed(error), "msg": f"{error}{said}"}
