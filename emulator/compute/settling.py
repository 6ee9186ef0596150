# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The end of operations: what they change, and when. The clock ends nothing by itself, each request what is due."""

from __future__ import annotations

from ..cloud.identity_rules import fill
from ..cloud.model import Holder, Operation, Outcome
from ..cloud.store import Store
from .effects import take_effect

__all__ = ["end_due", "preempt", "settle"]

_PREEMPTED = Outcome(status="OperationPreempted", applied=True)


def settle(store: Store, now: float) -> None:
    """End all operations that are due, in the order in which they are. Each request does so once, before all else."""
    while (operation := store.due.pop(now)) is not None:
        end_due(store, operation.target, operation.due)


def end_due(store: Store, holder: Holder, now: float) -> None:
    """End the operations of one VM or scale set that are due: in a state of the past, or between two requests."""
    while holder.pending and holder.pending[0].due <= now:
        _end(store, holder.pending.pop(0))


def preempt(store: Store, holder: Holder, now: float) -> None:
    """End the running operations of a VM or scale set as preempted; their changes of the model stay."""
    for operation in holder.pending:
        operation.outcome = _PREEMPTED
        operation.due = now
    end_due(store, holder, now)


def _end(store: Store, operation: Operation) -> None:
    holder, outcome = operation.target, operation.outcome
    operation.done = True
    # It went with its resource group, and its name may be another one's by now.
    if store.holder(holder.id) is not holder:
        return
    succeeded = outcome.status == "Succeeded"
    undone = not succeeded and not outcome.applied and not holder.pending
    if undone and holder.identity != operation.before:
        holder.identity = operation.before
        holder.etag += 1
    holder.identity = fill(holder.identity, store.identity_ids)
    if not holder.pending:
        holder.state = "Succeeded" if succeeded else "Failed"
    if succeeded:
        take_effect(store, operation)
