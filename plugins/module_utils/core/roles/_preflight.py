# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRIVATE to the collection. What an operation takes: which rights at which scopes, and which locks are in its way.

Sources: the actions are those that Azure names in its refusals; locks: learn.microsoft.com,
azure-resource-manager/management/lock-resources.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._errors import UnexpectedAnswer
from .._resource_id import ResourceId
from .._rights import is_granted, lacks, locked, role_for
from .._scope import Scope
from ..wire._shape import Needed, shaped

__all__ = [
    "NOT_SEEN",
    "OPERATIONS",
    "Need",
    "Request",
    "Rights",
    "Write",
    "blocking",
    "judge",
    "needs",
    "read_lock",
    "read_permission",
    "writes",
]

NOT_SEEN = (
    "Deny assignments, conditions of role assignments, Azure Policy and roles that have yet to be activated are not "
    "seen here: Azure may refuse what is granted."
)
_IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"
_CREDENTIALS = f"{_IDENTITIES}/federatedIdentityCredentials"
_ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"
_VMS = "Microsoft.Compute/virtualMachines"
# What a new VM is attached to, and the action that this takes there.
_ATTACHED = (
    ("the VM's subnet", "Microsoft.Network/virtualNetworks/subnets/join/action"),
    ("each of the VM's network interfaces", "Microsoft.Network/networkInterfaces/join/action"),
)
OPERATIONS: Mapping[str, tuple[str, ...]] = {
    "enable": ("vms",),
    "disable": ("vms",),
    "assign": ("vms", "identities"),
    "remove": ("vms",),
    "create_vm": ("resource_group",),
    "delete_vm": ("vms",),
    "grant": ("scopes",),
    "create_identity": (),
    "delete_identity": ("identities",),
    "federate": ("identities",),
}
"""The operations, and the options that each cannot do without."""
_READ_ONLY = "readonly"
_LOCKS = "/providers/microsoft.authorization/locks/"
_PERMISSION = Needed({"actions": Needed([str]), "notActions": [str], "condition": str})
_LOCK = Needed({"id": Needed(str), "name": Needed(str), "properties": Needed({"level": Needed(str)})})


@dataclass(frozen=True)
class Request:
    """What operations are to be done on what."""

    operations: tuple[str, ...]
    vms: tuple[ResourceId, ...] = ()
    identities: tuple[ResourceId, ...] = ()
    scopes: tuple[Scope, ...] = ()
    group: Scope | None = None

    @property
    def identity_groups(self) -> tuple[Scope, ...]:
        """Where identities are created."""
        if self.identities:
            return tuple(dict.fromkeys(map(Scope.group_of, self.identities)))
        return (self.group,) if self.group else ()


@dataclass(frozen=True)
class Need:
    """A right that an operation takes.

    :param scope: where; None if that is not known here, and ``where`` says it in words
    """

    operation: str
    action: str
    scope: Scope | None
    where: str = ""


@dataclass(frozen=True)
class Write:
    """A scope that an operation writes at, or below; or deletes something."""

    operation: str
    scope: Scope
    deletes: bool = False


@dataclass(frozen=True)
class Rights:
    """What could be read of the caller's rights at a scope.

    :param scope: where they were read: at the resource, or at the group of one that is not there
    :param permissions: as Azure lists them; None if they cannot be known, and ``reason`` says why
    """

    scope: Scope
    permissions: Sequence[Mapping[str, Any]] | None
    reason: str = ""


def read_permission(body: Any) -> dict[str, Any]:
    """What one of the caller's roles lets it do, as Azure lists it: actions, notActions, condition.

    :raises UnexpectedAnswer: it does not say that
    """
    said: dict[str, Any] = shaped(body, _PERMISSION)
    return said


def read_lock(body: Any) -> dict[str, Any]:
    """A lock as Azure lists it: id, name, and its level in properties.

    :raises UnexpectedAnswer: it describes none
    """
    said: dict[str, Any] = shaped(body, _LOCK)
    if _LOCKS not in said["id"].lower():
        raise UnexpectedAnswer(f"The answer calls {said['id']} a lock.")
    return said


def needs(request: Request) -> list[Need]:
    """The rights that operations take, in the order of the operations."""
    found: list[Need] = []
    for operation in dict.fromkeys(request.operations):
        found += [Need(operation, action, scope) for action, scope in _actions(operation, request)]
        if operation == "create_vm":
            found += [Need(operation, action, None, where) for where, action in _ATTACHED]
        if operation in ("assign", "create_vm"):
            found += [Need(operation, f"{_IDENTITIES}/assign/action", Scope.of(one)) for one in request.identities]
    return found


def writes(request: Request) -> list[Write]:
    """What operations write to: whatever is locked there, or above, is in their way."""
    deletes = ("delete_vm", "delete_identity")
    return [
        Write(operation, scope, operation in deletes)
        for operation in dict.fromkeys(request.operations)
        for scope in dict.fromkeys(scope for _action, scope in _actions(operation, request))
    ]


def _actions(operation: str, request: Request) -> list[tuple[str, Scope]]:
    """The actions on what the operation itself changes."""
    identities = [Scope.of(one) for one in request.identities]
    if operation == "create_vm":
        return _each(_VMS, ("read", "write"), [request.group] if request.group else [])
    if operation == "grant":
        return _each(_ASSIGNMENTS, ("read", "write"), request.scopes)
    if operation == "create_identity":
        return _each(_IDENTITIES, ("read", "write"), request.identity_groups)
    if operation == "delete_identity":
        return _each(_IDENTITIES, ("read", "listAssociatedResources/action", "delete"), identities)
    if operation == "federate":
        return _each(_CREDENTIALS, ("read", "write"), identities)
    verb = "delete" if operation == "delete_vm" else "write"
    return [pair for vm in request.vms for pair in _each(vm.type, ("read", verb), [Scope.of(vm)])]


def _each(kind: str, verbs: Iterable[str], scopes: Iterable[Scope]) -> list[tuple[str, Scope]]:
    return [(f"{kind}/{verb}", scope) for scope in scopes for verb in verbs]


def judge(need: Need, rights: Rights | None) -> dict[str, Any]:
    """One item of ``permissions`` in results: granted, missing or unknown, and in a sentence why."""
    scope = rights.scope if rights else need.scope
    state, explanation = _state(need, rights)
    return {
        "operation": need.operation,
        "action": need.action,
        "scope": str(scope) if scope else None,
        "state": state,
        "role": role_for(need.action),
        "explanation": explanation,
    }


def _state(need: Need, rights: Rights | None) -> tuple[str, str]:
    unknown = f"Whether the caller has {need.action} on {(rights.scope if rights else need.where)} cannot be known: "
    if not rights:
        return "unknown", f"{unknown}it is not named here."
    if rights.permissions is None:
        return "unknown", f"{unknown}{rights.reason}."
    if is_granted(need.action, [one for one in rights.permissions if not one.get("condition")]):
        return "granted", ""
    if is_granted(need.action, rights.permissions):
        return "unknown", f"{unknown}it has it under a condition."
    return "missing", lacks(need.action, str(rights.scope))


def blocking(locks: Iterable[tuple[Write, Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """The ``locks`` of results: those in the way, each once with the operations that it blocks.

    ReadOnly blocks every write, deletions among them; every other level blocks deletions only.

    :param locks: as Azure lists them at and above what is written to, or deleted
    """
    found: dict[str, dict[str, Any]] = {}
    for write, lock in locks:
        text = lock["id"][: lock["id"].lower().rfind(_LOCKS)]
        scope = Scope(text, text.lower())
        level = lock["properties"]["level"]
        if not scope.covers(write.scope) or not (write.deletes or level.lower() == _READ_ONLY):
            continue
        said = {"id": lock["id"], "name": lock["name"], "level": level, "scope": str(scope)}
        item = found.setdefault(lock["id"].lower(), {**said, "operations": [], "explanation": locked(str(scope))})
        if write.operation not in item["operations"]:
            item["operations"].append(write.operation)
    return [found[key] for key in sorted(found)]
