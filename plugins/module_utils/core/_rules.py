# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What each error of Azure means for us: from answer to verdict and remedy, by the table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from ._error_table import ROWS, Verdict
from ._errors import ArmError, ConnectionFailed, OperationFailed
from ._rights import lacks, locked

__all__ = ["Verdict", "arm_error", "is_throttled_or_passing", "operation_error", "verdict_of"]

_REMEDIES = {
    Verdict.RETRY: "Azure, or what stands before it, has trouble: run the task again in some minutes.",
    Verdict.REPLAN: "Something else changes it at the same time: run the task again, or raise wait_timeout.",
    Verdict.BENIGN: "Azure does not show yet what is there: run the task again in some minutes.",
    Verdict.FAIL: "Azure's message says why; by the request ID its support finds more.",
}


def _judge(status: int | None, code: str | None, message: str) -> tuple[Verdict, str]:
    """The verdict on an error answer, and the remedy: that of its kind, or else of the verdict."""
    for row in ROWS:
        found = re.search(row.pattern, message)
        if found and row.status in (None, status) and row.code in (None, code):
            said = found.groupdict()
            return row.verdict, row.remedy.format(**said, **_explained(said)) or _REMEDIES[row.verdict]
    verdict = Verdict.RETRY if status is not None and status >= 500 else Verdict.FAIL
    return verdict, _REMEDIES[verdict]


def _explained(said: Mapping[str, str]) -> dict[str, str]:
    """What a message says of rights and locks, in our words: a sentence for each scope that it lists."""
    if "action" in said:
        return {"lacks": " ".join(lacks(said["action"], scope) for scope in said["scope"].split(","))}
    if "locked" in said:
        return {"locks": " ".join(map(locked, said["locked"].split("','")))}
    return {}


_Error = TypeVar("_Error", bound=ArmError)


def _explained_error(error: _Error, status: int | None) -> _Error:
    """With the remedy that fits what it says: as it can be shown, so that nothing raw gets into the remedy."""
    error.remedy = _judge(status, error.code, error.said)[1]
    return error


def arm_error(message: str, *, status: int, code: str | None, **details: Any) -> ArmError:
    """The error of an answer with an error status, with the remedy from the table."""
    return _explained_error(ArmError(message, status=status, code=code, **details), status)


def operation_error(message: str, *, code: str | None, **details: Any) -> OperationFailed:
    """The error of a long-running operation that ended badly: Azure reports it in an answer of status 200."""
    return _explained_error(OperationFailed(message, status=200, code=code, **details), None)


def verdict_of(error: ArmError | ConnectionFailed) -> Verdict:
    """What to do about an error of Azure, or about none having answered."""
    if isinstance(error, ConnectionFailed):
        return Verdict.RETRY if error.sent else Verdict.FAIL
    status = None if isinstance(error, OperationFailed) else error.status
    return _judge(status, error.code, error.said)[0]


def is_throttled_or_passing(status: int) -> bool:
    """Whether an answer of this status asks for the same request again, whatever its body says."""
    return status >= 400 and _judge(status, None, "")[0] is Verdict.RETRY
