# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The readers of the core, each with true answers, and with what must hold of whatever it concludes from any JSON."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.tools.imports import modules_in
from tests.unit.core import true_answers as true
from tests.unit.core import truths

__all__ = ["READERS", "Reader", "readers_in"]

_NAMED = re.compile(r"(from_(arm|body|list|answer)|read_\w+|described_\w+)")


@cache
def readers_in(layer: str) -> dict[str, Callable[..., Any]]:
    """All that reads an answer in a layer, by its name, such as ``Role.from_arm``: found by walking its modules."""
    found: dict[str, Callable[..., Any]] = {}
    for module in modules_in(layer):
        for name, value in vars(module).items():
            if getattr(value, "__module__", "") != module.__name__:
                continue
            if inspect.isclass(value):
                found |= {f"{name}.{part}": getattr(value, part) for part in vars(value) if _NAMED.fullmatch(part)}
            elif _NAMED.fullmatch(name):
                found[name] = value
    return found


@dataclass(frozen=True)
class Reader:
    """How a reader is tried.

    :param name: as ``readers_in`` has it
    :param answers: true ones, which it reads; the first has every member that it looks at
    :param truth: takes what it has concluded and the JSON, and fails if that does not stand there
    :param needed: the members without which there is no conclusion
    :param read: the other members that it looks at
    :param refused: what has the members, and describes no such thing all the same
    :param inside: the name of the member that is the answer, where a reader is given what that stands in
    """

    name: str
    answers: tuple[Any, ...]
    truth: Callable[[Any, Any], None]
    needed: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    refused: tuple[Any, ...] = ()
    inside: str | None = None

    def __call__(self, answer: Any) -> Any:
        """What the reader makes of an answer."""
        return readers_in("core")[self.name]({self.inside: answer} if self.inside else answer)


_PROPERTIES = "properties"
_DISK = ("lun", "osType", "diskSizeGB", "caching", "deleteOption", "managedDisk")
_VM_READ = (
    *("location", "zones", "zones.0", "tags", "tags.Team", "plan", "plan.name", "plan.product", "plan.publisher"),
    *(_PROPERTIES, "properties.licenseType", "properties.hardwareProfile", "properties.hardwareProfile.vmSize"),
    *("properties.osProfile", "properties.osProfile.adminUsername", "properties.osProfile.computerName"),
    *("properties.osProfile.linuxConfiguration", "properties.osProfile.linuxConfiguration.ssh"),
    "properties.osProfile.linuxConfiguration.ssh.publicKeys",
    *(f"properties.osProfile.linuxConfiguration.ssh.publicKeys.0{end}" for end in ("", ".keyData")),
    *("properties.securityProfile", "properties.securityProfile.securityType"),
    *(f"properties.securityProfile.uefiSettings{end}" for end in ("", ".secureBootEnabled", ".vTpmEnabled")),
    *(f"properties.storageProfile{end}" for end in ("", ".imageReference", ".imageReference.sku", ".dataDisks")),
    *(f"properties.storageProfile.{disk}" for disk in ("osDisk", "dataDisks.0")),
    *(f"properties.storageProfile.{disk}.{name}" for disk in ("osDisk", "dataDisks.0") for name in _DISK),
    *(f"properties.storageProfile.osDisk.managedDisk.{name}" for name in ("id", "storageAccountType")),
    "properties.networkProfile",
    *(f"properties.networkProfile.networkInterfaces{end}" for end in ("", ".0", ".0.id", ".0.properties")),
    "properties.networkProfile.networkInterfaces.0.properties.deleteOption",
)
_ASSIGNMENT = ("principalType", "condition", "conditionVersion", "description", "delegatedManagedIdentityResourceId")

READERS = {
    reader.name: reader
    for reader in (
        Reader(
            "Identity.from_arm",
            (true.BOTH, true.SYSTEM, true.USER, {"type": "None"}, None),
            truths.identity,
            needed=("type",),
            read=("principalId", "tenantId", "userAssignedIdentities"),
            refused=true.NO_IDENTITIES,
            inside="identity",
        ),
        Reader(
            "UserAssigned.from_arm",
            (true.IDENTITY, true.OLD_IDENTITY),
            truths.user_assigned,
            needed=("id", "location", _PROPERTIES, "properties.principalId", "properties.clientId"),
            read=("type", "tags", "tags.Team", "properties.tenantId", "properties.isolationScope"),
            refused=(
                *({**true.IDENTITY, "id": text} for text in ("id-b", true.VM_USER["id"], "/", "x" * 5000)),
                {**true.IDENTITY, "type": "Microsoft.ManagedIdentity/identities"},
            ),
        ),
        Reader(
            "FederatedCredential.from_arm",
            (true.CREDENTIAL, true.FLEXIBLE),
            truths.credential,
            needed=("id", "name", _PROPERTIES, "properties.issuer"),
            read=("properties.subject", "properties.audiences", "properties.audiences.0"),
        ),
        Reader(
            "Assignment.from_arm",
            (true.ASSIGNMENT, true.PLAIN_ASSIGNMENT),
            truths.assignment,
            needed=("id", "name", _PROPERTIES, *(f"properties.{name}" for name in true.ASSIGNED)),
            read=("type", *(f"properties.{name}" for name in _ASSIGNMENT)),
            refused=(
                {**true.ASSIGNMENT, "type": true.ROLE["type"]},
                {**true.ASSIGNMENT, "id": f"{true.ASSIGNMENT['id']}/../../../x"},
                {**true.ASSIGNMENT, "properties": {**true.ASSIGNMENT["properties"], "scope": "/subscriptions/../x"}},
                # What it is called is what a later PUT or DELETE strikes.
                *({**true.ASSIGNMENT, "id": text} for text in (true.VM_BODY["id"], true.IDENTITY["id"])),
                {**true.ASSIGNMENT, "properties": {**true.ASSIGNMENT["properties"], "scope": "/"}},
                {**true.ASSIGNMENT, "name": true.ROLE["name"]},
                {**true.ASSIGNMENT, "name": "x", "id": f"{true.ASSIGNMENT['id'].rpartition('/')[0]}/x"},
            ),
        ),
        Reader(
            "Role.from_arm",
            (true.ROLE, true.OWN_ROLE),
            truths.role,
            needed=("id", "name", _PROPERTIES, "properties.roleName"),
            read=("type", "properties.type"),
            refused=(
                {**true.ROLE, "type": true.ASSIGNMENT["type"]},
                # The name is what is granted.
                {**true.ROLE, "name": true.ASSIGNMENT["name"]},
                {**true.ROLE, "id": f"{true.ROLE['id']}/../../evil", "name": "../../evil"},
                {**true.ROLE, "id": true.VM_BODY["id"]},
            ),
        ),
        Reader(
            "IdentityHolder.from_list",
            (true.OTHER_USER, true.VM_USER, true.SET_USER, {**true.OTHER_USER, "name": None}, {"id": "x", "type": "y"}),
            truths.user,
            needed=("id", "type"),
            read=("name", "resourceGroup", "subscriptionId"),
            refused=tuple(
                {**one, "id": other["id"]}
                for one in (true.VM_USER, true.SET_USER)
                for other in (true.VM_USER, true.SET_USER, true.OTHER_USER)
                if one is not other
            ),
        ),
        Reader(
            "read_permission",
            (true.PERMISSION, {"actions": []}),
            truths.permission,
            needed=("actions",),
            read=("actions.0", "notActions", "notActions.0", "condition"),
        ),
        Reader(
            "read_lock",
            (true.LOCK, true.GROUP_LOCK),
            truths.lock,
            needed=("id", "name", _PROPERTIES, "properties.level"),
            refused=tuple({**true.LOCK, "id": text} for text in ("keep", true.VM_USER["id"], true.ASSIGNMENT["id"])),
        ),
        Reader(
            "read_page",
            ({"value": [{"id": "a"}, {}], "nextLink": "https://arm.test/2"}, {"value": []}),
            truths.page,
            needed=("value",),
            read=("nextLink",),
            refused=tuple(
                {"value": [], name: "https://x"} for name in ("@odata.nextLink", "odata.nextlink", "NextLink")
            ),
        ),
        Reader(
            "described_vm",
            (true.VM_BODY, true.BARE_VM),
            truths.described_vm,
            needed=("id",),
            read=_VM_READ,
        ),
    )
}
