# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A deployment of a template as the cloud keeps it."""

from __future__ import annotations

import dataclasses
from typing import Any

from ..base.budget import Budget
from ..base.plain_data import NOT_KEPT
from ..templates.plan import Planned
from ..templates.scope import Scope
from .model import Operation

__all__ = ["Deployment", "Step", "Work", "step_error"]


@dataclasses.dataclass(slots=True)
class Step:
    """What became of one resource: the status of its write (0: not written), an error, a running operation.

    `skipped`: it will not be written, as something that it depends on has failed.
    """

    target: dict[str, str]
    status: int = 0
    skipped: bool = False
    error: dict[str, Any] | None = None
    operation: Operation | None = None
    id: str = ""
    ended: float = 0.0

    def running(self) -> bool:
        """Whether it has an operation that has not ended."""
        return self.operation is not None and not self.operation.done


@dataclasses.dataclass(slots=True)
class Work:
    """What a deployment has yet to do: its resources in their order, its outputs; `caller` is the ID of whose it is.

    `budget` is that of the request that looks at it, which also finds resources by `names` (IDs too, in lower case).
    """

    resources: list[Planned]
    outputs: dict[str, Any]
    scope: Scope
    caller: str
    budget: Budget = dataclasses.field(default_factory=Budget, metadata=NOT_KEPT)
    names: dict[str, Planned] = dataclasses.field(default_factory=dict, metadata=NOT_KEPT)


@dataclasses.dataclass(slots=True)
class Deployment:
    """A deployment in a resource group. `shown` is what all its answers have, `outputs` comes when it succeeds.

    `steps` are in the order in which its resources can be written; `work` is gone when it has ended.
    """

    id: str
    name: str
    shown: dict[str, Any]
    steps: list[Step]
    started: float
    job: str
    tags: dict[str, Any] = dataclasses.field(default_factory=dict)
    outputs: dict[str, Any] = dataclasses.field(default_factory=dict)
    error: dict[str, Any] | None = None
    work: Work | None = None

    def state(self) -> str:
        """Return Running, Succeeded or Failed."""
        if self.work is not None:
            return "Running"
        return "Failed" if self.error is not None or any(step_error(step) for step in self.steps) else "Succeeded"


def step_error(step: Step) -> dict[str, Any] | None:
    """Return why a step has failed, or None."""
    if step.error is not None:
        return step.error
    operation = step.operation
    if operation is None or not operation.done or operation.outcome.status == "Succeeded":
        return None
    outcome = operation.outcome
    return {
        "code": outcome.code or "ResourceDeploymentFailure",
        "message": outcome.message
        or f"The resource write operation failed to complete successfully, because it reached terminal provisioning "
        f"state '{'Canceled' if outcome.status == 'OperationPreempted' else outcome.status}'.",
    }
