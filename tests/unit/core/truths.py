# Copyright (c) 2026 The managed_identity.azure authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold of a reader's conclusion: it stands in the JSON, and nothing of weight that stands there is left out.

Each takes what was concluded and the JSON, and says so without the shapes that the readers use. Each also does with the
conclusion what the code does with it later: nothing that was let in may break there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.managed_identity.azure.plugins.module_utils.core._scope import Scope
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._federated import (
    FederatedCredential,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._holder import IdentityHolder
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._identity import Identity
from ansible_collections.managed_identity.azure.plugins.module_utils.core.identities._user_assigned import UserAssigned
from ansible_collections.managed_identity.azure.plugins.module_utils.core.roles._assignment import Assignment
from ansible_collections.managed_identity.azure.plugins.module_utils.core.roles._listing import at_or_below, judgeable
from ansible_collections.managed_identity.azure.plugins.module_utils.core.roles._preflight import (
    Need,
    Rights,
    Write,
    blocking,
    judge,
)
from ansible_collections.managed_identity.azure.plugins.module_utils.core.roles._role import Role, WantedRole, the_role
from ansible_collections.managed_identity.azure.plugins.module_utils.core.vm._differences import differences
from ansible_collections.managed_identity.azure.plugins.module_utils.core.vm._parts import interface_ids, parts_of
from tests.unit.core.machines import FULL, GROUP, VM

__all__ = [
    *("assignment", "credential", "described_vm", "identity", "is_text", "lock", "permission", "role", "user"),
    "user_assigned",
]

_ACTION = "Microsoft.Compute/virtualMachines/write"
_MACHINES = ("microsoft.compute/virtualmachines", "microsoft.compute/virtualmachinescalesets")


def is_text(value: Any, *, empty: bool = False) -> bool:
    """Whether a value is a text, and not an empty one."""
    return isinstance(value, str) and (empty or value != "")


def _optional(found: Any, said: Any) -> None:
    """What is optional is as it stands there, and nothing only where nothing stands there."""
    assert found == (said or None)
    assert found is None or is_text(found)


def identity(found: Identity, said: Any) -> None:
    if said is None:
        assert found == Identity()
        return
    listed = said.get("userAssignedIdentities") or {}
    # Two spellings of one ID are one.
    assert {item.id.key for item in found.user} == {key.strip().lower() for key in listed}
    assert {str(item.id) for item in found.user} <= {key.strip() for key in listed}
    by_key = {key.strip(): value or {} for key, value in reversed(listed.items())}
    for item in found.user:
        assert item.principal_id == by_key[str(item.id)].get("principalId")
        assert item.client_id == by_key[str(item.id)].get("clientId")
    assert (found.system is not None) is ("systemassigned" in said["type"].lower())
    if found.system:
        assert (found.system.principal_id, found.system.tenant_id) == (said.get("principalId"), said.get("tenantId"))
    assert "userassigned" not in said["type"].lower() or found.user
    assert found.to_result()["system_assigned"] is (found.system is not None)
    assert isinstance(found.complete, bool)


def user_assigned(found: UserAssigned, said: Any) -> None:
    properties = said["properties"]
    assert (str(found.id), found.location) == (said["id"].strip(), said["location"])
    assert is_text(found.location)
    assert is_text(found.principal_id)
    assert is_text(found.client_id)
    assert (found.principal_id, found.client_id) == (properties["principalId"], properties["clientId"])
    assert found.tags == (said.get("tags") or {})
    assert all(value is None or is_text(value, empty=True) for value in found.tags.values())
    assert (found.isolation_scope, found.tenant_id) == (properties.get("isolationScope"), properties.get("tenantId"))
    assert found.to_result()["id"] == str(found.id)


def credential(found: FederatedCredential, said: Any) -> None:
    properties = said["properties"]
    assert is_text(found.name)
    assert is_text(found.issuer)
    assert (found.name, found.issuer) == (said["name"], properties["issuer"])
    assert found.subject == (properties.get("subject") or "")
    assert list(found.audiences) == (properties.get("audiences") or [])
    assert all(map(is_text, found.audiences))
    assert found.id == said.get("id")
    assert found.key == found.name.lower()
    assert found.to_result()["audiences"] == list(found.audiences)


def assignment(found: Assignment, said: Any) -> None:
    properties = said["properties"]
    needed = (found.id, found.name, found.scope, found.role_definition_id, found.principal_id)
    stated = ("scope", "roleDefinitionId", "principalId")
    assert needed == (said["id"], said["name"], *(properties[name] for name in stated))
    assert all(map(is_text, needed))
    _optional(found.condition, properties.get("condition"))
    _optional(found.description, properties.get("description"))
    _optional(found.condition_version or None, found.condition and properties.get("conditionVersion"))
    _optional(found.principal_type or None, properties.get("principalType"))
    _optional(found.delegated or None, properties.get("delegatedManagedIdentityResourceId"))
    assert found.is_of(properties["principalId"].upper())
    assert found.role_id in properties["roleDefinitionId"].lower()
    assert at_or_below(Scope("/", "/"), [found])
    assert judgeable(found) is (found.principal_type != "ForeignGroup")
    assert found.to_result()["principal_id"] == found.principal_id


def role(found: Role, said: Any) -> None:
    properties = said["properties"]
    assert (found.guid, found.name, found.id) == (said["name"].lower(), properties["roleName"], said["id"])
    assert all(map(is_text, (found.guid, found.name, found.id)))
    assert found.anywhere is (properties.get("type") == "BuiltInRole")
    assert found.name
    assert the_role(WantedRole(found.name.upper()), Scope("/", "/"), [found]) is found or found.name.lower() != (
        found.name.upper().lower()
    )


def user(found: IdentityHolder, said: Any) -> None:
    assert (found.machine is not None) is (said["type"].lower() in _MACHINES)
    assert found.id == (said["id"].strip() if found.machine else said["id"])
    if found.machine:
        assert found.machine.type.lower() == said["type"].lower() == found.type.lower()
        assert found.key == found.machine.key
    else:
        assert found.type == said["type"]
        assert found.name == (said.get("name") or said["id"].split("/")[-1])
        assert found.resource_group == (said.get("resourceGroup") or "")
        assert found.subscription_id == (said.get("subscriptionId") or "")
    assert found.to_result()["id"] == found.id


def permission(found: Mapping[str, Any], said: Any) -> None:
    assert found == said
    assert all(map(is_text, found["actions"]))
    assert all(map(is_text, found.get("notActions") or ()))
    need = Need("enable", _ACTION, Scope("/", "/"))
    state = judge(need, Rights(Scope("/", "/"), [found]))["state"]
    assert state != "granted" or (found["actions"] and not found.get("condition"))


def lock(found: Mapping[str, Any], said: Any) -> None:
    assert found == said
    assert all(map(is_text, (found["id"], found["name"], found["properties"]["level"])))
    target = f"{GROUP}/Microsoft.Compute/virtualMachines/vm1"
    scope = Scope(target, target.lower())
    for item in blocking([(Write("delete_vm", scope, deletes=True), found)]):
        assert item["id"] == said["id"]
        assert said["id"].lower().startswith(item["scope"].lower())


def described_vm(found: Mapping[str, Any], said: Any) -> None:
    assert found == said
    assert is_text(found["id"])
    storage = (found.get("properties") or {}).get("storageProfile") or {}
    disks = [storage.get("osDisk") or {}, *(storage.get("dataDisks") or ())]
    network = (found.get("properties") or {}).get("networkProfile") or {}
    interfaces = network.get("networkInterfaces") or ()
    named = [(disk.get("managedDisk") or {}).get("id") for disk in disks] + [one.get("id") for one in interfaces]
    assert [part.id for part in parts_of(found)] == [one for one in named if one]
    assert interface_ids(found) == [one["id"] for one in interfaces if one.get("id")]
    # Whose body it is, the reading of the same answer has judged.
    for item in differences(FULL, {**found, "id": str(VM)}):
        assert item.to_result()["option"]
        assert str(item)


def page(found: Any, answer: Any) -> None:
    items, following = found
    assert items == answer["value"]
    assert all(isinstance(item, dict) for item in items)
    assert following == (answer.get("nextLink") or None)
    assert not [name for name in answer if name.lower().endswith("nextlink") and name != "nextLink" and answer[name]]
