# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A deployment of a template as the cloud keeps it."""

from __future__ import annotations

import dataclasses
import typing as t

from .model import Operation

__all__ = ("Deployment", "Step")


@dataclasses.dataclass(slots=True)
class Step:
    """What became of one resource: the status of its write (0: never written), an error, a running operation."""

    target: dict[str, str]
    status: int = 0
    error: dict[str, t.Any] | None = None
    operation: Operation | None = None
    id: str = ""
    ended: float = 0.0


@dataclasses.dataclass(slots=True)
class Deployment:
    """A deployment in a resource group. `shown` is what all its answers have, `outputs` comes when it succeeds."""

    id: str
    name: str
    shown: dict[str, t.Any]
    steps: list[Step]
    started: float
    job: str
    tags: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    outputs: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    error: dict[str, t.Any] | None = None

    def state(self) -> str:
        """Return Running, Succeeded or Failed."""
        if any(step.operation is not None and not step.operation.done for step in self.steps):
            return "Running"
        return "Failed" if self.error is not None or any(step_error(step) for step in self.steps) else "Succeeded"


def step_error(step: Step) -> dict[str, t.Any] | None:
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
