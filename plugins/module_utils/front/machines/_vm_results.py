# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What became of a VM, as the result of a task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...arm.gateways._vms import Vm
from ...core._errors import ManagedIdentityError
from ...core._resource_id import ResourceId
from ...core.identities._identity import Identity
from ...core.identities._imds import default_change
from ...core.vm._differences import Difference, differences
from ...core.vm._new_vm import interfaces_of
from ...core.vm._parts import interface_ids, parts_of
from ...engine._subject import Progress
from ...engine.machines._birth import Birth
from .._failure import failed
from .._operation import Call

__all__ = ["birth_result", "removal_result"]


def birth_result(call: Call, vm: ResourceId, birth: Birth, after: Identity) -> dict[str, Any]:
    """The result of a task that wants a VM to be there.

    :param after: its identities, in check mode as they would be
    """
    outcome = birth.outcome
    others = differences(call.params, birth.before.body) if birth.before else []
    _warn(call, vm, birth, others, after)
    result: dict[str, Any] = {"changed": birth.changed, "created": birth.created}
    if outcome.last:
        result["vm"] = outcome.last.to_result()
        result["identity"] = after.to_result()
        result["network_interface_ids"] = _interfaces(call, vm, birth)
        result["differences"] = [one.to_result() for one in others]
    if birth.changed and not birth.created and not call.check_mode:
        result["lost_update_protection"] = outcome.protected and not birth.overwritten
    if outcome.running:
        result["operation"] = {"url": outcome.running, "status": "InProgress"}
    if outcome.error:
        result.update(_failure(birth, outcome.error))
    if call.diff_mode and "identity" in result:
        before = outcome.before.to_result() if birth.before else None
        result["diff"] = {"before": before, "after": result["identity"]}
    return result


def _interfaces(call: Call, vm: ResourceId, birth: Birth) -> list[str] | None:
    """The IDs of the network interfaces; None as long as Azure has not told those that it makes."""
    if birth.now:
        return interface_ids(birth.now.body) or None
    return [str(one) for one in interfaces_of(call.params, vm)] or None


def _warn(call: Call, vm: ResourceId, birth: Birth, others: list[Difference], after: Identity) -> None:
    """Ansible shows equal warnings once: each must name its VM."""
    said = []
    if birth.before and birth.outcome.changed:
        said.append(default_change(birth.outcome.before, after))
    if others:
        told = "; ".join(map(str, others))
        said.append(f"It exists, and of an existing VM only the identities are changed. Left as it is: {told}.")
    if birth.before and birth.before.reading.state == "failed":
        said.append(
            "It is there, but its provisioning state is Failed: see why in the portal, or delete it by state: absent "
            "and create it again."
        )
    if birth.overwritten:
        said.append(
            "Somebody else made it at the same time, and this cloud takes no conditions: our write has changed it."
        )
    call.warnings.extend(f"{vm}: {sentence}" for sentence in said if sentence)


def _failure(birth: Birth, error: ManagedIdentityError) -> dict[str, Any]:
    """The failure, and what it left behind if it was one of a creation."""
    said = failed(error)
    if not birth.attempted or birth.before is not None:
        return said
    if birth.now is None:
        said["left_behind"] = []
        return said
    parts = parts_of(birth.now.body)
    goes = [part.id for part in parts if part.goes]
    stays = [part.id for part in parts if not part.goes]
    said["left_behind"] = [str(birth.now.reading.id), *goes, *stays]
    said["msg"] += (
        f" Azure has left behind the VM in the state {birth.now.reading.provisioning_state}"
        f"{', with ' + ', '.join(goes) if goes else ''}. The same task with state: absent deletes that"
        f"{' and leaves ' + ', '.join(stays) if stays else ''}."
    )
    return said


def removal_result(call: Call, vm: ResourceId, removal: Progress[Vm | None, ResourceId]) -> dict[str, Any]:
    """The result of a task that wants a VM not to be there."""
    before = removal.first
    body: Mapping[str, Any] = before.body if before else {}
    parts = parts_of(body) if before else []
    result: dict[str, Any] = {
        "changed": removal.changed,
        "created": False,
        "vm": None,
        "identity": None,
        "deleted": [str(before.reading.id), *(part.id for part in parts if part.goes)] if before else [],
        "kept": [part.id for part in parts if not part.goes],
    }
    if removal.running:
        result["operation"] = {"url": removal.running, "status": "InProgress"}
    if removal.error:
        result.update(failed(removal.error))
    if removal.error and removal.last:
        result.update(deleted=[], kept=[])
        result["vm"] = removal.last.reading.to_result()
        result["identity"] = removal.last.reading.identity.to_result()
    if call.diff_mode:
        was = before.reading.identity.to_result() if before else None
        result["diff"] = {"before": was, "after": result["identity"]}
    return result
